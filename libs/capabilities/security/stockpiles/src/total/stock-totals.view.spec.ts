import { describe, expect, it } from '@jest/globals';
import { decimal, materialCode, quarter } from '@kernel';
import { markedFor, NOW, RECORD, specifyView } from '@kernel/testing';
import { stockTotalsView } from './stock-totals.view.js';
import type { StockTotalPublished } from './total.events.js';

const { given } = specifyView(stockTotalsView);
const about = {
  material: materialCode('gallium'),
  quarter: quarter('2026-Q1'),
  marking: markedFor('SECRETARIAT', 'MEMBERS'),
};
const cells = [{ form: 'metal', quantity: decimal('51') }];
const total = (
  data: Pick<StockTotalPublished['data'], 'outcome' | 'total' | 'cells' | 'counted'>,
): StockTotalPublished => ({
  type: 'stockpiles.StockTotalPublished.v1',
  data: { ...about, ...data, rules: '1' },
});

describe('Stock totals', () => {
  it('show the figures, and neither what is in them nor the rules', () =>
    given(total({ outcome: 'PUBLISHED', total: decimal('60'), cells, counted: [RECORD] })).thenRow({
      ...about,
      id: RECORD,
      outcome: 'PUBLISHED',
      total: decimal('60'),
      cells,
      publishedAt: NOW,
    }));
  it('show of one that is withheld that it is', () =>
    given(total({ outcome: 'WITHHELD', cells: [], counted: [] })).thenRow({
      ...about,
      id: RECORD,
      outcome: 'WITHHELD',
      cells: [],
      publishedAt: NOW,
    }));
  it('are not shown of a material that is hidden', () =>
    expect(stockTotalsView.parent).toEqual({ view: 'materials.materials', field: 'material' }));
});
