import type { DomainEvent, Marked, MaterialCode, Quarter, RecordId, Tonnes } from '@kernel';

/**
 * What the secretariat publishes of the stocks that were declared for totals only. One record for each material and
 * quarter, with one fact: it is never revised.
 */
export type StockTotalEvent = StockTotalPublished;

export type StockTotalPublished = DomainEvent<
  'stockpiles.StockTotalPublished.v1',
  Marked & {
    readonly material: MaterialCode;
    readonly quarter: Quarter;
    readonly outcome: Outcome;
    /** Absent where it is withheld. */
    readonly total?: Tonnes;
    /** By name of the form; those that are not shown are not named. */
    readonly cells: readonly StockCell[];
    /** The declarations that are in the total, so that later totals can be compared with it; none where it is withheld. */
    readonly counted: readonly RecordId[];
    /** Version of the rules that it was decided by. */
    readonly rules: string;
  }
>;

export const OUTCOMES = ['PUBLISHED', 'WITHHELD'] as const;
/** WITHHELD never says why: nobody, too few, one too large and too telling a difference are one answer. */
export type Outcome = (typeof OUTCOMES)[number];

/** How much is held in one form. */
export type StockCell = { readonly form: string; readonly quantity: Tonnes };
