import { describe, expect, it } from '@jest/globals';
import { JP, markedFor, person, RECORD, secretariat, specify, US } from '@kernel/testing';
import { alertTakingRecordType } from './alert-taking.record.js';

const { mayIssue, mayAct } = specify(alertTakingRecordType);
const answer = { type: 'AnswerAlerts', alerts: [RECORD], answer: 'SEEN' } as const;

describe('What is done with alerts', () => {
  it('is said by whoever acts for a party, under no mandate', () => {
    for (const who of [person(JP, 'APPROVER'), secretariat]) expect(mayIssue(answer, who)).toBe(true);
    for (const who of [person(null, 'AUDITOR'), { ...person(JP, 'DELEGATE'), mandate: {} as never }])
      expect(mayIssue(answer, who)).toBe(false);
  });
  it('stands in a record of the own party', () => {
    expect(mayAct(answer, person(JP, 'APPROVER'), [], markedFor(JP))).toBe(true);
    expect(mayAct(answer, person(US, 'APPROVER'), [], markedFor(JP))).toBe(false);
  });
});
