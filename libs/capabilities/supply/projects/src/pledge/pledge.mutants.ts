import { inFolder, type Guard } from '../../../../../../test/access/mutants/guard.js';

const { of } = inFolder('libs/capabilities/supply/projects/src/pledge');
const pledgesView = of('pledges.view');

export const guards: readonly Guard[] = [
  pledgesView(
    'a pledge is told within its project',
    "  parent: { view: 'projects.projects', field: 'projectId' },\n",
    '',
  ),
];
