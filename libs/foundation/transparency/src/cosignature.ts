import type { KeyObject } from 'node:crypto';
import { parseCheckpoint } from './checkpoint.js';
import { signEd25519, SIGNATURE_LENGTH, verifyEd25519 } from './ed25519.js';
import { isCount } from './encoding.js';
import { fail, TransparencyError } from './transparency-error.js';

const TIME_LENGTH = 8;
const LATEST_TIME = 2n ** 63n - 1n;

/**
 * What a witness signs, C2SP tlog-cosignature: two lines, and the whole text of the checkpoint.
 *
 * @param time seconds since 1970
 */
export function cosignedMessage(text: Uint8Array, time: number | bigint): Buffer {
  return Buffer.concat([Buffer.from(`cosignature/v1\ntime ${time}\n`), text]);
}

/**
 * Signs a checkpoint as a witness: 8 bytes of time, big-endian, and 64 of Ed25519.
 *
 * @param text of the checkpoint, in UTF-8
 * @param time seconds since 1970; the witness's own clock
 * @throws {TransparencyError} WRONG_ARGUMENT without a time, CHECKPOINT_MALFORMED for a text that is no checkpoint
 */
export function cosign(privateKey: KeyObject, text: Uint8Array, time: number | undefined): Buffer {
  if (!isCount(time)) fail('WRONG_ARGUMENT', 'A cosignature needs the time of signing, in whole seconds since 1970.');
  parseCheckpoint(text);
  const stamp = Buffer.alloc(TIME_LENGTH);
  stamp.writeBigUInt64BE(BigInt(time));
  return Buffer.concat([stamp, signEd25519(privateKey, cosignedMessage(text, time))]);
}

/** Whether it is the witness's cosignature of this checkpoint. False also for a text that is no checkpoint. */
export function verifyCosignature(publicKey: KeyObject, text: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== TIME_LENGTH + SIGNATURE_LENGTH) return false;
  const time = cosignedAt(signature);
  if (time > LATEST_TIME || !isCheckpoint(text)) return false;
  return verifyEd25519(publicKey, cosignedMessage(text, time), signature.subarray(TIME_LENGTH));
}

/**
 * When a cosignature says that it was made: seconds since 1970. Believe it only after the signature is verified.
 *
 * @param signature as it stands in the note, without the key id
 * @throws {TransparencyError} WRONG_ARGUMENT if it is too short to hold a time
 */
export function cosignedAt(signature: Uint8Array): bigint {
  if (signature.length < TIME_LENGTH) fail('WRONG_ARGUMENT', 'A cosignature begins with 8 bytes of time.');
  return Buffer.from(signature).readBigUInt64BE();
}

function isCheckpoint(text: Uint8Array): boolean {
  try {
    parseCheckpoint(text);
    return true;
  } catch (error) {
    if (error instanceof TransparencyError) return false;
    throw error;
  }
}
