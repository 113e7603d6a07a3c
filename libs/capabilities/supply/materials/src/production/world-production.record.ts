import { accept, recordType, reject, secretariat, type Given, type Marking } from '@kernel';
import { materialReference, unknownMaterial } from '../material/material.record.js';
import { reported } from './production.record.js';
import {
  flawOf,
  flawOfPlace,
  flawOfRevision,
  inEdition,
  isStatedAlike,
  statementOf,
  statementRejections,
} from './statement.events.js';
import { leavesOut, worldProduced, type WorldProductionEvent, type WorldStatement } from './world-production.events.js';

export const worldProductionRejections = { ...unknownMaterial, ...statementRejections } as const;

/** The latest statement and the record's marking; null before the first report. */
export type WorldProductionState = (WorldStatement & { readonly marking: Marking }) | null;

const worldProduction = recordType<WorldProductionEvent, WorldProductionState>()({
  name: 'figure',
  category: 'worldProduction',
  rejections: worldProductionRejections,
  notFound: 'MATERIALS.UNKNOWN',
  defaultMarking: () => ({ releaseTo: ['PUBLIC'] }),
  isMarkingFixed: true,
  encrypted: false,
  initial: null,
  evolve: {
    'materials.WorldProductionReported.v1': (_, data) => data,
    'materials.WorldProductionRevised.v1': (state, data) =>
      state && { ...inEdition(data, state), marking: state.marking },
  },
});

export type ReportWorldProduction = Given<typeof reportWorldProduction>;
export const reportWorldProduction = worldProduction.upsert({
  type: 'ReportWorldProduction',
  description:
    'Report what the world produced, or what producers that the source does not name produced together, or revise what was reported before. For the secretariat.',
  input: {
    description: 'What several producers produced of one material in one year together.',
    of: { ...worldProduced, ...leavesOut, ...reported },
  },
  marking: 'Who may know of it. Left out: PUBLIC.',
  target: ({ material, scope, year, stage, form }) => ({
    key: [material, scope, year, stage, form ?? ''].join('|'),
    mayCreate: true,
  }),
  refersTo: ({ material }) => [materialReference(material)],
  may: [secretariat],
  decide: ({ replacesNewer, ...given }, state, { now, marking, asked }) => {
    const report = { ...given, excludes: [...new Set(given.excludes)].sort() };
    const flaw =
      flawOf(report, now) ??
      report.excludes.map((each) => flawOfPlace(each, report.year, 'excludes')).find((each) => each !== null) ??
      (state && flawOfRevision({ ...report, replacesNewer }, state, asked && marking));
    if (flaw) return reject(flaw.code, flaw.details);
    if (state === null) return accept({ type: 'materials.WorldProductionReported.v1', data: { ...report, marking } });
    const { excludes } = report;
    return isStatedAlike(report, state) && excludes.join() === state.excludes.join()
      ? accept()
      : accept({ type: 'materials.WorldProductionRevised.v1', data: { ...statementOf(report), excludes } });
  },
});

export const worldProductionRecordType = worldProduction.withCommands(reportWorldProduction);
