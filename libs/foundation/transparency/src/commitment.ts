import { createHash, timingSafeEqual } from 'node:crypto';
import { canonicalize } from './canonical-json.js';
import { fail } from './transparency-error.js';

/** Bytes of a salt: as many as the digest has, so that guessing the salt is no easier than breaking the hash. */
export const SALT_LENGTH = 32;

/**
 * A commitment to a value that shows nothing of it to whoever lacks the salt: SHA-256(salt ‖ RFC 8785 JSON of the value).
 *
 * @param value anything that the writer takes
 * @param salt 32 random bytes, never used for another value; destroying it makes the commitment say nothing for ever
 * @param write its canonical JSON: {@link canonicalizeStored} for a value that was not read from JSON
 * @returns 32 bytes
 * @throws {TransparencyError} WRONG_ARGUMENT for another salt, NOT_CANONICAL for a value that has no canonical JSON
 */
export function commit(value: unknown, salt: Uint8Array, write = canonicalize): Buffer {
  if (!(salt instanceof Uint8Array) || salt.length !== SALT_LENGTH) {
    fail('WRONG_ARGUMENT', `A salt is ${SALT_LENGTH} random bytes.`);
  }
  return createHash('sha256').update(salt).update(write(value), 'utf8').digest();
}

/** Whether value and salt open the commitment. False, not an error, for a digest or a salt of the wrong length. */
export function opens(digest: Uint8Array, value: unknown, salt: Uint8Array, write = canonicalize): boolean {
  if (!(salt instanceof Uint8Array) || salt.length !== SALT_LENGTH) return false;
  const expected = commit(value, salt, write);
  return digest instanceof Uint8Array && digest.length === expected.length && timingSafeEqual(digest, expected);
}
