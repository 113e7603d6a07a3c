import {
  accept,
  earliestToday,
  integer,
  isSameMarking,
  kindOf,
  latestToday,
  reject,
  required,
  secretariat,
  type Day,
  type Given,
  type Marking,
} from '@kernel';
import { materialReference, unknownMaterial } from '../material/material.stream.js';
import { figure, produced, type Figure, type ProductionEvent } from './production.events.js';

/** World statistics of minerals begin here (USGS Data Series 140). */
const FIRST_YEAR = 1900;

export const productionRefusals = {
  ...unknownMaterial,
  'PRODUCTION.YEAR_IN_FUTURE':
    'The year has not begun anywhere on Earth (UTC+14). Report production of this year or an earlier one.',
  'PRODUCTION.YEAR_NOT_OVER':
    'The year is not over everywhere on Earth (UTC−12), so its production can only be estimated. Report it as ESTIMATED.',
  'PRODUCTION.YEAR_TOO_EARLY': `Production is recorded from the year ${FIRST_YEAR} on.`,
  'PRODUCTION.OTHER_MARKING':
    'This figure is recorded under another marking, which a new report does not change. Leave the marking out to revise the figure.',
} as const;

/** The latest figure and the record's marking; null before the first report. */
export type ProductionState = (Figure & { readonly marking: Marking }) | null;

const production = kindOf({
  name: 'figure',
  category: 'production',
  refusals: productionRefusals,
  notFound: 'MATERIALS.UNKNOWN',
  defaultMarking: () => ({ releaseTo: ['PUBLIC'] }),
  isMarkingFixed: true,
  isOpen: true,
  initial: null as ProductionState,
  evolve: (state, event: ProductionEvent) => {
    switch (event.type) {
      case 'materials.ProductionReported.v1':
        return event.data;
      case 'materials.ProductionRevised.v1':
        return state && { ...state, ...event.data };
    }
  },
});

export type ReportProduction = Given<typeof reportProduction>;
export const reportProduction = production.upsert({
  type: 'ReportProduction',
  description: 'Report what a country produced, or revise what was reported before. For the secretariat.',
  input: {
    description: 'What one country produced of one material in one year.',
    of: {
      ...produced,
      year: required(integer, 'Calendar year, from 1900; the current one as ESTIMATED only.'),
      ...figure,
    },
  },
  marking: 'Who may know of it. Left out: PUBLIC.',
  target: ({ material, country, year, stage, form }) => ({
    key: [material, country, year, stage, form ?? ''].join('|'),
    mayCreate: true,
  }),
  refersTo: ({ material }) => [materialReference(material)],
  may: [secretariat],
  decide: (report, state, { now, marking, asked }) => {
    const { quantity, basis, source } = report;
    const latestYear = yearOf(latestToday(now));
    if (report.year < FIRST_YEAR) return reject('PRODUCTION.YEAR_TOO_EARLY', { field: 'year' });
    if (report.year > latestYear)
      return reject('PRODUCTION.YEAR_IN_FUTURE', { field: 'year', latest: `${latestYear}` });
    if (report.year >= yearOf(earliestToday(now)) && basis === 'REPORTED')
      return reject('PRODUCTION.YEAR_NOT_OVER', { field: 'basis' });

    if (state === null) return accept({ type: 'materials.ProductionReported.v1', data: { ...report, marking } });
    // A figure meant for fewer readers must not come out under the wider marking that is in force.
    if (asked !== undefined && !isSameMarking(marking, state.marking)) {
      return reject('PRODUCTION.OTHER_MARKING', { field: 'marking' });
    }
    const isSame = quantity === state.quantity && basis === state.basis && source === state.source;
    return isSame ? accept() : accept({ type: 'materials.ProductionRevised.v1', data: { quantity, basis, source } });
  },
});

export const productionStream = production.stream(reportProduction);

const yearOf = (given: Day): bigint => BigInt(given.slice(0, 4));
