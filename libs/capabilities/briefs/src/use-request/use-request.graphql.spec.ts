import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { problemsOf } from '@foundation/transport';
import { RECORD } from '@kernel/testing';
import { ApproveUseInput, RequestUseInput, toApproveUse, toRequestUse } from './use-request.graphql.js';

const least = { source: { kind: 'PROJECT', id: RECORD }, purpose: 'QUOTE', explanation: 'a note' };
const asking = (given: object) => problemsOf(RequestUseInput, given as RequestUseInput);
const approving = (given: object) => problemsOf(ApproveUseInput, { id: RECORD, ...given } as ApproveUseInput);

describe('The input of a use request', () => {
  it('becomes the command, each audience once and in one order', async () => {
    const { input, problems } = await asking({ ...least, audience: ['US', 'MEMBERS', 'US'] });
    expect(problems).toEqual({});
    expect(toRequestUse(input)).toEqual({ type: 'RequestUse', ...least, audience: ['MEMBERS', 'country:US'] });
  });
  it('may leave out the audience', async () => {
    const { input, problems } = await asking({ ...least, audience: null });
    expect(problems).toEqual({});
    expect(toRequestUse(input)).toEqual({ type: 'RequestUse', ...least, audience: [] });
  });
  it.each([
    ['source.id', { source: { kind: 'PROJECT', id: 'x' } }],
    ['source.kind', { source: { kind: 'x', id: RECORD } }],
    ['purpose', { purpose: 'SELL' }],
    ['audience', { audience: ['everybody'] }],
    ['explanation', { explanation: '' }],
  ])('is refused with the name of the field: %s', async (field, wrong) => {
    const { problems } = await asking({ ...least, ...wrong });
    expect(Object.keys(problems)).toEqual([field]);
  });
});

describe('The input of an approval', () => {
  it('leaves out what is left to what was asked', async () => {
    const { input } = await approving({ audience: null, until: null });
    expect(toApproveUse(input)).toEqual({ type: 'ApproveUse', id: RECORD });
  });
  it('names audience and end', async () => {
    const until = '2026-12-31T00:00:00.000Z';
    const { input } = await approving({ audience: [], until });
    expect(toApproveUse(input)).toEqual({ type: 'ApproveUse', id: RECORD, audience: [], until });
  });
  it('ends at an instant', async () =>
    expect(Object.keys((await approving({ until: 'tomorrow' })).problems)).toEqual(['until']));
});
