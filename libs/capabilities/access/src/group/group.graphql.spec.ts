import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { problemsOf } from '@foundation/transport';
import { RECORD } from '@kernel/testing';
import {
  FoundGroupInput,
  RemoveFromGroupInput,
  RemoveSubgroupInput,
  toFoundGroup,
  toRemoveFromGroup,
  toRemoveSubgroup,
} from './group.graphql.js';

const least = { name: 'Gallium round', members: ['US'] };
const founding = (given: object) => problemsOf(FoundGroupInput, { ...least, ...given } as FoundGroupInput);

describe('The input of a group', () => {
  it('becomes the command; its members do not see each other unless it says so', async () => {
    const { input, problems } = await founding({ purpose: null, membersVisible: null });
    expect(problems).toEqual({});
    expect(toFoundGroup(input)).toEqual({ type: 'FoundGroup', ...least, membersVisible: false });
    const { input: open } = await founding({ membersVisible: true });
    expect(toFoundGroup(open)).toMatchObject({ membersVisible: true });
  });
  it.each([
    ['name', { name: '' }],
    ['members', { members: ['US', 'XX'] }],
    ['country', { country: 'XX' }],
    ['purpose', { purpose: 'x'.repeat(2001) }],
  ])('is refused with the name of the field: %s', async (field, wrong) =>
    expect(Object.keys((await founding(wrong)).problems)).toEqual([field]),
  );
});

describe('The input of a removal', () => {
  it('names the group and the country', async () => {
    const { input, problems } = await problemsOf(RemoveFromGroupInput, {
      id: RECORD,
      country: 'US',
    } as RemoveFromGroupInput);
    expect(problems).toEqual({});
    expect(toRemoveFromGroup(input)).toEqual({ type: 'RemoveFromGroup', id: RECORD, country: 'US' });
  });
  it.each([
    ['id', { id: 'x' }],
    ['country', { country: 'Us' }],
  ])('is refused with the name of the field: %s', async (field, wrong) => {
    const given = { id: RECORD, country: 'US', ...wrong } as RemoveFromGroupInput;
    expect(Object.keys((await problemsOf(RemoveFromGroupInput, given)).problems)).toEqual([field]);
  });
});

describe('The input of a group in a group', () => {
  const given = { id: RECORD, group: RECORD };
  it('names both', async () => {
    const { input, problems } = await problemsOf(RemoveSubgroupInput, given as RemoveSubgroupInput);
    expect(problems).toEqual({});
    expect(toRemoveSubgroup(input)).toEqual({ type: 'RemoveSubgroup', ...given });
  });
  it.each(['id', 'group'])('is refused with the name of the field: %s', async (field) => {
    const wrong = { ...given, [field]: 'x' } as RemoveSubgroupInput;
    expect(Object.keys((await problemsOf(RemoveSubgroupInput, wrong)).problems)).toEqual([field]);
  });
});
