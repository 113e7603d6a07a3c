import { inFolder, type Guard } from '../../../../../../test/access/mutants/guard.js';

const { of, spec } = inFolder('libs/capabilities/diplomacy/briefs/src/use-request');
const useRequestRecord = of('use-request.record', 'use-request.decider');

export const guards: readonly Guard[] = [
  useRequestRecord(
    'the use of a record is approved by a delegate of its owner’s own people',
    "inPerson(peopleIn((state: UseRequestState) => state?.sourceOwner ?? null, 'DELEGATE'))",
    "peopleIn((state: UseRequestState) => state?.sourceOwner ?? null, 'DELEGATE')",
    { specs: ['use-request.access'].map(spec) },
  ),
  useRequestRecord('an approval to forward permits no deriving', " || state.purpose === 'FORWARD'", ''),
  useRequestRecord(
    'a request to use is told to the two parties',
    'releaseTo: [ownerAudience(source.owner)],',
    "releaseTo: ['MEMBERS'],",
  ),
  useRequestRecord(
    'a request to use is as sensitive as its source',
    '  ...(source.level && { level: source.level }),\n',
    '',
  ),
  useRequestRecord(
    'a use names no group that its asker is not in',
    "if (isStrange(given.audience, who.audiences)) return reject('USES.UNKNOWN_AUDIENCE', { field: 'audience' });",
    '',
  ),
  useRequestRecord(
    'an approval names no group that neither side has named',
    "    if (isStrange(approval.audience, [...who.audiences, ...state.audience]))\n      return reject('USES.UNKNOWN_AUDIENCE', { field: 'audience' });\n",
    '',
  ),
  useRequestRecord(
    'a request that was withdrawn is approved no more',
    "  closed: { if: (state) => state?.isWithdrawn ?? false, rejection: 'USES.WITHDRAWN' },\n",
    '',
  ),
  useRequestRecord(
    'a request that was withdrawn is refused no more',
    '!isWithdrawn && refusedBecause === reason',
    'refusedBecause === reason',
  ),
];
