import { instant, readModel, required, type RowOf } from '@kernel';
import { byText } from './production.view.js';
import { statement, unstated } from './statement.events.js';
import { leavesOut, worldProduced, type WorldProductionEvent } from './world-production.events.js';

const worldProduction = {
  ...worldProduced,
  ...statement,
  ...leavesOut,
  reportedAt: required(instant, 'When the figure was recorded here.'),
};
export type WorldProductionRow = RowOf<typeof worldProduction>;

/** The latest figure of the world, and of those that a source does not name, by material, year and stage. */
export const worldProductionView = readModel<WorldProductionEvent, WorldProductionRow>({
  name: 'materials.worldProduction',
  version: 1,
  of: worldProduction,
  node: {
    name: 'WorldProduction',
    description: 'What several producers produced of one material in one year together, as a source states it.',
    marking: 'Who may know of it.',
  },
  filter: { material: 'Codes.', year: 'Years.', stage: 'Stages.' },
  sort: ['year'],
  // A material that a reader may not know of is not given away by its figures.
  parent: { view: 'materials.materials', field: 'material' },
  on: {
    'materials.WorldProductionReported.v1': (_, { event, recordedAt }) => ({ ...event.data, reportedAt: recordedAt }),
    'materials.WorldProductionRevised.v1': (row, { event, recordedAt }) =>
      row && { ...unstated(row), ...event.data, reportedAt: recordedAt },
  },
});

/** The latest year first, then by stage, what is counted and whose production it is. */
export const byYearStageScope = (a: WorldProductionRow, b: WorldProductionRow): number =>
  b.year - a.year || byText(a.stage, b.stage) || byText(a.form ?? '', b.form ?? '') || byText(b.scope, a.scope);
