import { describe, expect, it } from '@jest/globals';
import { country, decimal, materialCode, type Stage } from '@kernel';
import { markedFor, NOW, specifyView } from '@kernel/testing';
import type { ProductionReported, ProductionRevised } from './production.events.js';
import { concentration, productionView, type ProductionRow } from './production.view.js';

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
const reported: ProductionReported = { type: 'materials.ProductionReported.v1', data };
const revision = { quantity: decimal('770'), basis: 'REPORTED' as const, source: 'USGS MCS 2027' };
const revised: ProductionRevised = { type: 'materials.ProductionRevised.v1', data: revision };

describe('The production view', () => {
  it('shows a reported figure', () => given(reported).thenRow({ ...data, reportedAt: NOW }));
  it('shows the latest figure', () => given(reported, revised).thenRow({ ...data, ...revision, reportedAt: NOW }));
  it('shows no figure whose material is hidden', () =>
    expect(productionView.within).toEqual({ view: 'materials.materials', field: 'material' }));
});

const row = (code: string, quantity: string, change: Partial<ProductionRow> = {}): ProductionRow => ({
  ...data,
  reportedAt: NOW,
  country: country(code),
  quantity: decimal(quantity),
  ...change,
});

describe('Concentration', () => {
  it('names each country’s share, the largest supplier and the Herfindahl–Hirschman index', () =>
    expect(concentration([row('JP', '5'), row('CN', '90'), row('KR', '5')])).toEqual([
      {
        material: gallium,
        stage: 'REFINING',
        year: 2025,
        total: '100',
        largestSupplier: { country: 'CN', share: '90' },
        hhi: '8150',
        shares: [
          { country: 'CN', quantity: '90', share: '90' },
          { country: 'JP', quantity: '5', share: '5' },
          { country: 'KR', quantity: '5', share: '5' },
        ],
      },
    ]));
  it('is 10000 for a single supplier', () => expect(concentration([row('CN', '0.5')])[0]?.hhi).toBe('10000'));
  it('has no largest supplier where nothing was produced', () =>
    expect(concentration([row('JP', '0'), row('CN', '0')])).toMatchObject([
      { total: '0', shares: [{ share: '0' }, { share: '0' }] },
    ]));
  it('never adds up years, stages, forms or materials', () => {
    const rows = [
      row('CN', '1'),
      row('CN', '2', { year: 2024 }),
      row('CN', '3', { stage: 'MINING' }),
      row('CN', '4', { form: 'low purity' }),
      row('CN', '5', { material: materialCode('arsenic') }),
    ];
    expect(
      concentration(rows).map(({ material, stage, year, form, total }) => [material, stage, year, form, total]),
    ).toEqual([
      ['arsenic', 'REFINING', 2025, undefined, '5'],
      ['gallium', 'MINING', 2025, undefined, '3'],
      ['gallium', 'REFINING', 2025, undefined, '1'],
      ['gallium', 'REFINING', 2025, 'low purity', '4'],
      ['gallium', 'REFINING', 2024, undefined, '2'],
    ]);
  });
  it('of no rows is nothing', () => expect(concentration([])).toEqual([]));
});
