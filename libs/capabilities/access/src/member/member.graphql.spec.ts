import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { problemsOf } from '@foundation/transport';
import { AdmitMemberInput, toAdmitMember } from './member.graphql.js';

const least = { country: 'JP', since: '2026-02-04' };
const admission = (given: object) => problemsOf(AdmitMemberInput, { ...least, ...given } as AdmitMemberInput);

describe('The input of an admission', () => {
  it('becomes the command', async () => {
    const { input, problems } = await admission({ profile: ['REFINER', 'CONSUMER'] });
    expect(problems).toEqual({});
    expect(toAdmitMember(input)).toEqual({ type: 'AdmitMember', ...least, profile: ['REFINER', 'CONSUMER'] });
    expect(toAdmitMember((await admission({ profile: null })).input)).toEqual({ type: 'AdmitMember', ...least });
  });
  it.each([
    ['country', { country: 'Japan' }],
    ['since', { since: '2026-13-01' }],
    ['profile', { profile: ['REFINER', 'REFINER'] }],
  ])('is refused with the name of the field: %s', async (field, wrong) =>
    expect(Object.keys((await admission(wrong)).problems)).toEqual([field]),
  );
});
