import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { problemsOf } from '@foundation/transport';
import {
  GrantClearanceInput,
  GrantRoleInput,
  RevokeClearanceInput,
  RevokeRoleInput,
  toGrantClearance,
  toGrantRole,
  toRevokeClearance,
  toRevokeRole,
} from './person.graphql.js';

const person = '7c0f3a52-3d4f-5a5e-9a34-3a0f6f1f2b10';
const least = { person, role: 'LIAISON' };

describe('The input of a role', () => {
  it('becomes the command', async () => {
    const grant = await problemsOf(GrantRoleInput, { ...least, country: 'JP' } as GrantRoleInput);
    expect(grant.problems).toEqual({});
    expect(toGrantRole(grant.input)).toEqual({ type: 'GrantRole', ...least, country: 'JP' });
    const revoke = await problemsOf(RevokeRoleInput, { ...least, reason: null } as unknown as RevokeRoleInput);
    expect(revoke.problems).toEqual({});
    expect(toRevokeRole(revoke.input)).toEqual({ type: 'RevokeRole', ...least });
  });
  it.each([
    ['person', { person: 'Jane Doe' }],
    ['role', { role: 'EMPEROR' }],
    ['country', { country: 'XX' }],
  ])('is refused with the name of the field: %s', async (field, wrong) => {
    const { problems } = await problemsOf(GrantRoleInput, { ...least, ...wrong } as GrantRoleInput);
    expect(Object.keys(problems)).toEqual([field]);
  });
});

describe('The input of a clearance', () => {
  const clearing = (given: object) => problemsOf(GrantClearanceInput, { person, level: 'SECRET', ...given } as never);
  it('becomes the command', async () => {
    const { input, problems } = await clearing({});
    expect(problems).toEqual({});
    expect(toGrantClearance(input as GrantClearanceInput)).toEqual({ type: 'GrantClearance', person, level: 'SECRET' });
    const revoke = await problemsOf(RevokeClearanceInput, { person, reason: null } as unknown as RevokeClearanceInput);
    expect(revoke.problems).toEqual({});
    expect(toRevokeClearance(revoke.input)).toEqual({ type: 'RevokeClearance', person });
  });
  it.each([
    ['person', { person: 'Jane Doe' }],
    ['level', { level: 'OPEN' }],
    ['level', { level: 'COSMIC' }],
  ])('is refused with the name of the field: %s %j', async (field, wrong) =>
    expect(Object.keys((await clearing(wrong)).problems)).toEqual([field]),
  );
});
