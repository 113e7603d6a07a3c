import { createHash, createPrivateKey, type KeyObject } from 'node:crypto';
import { fromBase64, toBase64 } from './encoding.js';
import { NOTE_ALGORITHMS, type NoteAlgorithm, type NoteAlgorithms } from './note-algorithm.js';
import { fail } from './transparency-error.js';

/** A public key that notes are verified with, and the name it goes by. */
export interface VerifierKey {
  /** By custom a URL without scheme; no spaces, no plus. */
  readonly name: string;
  /** The first four bytes of SHA-256(name ‖ newline ‖ type ‖ public key), as an unsigned number. */
  readonly keyId: number;
  /** Signature type byte: 0x01 for logs, 0x04 for witnesses. */
  readonly type: number;
  /** As encoded, without the type byte. */
  readonly publicKey: Uint8Array;
  /** @param text of the note, UTF-8 @param signature without the key id */
  verify(text: Uint8Array, signature: Uint8Array): boolean;
}

/** Whatever signs notes in a key's name: a key in memory, or a device that keeps it. */
export interface NoteSigner {
  readonly name: string;
  readonly keyId: number;
  /** @param text of the note, UTF-8 @returns the signature without the key id */
  sign(text: Uint8Array): Uint8Array;
}

/** A private key, of which a signer is made for each occasion. */
export interface SignerKey {
  readonly name: string;
  readonly keyId: number;
  readonly type: number;
  /** The public side. */
  readonly verifier: VerifierKey;
  /** @param time seconds since 1970, needed by types that sign it (0x04) */
  at(time?: number): NoteSigner;
}

/** The key id of C2SP signed-note, as an unsigned 32-bit number. */
export function keyIdOf(name: string, type: number, publicKey: Uint8Array): number {
  return createHash('sha256').update(`${name}\n`).update(Buffer.of(type)).update(publicKey).digest().readUInt32BE();
}

/** Not empty, well-formed, no Unicode white space, no plus. */
export function isKeyName(name: string): boolean {
  return name !== '' && name.isWellFormed() && !/[\p{White_Space}+]/u.test(name) && !/[\0-\x1f]/.test(name);
}

/**
 * Reads a verifier key: `<name>+<key id, 8 hex digits>+<base64 of type byte and public key>`.
 *
 * @param algorithms the types to accept
 * @throws {TransparencyError} KEY_MALFORMED: form, unknown type, key id that is not of this key; KEY_DEGENERATE: see
 *   {@link assertGoodPublicKey}
 */
export function parseVerifierKey(vkey: string, algorithms: NoteAlgorithms = NOTE_ALGORITHMS): VerifierKey {
  const { name, keyId, type, material } = parseKey('verifier key', vkey);
  const algorithm = algorithmOf(type, algorithms);
  const key = verifierOf(name, algorithm, algorithm.publicKey(material), material);
  if (key.keyId !== keyId) wrongId('verifier key', name, key.keyId);
  return key;
}

/** The text that {@link parseVerifierKey} reads. */
export function formatVerifierKey(key: Pick<VerifierKey, 'name' | 'keyId' | 'type' | 'publicKey'>): string {
  return `${key.name}+${hex(key.keyId)}+${toBase64(Buffer.concat([Buffer.of(key.type), key.publicKey]))}`;
}

const SIGNER_KEY_PREFIX = 'PRIVATE+KEY+';

/**
 * Reads a signer key: `PRIVATE+KEY+<name>+<key id>+<base64 of type byte and seed>`, as golang.org/x/mod/sumdb/note writes it.
 * Its text is a secret, and appears in no error.
 *
 * @throws {TransparencyError} KEY_MALFORMED
 */
export function parseSignerKey(skey: string, algorithms: NoteAlgorithms = NOTE_ALGORITHMS): SignerKey {
  if (!skey.startsWith(SIGNER_KEY_PREFIX)) fail('KEY_MALFORMED', `A signer key begins with ${SIGNER_KEY_PREFIX}.`);
  const { name, keyId, type, material } = parseKey('signer key', skey.slice(SIGNER_KEY_PREFIX.length));
  const algorithm = algorithmOf(type, algorithms);
  const key = signerOf(name, algorithm, algorithm.privateKey(material));
  if (key.keyId !== keyId) wrongId('signer key', name, key.keyId);
  return key;
}

