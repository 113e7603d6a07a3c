import { inFolder, type Guard } from '../../../../../../test/access/mutants/guard.js';

const { of } = inFolder('libs/capabilities/diplomacy/briefs/src/access-request');
const accessRequestRecord = of('access-request.record', 'access-request.access');

export const guards: readonly Guard[] = [
  accessRequestRecord(
    'an access request to the secretariat is answered by it',
    'state !== null && partyOf(who) === state.of',
    'state !== null',
  ),
];
