import {
  accept,
  flag,
  integer,
  recordType,
  optional,
  reject,
  required,
  secretariat,
  type Given,
  type Marking,
} from '@kernel';
import { materialReference, unknownMaterial } from '../material/material.record.js';
import { produced, statedV1, type ProductionEvent } from './production.events.js';
import {
  flawOf,
  flawOfPlace,
  flawOfRevision,
  inEdition,
  isStatedAlike,
  statement,
  statementOf,
  statementRejections,
  type Statement,
} from './statement.events.js';

export const productionRejections = { ...unknownMaterial, ...statementRejections } as const;

/** The latest statement and the record's marking; null before the first report. */
export type ProductionState = (Statement & { readonly marking: Marking }) | null;

const production = recordType<ProductionEvent, ProductionState>()({
  name: 'figure',
  category: 'production',
  rejections: productionRejections,
  notFound: 'MATERIALS.UNKNOWN',
  defaultMarking: () => ({ releaseTo: ['PUBLIC'] }),
  isMarkingFixed: true,
  encrypted: false,
  initial: null,
  evolve: {
    'materials.ProductionReported.v1': (_, data) => statedV1(data),
    'materials.ProductionReported.v2': (_, data) => data,
    'materials.ProductionRevised.v1': (state, data) =>
      state && { ...inEdition(statedV1(data), state), marking: state.marking },
    'materials.ProductionRevised.v2': (state, data) => state && { ...inEdition(data, state), marking: state.marking },
  },
});

/** What every report of a figure asks for beside what is counted. */
export const reported = {
  year: required(integer, 'Calendar year, from 1900; the current one as ESTIMATED only.'),
  ...statement,
  replacesNewer: optional(flag, 'Whether it may take the place of a figure of a newer edition. Left out: it may not.'),
};

export type ReportProduction = Given<typeof reportProduction>;
export const reportProduction = production.upsert({
  type: 'ReportProduction',
  description:
    'Report what a country produced, or that it is withheld or not available, or revise what was reported before. For the secretariat.',
  input: {
    description: 'What one country produced of one material in one year.',
    of: { ...produced, ...reported },
  },
  marking: 'Who may know of it. Left out: PUBLIC.',
  target: ({ material, country, year, stage, form }) => ({
    key: [material, country, year, stage, form ?? ''].join('|'),
    mayCreate: true,
  }),
  refersTo: ({ material }) => [materialReference(material)],
  may: [secretariat],
  decide: ({ replacesNewer, ...report }, state, { now, marking, asked }) => {
    const flaw =
      flawOf(report, now) ??
      // What was recorded before places had years can still be revised.
      (state === null
        ? flawOfPlace(report.country, report.year, 'country')
        : flawOfRevision({ ...report, replacesNewer }, state, asked && marking));
    if (flaw) return reject(flaw.code, flaw.details);
    if (state === null) return accept({ type: 'materials.ProductionReported.v2', data: { ...report, marking } });
    return isStatedAlike(report, state)
      ? accept()
      : accept({ type: 'materials.ProductionRevised.v2', data: statementOf(report) });
  },
});

export const productionRecordType = production.withCommands(reportProduction);
