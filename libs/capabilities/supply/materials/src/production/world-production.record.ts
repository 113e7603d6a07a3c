import { accept, recordType, reject, type Given, type Marking } from '@kernel';
import { figureOf, figures, reported, reporting } from './production.record.js';
import { flawOf, flawOfPlace, flawOfRevision, inEdition, isStatedAlike, statementOf } from './statement.events.js';
import { leavesOut, worldProduced, type WorldProductionEvent, type WorldStatement } from './world-production.events.js';

/** The latest statement and the record's marking; null before the first report. */
export type WorldProductionState = (WorldStatement & { readonly marking: Marking }) | null;

const worldProduction = recordType<WorldProductionEvent, WorldProductionState>()({
  ...figures,
  category: 'worldProduction',
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
  ...reporting,
  target: (report) => figureOf(report.scope, report),
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
