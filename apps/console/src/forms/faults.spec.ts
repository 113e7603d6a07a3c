import { describe, expect, it } from '@jest/globals';
import { faultsOf } from './faults.ts';

const inOtherWords = (code: string): string => `<${code}>`;

describe('A refusal', () => {
  it('of a malformed input stands at each field with its own reason', () =>
    expect(
      faultsOf(
        {
          code: 'INPUT.INVALID',
          message: '',
          details: { field: 'title', title: 'is empty', 'marking.handling': 'is none' },
        },
        inOtherWords,
      ),
    ).toEqual(
      new Map([
        ['title', 'is empty'],
        ['marking.handling', 'is none'],
      ]),
    ));

  it('that names one field stands there, in the words for its code', () =>
    expect(
      faultsOf({ code: 'PROJECTS.END_BEFORE_START', message: 'x', details: { field: 'endsOn' } }, inOtherWords),
    ).toEqual(new Map([['endsOn', '<PROJECTS.END_BEFORE_START>']])));

  it('that names none stands at none', () =>
    expect(faultsOf({ code: 'ACCESS.DENIED', message: 'x', details: {} }, inOtherWords).size).toBe(0));
});
