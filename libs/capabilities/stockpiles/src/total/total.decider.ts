import {
  accept,
  daysAfter,
  lastDayOf,
  reject,
  startOfUtcDay,
  type Command,
  type Day,
  type Decider,
  type MaterialCode,
  type Quarter,
} from '@kernel';
import { unknownMaterial } from '../../../materials/src/contract.js';
import { contributionsIn } from './contributions.register.js';
import { RULES, stockTable } from './stock-table.access.js';
import type { StockTotalEvent } from './total.events.js';

export type StockTotalCommand = PublishStockTotal;
export type PublishStockTotal = Command<'PublishStockTotal'> & {
  readonly material: MaterialCode;
  readonly quarter: Quarter;
};

export const stockTotalRefusals = {
  ...unknownMaterial,
  'STOCKPILES.TOTAL_NOT_DUE':
    'Totals are published on fixed days: those of a quarter from the thirtieth day after its end, 00:00 UTC. Publish it then.',
  'STOCKPILES.TOTAL_PUBLISHED':
    'The total of this material and quarter has been published or withheld already, and is never revised.',
} as const;
export type StockTotalRefusal = keyof typeof stockTotalRefusals;

export type StockTotalState = { readonly isPublished: boolean };

export const stockTotal: Decider<StockTotalCommand, StockTotalEvent, StockTotalState, StockTotalRefusal> = {
  initial: { isPublished: false },

  evolve: () => ({ isPublished: true }),

  decide: ({ material, quarter }, { isPublished }, { now, marking, history }) => {
    if (isPublished) return reject('STOCKPILES.TOTAL_PUBLISHED');
    const releaseOn = releaseOf(quarter);
    if (now < startOfUtcDay(releaseOn)) return reject('STOCKPILES.TOTAL_NOT_DUE', { field: 'quarter', releaseOn });
    const { counted, contributions, earlier } = contributionsIn(history, { material, quarter, marking, now });
    const table = stockTable(contributions, earlier);
    const outcome =
      table === 'WITHHELD'
        ? ({ outcome: table, cells: [], counted: [] } as const)
        : ({ outcome: 'PUBLISHED', ...table, counted } as const);
    return accept({
      type: 'stockpiles.StockTotalPublished.v1',
      data: { material, quarter, ...outcome, rules: RULES, marking },
    });
  },
};

/** The thirtieth day after the quarter: the same for everybody, whenever declarations came in. */
export const releaseOf = (quarter: Quarter): Day => daysAfter(lastDayOf(quarter), 30n);
