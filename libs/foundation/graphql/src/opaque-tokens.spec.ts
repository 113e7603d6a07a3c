import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import { BadToken, OpaqueTokens } from './opaque-tokens.js';

const KEY = Buffer.alloc(32, 7);
const seal = new OpaqueTokens(KEY);
const contents = fc.array(fc.oneof(fc.string(), fc.integer(), fc.constant(null)), { maxLength: 6 });
const purposes = fc.constantFrom('place', 'position', 'change');

describe('A sealed token', () => {
  it('opens to what was sealed, on every node with the same key', () =>
    fc.assert(
      fc.property(purposes, contents, (purpose, content) =>
        expect(new OpaqueTokens(Buffer.from(KEY)).open(purpose, seal.close(purpose, content))).toEqual(content),
      ),
    ));

  it('is the same for the same content, and another for any other', () =>
    fc.assert(
      fc.property(purposes, contents, contents, (purpose, one, other) => {
        const isSame = JSON.stringify(one) === JSON.stringify(other);
        expect(seal.close(purpose, one) === seal.close(purpose, other)).toBe(isSame);
        expect(seal.close(purpose, one)).toBe(seal.close(purpose, [...one]));
      }),
    ));

  it('is refused with any bit of any byte changed', () => {
    const token = seal.close('place', ['projects.projects', 'title', 'ASC', 'Kyoto', 'a']);
    const bytes = Buffer.from(token, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => seal.open('place', changed.toString('base64url'))).toThrow(BadToken);
    }
  });

  it('is refused cut short, made longer, or spelt otherwise', () => {
    const token = seal.close('place', ['a']);
    for (let length = 0; length < token.length; length++)
      expect(() => seal.open('place', token.slice(0, length))).toThrow(BadToken);
    for (const other of [
      `${token}A`,
      `${token}=`,
      ` ${token}`,
      `${token}\n`,
      token.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
    ]) {
      expect(() => seal.open('place', other)).toThrow(BadToken);
    }
  });

  it('is refused for another purpose', () =>
    fc.assert(
      fc.property(purposes, purposes, contents, (purpose, other, content) => {
        fc.pre(purpose !== other);
        expect(() => seal.open(other, seal.close(purpose, content))).toThrow(BadToken);
      }),
    ));

  it('is refused by whoever has another key', () =>
    expect(() => new OpaqueTokens(randomBytes(32)).open('place', seal.close('place', ['a']))).toThrow(BadToken));

  it('is refused when it is any text at all', () =>
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String()), (text) =>
        expect(() => seal.open('place', text)).toThrow(BadToken),
      ),
    ));

  it('shows nothing of its content but the length', () => {
    const token = Buffer.from(seal.close('place', ['gallium gallium gallium']), 'base64url').toString('latin1');
    expect(token).not.toContain('gallium');
    expect(seal.close('place', ['JP']).length).toBe(seal.close('place', ['US']).length);
  });

  it('is as long for a small number as for a large one', () =>
    expect(seal.close('position', ['7']).length).toBe(seal.close('position', ['1795325768468796']).length));

  it('needs a key of 32 bytes', () =>
    expect(() => new OpaqueTokens(Buffer.alloc(16))).toThrow('16 bytes instead of 32'));
});

describe('Two sealing keys', () => {
  const [old, fresh] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)] as const;
  const content = ['projects.projects', 'Kyoto'];

  it('both open, and the first closes', () => {
    const both = new OpaqueTokens(fresh, old);
    expect(both.open('place', new OpaqueTokens(old).close('place', content))).toEqual(content);
    expect(both.close('place', content)).toBe(new OpaqueTokens(fresh).close('place', content));
  });

  it('replace each other while clients hold tokens, on one node after the other', () => {
    const [one, other] = [new OpaqueTokens(old), new OpaqueTokens(old)];
    const opensOnBoth = () => {
      for (const from of [one, other])
        for (const to of [one, other]) expect(to.open('place', from.close('place', content))).toEqual(content);
    };
    for (const keys of [[old, fresh], [fresh, old], [fresh]]) {
      one.renew(keys);
      opensOnBoth();
      other.renew(keys);
      opensOnBoth();
    }
    expect(() => one.open('place', new OpaqueTokens(old).close('place', content))).toThrow(BadToken);
  });
});
