import { describe, expect, it } from '@jest/globals';
import { platformFor } from '@kernel';
import { JP, markedFor, person, RECORD, secretariat, specify, US } from '@kernel/testing';
import { actRecordType } from './act.record.js';

const approve = { type: 'ApproveAct', id: RECORD, digest: 'digest' } as const;
const withdraw = { type: 'WithdrawAct', id: RECORD } as const;
const carryOut = { type: 'CarryOutAct', id: RECORD } as const;
const { mayIssue, mayAct } = specify(actRecordType);
const mandate = { id: RECORD, delegate: US, subjects: ['acts'], mayCommand: true };

describe('Acts', () => {
  it('are approved by approvers, and by the secretariat', () => {
    for (const who of [person(JP, 'APPROVER'), secretariat]) expect(mayIssue(approve, who)).toBe(true);
    for (const who of [person(JP, ['LIAISON', 'DELEGATE']), person(null, ['AUDITOR', 'OBSERVER'])])
      expect(mayIssue(approve, who)).toBe(false);
  });
  it('are withdrawn by anybody of the party', () => {
    for (const role of ['LIAISON', 'DELEGATE', 'APPROVER'] as const)
      expect(mayIssue(withdraw, person(JP, role))).toBe(true);
    expect(mayIssue(withdraw, secretariat)).toBe(true);
    expect(mayIssue(withdraw, person(null, ['AUDITOR', 'OBSERVER']))).toBe(false);
  });
  it.each([approve, withdraw])('are the party’s own people’s, never under a mandate: $type', (command) => {
    expect(mayIssue(command, { ...person(JP, ['DELEGATE', 'APPROVER']), mandate })).toBe(false);
    expect(mayAct(command, person(JP, ['DELEGATE', 'APPROVER']), [], markedFor(JP))).toBe(true);
    expect(mayAct(command, person(US, ['DELEGATE', 'APPROVER']), [], markedFor(JP))).toBe(false);
    expect(mayAct(command, secretariat, [], markedFor(JP))).toBe(false);
  });
  it('are prepared in a party’s name, by nobody who has none', () => {
    const kept = {
      category: 'signingKeys',
      record: RECORD,
      command: 'C',
      input: '{}',
      digest: 'd',
      roles: [],
    } as const;
    const prepare = { type: 'PrepareAct', ...kept } as const;
    for (const who of [person(JP, 'LIAISON'), secretariat]) expect(mayIssue(prepare, who)).toBe(true);
    expect(mayIssue(prepare, person(null, ['AUDITOR', 'OBSERVER']))).toBe(false);
  });
  it('are noted as carried out by the platform alone', () => {
    expect(mayIssue(carryOut, platformFor(JP))).toBe(true);
    for (const who of [person(JP, ['DELEGATE', 'APPROVER']), secretariat]) expect(mayIssue(carryOut, who)).toBe(false);
  });
  it('have an audience that nobody changes: their party', () => {
    expect(actRecordType.isMarkingFixed).toBe(true);
    expect(actRecordType.defaultMarking).toBeUndefined();
  });
});
