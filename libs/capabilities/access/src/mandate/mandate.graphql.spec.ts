import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { problemsOf } from '@foundation/transport';
import { RECORD } from '@kernel/testing';
import { GrantMandateInput, RevokeMandateInput, toGrantMandate, toRevokeMandate } from './mandate.graphql.js';

const until = '2027-06-01T00:00:00.000Z';
const least = { delegate: 'EU', subjects: ['PROJECTS'], until };
const granting = (given: object) => problemsOf(GrantMandateInput, { ...least, ...given } as GrantMandateInput);

describe('The input of a mandate', () => {
  it('becomes the command; it lets read only, unless it says so', async () => {
    const { input, problems } = await granting({ from: null, mayCommand: null });
    expect(problems).toEqual({});
    expect(toGrantMandate(input)).toEqual({
      type: 'GrantMandate',
      ...least,
      subjects: ['projects'],
      mayCommand: false,
    });
    const { input: more } = await granting({ from: until, mayCommand: true });
    expect(toGrantMandate(more)).toMatchObject({ from: until, mayCommand: true });
  });
  it.each([
    ['delegate', { delegate: 'SECRETARIAT' }],
    ['subjects', { subjects: ['ACCESS'] }],
    ['from', { from: 'tomorrow' }],
    ['until', { until: '2027-06-01' }],
  ])('is refused with the name of the field: %s', async (field, wrong) =>
    expect(Object.keys((await granting(wrong)).problems)).toEqual([field]),
  );
  it('is ended with a reason', async () => {
    const { input, problems } = await problemsOf(RevokeMandateInput, { id: RECORD, reason: 'over' } as never);
    expect(problems).toEqual({});
    expect(toRevokeMandate(input as RevokeMandateInput)).toEqual({ type: 'RevokeMandate', id: RECORD, reason: 'over' });
    const without = await problemsOf(RevokeMandateInput, { id: RECORD, reason: ' ' } as never);
    expect(Object.keys(without.problems)).toEqual(['reason']);
  });
});
