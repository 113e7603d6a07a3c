import { isCount, sameBytes } from './encoding.js';
import { bag, type Hash, isHash, nodeHash, nodesOf, requireHash } from './merkle.js';
import { fail, TransparencyError } from './transparency-error.js';

/**
 * Where proofs get the hashes of perfect subtrees from: memory, tiles, a server. Only what lies within the tree is asked for.
 *
 * @param level 0 for leaves
 * @param index the how-manieth of its level, from 0
 */
export type NodeSource = (level: number, index: number) => Hash | Promise<Hash>;

/** Leaves from a first one to before another. */
type Span = readonly [start: number, end: number];

/**
 * The inclusion proof (audit path) of a leaf, RFC 6962 2.1.1: hashes from the leaf's sibling up to the child of the root.
 *
 * @param nodes of a tree with at least `size` leaves
 * @param index of the leaf, from 0
 * @param size of the tree for which the proof is
 * @throws {TransparencyError} WRONG_ARGUMENT unless 0 <= index < size
 */
export async function inclusionProof(nodes: NodeSource, index: number, size: number): Promise<Hash[]> {
  if (!isCount(index) || !isCount(size) || index >= size) {
    fail('WRONG_ARGUMENT', `There is no leaf ${String(index)} in a tree of ${String(size)} leaves; the first is 0.`);
  }
  return hashesOf(nodes, siblings(index, 0, size));
}

/**
 * The consistency proof between two sizes of one tree, RFC 6962 2.1.2.
 *
 * @param nodes of a tree with at least `newSize` leaves
 * @throws {TransparencyError} WRONG_ARGUMENT unless 0 < oldSize <= newSize; to a witness that knows nothing of the log
 *   yet (old size 0) one sends an empty proof
 */
export async function consistencyProof(nodes: NodeSource, oldSize: number, newSize: number): Promise<Hash[]> {
  if (!isCount(oldSize) || !isCount(newSize) || oldSize === 0 || oldSize > newSize) {
    fail('WRONG_ARGUMENT', `No consistency proof leads from size ${String(oldSize)} to ${String(newSize)}.`);
  }
  return hashesOf(nodes, additions(oldSize, 0, newSize, true));
}

/** The root of the tree's first `size` leaves. */
export async function rootAt(nodes: NodeSource, size: number): Promise<Hash> {
  if (!isCount(size)) fail('WRONG_ARGUMENT', `A tree size is a count from 0 to 2^53 - 1, found ${String(size)}.`);
  return hashOf(nodes, [0, size]);
}

/** PATH of RFC 6962 2.1.1. */
function siblings(index: number, start: number, end: number): Span[] {
  if (end - start === 1) return [];
  const split = splitOf(start, end);
  return index < split
    ? [...siblings(index, start, split), [split, end]]
    : [...siblings(index, split, end), [start, split]];
}

/** SUBPROOF of RFC 6962 2.1.2; `known` as long as the subtree's root is the one the verifier has. */
function additions(oldSize: number, start: number, end: number, known: boolean): Span[] {
  if (oldSize === end) return known ? [] : [[start, end]];
  const split = splitOf(start, end);
  return oldSize <= split
    ? [...additions(oldSize, start, split, known), [split, end]]
    : [...additions(oldSize, split, end, false), [start, split]];
}

/** Behind the largest power of two of leaves that is smaller than all of them. */
function splitOf(start: number, end: number): number {
  let left = 1;
  while (2 * left < end - start) left *= 2;
  return start + left;
}

const hashesOf = (nodes: NodeSource, spans: readonly Span[]): Promise<Hash[]> =>
  Promise.all(spans.map((span) => hashOf(nodes, span)));

async function hashOf(nodes: NodeSource, [start, end]: Span): Promise<Hash> {
  const hashes = await Promise.all(nodesOf(start, end).map(async ({ level, index }) => nodes(level, index)));
  hashes.forEach((hash, at) => requireHash(hash, `Node ${at} of the leaves ${start} to ${end}`));
  return bag(hashes);
}

