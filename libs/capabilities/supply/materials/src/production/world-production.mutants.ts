import { inFolder, type Guard } from '../../../../../../test/access/mutants/guard.js';

const { of } = inFolder('libs/capabilities/supply/materials/src/production');
const worldProductionView = of('world-production.view');

export const guards: readonly Guard[] = [
  worldProductionView(
    'world production is told within its material',
    "  parent: { view: 'materials.materials', field: 'material' },\n",
    '',
  ),
];
