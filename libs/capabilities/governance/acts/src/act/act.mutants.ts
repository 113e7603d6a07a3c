import { inFolder, type Guard } from '../../../../../../test/access/mutants/guard.js';

const { of, spec } = inFolder('libs/capabilities/governance/acts/src/act');
const actRecord = of('act.record', 'act.decider');

export const guards: readonly Guard[] = [
  actRecord(
    'nobody approves what they prepared themselves',
    "if (preparedBy === who.person) return reject('ACTS.SAME_PERSON');",
    '',
  ),
  actRecord(
    'what is approved is what was seen',
    "if (digest !== prepared.digest) return reject('ACTS.DIFFERENT', { field: 'digest' });",
    '',
  ),
  actRecord('an act is its own party’s to approve and to withdraw', 'partyOf(who) === owner', 'true', {
    specs: ['act.access'].map(spec),
  }),
  actRecord('an act is approved by approvers', "hasRole(who, 'APPROVER') || isOfSecretariat(who)", 'true', {
    specs: ['act.access'].map(spec),
  }),
];
