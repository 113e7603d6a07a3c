import {
  composite,
  decimal,
  many,
  materialCode,
  oneOf,
  optional,
  quarter,
  required,
  text,
  type DomainEvent,
  type Marked,
  type Of,
  type RecordId,
} from '@kernel';

/** WITHHELD never says why: nobody, too few, one too large and too telling a difference are one answer. */
export const stockTotalOutcome = oneOf('StockTotalOutcome', 'Whether there is a total.', {
  PUBLISHED: 'There is a total, and figures of some forms.',
  WITHHELD: 'There is none. It is never said why, nor whether anybody has declared anything.',
});

const cell = {
  form: required(text(200), 'Chemical form.'),
  quantity: required(decimal, 'Tonnes, rounded to whole ones.'),
};
/** How much is held in one form. */
export type StockCell = Of<typeof cell>;

export const totalOf = {
  material: required(materialCode, 'Code of the material.'),
  quarter: required(quarter, 'Quarter of a calendar year, such as 2026-Q3.'),
};
export const stockTotal = {
  ...totalOf,
  outcome: required(stockTotalOutcome, 'Whether there is a total.'),
  total: optional(
    decimal,
    'Tonnes in all forms, also those that are not shown, rounded to whole ones. Null where withheld.',
  ),
  cells: many(
    composite('StockCell', 'How much is held in one form.', cell),
    'The forms that can be shown, by name. Each figure is rounded by itself, so that sums may be a little off.',
  ),
};

/**
 * What the secretariat publishes of the stocks that were declared for totals only. One record for each material and
 * quarter, with one fact: it is never revised.
 */
export type StockTotalEvent = StockTotalPublished;

export type StockTotalPublished = DomainEvent<
  'stockpiles.StockTotalPublished.v1',
  Marked &
    Of<typeof stockTotal> & {
      /** The declarations that are in the total, so that later totals can be compared with it; none where it is withheld. */
      readonly counted: readonly RecordId[];
      /** Version of the rules that it was decided by. */
      readonly rules: string;
    }
>;
