import { describe, expect, it } from '@jest/globals';
import type { Instant } from '@kernel';
import { generateKeyPairSync, sign } from 'node:crypto';
import { commandToSign, isSignatureOf, keyIdIn, type SignedCommand } from './index.js';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const key = publicKey.export({ format: 'jwk' }).x!;
const now = '2026-06-01T12:00:00.000Z' as Instant;
const iat = Date.parse(now) / 1000;
const command: SignedCommand = {
  command: 'ProposeProject',
  input: { title: 'x' },
  commandId: 'c',
  party: 'JP' as never,
};

/** Truly signed, whatever its header says. */
const signed = (header: string): string => {
  const head = Buffer.from(header).toString('base64url');
  const payload = Buffer.from(commandToSign(command)).toString('base64url');
  return `${head}..${sign(null, Buffer.from(`${head}.${payload}`), privateKey).toString('base64url')}`;
};
const header = { alg: 'EdDSA', kid: 'k1', iat };
const good = signed(JSON.stringify(header));
const holds = (jws: string): boolean => keyIdIn(jws, now) === 'k1' && isSignatureOf(jws, command, key);

describe('The signature of a command', () => {
  it('holds as it was made, for this command and this key alone', () => {
    expect(holds(good)).toBe(true);
    expect(isSignatureOf(good, { ...command, commandId: 'd' }, key)).toBe(false);
    const other = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x!;
    expect(isSignatureOf(good, command, other)).toBe(false);
  });

  it('has one spelling: of all last characters one holds', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const spelt = [...alphabet].map((last) => good.slice(0, -1) + last);
    expect(spelt.filter((jws) => keyIdIn(jws, now) !== null && isSignatureOf(jws, command, key))).toEqual([good]);
    expect(spelt.filter((jws) => isSignatureOf(jws, command, key))).toEqual([good]);
  });

  it.each([
    ['padding', `${good}==`],
    ['a line break', `${good}\n`],
    ['a space within', good.replace('..', ' ..')],
    ['its payload', good.replace('..', `.${Buffer.from(commandToSign(command)).toString('base64url')}.`)],
    ['no signature', good.slice(0, good.lastIndexOf('.') + 1)],
    ['kid twice', signed(`{"alg":"EdDSA","kid":"attacker","kid":"k1","iat":${iat}}`)],
    ['kid twice, once in escapes', signed(`{"alg":"EdDSA","k\\u0069d":"attacker","kid":"k1","iat":${iat}}`)],
    ['iat twice', signed(`{"alg":"EdDSA","kid":"k1","iat":0,"iat":${iat}}`)],
    ['alg twice', signed(`{"alg":"none","alg":"EdDSA","kid":"k1","iat":${iat}}`)],
    ['a header behind a byte order mark', signed(`\ufeff${JSON.stringify(header)}`)],
    ['a critical extension', signed(JSON.stringify({ ...header, crit: ['exp'], exp: 1 }))],
    ['an unencoded payload', signed(JSON.stringify({ ...header, b64: false }))],
    ['another algorithm', signed(JSON.stringify({ ...header, alg: 'HS256' }))],
    ['no algorithm', signed(JSON.stringify({ ...header, alg: 'none' }))],
    ['a kid that is no text', signed(JSON.stringify({ ...header, kid: ['k1'] }))],
    ['a time that is text', signed(JSON.stringify({ ...header, iat: String(iat) }))],
    ['a time of long ago', signed(JSON.stringify({ ...header, iat: iat - 301 }))],
    ['a time to come', signed(JSON.stringify({ ...header, iat: iat + 301 }))],
  ])('does not hold with %s', (_, jws) => expect(holds(jws)).toBe(false));
});