/** A count of leaves, or an index: a bigint below 2^64, or a safe integer. */
export type LeafCount = number | bigint;

/**
 * Whether the proof shows that the leaf is in the tree, at this place. Never throws, whatever it is given.
 * Accepts and refuses as `VerifyInclusion` of transparency-dev/merkle does.
 *
 * @param index of the leaf, from 0
 * @param size of the tree; more than the index
 * @param leafHash 32 bytes, see {@link leafHash}
 * @param proof hashes from the leaf's sibling to the child of the root; exactly as many as the place needs
 * @param root 32 bytes, from a checkpoint that is trusted
 */
export function verifyInclusion(
  index: LeafCount,
  size: LeafCount,
  leafHash: Hash,
  proof: readonly Hash[],
  root: Hash,
): boolean {
  return holds(() => requireInclusion(index, size, leafHash, proof, root));
}

/**
 * {@link verifyInclusion} that says what is wrong.
 *
 * @throws {TransparencyError} PROOF_MALFORMED if it cannot be a proof for this place, PROOF_REFUSED if it leads to another root
 */
export function requireInclusion(
  index: LeafCount,
  size: LeafCount,
  leafHash: Hash,
  proof: readonly Hash[],
  root: Hash,
): void {
  const first = countOf(index, 'The leaf index');
  const leaves = countOf(size, 'The tree size');
  if (first >= leaves) fail('PROOF_MALFORMED', `There is no leaf ${first} in a tree of ${leaves} leaves.`);
  requireHashes(proof);
  requireProofHash(leafHash, 'The leaf hash');
  requireProofHash(root, 'The root');

  // RFC 9162, 2.1.3.2: fn and sn are the places of the leaf and of the last leaf, level by level.
  let fn = first;
  let sn = leaves - 1n;
  let hash = leafHash;
  for (const sibling of proof) {
    if (sn === 0n)
      fail('PROOF_MALFORMED', `A proof of leaf ${first} in ${leaves} has fewer than ${proof.length} hashes.`);
    if (isOdd(fn) || fn === sn) {
      hash = nodeHash(sibling, hash);
      while (!isOdd(fn) && fn !== 0n) [fn, sn] = [fn >> 1n, sn >> 1n];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [fn, sn] = [fn >> 1n, sn >> 1n];
  }
  if (sn !== 0n) fail('PROOF_MALFORMED', `A proof of leaf ${first} in ${leaves} has more than ${proof.length} hashes.`);
  if (!sameBytes(hash, root)) {
    fail(
      'PROOF_REFUSED',
      `The proof of leaf ${first} leads to another root than that of the tree of ${leaves} leaves.`,
    );
  }
}

/**
 * Whether the proof shows that the larger tree begins with the smaller one. Never throws, whatever it is given.
 * Accepts and refuses as `VerifyConsistency` of transparency-dev/merkle does: a first size of 0 is refused, also from
 * 0 to 0; equal sizes need an empty proof and equal roots, of whatever length. For old size 0 at a witness see
 * {@link verifyWitnessConsistency}.
 *
 * @param size1 leaves of the smaller tree, at least 1
 * @param size2 leaves of the larger tree, at least as many
 * @param proof exactly as many hashes as the sizes need
 * @param root1 root of the smaller tree, 32 bytes
 * @param root2 root of the larger tree, 32 bytes
 */
export function verifyConsistency(
  size1: LeafCount,
  size2: LeafCount,
  proof: readonly Hash[],
  root1: Hash,
  root2: Hash,
): boolean {
  return holds(() => requireConsistency(size1, size2, proof, root1, root2));
}

/**
 * {@link verifyConsistency} that says what is wrong.
 *
 * @throws {TransparencyError} PROOF_MALFORMED if it cannot be a proof between these sizes, PROOF_REFUSED if the larger
 *   tree does not begin with the smaller one
 */
export function requireConsistency(
  size1: LeafCount,
  size2: LeafCount,
  proof: readonly Hash[],
  root1: Hash,
  root2: Hash,
): void {
  const older = countOf(size1, 'The first size');
  const newer = countOf(size2, 'The second size');
  if (older > newer) fail('PROOF_MALFORMED', `A tree of ${older} leaves cannot be the beginning of one of ${newer}.`);
  if (older === 0n) fail('PROOF_MALFORMED', 'Every tree extends the empty one; a proof from size 0 shows nothing.');
  requireHashes(proof);
  if (older === newer) return requireSameTree(older, proof, root1, root2);
  requireProofHash(root1, 'The first root');
  requireProofHash(root2, 'The second root');

  // RFC 9162, 2.1.4.2. A perfect first tree is its own first node, and left out of the proof.
  const isPerfect = (older & (older - 1n)) === 0n;
  const [seed, ...path] = isPerfect ? [root1, ...proof] : proof;
  let fn = older - 1n;
  let sn = newer - 1n;
  while (isOdd(fn)) [fn, sn] = [fn >> 1n, sn >> 1n];
  let hash1 = seed!;
  let hash2 = seed!;
  for (const sibling of path) {
    if (sn === 0n) fail('PROOF_MALFORMED', `A proof from ${older} to ${newer} has fewer than ${proof.length} hashes.`);
    if (isOdd(fn) || fn === sn) {
      hash1 = nodeHash(sibling, hash1);
      hash2 = nodeHash(sibling, hash2);
      while (!isOdd(fn) && fn !== 0n) [fn, sn] = [fn >> 1n, sn >> 1n];
    } else {
      hash2 = nodeHash(hash2, sibling);
    }
    [fn, sn] = [fn >> 1n, sn >> 1n];
  }
  if (sn !== 0n) fail('PROOF_MALFORMED', `A proof from ${older} to ${newer} has more than ${proof.length} hashes.`);
  if (!sameBytes(hash1, root1))
    fail('PROOF_REFUSED', `The proof does not lead to the root of the first ${older} leaves.`);
  if (!sameBytes(hash2, root2)) {
    fail(
      'PROOF_REFUSED',
      `The tree of ${newer} leaves does not begin with the ${older} leaves known before: history was changed.`,
    );
  }
}

function requireSameTree(size: bigint, proof: readonly Hash[], root1: Hash, root2: Hash): void {
  if (proof.length > 0) fail('PROOF_MALFORMED', 'Between equal sizes the proof is empty.');
  // No length here: the public vectors of transparency-dev/merkle accept any equal roots.
  if (!(root1 instanceof Uint8Array) || !(root2 instanceof Uint8Array)) fail('PROOF_MALFORMED', 'A root is bytes.');
  if (!sameBytes(root1, root2))
    fail('PROOF_REFUSED', `Two trees of ${size} leaves have different roots: the log has forked.`);
}

export function countOf(value: LeafCount, what: string): bigint {
  if (typeof value === 'bigint' && value >= 0n && value < 2n ** 64n) return value;
  if (isCount(value)) return BigInt(value);
  return fail('PROOF_MALFORMED', `${what} is a count below 2^64 (a safe integer or a bigint), found ${String(value)}.`);
}

function requireHashes(proof: readonly Hash[]): void {
  if (!Array.isArray(proof)) fail('PROOF_MALFORMED', 'A proof is an array of hashes.');
  for (let at = 0; at < proof.length; at++) requireProofHash(proof[at], `Hash ${at} of the proof`);
}

function requireProofHash(value: unknown, what: string): void {
  if (!isHash(value)) fail('PROOF_MALFORMED', `${what} is not 32 bytes.`);
}

const isOdd = (n: bigint): boolean => (n & 1n) === 1n;

export function holds(check: () => void): boolean {
  try {
    check();
    return true;
  } catch (error) {
    if (error instanceof TransparencyError) return false;
    throw error;
  }
}
