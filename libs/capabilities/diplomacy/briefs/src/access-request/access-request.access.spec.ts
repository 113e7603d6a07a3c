import { describe, expect, it } from '@jest/globals';
import type { Audience, Party, Principal } from '@kernel';
import { EU, JP, markedFor, person, RECORD, secretariat, specify, US } from '@kernel/testing';
import { accessRequestRecordType } from './access-request.record.js';
import type { AccessRequestCommand } from './access-request.record.js';

const ask: AccessRequestCommand = { type: 'RequestAccess', of: JP, subject: 'stocks', reason: 'a joint reserve' };
const answer: AccessRequestCommand = { type: 'AnswerAccessRequest', id: RECORD, answer: 'GRANTED' };
const marking = markedFor(US, 'country:JP' as Audience);
const { mayIssue, mayAct } = specify(accessRequestRecordType);
const issuedBy = (who: Principal) => [ask, answer].filter((each) => mayIssue(each, who));
const mayAnswer = (who: Principal, of: Party = JP) =>
  mayAct(
    answer,
    who,
    [{ type: 'briefs.AccessRequested.v1', data: { of, subject: 'stocks', reason: 'a reserve', marking } }],
    marking,
  );

describe('An access request', () => {
  it.each(['LIAISON', 'DELEGATE'] as const)('is made and answered by a %s', (role) =>
    expect(issuedBy(person(US, role))).toEqual([ask, answer]),
  );
  it('is answered, but not made, by the secretariat', () => expect(issuedBy(secretariat)).toEqual([answer]));
  it('is nobody else’s', () => {
    expect(issuedBy(person(US, ['APPROVER', 'AUDITOR', 'OBSERVER']))).toEqual([]);
    expect(issuedBy({ ...person(US, ['LIAISON', 'DELEGATE']), country: null })).toEqual([]);
  });
  it('is answered by the party that is asked', () => {
    expect(mayAnswer(person(JP, 'LIAISON'))).toBe(true);
    expect(mayAnswer(person(US, 'DELEGATE'))).toBe(false);
    expect(mayAnswer(person(EU, 'DELEGATE'))).toBe(false);
    expect(mayAnswer(secretariat)).toBe(false);
    expect(mayAnswer(secretariat, 'SECRETARIAT')).toBe(true);
  });
});
