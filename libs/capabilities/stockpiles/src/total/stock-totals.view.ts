import { view, type Instant, type Marked, type MaterialCode, type Quarter, type RecordId, type Tonnes } from '@kernel';
import type { Outcome, StockCell, StockTotalEvent } from './total.events.js';

/** What was published of one material and quarter. Which declarations are in it is nobody's to read. */
export type StockTotalRow = Marked & {
  readonly id: RecordId;
  readonly material: MaterialCode;
  readonly quarter: Quarter;
  readonly outcome: Outcome;
  readonly total?: Tonnes;
  readonly cells: readonly StockCell[];
  readonly publishedAt: Instant;
};

export const stockTotalsView = view<StockTotalEvent, StockTotalRow>({
  name: 'stockpiles.stockTotals',
  version: 1,
  events: ['stockpiles.StockTotalPublished.v1'],
  fields: {
    material: { kind: 'text', filter: true },
    quarter: { kind: 'text', filter: true, sort: true },
    publishedAt: { kind: 'text', sort: true },
  },
  // A material that a reader may not know of is not given away by its totals.
  within: { view: 'materials.materials', field: 'material' },
  project: (_, { event, recordId: id, recordedAt: publishedAt }) => {
    const { counted: _counted, rules: _rules, ...shown } = event.data;
    return { ...shown, id, publishedAt };
  },
});
