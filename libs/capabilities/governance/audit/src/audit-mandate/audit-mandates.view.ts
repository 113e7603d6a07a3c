import {
  inCapitals,
  instant,
  many,
  optional,
  party,
  readModel,
  recordId,
  renewed,
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
  sort: ['grantedAt', 'until'],
  internal: ['party', 'person'],
  on: {
    'audit.AuditMandateGranted.v1': (before, { event, recordId: id, recordedAt: grantedAt }) =>
      renewed(before, { ...event.data, id, grantedAt }),
    'audit.AuditMandateRevoked.v1': (before, { event: { data }, recordedAt: revokedAt }) =>
      before && { ...before, ...data, revokedAt },
  },
});
