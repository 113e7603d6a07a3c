import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { commitTo, isCommitmentTo } from './salted-digest.js';

/** What events and commands are made of: JSON with text keys, as it comes back from a store. */
const values = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown);

describe('A salted digest', () => {
  it('holds for its value, however the keys are ordered', () =>
    fc.assert(
      fc.property(fc.dictionary(fc.string(), values), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(isCommitmentTo(reversed, commitTo(value))).toBe(true);
      }),
    ));

  it('holds for no other value', () =>
    fc.assert(
      fc.property(values, values, (one, other) => {
        fc.pre(JSON.stringify(one) !== JSON.stringify(other) && !equal(one, other));
        expect(isCommitmentTo(other, commitTo(one))).toBe(false);
      }),
    ));

  it('of the same value is never the same twice', () => {
    const all = Array.from({ length: 100 }, () => commitTo({ quantity: '1' }));
    expect(new Set(all.map(({ digest }) => digest)).size).toBe(100);
    expect(new Set(all.map(({ salt }) => salt)).size).toBe(100);
  });

  it('is SHA-256 over 32 bytes of salt and the canonical form, so that anyone can check it', () => {
    const { alg, salt, digest } = commitTo({ b: 1, a: 'é' });
    const bytes = Buffer.from(salt, 'base64url');
    expect([alg, bytes.length]).toEqual(['sha256-salted', 32]);
    expect(createHash('sha256').update(bytes).update('{"a":"é","b":1}').digest('base64url')).toBe(digest);
  });

  it('with a byte changed anywhere holds no more', () => {
    const value = { material: 'gallium' };
    const commitment = commitTo(value);
    for (const part of ['salt', 'digest'] as const) {
      for (let index = 0; index < 32; index++) {
        const bytes = Buffer.from(commitment[part], 'base64url');
        bytes[index]! ^= 1;
        expect(isCommitmentTo(value, { ...commitment, [part]: bytes.toString('base64url') })).toBe(false);
      }
    }
    expect(isCommitmentTo(value, { ...commitment, digest: '' })).toBe(false);
  });
});

const equal = (one: unknown, other: unknown): boolean => {
  try {
    expect(one).toEqual(other);
    return true;
  } catch {
    return false;
  }
};
