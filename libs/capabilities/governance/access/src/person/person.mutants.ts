import { inFolder, type Guard } from '../../../../../../test/access/mutants/guard.js';

const { of } = inFolder('libs/capabilities/governance/access/src/person');
const personRecord = of('person.record', 'person.access');

export const guards: readonly Guard[] = [
  personRecord('a delegate gives and takes national roles', 'NATIONAL_ROLES.includes(given.role) && ', ''),
];
