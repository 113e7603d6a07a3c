import { createHash, createPrivateKey, createPublicKey, randomUUID, sign, type KeyObject } from 'node:crypto';
import { canonicalize } from '@foundation/transparency';

/** Adds `commandId`, where there is none, and `signature` to the input of a mutation. */
export type CommandSigner = (mutation: string, input: object) => object;

/**
 * Signs commands with a ministry's key, as a detached JWS (RFC 7515, EdDSA). Fields with a default have to be given in
 * the input, since they are a part of what is decided on.
 * @param party in whose name the commands are given, such as `JP`; under a mandate, the country acted for
 * @param privateKey Ed25519, as a key or in PEM
 */
export const signingWith = (party: string, privateKey: KeyObject | string): CommandSigner => {
  const key = typeof privateKey === 'string' ? createPrivateKey(privateKey) : privateKey;
  const { x } = createPublicKey(key).export({ format: 'jwk' });
  // RFC 7638.
  const kid = createHash('sha256')
    .update(canonicalize({ crv: 'Ed25519', kty: 'OKP', x }))
    .digest('base64url');
  return (mutation, given) => {
    const { commandId = randomUUID(), signature: _, ...input } = given as { commandId?: string; signature?: string };
    const command = mutation[0]!.toUpperCase() + mutation.slice(1);
    const header = encoded({ alg: 'EdDSA', kid, iat: Math.floor(Date.now() / 1000) });
    const payload = Buffer.from(canonicalize({ command, commandId, input: withoutNulls(input), party }));
    const signed = sign(null, Buffer.from(`${header}.${payload.toString('base64url')}`), key);
    return { ...input, commandId, signature: `${header}..${signed.toString('base64url')}` };
  };
};

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const withoutNulls = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) =>
      each === null || each === undefined ? [] : [[name, withoutNulls(each)]],
    ),
  );
};
