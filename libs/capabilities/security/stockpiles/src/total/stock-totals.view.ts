import { instant, readModel, recordId, required, type RowOf } from '@kernel';
import { stockTotal, type StockTotalEvent } from './total.events.js';

const row = {
  id: required(recordId, 'Id of the total.'),
  ...stockTotal,
  publishedAt: required(instant, 'When it was published. It is never revised.'),
};
export type StockTotalRow = RowOf<typeof row>;

/** What was published of one material and quarter. Which declarations are in it is nobody's to read. */
export const stockTotalsView = readModel<StockTotalEvent, StockTotalRow>({
  name: 'stockpiles.stockTotals',
  version: 1,
  of: row,
  node: {
    name: 'StockTotal',
    description:
      'What several parties together hold of a material, by what they declared in one quarter for totals only. Figures by which one holder’s stock could be worked out are left out.',
    marking: 'Who may read it.',
  },
  list: { name: 'stockTotals', description: 'The published totals of stocks that you may see.' },
  filter: { material: 'Codes of materials.', quarter: 'Quarters, such as 2026-Q3.' },
  sort: ['quarter', 'publishedAt'],
  // A material that a reader may not know of is not given away by its totals.
  parent: { view: 'materials.materials', field: 'material' },
  on: {
    'stockpiles.StockTotalPublished.v1': (_, { event, recordId: id, recordedAt: publishedAt }) => {
      const { counted: _counted, rules: _rules, ...shown } = event.data;
      return { ...shown, id, publishedAt };
    },
  },
});
