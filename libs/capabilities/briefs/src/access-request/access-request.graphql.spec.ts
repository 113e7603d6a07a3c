import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { problemsOf } from '@foundation/transport';
import { RECORD } from '@kernel/testing';
import {
  AnswerAccessRequestInput,
  RequestAccessInput,
  toAnswerAccessRequest,
  toRequestAccess,
} from './access-request.graphql.js';

const least = { of: 'JP', subject: 'stocks', reason: 'a reserve' };
const asking = (given: object) => problemsOf(RequestAccessInput, given as RequestAccessInput);

describe('The input of an access request', () => {
  it('becomes the command', async () => {
    const { input, problems } = await asking({ ...least, material: 'gallium', commandId: 'c-1' });
    expect(problems).toEqual({});
    expect(toRequestAccess(input)).toEqual({ type: 'RequestAccess', ...least, material: 'gallium' });
    expect(toRequestAccess((await asking({ ...least, material: null })).input)).toEqual({
      type: 'RequestAccess',
      ...least,
    });
  });
  it.each([
    ['of', { of: 'Japan' }],
    ['subject', { subject: 'x'.repeat(201) }],
    ['material', { material: 'Gallium' }],
    ['reason', { reason: ' ' }],
  ])('is refused with the name of the field: %s', async (field, wrong) => {
    const { problems } = await asking({ ...least, ...wrong });
    expect(Object.keys(problems)).toEqual([field]);
  });
});

describe('The input of an answer', () => {
  it('becomes the command', async () => {
    const given = { id: RECORD, answer: 'DECLINED' } as AnswerAccessRequestInput;
    const { input, problems } = await problemsOf(AnswerAccessRequestInput, given);
    expect(problems).toEqual({});
    expect(toAnswerAccessRequest(input)).toEqual({ type: 'AnswerAccessRequest', id: RECORD, answer: 'DECLINED' });
  });
  it('is one of the two', async () => {
    const given = { id: RECORD, answer: 'PERHAPS' } as unknown as AnswerAccessRequestInput;
    expect(Object.keys((await problemsOf(AnswerAccessRequestInput, given)).problems)).toEqual(['answer']);
  });
});
