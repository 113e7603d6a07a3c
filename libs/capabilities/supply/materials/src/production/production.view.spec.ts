import { describe, expect, it } from '@jest/globals';
import { country, decimal, materialCode, type Stage } from '@kernel';
import { markedFor, NOW, specifyView } from '@kernel/testing';
import type {
  ProductionReported,
  ProductionRestated,
  ProductionRevised,
  ProductionStated,
} from './production.events.js';
import { byYearStageQuantity, productionView, type ProductionRow } from './production.view.js';

const { given } = specifyView(productionView);
const marking = markedFor('SECRETARIAT', 'PUBLIC');
const gallium = materialCode('gallium');
const data = {
  material: gallium,
  country: country('CN'),
  year: 2025,
  stage: 'REFINING' as Stage,
  quantity: decimal('760'),
  basis: 'ESTIMATED' as const,
  source: 'USGS MCS 2026',
  marking,
};
const reported: ProductionReported = { type: 'materials.ProductionReported.v2', data };
const revision = { quantity: decimal('770'), basis: 'REPORTED' as const, source: 'USGS MCS 2027' };
const revised: ProductionRevised = { type: 'materials.ProductionRevised.v2', data: revision };

describe('The production view', () => {
  it('shows a reported figure', () => given(reported).thenRow({ ...data, reportedAt: NOW }));
  it('shows the latest figure', () => given(reported, revised).thenRow({ ...data, ...revision, reportedAt: NOW }));
  it('shows no figure where the latest statement has none', () => {
    const { quantity: _, ...none } = data;
    const withheld = { basis: 'WITHHELD' as const, source: 'USGS MCS 2027', edition: 2027 };
    given(reported, { type: 'materials.ProductionRevised.v2', data: withheld }).thenRow({
      ...none,
      ...withheld,
      reportedAt: NOW,
    });
  });
  it('shows figures of the first version with the edition that their source names', () => {
    const first: ProductionStated = { type: 'materials.ProductionReported.v1', data };
    const again: ProductionRestated = { type: 'materials.ProductionRevised.v1', data: revision };
    given(first).thenRow({ ...data, edition: 2026, reportedAt: NOW });
    given(first, again).thenRow({ ...data, ...revision, edition: 2027, reportedAt: NOW });
  });
  it('shows no figure whose material is hidden', () =>
    expect(productionView.parent).toEqual({ view: 'materials.materials', field: 'material' }));
});

const row = (code: string, quantity?: string): ProductionRow => {
  const { quantity: _, ...none } = data;
  return { ...none, ...(quantity && { quantity: decimal(quantity) }), reportedAt: NOW, country: country(code) };
};

describe('The figures of a material', () => {
  it('come in the order of their quantities, those without last', () =>
    expect(
      [row('US'), row('JP', '5'), row('CN', '90'), row('DE')]
        .toSorted(byYearStageQuantity)
        .map(({ country }) => country),
    ).toEqual(['CN', 'JP', 'DE', 'US']));
});
