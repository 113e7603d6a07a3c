import { inFolder, type Guard } from '../../../../../../test/access/mutants/guard.js';

const { of } = inFolder('libs/capabilities/supply/materials/src/production');
const productionView = of('production.view');
const statementEvents = of('statement.events', 'production.decider');

export const guards: readonly Guard[] = [
  productionView(
    'a production is told within its material',
    "  parent: { view: 'materials.materials', field: 'material' },\n",
    '',
  ),
  statementEvents(
    'a figure does not come out under a wider marking than was asked for',
    'if (asked !== undefined && !isSameMarking(asked, inForce.marking))',
    'if (asked !== undefined && false)',
  ),
];
