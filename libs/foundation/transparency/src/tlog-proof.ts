import { fromBase64, fromDecimal, isCount, toBase64, toText } from './encoding.js';
import { type Hash, HASH_LENGTH, isHash } from './merkle.js';
import type { VerifierKey } from './note-key.js';
import { openWitnessedCheckpoint, type Policy, type WitnessedCheckpoint } from './policy.js';
import { requireInclusion } from './proof.js';
import { fail } from './transparency-error.js';

const HEADER = 'c2sp.org/tlog-proof@v1';
/** A tree of 2^63 leaves is 63 levels high. */
export const LONGEST_PROOF = 63;

/** That a leaf is in a log, provable without network: a C2SP tlog-proof file (`.tlog-proof`). */
export interface TlogProof {
  /** Of the leaf, from 0. */
  readonly index: number;
  /** From the leaf's sibling to the child of the root. */
  readonly hashes: readonly Hash[];
  /** The signed checkpoint, as it was served. */
  readonly checkpoint: string;
  /** Anything; not covered by any signature. */
  readonly extra?: Uint8Array;
}

/** @throws {TransparencyError} PROOF_MALFORMED if it could not be read back */
export function formatTlogProof({ index, hashes, checkpoint, extra }: TlogProof): string {
  if (!isCount(index)) malformed(`the index is a count, found ${String(index)}`);
  if (hashes.length > LONGEST_PROOF || !hashes.every(isHash))
    malformed(`it has ${LONGEST_PROOF} hashes of ${HASH_LENGTH} bytes at most`);
  const lines = [HEADER, ...(extra ? [`extra ${toBase64(extra)}`] : []), `index ${index}`, ...hashes.map(toBase64), ''];
  return `${lines.join('\n')}\n${checkpoint}`;
}

/**
 * Reads a proof file. Nothing of it is verified.
 *
 * @param file a string, or UTF-8 bytes
 * @throws {TransparencyError} PROOF_MALFORMED: another first line, an index with sign or leading zero, a hash that is
 *   not the canonical base64 of 32 bytes, more than 63 of them, no blank line
 */
export function parseTlogProof(file: string | Uint8Array): TlogProof {
  const text = toText(file) ?? malformed('it is not well-formed UTF-8');
  const end = text.indexOf('\n\n');
  if (end < 0) malformed('no blank line stands before the checkpoint');
  const [header, ...lines] = text.slice(0, end).split('\n');
  if (header !== HEADER) malformed(`its first line is not ${HEADER}`);
  const [, encoded] = /^extra (.*)$/.exec(lines[0] ?? '') ?? [];
  const extra = encoded === undefined ? undefined : fromBase64(encoded);
  if (encoded !== undefined) {
    if (extra === undefined) malformed('the extra data is not canonical base64');
    lines.shift();
  }
  const [, digits] = /^index (.*)$/.exec(lines.shift() ?? '') ?? [];
  const index = fromDecimal(digits ?? '');
  if (index === undefined) return malformed('no line "index <number>" stands where it belongs');
  const hashes =
    parseHashes(lines) ?? malformed(`between index and checkpoint stand at most ${LONGEST_PROOF} hashes in base64`);
  return { index, hashes, checkpoint: text.slice(end + 2), ...(extra && { extra }) };
}

/** One hash per line, 63 at most; undefined if they are not. */
export function parseHashes(lines: readonly string[]): Hash[] | undefined {
  if (lines.length > LONGEST_PROOF) return undefined;
  const hashes = lines.map((line) => fromBase64(line));
  return hashes.every(isHash) ? (hashes as Hash[]) : undefined;
}

/**
 * Verifies a proof file with nothing but a policy: the leaf is in the log, and the quorum of witnesses saw the tree.
 *
 * @param leafHash of the leaf that is claimed to be in the log, see `leafHash`
 * @param logs further logs that are trusted, for a policy that names none
 * @returns the checkpoint that covers the leaf
 * @throws {TransparencyError} as {@link parseTlogProof}, {@link openWitnessedCheckpoint} and {@link requireInclusion}
 */
export function verifyTlogProof(
  file: string | Uint8Array,
  leafHash: Hash,
  policy: Policy,
  logs: readonly VerifierKey[] = [],
): WitnessedCheckpoint {
  const { index, hashes, checkpoint } = parseTlogProof(file);
  const opened = openWitnessedCheckpoint(policy, checkpoint, logs);
  requireInclusion(index, opened.size, leafHash, hashes, opened.root);
  return opened;
}

function malformed(reason: string): never {
  return fail('PROOF_MALFORMED', `Not a tlog-proof: ${reason}.`);
}
