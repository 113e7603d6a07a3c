import { fromDecimal, isCount, sameBytes, toBase64, toText } from './encoding.js';
import { EMPTY_ROOT, type Hash, isHash } from './merkle.js';
import { countOf, holds, type LeafCount, requireConsistency } from './proof.js';
import { LONGEST_PROOF, parseHashes } from './tlog-proof.js';
import { fail } from './transparency-error.js';

/** What a log asks of a witness: the body of `POST …/add-checkpoint`, C2SP tlog-witness. */
export interface AddCheckpoint {
  /** Leaves of the checkpoint that the witness signed last, 0 if none. */
  readonly oldSize: number;
  /** The consistency proof from there; empty from 0. */
  readonly proof: readonly Hash[];
  /** The new checkpoint with the log's signature. */
  readonly checkpoint: string;
}

/** Content type of the answer 409, whose body is the size that the witness knows, and a newline. */
export const SIZE_CONTENT_TYPE = 'text/x.tlog.size';

/** @throws {TransparencyError} REQUEST_MALFORMED if it could not be read back */
export function formatAddCheckpoint({ oldSize, proof, checkpoint }: AddCheckpoint): string {
  if (!isCount(oldSize)) malformed(`the old size is a count, found ${String(oldSize)}`);
  if (proof.length > LONGEST_PROOF || !proof.every(isHash))
    malformed(`it has ${LONGEST_PROOF} hashes of 32 bytes at most`);
  return `${[`old ${oldSize}`, ...proof.map(toBase64), ''].join('\n')}\n${checkpoint}`;
}

/**
 * Reads the body of a request. Nothing of it is verified: not the checkpoint's signature, not the proof.
 *
 * @param body a string, or UTF-8 bytes
 * @throws {TransparencyError} REQUEST_MALFORMED: no `old` line, a size with sign or leading zero, a hash that is not the
 *   canonical base64 of 32 bytes, more than 63 of them, no blank line. Answer 400
 */
export function parseAddCheckpoint(body: string | Uint8Array): AddCheckpoint {
  const text = toText(body) ?? malformed('it is not well-formed UTF-8');
  const end = text.indexOf('\n\n');
  if (end < 0) malformed('no blank line stands before the checkpoint');
  const [first = '', ...lines] = text.slice(0, end).split('\n');
  const oldSize = first.startsWith('old ') ? fromDecimal(first.slice('old '.length)) : undefined;
  if (oldSize === undefined) return malformed('its first line does not read "old <size>"');
  const proof = parseHashes(lines) ?? malformed(`after the first line stand at most ${LONGEST_PROOF} hashes in base64`);
  return { oldSize, proof, checkpoint: text.slice(end + 2) };
}

/**
 * Whether a witness may go on from the tree that it signed last to the new one. As {@link verifyConsistency}, except
 * for old size 0, where C2SP tlog-witness asks for an empty proof and accepts any tree; one without leaves must have
 * the root of the empty tree. Never throws.
 *
 * @param oldRoot what the witness has persisted; not looked at for old size 0
 */
export function verifyWitnessConsistency(
  oldSize: LeafCount,
  newSize: LeafCount,
  proof: readonly Hash[],
  oldRoot: Hash,
  newRoot: Hash,
): boolean {
  return holds(() => requireWitnessConsistency(oldSize, newSize, proof, oldRoot, newRoot));
}

/**
 * {@link verifyWitnessConsistency} that says what is wrong.
 *
 * @throws {TransparencyError} PROOF_MALFORMED, PROOF_REFUSED
 */
export function requireWitnessConsistency(
  oldSize: LeafCount,
  newSize: LeafCount,
  proof: readonly Hash[],
  oldRoot: Hash,
  newRoot: Hash,
): void {
  if (countOf(oldSize, 'The old size') !== 0n) return requireConsistency(oldSize, newSize, proof, oldRoot, newRoot);
  if (!Array.isArray(proof) || proof.length > 0) fail('PROOF_MALFORMED', 'From old size 0 the proof is empty.');
  if (!isHash(newRoot)) fail('PROOF_MALFORMED', 'The new root is not 32 bytes.');
  if (countOf(newSize, 'The new size') === 0n) {
    if (!sameBytes(newRoot, EMPTY_ROOT)) fail('PROOF_REFUSED', 'A tree without leaves has the root of the empty tree.');
  }
}

function malformed(reason: string): never {
  return fail('REQUEST_MALFORMED', `Not an add-checkpoint request: ${reason}.`);
}
