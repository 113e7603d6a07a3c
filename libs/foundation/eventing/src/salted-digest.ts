import { canonicalizeStored, commit, opens, SALT_LENGTH } from '@foundation/transparency';
import { randomBytes } from 'node:crypto';
import type { SaltedDigest } from './event-store.js';

/** A commitment that reveals nothing of the value to whoever lacks the salt. */
export const commitTo = (value: unknown): SaltedDigest & { readonly salt: string } => {
  const salt = randomBytes(SALT_LENGTH);
  return {
    alg: 'sha256-salted',
    salt: salt.toString('base64url'),
    digest: commit(value, salt, canonicalizeStored).toString('base64url'),
  };
};

export const isCommitmentTo = (value: unknown, { digest, salt }: SaltedDigest): boolean =>
  opens(Buffer.from(digest, 'base64url'), value, Buffer.from(salt ?? '', 'base64url'), canonicalizeStored);
