import { inFolder, type Guard } from '../../../../../../test/access/mutants/guard.js';

const { of } = inFolder('libs/capabilities/governance/access/src/mandate');
const mandateRecord = of('mandate.record', 'mandate.decider');

export const guards: readonly Guard[] = [
  mandateRecord(
    'a mandate that is revoked is over',
    "'access.MandateRevoked.v1': withoutTerms",
    "'access.MandateRevoked.v1': (state) => state",
  ),
  mandateRecord(
    'a mandate is for another country',
    'if (principal === null || delegate === principal) return',
    'if (principal === null) return',
  ),
  mandateRecord(
    'a mandate has subjects',
    "if (subjects.length === 0) return reject('MANDATES.NO_SUBJECT', { field: 'subjects' });",
    '',
  ),
  mandateRecord('a mandate ends after it begins', 'until <= from || until <= now', 'until <= now'),
];
