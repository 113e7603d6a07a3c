import type { KeyObject } from 'node:crypto';
import { cosign, verifyCosignature } from './cosignature.js';
import { ed25519PrivateKey, ed25519PublicBytes, ed25519PublicKey, signEd25519, verifyEd25519 } from './ed25519.js';

/** How keys of one C2SP signature type sign and verify. A further algorithm is a further row of the table. */
export interface NoteAlgorithm {
  /** The signature type identifier byte of C2SP signed-note. */
  readonly type: number;
  /** Checks and loads the public key of a verifier key. @throws {TransparencyError} KEY_MALFORMED, KEY_DEGENERATE */
  publicKey(encoded: Uint8Array): KeyObject;
  /** Loads the secret of a signer key. @throws {TransparencyError} KEY_MALFORMED */
  privateKey(secret: Uint8Array): KeyObject;
  /** The public key, as a verifier key encodes it, of a private or public key. */
  encode(key: KeyObject): Buffer;
  /**
   * @param text of the note, in UTF-8, with its last newline
   * @param time seconds since 1970, for the types that sign it
   * @returns the signature as it stands in the note, without the key id
   */
  sign(key: KeyObject, text: Uint8Array, time: number | undefined): Buffer;
  verify(key: KeyObject, text: Uint8Array, signature: Uint8Array): boolean;
}

export type NoteAlgorithms = ReadonlyMap<number, NoteAlgorithm>;

const ed25519Keys = { publicKey: ed25519PublicKey, privateKey: ed25519PrivateKey, encode: ed25519PublicBytes };

/** Ed25519 over the text, C2SP signed-note: what logs sign with. */
export const ED25519 = 0x01;
/** Timestamped Ed25519 over a checkpoint, C2SP tlog-cosignature: what witnesses sign with. */
export const COSIGNATURE_V1 = 0x04;

/** The signature types that this library knows, by their byte. Keys of other types are ignored in notes and refused in policies. */
export const NOTE_ALGORITHMS: NoteAlgorithms = new Map<number, NoteAlgorithm>([
  [ED25519, { ...ed25519Keys, type: ED25519, sign: signEd25519, verify: verifyEd25519 }],
  [COSIGNATURE_V1, { ...ed25519Keys, type: COSIGNATURE_V1, sign: cosign, verify: verifyCosignature }],
]);
