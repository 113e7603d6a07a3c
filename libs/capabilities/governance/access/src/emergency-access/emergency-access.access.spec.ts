import { describe, expect, it } from '@jest/globals';
import { day, recordId, type Reference } from '@kernel';
import { EU, JP, markedFor, person, RECORD, secretariat, specify, US } from '@kernel/testing';
import { emergencyAccessRecordType } from './emergency-access.record.js';
import type { EmergencyAccessRequested } from './emergency-access.events.js';

const record = recordId('00000000-0000-5000-8000-000000000002');
const ask = { type: 'RequestEmergencyAccess', record, reason: 'a dam broke', approver: JP } as const;
const approve = { type: 'ApproveEmergencyAccess', id: RECORD } as const;
const refuse = { type: 'RefuseEmergencyAccess', id: RECORD, reason: 'ask the owner' } as const;
const marking = markedFor('SECRETARIAT', `country:${JP}`);
const asked: EmergencyAccessRequested = {
  type: 'access.EmergencyAccessRequested.v1',
  data: { record, reason: 'a dam broke', approver: JP, requestedBy: secretariat.person, marking },
};
const { mayIssue, mayAct } = specify(emergencyAccessRecordType);
const mandate = { id: RECORD, delegate: EU, subjects: ['access'], mayCommand: true };

describe('An emergency access', () => {
  it('is asked for by the secretariat alone', () => {
    expect(mayIssue(ask, secretariat)).toBe(true);
    for (const who of [person(JP, ['LIAISON', 'DELEGATE', 'APPROVER']), person(null, ['AUDITOR', 'OBSERVER'])])
      expect(mayIssue(ask, who)).toBe(false);
  });
  it.each([approve, refuse])('is decided by a delegate or approver of a member state: $type', (command) => {
    for (const role of ['DELEGATE', 'APPROVER'] as const) expect(mayIssue(command, person(JP, role))).toBe(true);
    expect(mayIssue(command, person(JP, 'LIAISON'))).toBe(false);
    expect(mayIssue(command, { ...person(JP, 'DELEGATE'), isMember: false })).toBe(false);
    expect(mayIssue(command, secretariat)).toBe(false);
  });
  it.each([approve, refuse])('is not decided in another country’s name: $type', (command) =>
    expect(mayIssue(command, { ...person(JP, 'DELEGATE'), mandate })).toBe(false),
  );
  it.each([approve, refuse])('is decided by the country that it names: $type', (command) => {
    expect(mayAct(command, person(JP, 'APPROVER'), [asked], marking)).toBe(true);
    expect(mayAct(command, person(US, 'APPROVER'), [asked], marking)).toBe(false);
  });
  it('is known to the secretariat and to the country that it names', () =>
    expect(emergencyAccessRecordType.defaultMarking?.(ask, RECORD)).toEqual({ releaseTo: [`country:${JP}`] }));
  it('names a member state, and does not look whether the record exists', () => {
    const [member, ...others] = emergencyAccessRecordType.refersTo?.(ask) as readonly Reference<unknown>[];
    expect(others).toEqual([]);
    expect(member).toMatchObject({ category: 'member', at: { key: JP } });
    const notMember = { code: 'EMERGENCIES.APPROVER_NOT_MEMBER', details: { field: 'approver' } };
    expect(member?.missing).toMatchObject(notMember);
    expect(member?.rejectIf?.('LEFT')).toMatchObject(notMember);
    expect(member?.rejectIf?.({ country: JP, since: day('2026-01-01') })).toBeNull();
  });
  it('is a record of its own each time, and the one named afterwards', () => {
    expect(emergencyAccessRecordType.targetOf(ask, 'SECRETARIAT')).toEqual({ fresh: true });
    expect(emergencyAccessRecordType.targetOf(approve, JP)).toEqual({ id: RECORD });
  });
});
