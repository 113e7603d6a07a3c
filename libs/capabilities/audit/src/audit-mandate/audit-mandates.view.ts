import {
  inCapitals,
  instant,
  many,
  optional,
  party,
  readModel,
  recordId,
  required,
  text,
  type Marked,
  type Of,
} from '@kernel';
import { auditMandateTerms, auditSubject, type AuditMandateEvent } from './audit-mandate.events.js';

const row = {
  id: required(recordId, 'Id of the audit mandate.'),
  party: required(party, 'Whose records.'),
  ...auditMandateTerms,
  grantedAt: required(instant, 'When it was granted as it stands.'),
  revokedAt: optional(instant, 'When it was revoked, if it was.'),
  reason: optional(text(2000), 'Why it was revoked.'),
};
export type AuditMandateRow = Marked & Of<typeof row>;

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
  filter: {},
  internal: ['party', 'person'],
  sort: ['grantedAt', 'until'],
  on: {
    'audit.AuditMandateGranted.v1': (before, { event, recordId: id, recordedAt }) => {
      const marking = event.data.marking ?? before?.marking;
      return marking ? { ...event.data, id, grantedAt: recordedAt, marking } : null;
    },
    'audit.AuditMandateRevoked.v1': (before, { event, recordedAt }) =>
      before && { ...before, revokedAt: recordedAt, reason: event.data.reason },
  },
});
