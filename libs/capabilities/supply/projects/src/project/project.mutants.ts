import { inFolder, type Guard } from '../../../../../../test/access/mutants/guard.js';

const { of } = inFolder('libs/capabilities/supply/projects/src/project');
const projectRecord = of('project.record', 'project.access');

export const guards: readonly Guard[] = [
  projectRecord('consent is the host’s', 'state?.terms.hostCountry ?? owner', 'owner'),
];
