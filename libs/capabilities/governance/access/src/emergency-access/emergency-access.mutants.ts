import { inFolder, type Guard } from '../../../../../../test/access/mutants/guard.js';

const { of, spec } = inFolder('libs/capabilities/governance/access/src/emergency-access');
const emergencyAccessRecord = of('emergency-access.record', 'emergency-access.decider');

export const guards: readonly Guard[] = [
  emergencyAccessRecord(
    'an emergency access that nobody approved opens nothing',
    'until: null,\n      isRefused: false,',
    "until: '9999-12-31T23:59:59.999Z' as Instant,\n      isRefused: false,",
    { specs: ['../access.register'].map(spec) },
  ),
  emergencyAccessRecord(
    'an emergency access takes two persons',
    "if (requestedBy === who.person) return reject('EMERGENCIES.SAME_PERSON');\n    if (isRefused)",
    'if (isRefused)',
  ),
  emergencyAccessRecord(
    'an emergency access is refused by another person, too',
    "if (requestedBy === who.person) return reject('EMERGENCIES.SAME_PERSON');\n    return isRefused",
    'return isRefused',
  ),
  emergencyAccessRecord(
    'an emergency access that was refused is not approved',
    "if (isRefused) return reject('EMERGENCIES.REFUSED');",
    '',
  ),
  emergencyAccessRecord(
    'an emergency access that is approved twice does not last longer',
    'if (until !== null) return accept();',
    '',
  ),
  emergencyAccessRecord(
    'an emergency access that is refused ends',
    'state && { ...state, until: null, isRefused: true }',
    'state && { ...state, isRefused: true }',
    { specs: ['../access.register'].map(spec) },
  ),
  emergencyAccessRecord(
    'an emergency access is not decided under a mandate',
    'const approvers = inPerson({',
    'const approvers = ({',
    { specs: ['emergency-access.access'].map(spec) },
  ),
  emergencyAccessRecord(
    'an emergency access is decided by a member state',
    "mayIssue: members('DELEGATE', 'APPROVER').mayIssue,",
    '',
    { specs: ['emergency-access.access'].map(spec) },
  ),
];
