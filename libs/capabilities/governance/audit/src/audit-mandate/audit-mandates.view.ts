import {
  granted,
  granting,
  inCapitals,
  many,
  party,
  readModel,
  recordId,
  required,
  revoked,
  type RowOf,
} from '@kernel';
import { auditMandateTerms, auditSubject, type AuditMandateEvent } from './audit-mandate.events.js';

const row = {
  id: required(recordId, 'Id of the audit mandate.'),
  party: required(party, 'Whose records.'),
  ...auditMandateTerms,
  ...granting,
};
export type AuditMandateRow = RowOf<typeof row>;

/** The audit mandates, for the party that granted them and for the auditor. */
export const auditMandatesView = readModel<AuditMandateEvent, AuditMandateRow>({
  name: 'audit.auditMandates',
  version: 1,
  of: row,
  node: {
    name: 'AuditMandate',
    description: 'That an auditor may read what is a party’s.',
    of: { ...row, subjects: many(inCapitals(auditSubject), 'In what.') },
    show: (shown) => ({ ...shown, subjects: shown.subjects.map((each) => each.toUpperCase()) }),
  },
  list: {
    name: 'auditMandates',
    description: 'The audit mandates that your party granted, or that you were granted.',
  },
  filter: {},
  sort: ['grantedAt', 'until'],
  internal: ['party', 'person'],
  on: {
    'audit.AuditMandateGranted.v1': granted,
    'audit.AuditMandateRevoked.v1': revoked,
  },
});
