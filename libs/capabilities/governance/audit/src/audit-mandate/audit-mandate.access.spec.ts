import { describe, expect, it } from '@jest/globals';
import { instant } from '@kernel';
import { JP, markedFor, person, RECORD, secretariat, specify, US } from '@kernel/testing';
import { auditMandateRecordType } from './audit-mandate.record.js';

const auditor = person(null, 'AUDITOR').person;
const until = instant('2027-06-01T00:00:00.000Z');
const grant = { type: 'GrantAuditMandate', person: auditor, subjects: ['projects'], level: 'OPEN', until } as const;
const revoke = { type: 'RevokeAuditMandate', id: RECORD, reason: 'over' } as const;
const { mayIssue, mayAct } = specify(auditMandateRecordType);

describe('Audit mandates', () => {
  it.each([grant, revoke])('are for delegates, and the secretariat for its own, to give and take: $type', (command) => {
    for (const who of [person(JP, 'DELEGATE'), secretariat]) expect(mayIssue(command, who)).toBe(true);
    for (const who of [person(JP, ['LIAISON', 'APPROVER']), person(null, ['AUDITOR', 'OBSERVER'])])
      expect(mayIssue(command, who)).toBe(false);
  });
  it('are not given under a mandate', () => {
    const mandate = { id: RECORD, delegate: US, subjects: ['audit'], mayCommand: true };
    expect(mayIssue(grant, { ...person(JP, 'DELEGATE'), mandate })).toBe(false);
  });
  it('are revoked by the party that granted them', () => {
    expect(mayAct(revoke, person(JP, 'DELEGATE'), [], markedFor(JP))).toBe(true);
    expect(mayAct(revoke, person(US, 'DELEGATE'), [], markedFor(JP))).toBe(false);
    expect(mayAct(revoke, person(JP, 'LIAISON'), [], markedFor(JP))).toBe(false);
  });
  it('are one for each party and person, known to the two', () => {
    expect(auditMandateRecordType.targetOf(grant, JP)).toEqual({ key: `JP ${auditor}`, mayCreate: true });
    expect(auditMandateRecordType.targetOf(revoke, JP)).toEqual({ id: RECORD });
    expect(auditMandateRecordType.defaultMarking?.(grant, RECORD)).toEqual({ releaseTo: [`person:${auditor}`] });
  });
});
