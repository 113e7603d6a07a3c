import 'reflect-metadata';
import { generateKeyPairSync } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import { describe, expect, it } from '@jest/globals';
import { ed25519Key, thumbprint } from './signing-keys.resolver.js';

const jwk = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });

describe('A public key', () => {
  it('is taken as base64, base64url or JWK, and named as RFC 7638 says', async () => {
    const bytes = Buffer.from(jwk.x!, 'base64url');
    for (const given of [jwk.x!, bytes.toString('base64'), JSON.stringify(jwk)]) expect(ed25519Key(given)).toBe(jwk.x);
    expect(thumbprint(jwk.x!)).toBe(await calculateJwkThumbprint(jwk as never));
  });
  it.each([
    ['another length', 'AAAA'],
    ['another kind', JSON.stringify({ kty: 'EC', crv: 'P-256', x: 'AAAA' })],
    ['no JWK', '{'],
    ['a private key', JSON.stringify({ ...jwk, d: jwk.x })],
    ['the neutral point', Buffer.from([1, ...Array<number>(31).fill(0)]).toString('base64')],
    ['no point', Buffer.alloc(32, 2).toString('base64')],
  ])('is refused: %s', (_, given) => expect(() => ed25519Key(given)).toThrow(/^must be/));
});
