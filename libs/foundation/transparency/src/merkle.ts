import { hash as digest } from 'node:crypto';
import { isCount } from './encoding.js';
import { fail } from './transparency-error.js';

/** SHA-256: 32 bytes. Hashes are never changed in place; whoever passes one in must not change it either. */
export type Hash = Uint8Array;

export const HASH_LENGTH = 32;

/** The root of the tree without leaves: SHA-256 of nothing (RFC 6962, 2.1). */
export const EMPTY_ROOT: Hash = digest('sha256', Buffer.alloc(0), 'buffer');

const LEAF = 0x00;
const NODE = 0x01;
const LARGEST_BUFFERED_LEAF = 65_535;

const leafInput = Buffer.alloc(1 + LARGEST_BUFFERED_LEAF, LEAF);
const nodeInput = Buffer.alloc(1 + 2 * HASH_LENGTH, NODE);

/** SHA-256(0x00 ‖ leaf), RFC 6962 2.1. @throws {TransparencyError} WRONG_ARGUMENT for anything but bytes */
export function leafHash(leaf: Uint8Array): Hash {
  if (!(leaf instanceof Uint8Array)) fail('WRONG_ARGUMENT', `A leaf is bytes, found ${typeof leaf}.`);
  if (leaf.length > LARGEST_BUFFERED_LEAF) return digest('sha256', Buffer.concat([Buffer.of(LEAF), leaf]), 'buffer');
  leafInput.set(leaf, 1);
  return digest('sha256', leafInput.subarray(0, 1 + leaf.length), 'buffer');
}

/** SHA-256(0x01 ‖ left ‖ right), RFC 6962 2.1. @throws {TransparencyError} WRONG_ARGUMENT unless both are 32 bytes */
export function nodeHash(left: Hash, right: Hash): Hash {
  requireHash(left, 'The left hash');
  requireHash(right, 'The right hash');
  nodeInput.set(left, 1);
  nodeInput.set(right, 1 + HASH_LENGTH);
  return digest('sha256', nodeInput, 'buffer');
}

export function isHash(value: unknown): value is Hash {
  return value instanceof Uint8Array && value.length === HASH_LENGTH;
}

/** @throws {TransparencyError} WRONG_ARGUMENT */
export function requireHash(value: unknown, what: string): asserts value is Hash {
  if (isHash(value)) return;
  const found = value instanceof Uint8Array ? `${value.length} bytes` : typeof value;
  fail('WRONG_ARGUMENT', `${what} must be ${HASH_LENGTH} bytes, found ${found}.`);
}

/**
 * Learns each perfect subtree at the moment its last leaf arrives.
 *
 * @param level 0 for a leaf; a node of level l spans 2^l leaves
 * @param index the how-manieth of its level, from 0: it spans the leaves from `index * 2^level` on
 */
export type OnNode = (level: number, index: number, hash: Hash) => void;

/**
 * A Merkle tree that grows leaf by leaf. Holds one hash for each 1 bit of its size (its peaks), so its memory is
 * logarithmic; appending costs one hash on average.
 */
export class MerkleTree {
  readonly #peaks: Hash[] = [];
  #size = 0;

  /** @param onNode is told of every perfect subtree, leaves included, the small ones first */
  constructor(private readonly onNode: OnNode = () => undefined) {}

  /**
   * The tree as it was when it had these peaks.
   *
   * @param size leaves
   * @param peaks as of {@link MerkleTree.peaks}
   * @throws {TransparencyError} WRONG_ARGUMENT unless there is one peak for each 1 bit of the size
   */
  static resume(size: number, peaks: readonly Hash[], onNode?: OnNode): MerkleTree {
    const expected = peaksOf(size).length;
    if (peaks.length !== expected) {
      fail('WRONG_ARGUMENT', `A tree of ${size} leaves has ${expected} peaks, found ${peaks.length}.`);
    }
    peaks.forEach((peak, at) => requireHash(peak, `Peak ${at}`));
    const tree = new MerkleTree(onNode);
    tree.#peaks.push(...peaks);
    tree.#size = size;
    return tree;
  }

  /** Leaves so far. */
  get size(): number {
    return this.#size;
  }

  /** The roots of its perfect subtrees, the largest and oldest first: all that is needed to {@link resume}. */
  get peaks(): readonly Hash[] {
    return [...this.#peaks];
  }

  /**
   * @param leaf hash of the leaf, see {@link leafHash}
   * @throws {TransparencyError} WRONG_ARGUMENT if it is not 32 bytes
   */
  append(leaf: Hash): void {
    requireHash(leaf, 'A leaf hash');
    let hash = leaf;
    let index = this.#size;
    let level = 0;
    this.onNode(level, index, hash);
    while (index % 2 === 1) {
      hash = nodeHash(this.#peaks.pop()!, hash);
      index = (index - 1) / 2;
      level++;
      this.onNode(level, index, hash);
    }
    this.#peaks.push(hash);
    this.#size++;
  }

  /** MTH of RFC 6962 2.1 over all leaves so far. */
  root(): Hash {
    return bag(this.#peaks);
  }
}

/** The root over leaf hashes, in their order. */
export function rootOf(leafHashes: Iterable<Hash>): Hash {
  const tree = new MerkleTree();
  for (const hash of leafHashes) tree.append(hash);
  return tree.root();
}

/** A perfect subtree by its place: it spans the leaves from `index * 2^level` to before `(index + 1) * 2^level`. */
export interface NodeId {
  readonly level: number;
  readonly index: number;
}

/**
 * The perfect subtrees that make up a tree, the largest and oldest first.
 *
 * @throws {TransparencyError} WRONG_ARGUMENT if the size is no count
 */
export function peaksOf(size: number): NodeId[] {
  if (!isCount(size)) fail('WRONG_ARGUMENT', `A tree size is a count from 0 to 2^53 - 1, found ${String(size)}.`);
  return nodesOf(0, size);
}

/** The perfect subtrees that span the leaves from start to before end, where start is a multiple of the power of two not below the distance. */
export function nodesOf(start: number, end: number): NodeId[] {
  const nodes: NodeId[] = [];
  let from = start;
  while (from < end) {
    let level = 0;
    while (2 ** (level + 1) <= end - from) level++;
    nodes.push({ level, index: from / 2 ** level });
    from += 2 ** level;
  }
  return nodes;
}

/** The root over perfect subtrees that follow one another, the larger first. */
export function bag(peaks: readonly Hash[]): Hash {
  const [last, ...others] = peaks.toReversed();
  return last === undefined ? EMPTY_ROOT : others.reduce((right, left) => nodeHash(left, right), last);
}
