import { describe, it } from '@jest/globals';
import { instant } from '@kernel';
import { JP, markedFor, NOW, person, RECORD, secretariat, specify } from '@kernel/testing';
import { auditMandateRecordType } from './audit-mandate.record.js';
import type { GrantAuditMandate } from './audit-mandate.record.js';
import type { AuditMandateGranted, AuditMandateTerms } from './audit-mandate.events.js';

const delegate = person(JP, 'DELEGATE');
const auditor = person(null, 'AUDITOR', 'auditor').person;
const until = instant('2027-06-01T00:00:00.000Z');
const marking = markedFor(JP, `person:${auditor}`);
const grant: GrantAuditMandate = {
  type: 'GrantAuditMandate',
  person: auditor,
  subjects: ['stockpiles', 'projects', 'projects'],
  level: 'RESTRICTED',
  until,
};
const terms = { person: auditor, subjects: ['projects', 'stockpiles'], level: 'RESTRICTED', until } as const;
const granted: AuditMandateGranted = { type: 'audit.AuditMandateGranted.v1', data: { party: JP, ...terms, marking } };
const { marking: _, ...again } = granted.data;
const revoke = { type: 'RevokeAuditMandate', id: RECORD, reason: 'it is over' } as const;
const revoked = { type: 'audit.AuditMandateRevoked.v1', data: { reason: 'it is over' } } as const;
const { given } = specify(auditMandateRecordType);

describe('An audit mandate', () => {
  it('is granted, each subject once', () => given().when(grant, delegate, { marking }).then(granted));
  it('is granted by the secretariat for what is its own', () =>
    given()
      .when(grant, secretariat, { marking })
      .then({ ...granted, data: { ...granted.data, party: 'SECRETARIAT' } }));
  it('is granted once', () => given(granted).when(grant, delegate).thenNothing());
  it.each<Partial<AuditMandateTerms>>([
    { subjects: ['projects'] },
    { level: 'OPEN' },
    { until: instant('2027-01-01T00:00:00.000Z') },
  ])('takes the place of the one before it: %j', (other) =>
    given(granted)
      .when({ ...grant, ...other }, delegate)
      .then({ type: 'audit.AuditMandateGranted.v1', data: { ...again, ...other } }),
  );
  it('is not one’s own to grant', () =>
    given()
      .when({ ...grant, person: delegate.person }, delegate)
      .thenRejected('AUDITS.OWN_MANDATE'));
  it.each([[[]], [['access']]])('has a subject: not %j', (subjects) =>
    given()
      .when({ ...grant, subjects: subjects as never }, delegate)
      .thenRejected('AUDITS.NO_SUBJECT'),
  );
  it('holds at some time', () =>
    given()
      .when({ ...grant, until: NOW }, delegate)
      .thenRejected('AUDITS.NEVER_IN_FORCE'));
  it('opens nothing that its giver is not cleared for', () =>
    given()
      .when(grant, { ...delegate, clearance: 'OPEN' })
      .thenRejected('AUDITS.LEVEL_TOO_HIGH'));
  it('is revoked, once, and may be granted again', () => {
    given(granted).when(revoke, delegate).then(revoked);
    given(granted, revoked).when(revoke, delegate).thenNothing();
    given(granted, revoked).when(grant, delegate).then({ type: 'audit.AuditMandateGranted.v1', data: again });
  });
});
