import { describe, it } from '@jest/globals';
import { instant, type PersonRef } from '@kernel';
import { JP, markedFor, NOW, RECORD, specifyView } from '@kernel/testing';
import type { AuditMandateGranted, AuditMandateRevoked } from './audit-mandate.events.js';
import { auditMandatesView } from './audit-mandates.view.js';

const { given } = specifyView(auditMandatesView);
const data = {
  party: JP,
  person: 'auditor' as PersonRef,
  subjects: ['projects'],
  level: 'OPEN',
  until: instant('2027-06-01T00:00:00.000Z'),
} as const;
const granted: AuditMandateGranted = {
  type: 'audit.AuditMandateGranted.v1',
  data: { ...data, marking: markedFor(JP) },
};
const revoked: AuditMandateRevoked = { type: 'audit.AuditMandateRevoked.v1', data: { reason: 'over' } };
const row = { ...data, id: RECORD, grantedAt: NOW, marking: markedFor(JP) };

describe('The audit mandates', () => {
  it('show what is granted', () => given(granted).thenRow(row));
  it('show why one was revoked', () => given(granted, revoked).thenRow({ ...row, revokedAt: NOW, reason: 'over' }));
  it('show what is granted anew under the marking that it has', () =>
    given(granted, revoked, { type: 'audit.AuditMandateGranted.v1', data: { ...data, level: 'SECRET' } }).thenRow({
      ...row,
      level: 'SECRET',
    }));
});
