import { view, type Instant, type Marked, type Party, type RecordId } from '@kernel';
import type { AuditMandateEvent, AuditMandateTerms } from './audit-mandate.events.js';

export type AuditMandateRow = Marked &
  AuditMandateTerms & {
    readonly id: RecordId;
    readonly party: Party;
    readonly grantedAt: Instant;
    readonly revokedAt?: Instant;
    readonly reason?: string;
  };

/** The audit mandates, for the party that granted them and for the auditor. */
export const auditMandatesView = view<AuditMandateEvent, AuditMandateRow>({
  name: 'audit.auditMandates',
  version: 1,
  events: ['audit.AuditMandateGranted.v1', 'audit.AuditMandateRevoked.v1'],
  fields: {
    party: { kind: 'text', filter: true },
    person: { kind: 'text', filter: true },
    grantedAt: { kind: 'text', sort: true },
    until: { kind: 'text', sort: true },
  },
  project: (row, { event, recordId: id, recordedAt }) => {
    if (event.type === 'audit.AuditMandateRevoked.v1') {
      return row && { ...row, revokedAt: recordedAt, reason: event.data.reason };
    }
    const marking = event.data.marking ?? row?.marking;
    return marking ? { ...event.data, id, grantedAt: recordedAt, marking } : null;
  },
});
