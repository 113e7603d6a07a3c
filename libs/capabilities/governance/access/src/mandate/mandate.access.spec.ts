import { describe, expect, it } from '@jest/globals';
import { instant } from '@kernel';
import { EU, JP, markedFor, person, RECORD, secretariat, specify, US } from '@kernel/testing';
import { mandateRecordType } from './mandate.record.js';

const until = instant('2027-06-01T00:00:00.000Z');
const grant = { type: 'GrantMandate', delegate: EU, subjects: ['projects'], mayCommand: true, until } as const;
const revoke = { type: 'RevokeMandate', id: RECORD, reason: 'it is over' } as const;
const { mayIssue, mayAct } = specify(mandateRecordType);

describe('Mandates', () => {
  it.each([grant, revoke])('are a delegate’s to give and take: $type', (command) => {
    expect(mayIssue(command, person(JP, 'DELEGATE'))).toBe(true);
    for (const who of [person(JP, ['LIAISON', 'APPROVER']), secretariat, person(null, ['AUDITOR', 'OBSERVER'])])
      expect(mayIssue(command, who)).toBe(false);
    expect(mayIssue(command, { ...person(JP, 'DELEGATE'), country: null })).toBe(false);
  });
  it.each([grant, revoke])('are not passed on: $type', (command) => {
    const mandate = { id: RECORD, delegate: EU, subjects: ['access', 'projects'], mayCommand: true };
    expect(mayIssue(command, { ...person(JP, 'DELEGATE'), mandate })).toBe(false);
  });
  it('are revoked by the country that granted them', () => {
    expect(mayAct(revoke, person(JP, 'DELEGATE'), [], markedFor(JP, `country:${EU}`))).toBe(true);
    expect(mayAct(revoke, person(EU, 'DELEGATE'), [], markedFor(JP, `country:${EU}`))).toBe(false);
    expect(mayAct(revoke, person(US, 'DELEGATE'), [], markedFor(JP, `country:${EU}`))).toBe(false);
  });
  it('are one for each pair of countries', () => {
    expect(mandateRecordType.targetOf(grant, JP)).toEqual({ key: 'JP EU', mayCreate: true });
    expect(mandateRecordType.targetOf(revoke, JP)).toEqual({ id: RECORD });
  });
  it('are known to the two countries', () =>
    expect(mandateRecordType.defaultMarking?.(grant, RECORD)).toEqual({ releaseTo: [`country:${EU}`] }));
});
