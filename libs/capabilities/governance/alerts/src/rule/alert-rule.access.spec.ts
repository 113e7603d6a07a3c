import { describe, expect, it } from '@jest/globals';
import { mayRead } from '@kernel';
import { JP, markedFor, NOW, person, secretariat, specify, US } from '@kernel/testing';
import { alertRuleRecordType } from './alert-rule.record.js';

const { mayIssue, mayAct } = specify(alertRuleRecordType);
const personal = { type: 'SaveAlertRule', rule: { name: 'A', scope: 'PERSON' }, isOff: false } as const;
const ofParty = { ...personal, rule: { name: 'A', scope: 'COUNTRY' } } as const;
const mandated = { ...person(JP, 'DELEGATE'), mandate: {} as never };

describe('A rule', () => {
  it('of a person is for everybody who acts for a party', () => {
    for (const role of ['LIAISON', 'DELEGATE', 'APPROVER'] as const)
      expect(mayIssue(personal, person(JP, role))).toBe(true);
    expect(mayIssue(personal, secretariat)).toBe(true);
    for (const role of ['AUDITOR', 'OBSERVER'] as const) expect(mayIssue(personal, person(null, role))).toBe(false);
  });
  it('of a party is for its delegates and liaisons, and the secretariat', () => {
    for (const who of [person(JP, 'LIAISON'), person(JP, 'DELEGATE'), secretariat])
      expect(mayIssue(ofParty, who)).toBe(true);
    expect(mayIssue(ofParty, person(JP, 'APPROVER'))).toBe(false);
  });
  it('is nobody’s to make under a mandate', () => {
    for (const command of [personal, ofParty]) expect(mayIssue(command, mandated)).toBe(false);
  });
  it('is changed by its own party', () => {
    expect(mayAct(ofParty, person(JP, 'DELEGATE'), [], markedFor(JP))).toBe(true);
    expect(mayAct(ofParty, person(US, 'DELEGATE'), [], markedFor(JP))).toBe(false);
  });
  it('of a party takes two persons, and of a person one', () => {
    const takesTwo = alertRuleRecordType.access.twoPersons!;
    expect(takesTwo(ofParty, person(JP, 'DELEGATE'), null)).toBe(true);
    expect(takesTwo(personal, person(JP, 'DELEGATE'), null)).toBe(false);
  });
  it('of a person is hidden from the rest of its country', () => {
    const [one, other] = [person(JP, 'DELEGATE', 'one'), person(JP, 'DELEGATE', 'other')];
    const marking = { ...markedFor(JP), ownerPerson: one.person };
    expect(mayRead(marking, { ...one, audiences: [...one.audiences, `person:${one.person}`] }, NOW)).toBe(true);
    expect(mayRead(marking, { ...other, audiences: [...other.audiences, `person:${other.person}`] }, NOW)).toBe(false);
  });
});