/**
 * The text that {@link parseSignerKey} reads. Keep it secret.
 *
 * @param seed 32 random bytes for the Ed25519 types
 * @throws {TransparencyError} KEY_MALFORMED for a bad name, an unknown type, another length
 */
export function formatSignerKey(name: string, type: number, seed: Uint8Array): string {
  if (!isKeyName(name)) badName(name);
  const algorithm = algorithmOf(type, NOTE_ALGORITHMS);
  const { keyId } = signerOf(name, algorithm, algorithm.privateKey(seed));
  return `${SIGNER_KEY_PREFIX}${name}+${hex(keyId)}+${toBase64(Buffer.concat([Buffer.of(type), seed]))}`;
}

/**
 * A signer key whose secret is kept in a PEM file (PKCS #8), as `openssl genpkey -algorithm ed25519` writes it.
 *
 * @param type 0x01 to sign as a log, 0x04 to cosign as a witness. Never use one key for both
 * @throws {TransparencyError} KEY_MALFORMED
 */
export function signerKeyFromPem(
  name: string,
  type: number,
  pem: string,
  algorithms: NoteAlgorithms = NOTE_ALGORITHMS,
): SignerKey {
  if (!isKeyName(name)) badName(name);
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    return fail('KEY_MALFORMED', `The PEM text for ${name} holds no private key that can be read.`);
  }
  return signerOf(name, algorithmOf(type, algorithms), key);
}

function parseKey(what: string, text: string): { name: string; keyId: number; type: number; material: Buffer } {
  // Base64 may hold plus signs, the name and the key id may not.
  const [, name, id, encoded] = /^([^+]*)\+([0-9a-fA-F]{8})\+(.*)$/su.exec(text) ?? [];
  if (name === undefined || id === undefined || encoded === undefined) {
    return fail('KEY_MALFORMED', `A ${what} reads <name>+<8 hex digits>+<base64>.`);
  }
  if (!isKeyName(name)) badName(name);
  const bytes = fromBase64(encoded);
  if (bytes === undefined || bytes.length < 2) {
    return fail(
      'KEY_MALFORMED',
      `The last part of the ${what} ${name} is not canonical base64 of a type byte and a key.`,
    );
  }
  return { name, keyId: parseInt(id, 16), type: bytes[0]!, material: bytes.subarray(1) };
}

function algorithmOf(type: number, algorithms: NoteAlgorithms): NoteAlgorithm {
  return (
    algorithms.get(type) ??
    fail('KEY_MALFORMED', `Unknown signature type ${type}; known are ${[...algorithms.keys()].join(', ')}.`)
  );
}

function verifierOf(name: string, algorithm: NoteAlgorithm, key: KeyObject, publicKey: Uint8Array): VerifierKey {
  return {
    name,
    type: algorithm.type,
    keyId: keyIdOf(name, algorithm.type, publicKey),
    publicKey,
    verify: (text, signature) => algorithm.verify(key, text, signature),
  };
}

function signerOf(name: string, algorithm: NoteAlgorithm, key: KeyObject): SignerKey {
  const publicKey = algorithm.encode(key);
  const verifier = verifierOf(name, algorithm, algorithm.publicKey(publicKey), publicKey);
  const { keyId, type } = verifier;
  return {
    name,
    keyId,
    type,
    verifier,
    at: (time) => ({ name, keyId, sign: (text) => algorithm.sign(key, text, time) }),
  };
}

const hex = (keyId: number): string => keyId.toString(16).padStart(8, '0');

function badName(name: string): never {
  return fail(
    'KEY_MALFORMED',
    `${JSON.stringify(name)} is no key name: it must have no spaces and no plus, and not be empty.`,
  );
}

function wrongId(what: string, name: string, expected: number): never {
  return fail('KEY_MALFORMED', `The ${what} ${name} has another key id than its key, which is ${hex(expected)}.`);
}
