import { fromBase64, toBase64, toText } from './encoding.js';
import { isKeyName, type NoteSigner, type VerifierKey } from './note-key.js';
import { fail } from './transparency-error.js';

/** Of golang.org/x/mod/sumdb/note; the specification asks for 16 at least. */
const MAX_SIGNATURES = 100;
const MAX_BYTES = 1_000_000;
const SIGNATURE_LINE = '— ';
const KEY_ID_LENGTH = 4;

/** One signature line of a note. */
export interface NoteSignature {
  /** Of the key that is said to have signed. */
  readonly name: string;
  readonly keyId: number;
  /** Without the key id; at least one byte. */
  readonly signature: Uint8Array;
}

/** A note as it is written, C2SP signed-note. Nothing of it is verified. */
export interface SignedNote {
  /** With its last newline, without the blank line. It is what is signed, in UTF-8. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** A note that at least one known key has signed. */
export interface OpenedNote {
  readonly text: string;
  /** Of known keys, verified; one for each key, in the order of the note. */
  readonly verified: readonly NoteSignature[];
  /** Of unknown keys, not to be believed. */
  readonly unverified: readonly NoteSignature[];
}

/**
 * Takes a note apart, without verifying anything. Accepts what `note.Open` of golang.org/x/mod/sumdb/note can read,
 * except that base64 must be canonical.
 *
 * @param note a string, or UTF-8 bytes
 * @throws {TransparencyError} NOTE_MALFORMED: not well-formed UTF-8, a control character other than newline, no blank
 *   line before the signatures, a line among them that is no signature, more than 100 signatures or a million bytes
 */
export function parseSignedNote(note: string | Uint8Array): SignedNote {
  const bytes = typeof note === 'string' ? Buffer.byteLength(note) : note.length;
  if (bytes > MAX_BYTES) malformed(`it is longer than ${MAX_BYTES} bytes`);
  const whole = toText(note) ?? malformed('it is not well-formed UTF-8');
  const control = /[\0-\x09\x0b-\x1f]/.exec(whole);
  if (control) malformed(`it has a control character at ${control.index}`);
  const split = whole.lastIndexOf('\n\n');
  if (split < 0) malformed('no blank line separates text and signatures');
  const lines = whole.slice(split + 2).split('\n');
  if (lines.pop() !== '') malformed('its last line does not end in a newline');
  if (lines.length === 0) malformed('it has no signature');
  if (lines.length > MAX_SIGNATURES) malformed(`it has more than ${MAX_SIGNATURES} signatures`);
  return { text: whole.slice(0, split + 1), signatures: lines.map(parseSignatureLine) };
}

/**
 * Verifies a note, as `note.Open` of golang.org/x/mod/sumdb/note does: signatures of unknown keys are ignored, repeated
 * ones of a known key after the first are too, and one that is false refuses the note.
 *
 * @param note a string, or UTF-8 bytes
 * @param known keys that are trusted
 * @throws {TransparencyError} NOTE_MALFORMED; SIGNATURE_INVALID if a known key is named but did not sign; KEY_AMBIGUOUS
 *   if two known keys fit a signature; NOTE_UNSIGNED if no known key signed
 */
export function openNote(note: string | Uint8Array, known: readonly VerifierKey[]): OpenedNote {
  const { text, signatures } = parseSignedNote(note);
  const bytes = Buffer.from(text);
  const verified = new Map<string, NoteSignature>();
  const unverified = new Map<string, NoteSignature>();
  for (const signature of signatures) {
    const who = keyOf(signature);
    const [key, another] = known.filter((candidate) => keyOf(candidate) === who);
    if (key === undefined) {
      unverified.set(formatSignatureLine(signature), signature);
      continue;
    }
    if (another) fail('KEY_AMBIGUOUS', `Two known keys are ${who}; a signature of theirs proves nothing. Remove one.`);
    if (verified.has(who)) continue;
    if (!key.verify(bytes, signature.signature)) {
      fail('SIGNATURE_INVALID', `The signature of ${who} is not of this text: text or signature was changed.`);
    }
    verified.set(who, signature);
  }
  if (verified.size === 0) {
    const named = signatures.map(keyOf).join(', ');
    fail(
      'NOTE_UNSIGNED',
      `No known key signed the note. Known: ${known.map(keyOf).join(', ') || 'none'}; it names ${named}.`,
    );
  }
  return { text, verified: [...verified.values()], unverified: [...unverified.values()] };
}

/**
 * Signs a text, or adds signatures to a note. A signature that is there already of the same key is replaced.
 *
 * @param text ends in a newline
 * @param signers at least one, unless there are signatures already
 * @param present signatures of the same text, kept and put first; they are not verified
 * @throws {TransparencyError} NOTE_MALFORMED if the result could not be read back; and whatever a signer throws
 */
export function signNote(text: string, signers: readonly NoteSigner[], present: readonly NoteSignature[] = []): string {
  const bytes = Buffer.from(text);
  const made = signers.map((signer): NoteSignature => {
    return { name: signer.name, keyId: signer.keyId, signature: signer.sign(bytes) };
  });
  const replaced = new Set(made.map(keyOf));
  const kept = present.filter((signature) => !replaced.has(keyOf(signature)));
  const note = `${text}\n${[...kept, ...made].map(formatSignatureLine).join('')}`;
  if (parseSignedNote(note).text !== text) malformed('its text does not end in a newline');
  return note;
}

/** A signature line, with its newline. @throws {TransparencyError} NOTE_MALFORMED for a bad name or an empty signature */
export function formatSignatureLine({ name, keyId, signature }: NoteSignature): string {
  if (!isKeyName(name)) malformed(`${JSON.stringify(name)} is no key name`);
  if (signature.length === 0) malformed(`the signature of ${name} is empty`);
  const id = Buffer.alloc(KEY_ID_LENGTH);
  id.writeUInt32BE(keyId);
  return `${SIGNATURE_LINE}${name} ${toBase64(Buffer.concat([id, signature]))}\n`;
}

/**
 * Reads lines of signatures, as a witness answers them.
 *
 * @throws {TransparencyError} NOTE_MALFORMED, also if there is none
 */
export function parseSignatureLines(lines: string | Uint8Array): readonly NoteSignature[] {
  const { text, signatures } = parseSignedNote(Buffer.concat([Buffer.from('\n\n'), Buffer.from(lines as string)]));
  if (text !== '\n') malformed('there are lines before its signatures');
  return signatures;
}

/** Name and key id, which together tell the key: `name+01234567`. */
export function keyOf({ name, keyId }: Pick<NoteSignature, 'name' | 'keyId'>): string {
  return `${name}+${keyId.toString(16).padStart(8, '0')}`;
}

function parseSignatureLine(line: string, at: number): NoteSignature {
  const where = `signature line ${at + 1}`;
  if (!line.startsWith(SIGNATURE_LINE)) malformed(`${where} does not begin with an em dash and a space`);
  const [name = '', encoded = '', ...more] = line.slice(SIGNATURE_LINE.length).split(' ');
  if (!isKeyName(name) || more.length > 0) malformed(`${where} does not read <name> <base64>`);
  const bytes = fromBase64(encoded);
  if (bytes === undefined) return malformed(`${where} is not canonical base64`);
  if (bytes.length <= KEY_ID_LENGTH) malformed(`${where} has no signature after the key id`);
  return { name, keyId: bytes.readUInt32BE(), signature: bytes.subarray(KEY_ID_LENGTH) };
}

function malformed(reason: string): never {
  return fail('NOTE_MALFORMED', `Not a signed note: ${reason}.`);
}
