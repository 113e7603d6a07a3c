import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { TransparencyError, fail } from './transparency-error.js';

export const PUBLIC_KEY_LENGTH = 32;
export const SEED_LENGTH = 32;
export const SIGNATURE_LENGTH = 64;

// The curve of RFC 8032, 5.1: -x² + y² = 1 + d·x²·y² modulo p, with a base point of prime order ORDER.
const P = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const D = mod(-121665n * inverse(121666n));
const SQRT_MINUS_1 = power(2n, (P - 1n) / 4n);

/** Extended homogeneous coordinates, RFC 8032 5.1.4: x = X/Z, y = Y/Z, x·y = T/Z. */
type Point = readonly [X: bigint, Y: bigint, Z: bigint, T: bigint];
const NEUTRAL: Point = [0n, 1n, 1n, 0n];

/**
 * Refuses public keys that no honest key generation gives, under which signatures prove nothing or verifiers disagree:
 * points of small order (one signature holds for many messages), points with a part of small order, encodings that are
 * not canonical (y >= p, or a negative zero), and bytes that are no point of the curve.
 *
 * Takes some milliseconds: meant for the registration of a key, not for each signature.
 *
 * @param publicKey 32 bytes, RFC 8032 5.1.2
 * @throws {TransparencyError} KEY_MALFORMED for another length, KEY_DEGENERATE otherwise
 */
export function assertGoodPublicKey(publicKey: Uint8Array): void {
  if (!(publicKey instanceof Uint8Array) || publicKey.length !== PUBLIC_KEY_LENGTH) {
    fail('KEY_MALFORMED', `An Ed25519 public key is ${PUBLIC_KEY_LENGTH} bytes.`);
  }
  const point = decode(publicKey);
  if (isNeutral(multiple(8n, point))) {
    fail('KEY_DEGENERATE', 'The public key is a point of small order: anybody can sign under it. Generate a new key.');
  }
  if (!isNeutral(multiple(ORDER, point))) {
    fail(
      'KEY_DEGENERATE',
      'The public key has a component of small order, which no honest key has. Generate a new key.',
    );
  }
}

/** Whether {@link assertGoodPublicKey} accepts the key. */
export function isGoodPublicKey(publicKey: Uint8Array): boolean {
  try {
    assertGoodPublicKey(publicKey);
    return true;
  } catch (error) {
    if (error instanceof TransparencyError) return false;
    throw error;
  }
}

/**
 * A public key to verify with.
 *
 * @param publicKey 32 bytes
 * @throws {TransparencyError} as {@link assertGoodPublicKey}
 */
export function ed25519PublicKey(publicKey: Uint8Array): KeyObject {
  assertGoodPublicKey(publicKey);
  return createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') },
    format: 'jwk',
  });
}

/**
 * A private key to sign with, from its seed.
 *
 * @param seed 32 random bytes (the private key of RFC 8032, 5.1.5)
 * @throws {TransparencyError} KEY_MALFORMED for another length
 */
export function ed25519PrivateKey(seed: Uint8Array): KeyObject {
  if (!(seed instanceof Uint8Array) || seed.length !== SEED_LENGTH) {
    fail('KEY_MALFORMED', `The seed of an Ed25519 private key is ${SEED_LENGTH} bytes.`);
  }
  // The DER head of a PKCS #8 Ed25519 key, RFC 8410 section 7.
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  return createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
}

/** The 32 bytes of the public key that belongs to a private or public Ed25519 key. */
export function ed25519PublicBytes(key: KeyObject): Buffer {
  if (key.asymmetricKeyType !== 'ed25519')
    fail('KEY_MALFORMED', `Not an Ed25519 key: ${String(key.asymmetricKeyType)}.`);
  const publicKey = key.type === 'public' ? key : createPublicKey(key);
  return Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url');
}

/** Signs, RFC 8032 5.1.6: 64 bytes. */
export function signEd25519(privateKey: KeyObject, message: Uint8Array): Buffer {
  return sign(null, message, privateKey);
}

/**
 * Whether the signature is the key's over the message, RFC 8032 5.1.7 without cofactor: signatures of another length,
 * with S >= L or with an R that is not canonical are refused. Never throws for a signature, whatever its bytes.
 *
 * @param publicKey from {@link ed25519PublicKey}; given as 32 bytes, the key is checked each time, and false for a bad one
 */
export function verifyEd25519(publicKey: KeyObject | Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (!(signature instanceof Uint8Array) || signature.length !== SIGNATURE_LENGTH) return false;
  if (!(publicKey instanceof Uint8Array)) return verify(null, message, publicKey, signature);
  return isGoodPublicKey(publicKey) && verify(null, message, ed25519PublicKey(publicKey), signature);
}

/** RFC 8032, 5.1.3, but for the last step: of the two points x and -x, which have the same order, either will do. */
function decode(encoded: Uint8Array): Point {
  const bits = BigInt(`0x${Buffer.from(encoded).reverse().toString('hex')}`);
  const y = bits & (2n ** 255n - 1n);
  const sign = bits >> 255n;
  if (y >= P) fail('KEY_DEGENERATE', 'The public key is not canonical: its y is not below p. Generate a new key.');
  const u = mod(y * y - 1n);
  const v = mod(D * y * y + 1n);
  let x = mod(u * power(v, 3n) * power(u * power(v, 7n), (P - 5n) / 8n));
  if (mod(v * x * x) === mod(-u)) x = mod(x * SQRT_MINUS_1);
  if (mod(v * x * x) !== u) fail('KEY_DEGENERATE', 'The public key is no point of the curve. Generate a new key.');
  if (x === 0n && sign === 1n) {
    fail('KEY_DEGENERATE', 'The public key is not canonical: its x is a negative zero. Generate a new key.');
  }
  return [x, y, 1n, mod(x * y)];
}

function multiple(factor: bigint, point: Point): Point {
  let sum = NEUTRAL;
  for (const bit of factor.toString(2)) {
    sum = add(sum, sum);
    if (bit === '1') sum = add(sum, point);
  }
  return sum;
}

/** The complete addition of RFC 8032, 5.1.4: good for equal and neutral points too. */
function add([X1, Y1, Z1, T1]: Point, [X2, Y2, Z2, T2]: Point): Point {
  const A = mod((Y1 - X1) * (Y2 - X2));
  const B = mod((Y1 + X1) * (Y2 + X2));
  const C = mod(2n * T1 * T2 * D);
  const E = B - A;
  const F = mod(2n * Z1 * Z2 - C);
  const G = mod(2n * Z1 * Z2 + C);
  const H = B + A;
  return [mod(E * F), mod(G * H), mod(F * G), mod(E * H)];
}

const isNeutral = ([X, Y, Z]: Point): boolean => X === 0n && Y === Z;

function mod(n: bigint): bigint {
  const rest = n % P;
  return rest < 0n ? rest + P : rest;
}

function power(n: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (const bit of exponent.toString(2)) result = bit === '1' ? mod(mod(result * result) * n) : mod(result * result);
  return result;
}

/** By Fermat: n^(p-2) · n = 1. */
function inverse(n: bigint): bigint {
  return power(n, P - 2n);
}
