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
  type MarkingRequest,
  type Target,
} from '@kernel';
import { materialReference, unknownMaterial } from '../material/material.record.js';
import { produced, statedV1, type Counted, type ProductionEvent } from './production.events.js';
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

/** The latest statement and the record's marking; null before the first report. */
export type ProductionState = (Statement & { readonly marking: Marking }) | null;

/** What the records of all figures have in common. */
export const figures = {
  name: 'figure',
  rejections: { ...unknownMaterial, ...statementRejections },
  notFound: 'MATERIALS.UNKNOWN',
  defaultMarking: (): MarkingRequest => ({ releaseTo: ['PUBLIC'] }),
  isMarkingFixed: true,
  encrypted: false,
  initial: null,
} as const;

/** What every report of a figure asks for beside what is counted. */
export const reported = {
  year: required(integer, 'Calendar year, from 1900; the current one as ESTIMATED only.'),
  ...statement,
  replacesNewer: optional(flag, 'Whether it may take the place of a figure of a newer edition. Left out: it may not.'),
};
/** And the commands that report them. */
export const reporting = {
  marking: 'Who may know of it. Left out: PUBLIC.',
  refersTo: ({ material }: Counted) => [materialReference(material)],
  may: [secretariat],
} as const;
/** The record of what these producers produced. */
export const figureOf = (producers: string, { material, year, stage, form }: Counted): Target => ({
  key: [material, producers, year, stage, form ?? ''].join('|'),
  mayCreate: true,
});

const production = recordType<ProductionEvent, ProductionState>()({
  ...figures,
  category: 'production',
  evolve: {
    'materials.ProductionReported.v1': (_, data) => statedV1(data),
    'materials.ProductionReported.v2': (_, data) => data,
    'materials.ProductionRevised.v1': (state, data) =>
      state && { ...inEdition(statedV1(data), state), marking: state.marking },
    'materials.ProductionRevised.v2': (state, data) => state && { ...inEdition(data, state), marking: state.marking },
  },
});

export type ReportProduction = Given<typeof reportProduction>;
export const reportProduction = production.upsert({
  type: 'ReportProduction',
  description:
    'Report what a country produced, or that it is withheld or not available, or revise what was reported before. For the secretariat.',
  input: {
    description: 'What one country produced of one material in one year.',
    of: { ...produced, ...reported },
  },
  ...reporting,
  target: (report) => figureOf(report.country, report),
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
