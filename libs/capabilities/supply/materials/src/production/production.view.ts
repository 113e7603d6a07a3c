import { compare, instant, readModel, required, ZERO, type RowOf } from '@kernel';
import { produced, statedV1, type ProductionEvent } from './production.events.js';
import { statement, unstated } from './statement.events.js';

const production = { ...produced, ...statement, reportedAt: required(instant, 'When the figure was recorded here.') };
export type ProductionRow = RowOf<typeof production>;

/** The latest figure of each country, material, year and stage. */
export const productionView = readModel<ProductionEvent, ProductionRow>({
  name: 'materials.production',
  version: 2,
  of: production,
  node: {
    name: 'Production',
    description: 'What one country produced of one material in one year, or why that is not known.',
    marking: 'Who may know of it.',
  },
  filter: { material: 'Codes.', country: 'Countries.', year: 'Years.', stage: 'Stages.' },
  sort: ['country', 'year', 'quantity'],
  // A material that a reader may not know of is not given away by its figures.
  parent: { view: 'materials.materials', field: 'material' },
  on: {
    'materials.ProductionReported.v1': (_, { event, recordedAt }) => ({
      ...statedV1(event.data),
      reportedAt: recordedAt,
    }),
    'materials.ProductionReported.v2': (_, { event, recordedAt }) => ({ ...event.data, reportedAt: recordedAt }),
    'materials.ProductionRevised.v1': (row, { event, recordedAt }) =>
      row && { ...unstated(row), ...statedV1(event.data), reportedAt: recordedAt },
    'materials.ProductionRevised.v2': (row, { event, recordedAt }) =>
      row && { ...unstated(row), ...event.data, reportedAt: recordedAt },
  },
});

/** The latest year first, then by stage and what is counted, the largest quantity first, what is not known last. */
export const byYearStageQuantity = (a: ProductionRow, b: ProductionRow): number =>
  b.year - a.year ||
  byText(a.stage, b.stage) ||
  byText(a.form ?? '', b.form ?? '') ||
  compare(b.quantity ?? ZERO, a.quantity ?? ZERO) ||
  byText(a.country, b.country);

export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
