import { createHash } from 'node:crypto';
import { assertGoodPublicKey, canonicalize, PUBLIC_KEY_LENGTH, TransparencyError } from '@foundation/transparency';
import { commandOf, mutationsOf, withMarking } from '@foundation/graphql';
import { InvalidValue, required, value } from '@kernel';
import { registerKey, signingKeysRecordType, type RegisterKey } from './signing-keys.record.js';

/**
 * The 32 bytes of an Ed25519 public key in base64url, from that, from base64, or from a JWK (RFC 8037).
 * @throws InvalidValue for anything else, and for keys under which a signature proves nothing
 */
export const ed25519Key = (given: string): string => {
  const bytes = Buffer.from(given.trimStart().startsWith('{') ? xOf(given) : given, 'base64url');
  if (bytes.length !== PUBLIC_KEY_LENGTH)
    throw new InvalidValue('must be an Ed25519 public key: 32 bytes in base64, or a JWK of kty OKP and crv Ed25519');
  try {
    assertGoodPublicKey(bytes);
  } catch (error) {
    if (error instanceof TransparencyError)
      throw new InvalidValue('must be a key from honest key generation: this one proves nothing');
    throw error;
  }
  return bytes.toString('base64url');
};

const xOf = (given: string): string => {
  try {
    const { kty, crv, x, d } = JSON.parse(given) as Readonly<Record<string, unknown>>;
    if (kty === 'OKP' && crv === 'Ed25519' && typeof x === 'string' && d === undefined) return x;
  } catch {
    // Told below, in the same words.
  }
  throw new InvalidValue('must be the public part of an Ed25519 key as JWK: kty OKP, crv Ed25519, x, and no d');
};

/** RFC 7638: the same key has the same id for everybody. */
export const thumbprint = (publicKey: string): string =>
  createHash('sha256')
    .update(canonicalize({ crv: 'Ed25519', kty: 'OKP', x: publicKey }))
    .digest('base64url');

const publicKey = required(
  value('String', 'text', ed25519Key),
  'Ed25519 public key: 32 bytes in base64, or a JWK (RFC 8037) as text.',
);
const { kid: _, ...asked } = { ...registerKey.input.of, publicKey };
const input = { ...registerKey.input, of: asked };
const readKey = commandOf({ ...registerKey, input });

/** A client names the key; its id follows from it. */
const registration = {
  ...withMarking({ ...registerKey, input }),
  recordTypeOf: () => signingKeysRecordType,
  read: (given: object) => {
    const read = readKey(given) as Omit<RegisterKey, 'kid'>;
    return { ...read, kid: thumbprint(read.publicKey) };
  },
};

export const registerKeyResolver = mutationsOf([registration]);
