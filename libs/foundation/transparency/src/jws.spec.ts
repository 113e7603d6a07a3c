import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compactJws, fromBase64Url, NoJws, repeatedMember } from './index.js';

const part = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const HEADER = '{"alg":"EdDSA","kid":"k1"}';
const good = `${part(HEADER)}.${part('{"sub":"u"}')}.${Buffer.alloc(64, 7).toString('base64url')}`;
const [H, P, S] = good.split('.') as [string, string, string];
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

describe('A compact JWS', () => {
  it('is taken apart as it was put together, also where its payload is detached', () => {
    expect(compactJws(good)).toEqual({
      header: { alg: 'EdDSA', kid: 'k1' },
      headerText: H,
      payload: Buffer.from('{"sub":"u"}'),
      signature: Buffer.alloc(64, 7),
    });
    expect(compactJws(`${H}..${S}`).payload).toHaveLength(0);
    expect(compactJws(`${H}.${P}.`).signature).toHaveLength(0);
  });

  it.each([
    ['padding', `${good}==`],
    ['padding of the header', `${H}=.${P}.${S}`],
    ['a line break behind it', `${good}\n`],
    ['a space before it', ` ${good}`],
    ['a line break within', `${H}.${P.slice(0, 4)}\r\n${P.slice(4)}.${S}`],
    ['white space between its parts', `${H} .${P}.${S}`],
    ['the other alphabet', `${H}.${P}.${Buffer.alloc(64, 0xfb).toString('base64')}`.replace(/=+$/, '')],
    ['bits that nobody reads', `${H}.${P}.${S.slice(0, -1)}${ALPHABET[ALPHABET.indexOf(S.at(-1)!) + 1]}`],
    ['a character of a length that says nothing', `${H}.${P}.${S.slice(0, -1)}`],
    ['percent signs', `${H}.${P}.%41${S.slice(1)}`],
    ['a NUL', `${H}.${P}.${S}\0`],
    ['two parts', `${H}.${P}`],
    ['four parts', `${good}.`],
    ['five parts, as a JWE', `${good}.${P}.${S}`],
    ['no part', ''],
    ['JSON serialisation', JSON.stringify({ protected: H, payload: P, signature: S })],
    ['no header', `.${P}.${S}`],
    ['a header that is no JSON', `${part('alg')}.${P}.${S}`],
    ['a header with a comma too many', `${part('{"alg":"EdDSA",}')}.${P}.${S}`],
    ['a header behind a byte order mark', `${part(`\ufeff${HEADER}`)}.${P}.${S}`],
    ['a header that is an array', `${part(`[${HEADER}]`)}.${P}.${S}`],
    ['a header that is text', `${part('"EdDSA"')}.${P}.${S}`],
    ['a header that is null', `${part('null')}.${P}.${S}`],
    ['two headers', `${part(HEADER + HEADER)}.${P}.${S}`],
    ['a header that is not UTF-8', `${Buffer.from('{"kid":"\xff"}', 'latin1').toString('base64url')}.${P}.${S}`],
    ['kid twice', `${part('{"alg":"EdDSA","kid":"attacker","kid":"k1"}')}.${P}.${S}`],
    ['kid twice, the same', `${part('{"alg":"EdDSA","kid":"k1","kid":"k1"}')}.${P}.${S}`],
    ['kid twice, once in escapes', `${part('{"kid":"attacker","k\\u0069d":"k1"}')}.${P}.${S}`],
    ['alg twice', `${part('{"alg":"none","alg":"EdDSA"}')}.${P}.${S}`],
    ['a name twice within its key', `${part('{"jwk":{"x":"a","x":"b"}}')}.${P}.${S}`],
  ])('is none with %s', (_, text) => expect(() => compactJws(text)).toThrow(NoJws));

  it('has one spelling: whatever else decodes to the same bytes is none', () =>
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 70 }), fc.nat(), fc.nat(), (bytes, place, choice) => {
        const text = Buffer.from(bytes).toString('base64url');
        expect(fromBase64Url(text)).toEqual(Buffer.from(bytes));
        const at = place % (text.length + 1);
        const others = [
          ...['=', '==', '\n', ' ', '.', '\0', '%'].map((more) => text.slice(0, at) + more + text.slice(at)),
          ...[...ALPHABET].map((last) => text.slice(0, -1) + last).filter((other) => other !== text),
        ];
        const other = others[choice % others.length]!;
        const isSame = Buffer.from(other, 'base64url').equals(bytes);
        if (isSame) expect([other, fromBase64Url(other)]).toEqual([other, undefined]);
      }),
      { numRuns: 2_000 },
    ));
});

describe('A name in JSON', () => {
  it('stands twice exactly where an object has fewer members than were written', () => {
    type Written = { text: string; isRepeated: boolean };
    const name = fc.constantFrom('a', 'b', '\\u0061', '__proto__', 'a\\"', '{', ':');
    const { value } = fc.letrec<{ value: Written }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc
          .constantFrom('1', '"a"', '":"', '"{\\"a\\":1,\\"a\\":1}"', 'null')
          .map((text) => ({ text, isRepeated: false })),
        fc.array(tie('value') as fc.Arbitrary<Written>, { maxLength: 3 }).map((all) => ({
          text: `[${all.map(({ text }) => text).join(' , ')}]`,
          isRepeated: all.some(({ isRepeated }) => isRepeated),
        })),
        fc.array(fc.tuple(name, tie('value') as fc.Arbitrary<Written>), { maxLength: 4 }).map((all) => ({
          text: `{${all.map(([key, { text }]) => `"${key}" : ${text}`).join(',')}}`,
          isRepeated:
            all.some(([, { isRepeated }]) => isRepeated) ||
            new Set(all.map(([key]) => JSON.parse(`"${key}"`) as string)).size < all.length,
        })),
      ),
    }));
    fc.assert(
      fc.property(value, ({ text, isRepeated }) => {
        expect([text, repeatedMember(text) !== undefined]).toEqual([text, isRepeated]);
      }),
      { numRuns: 2_000 },
    );
  });
});
