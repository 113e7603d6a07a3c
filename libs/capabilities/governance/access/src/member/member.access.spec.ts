import { describe, expect, it } from '@jest/globals';
import { day } from '@kernel';
import { JP, markedFor, person, RECORD, secretariat, specify } from '@kernel/testing';
import { memberRecordType } from './member.record.js';

const admit = { type: 'AdmitMember', country: JP, since: day('2026-02-04') } as const;
const leave = { type: 'WithdrawMember', country: JP } as const;
const { mayIssue, mayAct } = specify(memberRecordType);

describe('The roster of members', () => {
  it('is kept by the secretariat', () => {
    expect(mayIssue(admit, secretariat)).toBe(true);
    expect(mayAct(admit, secretariat, [], markedFor('SECRETARIAT'))).toBe(true);
    expect(mayIssue(leave, secretariat)).toBe(true);
  });
  it.each(['LIAISON', 'DELEGATE', 'APPROVER'] as const)('is not kept by a %s, not even of the country', (role) => {
    expect(mayIssue(admit, person(JP, role))).toBe(false);
    expect(mayIssue(leave, person(JP, role))).toBe(false);
    expect(mayAct(admit, person(JP, role), [], markedFor('SECRETARIAT'))).toBe(false);
  });
  it.each(['AUDITOR', 'OBSERVER'] as const)('is not kept by an %s', (role) =>
    expect(mayIssue(admit, person(null, role))).toBe(false),
  );
  it('is public', () => expect(memberRecordType.defaultMarking?.(admit, RECORD)).toEqual({ releaseTo: ['PUBLIC'] }));
  it('has one entry for each country', () =>
    expect(memberRecordType.targetOf(admit, 'SECRETARIAT')).toEqual({ key: 'JP', mayCreate: true }));
  it('has no entry to take off where there is none', () =>
    expect(memberRecordType.targetOf(leave, 'SECRETARIAT')).toEqual({ key: 'JP', mayCreate: false }));
});
