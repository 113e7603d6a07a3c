import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { problemsOf } from '@foundation/transport';
import { RECORD } from '@kernel/testing';
import {
  RefuseEmergencyAccessInput,
  RequestEmergencyAccessInput,
  toRefuseEmergencyAccess,
  toRequestEmergencyAccess,
} from './emergency-access.graphql.js';

const request = { record: RECORD, reason: 'a dam broke', approver: 'JP' };

describe('The input of an emergency access', () => {
  it('becomes the command', async () => {
    const { input, problems } = await problemsOf(RequestEmergencyAccessInput, request as RequestEmergencyAccessInput);
    expect(problems).toEqual({});
    expect(toRequestEmergencyAccess(input)).toEqual({ type: 'RequestEmergencyAccess', ...request });
  });
  it.each([
    ['record', { record: 'x' }],
    ['reason', { reason: '' }],
    ['approver', { approver: 'SECRETARIAT' }],
  ])('is refused with the name of the field: %s', async (field, wrong) => {
    const given = { ...request, ...wrong } as RequestEmergencyAccessInput;
    expect(Object.keys((await problemsOf(RequestEmergencyAccessInput, given)).problems)).toEqual([field]);
  });
  it('is refused or ended with a reason', async () => {
    const given = { id: RECORD, reason: 'no' } as RefuseEmergencyAccessInput;
    const { input, problems } = await problemsOf(RefuseEmergencyAccessInput, given);
    expect(problems).toEqual({});
    expect(toRefuseEmergencyAccess(input)).toEqual({ type: 'RefuseEmergencyAccess', ...given });
  });
});
