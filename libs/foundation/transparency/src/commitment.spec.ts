import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { commit, opens } from './commitment.js';

const salt = Buffer.alloc(32, 7);

describe('A commitment', () => {
  it('is the hash of salt and canonical JSON', () =>
    expect(commit({ b: 1, a: 'é' }, salt)).toEqual(
      createHash('sha256').update(salt).update('{"a":"é","b":1}').digest(),
    ));

  it('opens for the value, in whatever order, and its salt', () =>
    expect(opens(commit({ a: 1, b: [2] }, salt), { b: [2], a: 1 }, salt)).toBe(true));

  it.each([
    ['another value', { a: 2 }, salt],
    ['another salt', { a: 1 }, Buffer.alloc(32, 8)],
    ['a salt that is cut off', { a: 1 }, salt.subarray(1)],
    ['no salt', { a: 1 }, Buffer.alloc(0)],
    ['a salt in text', { a: 1 }, salt.toString('latin1') as never],
  ])('does not open for %s', (_, value, other) => expect(opens(commit({ a: 1 }, salt), value, other)).toBe(false));

  it.each([0, 31, 33])('does not open for a digest of %i bytes', (length) =>
    expect(opens(Buffer.concat([commit(1, salt), salt]).subarray(0, length), 1, salt)).toBe(false),
  );

  it.each([0, 16, 31, 33])('is not made with a salt of %i bytes', (length) =>
    expect(() => commit(1, Buffer.alloc(length))).toThrow('32 random bytes'),
  );

  it('is not made with a salt in text', () =>
    expect(() => commit(1, 'a'.repeat(32) as never)).toThrow('32 random bytes'));

  it('does not let a byte pass from salt to value', () =>
    expect(() => commit(1, Buffer.concat([salt, Buffer.from('1')]))).toThrow('32 random bytes'));

  it('is not made of what JSON cannot say', () =>
    expect(() => commit({ a: undefined }, salt)).toThrow('undefined has no place'));
});
