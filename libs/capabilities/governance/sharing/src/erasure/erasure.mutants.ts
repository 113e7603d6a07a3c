import { inFolder, type Guard } from '../../../../../../test/access/mutants/guard.js';

const { of } = inFolder('libs/capabilities/governance/sharing/src/erasure');
const erasuresView = of('erasures.view');

export const guards: readonly Guard[] = [
  erasuresView(
    'an erasure is told to its owner alone when its record is re-marked',
    'marking: ownerAlone(marking) })',
    'marking })',
  ),
];
