import { describe, expect, it } from '@jest/globals';
import { assert, jsonValue, property } from 'fast-check';
import { jsonOf } from './json-parts.js';

const textOf = (value: unknown): string => [...jsonOf(value)].join('');

describe('The text of a parsed JSON value', () => {
  it('is the one that JSON.stringify writes', () =>
    assert(property(jsonValue(), (value) => expect(textOf(value)).toBe(JSON.stringify(value)))));

  it('comes to an end however deeply the value is nested, and however long a list is', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(textOf(JSON.parse(deep))).toBe(deep);
    const long = Array.from({ length: 300_000 }, () => 0);
    expect(textOf(long)).toBe(JSON.stringify(long));
  });
});
