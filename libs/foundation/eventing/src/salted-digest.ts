import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { SaltedDigest } from './event-store.js';

const digest = (salt: Buffer, value: unknown): Buffer =>
  createHash('sha256')
    .update(salt)
    .update(canonicalize(value) ?? '')
    .digest();

/** A commitment that reveals nothing of the value to whoever lacks the salt. */
export const commitTo = (value: unknown): SaltedDigest => {
  const salt = randomBytes(32);
  return { alg: 'sha256-salted', salt: salt.toString('base64url'), digest: digest(salt, value).toString('base64url') };
};

export const isCommitmentTo = (value: unknown, commitment: SaltedDigest): boolean => {
  const expected = Buffer.from(commitment.digest, 'base64url');
  const actual = digest(Buffer.from(commitment.salt, 'base64url'), value);
  return expected.length === actual.length && timingSafeEqual(expected, actual);
};
