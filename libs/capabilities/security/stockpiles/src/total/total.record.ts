import {
  accept,
  daysAfter,
  recordType,
  lastDayOf,
  quarter as quarterValue,
  reject,
  required,
  secretariat,
  startOfUtcDay,
  type Day,
  type Given,
  type Quarter,
} from '@kernel';
import { materialReference, unknownMaterial } from '../../../../supply/materials/src/contract.js';
import { contributionsIn } from './contributions.register.js';
import { RULES, stockTable } from './stock-table.rule.js';
import { totalOf, type StockTotalEvent } from './total.events.js';

export const stockTotalRejections = {
  ...unknownMaterial,
  'STOCKPILES.TOTAL_NOT_DUE':
    'Totals are published on fixed days: those of a quarter from the thirtieth day after its end, 00:00 UTC. Publish it then.',
  'STOCKPILES.TOTAL_PUBLISHED':
    'The total of this material and quarter has been published or withheld already, and is never revised.',
} as const;

export type StockTotalState = { readonly isPublished: boolean };

const stockTotal = recordType<StockTotalEvent, StockTotalState>()({
  name: 'total',
  category: 'stockTotal',
  rejections: stockTotalRejections,
  notFound: 'MATERIALS.UNKNOWN',
  readsHistoryOf: ['stockDeclaration', 'stockTotal'],
  defaultMarking: () => ({ releaseTo: ['MEMBERS'] }),
  // Whoever let its figures go into the total did so under this marking.
  isMarkingFixed: true,
  initial: { isPublished: false },
  evolve: { 'stockpiles.StockTotalPublished.v1': () => ({ isPublished: true }) },
});

/** The secretariat publishes, although it may not read what is in the total. */
export const publishStockTotal = stockTotal.upsert({
  type: 'PublishStockTotal',
  description:
    'Publish what is held of a material by all who declared it for totals only, or withhold it where that would tell of a single one. For the secretariat.',
  input: {
    description: 'Of which material and quarter a total is to be published.',
    of: {
      ...totalOf,
      quarter: required(
        quarterValue,
        'Quarter of a calendar year, such as 2026-Q3. Its totals are due from the thirtieth day after it, 00:00 UTC.',
      ),
    },
  },
  marking: 'Who may read the total. Left out: MEMBERS.',
  target: ({ material, quarter }) => ({ key: `${material}|${quarter}`, mayCreate: true }),
  refersTo: ({ material }) => [materialReference(material)],
  may: [secretariat],
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
});

export const stockTotalRecordType = stockTotal.withCommands(publishStockTotal);
export type PublishStockTotal = Given<typeof publishStockTotal>;

/** The thirtieth day after the quarter: the same for everybody, whenever declarations came in. */
export const releaseOf = (quarter: Quarter): Day => daysAfter(lastDayOf(quarter), 30n);
