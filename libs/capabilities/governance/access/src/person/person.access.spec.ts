import { describe, expect, it } from '@jest/globals';
import { NATIONAL_ROLES, ROLES, type PersonRef } from '@kernel';
import { JP, markedFor, person, secretariat, specify, US } from '@kernel/testing';
import { personRecordType } from './person.record.js';
import type { PersonEvent } from './person.events.js';

const ref = '7c0f3a52-3d4f-5a5e-9a34-3a0f6f1f2b10' as PersonRef;
const grant = { type: 'GrantRole', person: ref, role: 'LIAISON' } as const;
const revoke = { type: 'RevokeRole', person: ref, role: 'LIAISON' } as const;
const clear = { type: 'GrantClearance', person: ref, level: 'SECRET' } as const;
const unclear = { type: 'RevokeClearance', person: ref } as const;
const marking = markedFor(JP, 'SECRETARIAT');
const ofJapan: PersonEvent = { type: 'access.RoleGranted.v1', data: { ...grant, country: JP, marking } };
const { mayIssue, mayAct } = specify(personRecordType);

describe('Roles', () => {
  it.each(ROLES)('the secretariat grants and revokes: %s', (role) => {
    expect(mayIssue({ ...grant, role }, secretariat)).toBe(true);
    expect(mayIssue({ ...revoke, role }, secretariat)).toBe(true);
  });
  it.each(ROLES)('a delegate grants and revokes if they act for a country: %s', (role) => {
    const isNational = NATIONAL_ROLES.includes(role);
    expect(mayIssue({ ...grant, role }, person(JP, 'DELEGATE'))).toBe(isNational);
    expect(mayIssue({ ...revoke, role }, person(JP, 'DELEGATE'))).toBe(isNational);
  });
  it('a delegate grants for the own country', () => {
    expect(mayIssue({ ...grant, country: JP }, person(JP, 'DELEGATE'))).toBe(true);
    expect(mayIssue({ ...grant, country: US }, person(JP, 'DELEGATE'))).toBe(false);
  });
  it.each([clear, unclear])('the secretariat and delegates give and take clearances: $type', (command) => {
    expect(mayIssue(command, secretariat)).toBe(true);
    expect(mayIssue(command, person(JP, 'DELEGATE'))).toBe(true);
  });
  it.each([grant, revoke, clear, unclear])('nobody else changes: $type', (command) => {
    for (const who of [person(JP, ['LIAISON', 'APPROVER']), person(null, ['AUDITOR', 'OBSERVER'])]) {
      expect(mayIssue(command, who)).toBe(false);
    }
    expect(mayIssue(command, { ...person(JP, 'DELEGATE'), country: null })).toBe(false);
  });
  it.each([grant, revoke, clear, unclear])('are changed in the record of the own party only: $type', (command) => {
    expect(mayAct(command, person(JP, 'DELEGATE'), [ofJapan], marking)).toBe(true);
    expect(mayAct(command, person(US, 'DELEGATE'), [ofJapan], marking)).toBe(false);
    expect(mayAct(command, secretariat, [ofJapan], marking)).toBe(false);
  });
  it('of one person are a record for each party, so that none learns what another said of whom', () => {
    const keys = [JP, US, 'SECRETARIAT' as const].map((party) => personRecordType.targetOf(grant, party));
    expect(keys).toEqual(['JP', 'US', 'SECRETARIAT'].map((party) => ({ key: `${party} ${ref}`, mayCreate: true })));
  });
  it('are for the party that said it alone', () => expect(personRecordType.defaultMarking).toBeUndefined());
});
