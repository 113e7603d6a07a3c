import { isCount } from './encoding.js';
import { type Hash, HASH_LENGTH, isHash, MerkleTree, peaksOf } from './merkle.js';
import type { NodeSource } from './proof.js';
import { fail } from './transparency-error.js';

/** Hashes in a full tile, and entries in a full bundle, C2SP tlog-tiles. */
export const TILE_WIDTH = 256;
/** Levels of the tree from one tile level to the next. */
export const TILE_HEIGHT = 8;
const HIGHEST_TILE_LEVEL = 63;
/** Lengths of entries are written as two bytes. */
export const LARGEST_ENTRY = 65_535;

/** A tile: consecutive hashes of one level of the tree. */
export interface TileId {
  /** 0 for leaf hashes; each hash of a tile of level l + 1 is the root of a full tile of level l. */
  readonly level: number;
  /** The how-manieth of its level, from 0. */
  readonly index: number;
  /** Hashes in it, 1 to 256. */
  readonly width: number;
}

/** A tile and its content: `width` hashes of 32 bytes. */
export interface Tile extends TileId {
  readonly bytes: Uint8Array;
}

/** A bundle of entries; see {@link encodeEntryBundle}. */
export type EntryBundleId = Omit<TileId, 'level'>;

/** Where the checkpoint is served. */
export const CHECKPOINT_PATH = 'checkpoint';

/** Path of a tile, such as `tile/0/x001/234` or `tile/1/000.p/17`. @throws {TransparencyError} TILE_MALFORMED */
export function tilePath({ level, index, width }: TileId): string {
  if (!isCount(level) || level > HIGHEST_TILE_LEVEL)
    malformed(`its level is 0 to ${HIGHEST_TILE_LEVEL}, found ${level}`);
  return `tile/${level}/${indexPath(index, width)}`;
}

/** Path of a bundle of entries, such as `tile/entries/x001/234.p/5`. @throws {TransparencyError} TILE_MALFORMED */
export function entryBundlePath({ index, width }: EntryBundleId): string {
  return `tile/entries/${indexPath(index, width)}`;
}

/**
 * Reads a path back. Only the one way in which {@link tilePath} and {@link entryBundlePath} write a place is accepted.
 *
 * @param path without the prefix of the log
 * @returns with `level`, a tile of hashes; with level `entries`, a bundle of entries
 * @throws {TransparencyError} TILE_MALFORMED
 */
export function parseTilePath(path: string): TileId | (EntryBundleId & { readonly level: 'entries' }) {
  const [, levelText, groups, last, widthText] =
    /^tile\/(entries|0|[1-9][0-9]?)\/((?:x[0-9]{3}\/){0,5})([0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/.exec(path) ?? [];
  if (levelText === undefined || groups === undefined || last === undefined) {
    return malformed(`${JSON.stringify(path)} is no path of a tile`);
  }
  const index = Number(groups.replace(/[x/]/g, '') + last);
  const width = widthText === undefined ? TILE_WIDTH : Number(widthText);
  const place =
    levelText === 'entries'
      ? ({ level: 'entries', index, width } as const)
      : { level: Number(levelText), index, width };
  const written = place.level === 'entries' ? entryBundlePath(place) : tilePath(place);
  return written === path ? place : malformed(`${JSON.stringify(path)} is written ${written}`);
}

function indexPath(index: number, width: number): string {
  if (!isCount(index)) malformed(`its index is a count, found ${String(index)}`);
  if (!isCount(width) || width < 1 || width > TILE_WIDTH)
    malformed(`its width is 1 to ${TILE_WIDTH}, found ${String(width)}`);
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/[0-9]{3}/g)!;
  const path = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/');
  return width === TILE_WIDTH ? path : `${path}.p/${width}`;
}

/**
 * How wide a tile is in a tree of this size: 256, less for the last of its level, 0 if it is not there.
 *
 * @param size leaves of the tree
 */
export function tileWidth(level: number, index: number, size: number): number {
  const hashes = Math.floor(size / TILE_WIDTH ** level);
  return Math.max(0, Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH));
}

/**
 * The tiles of a tree that were not those of a smaller one, level by level: what to write, or to fetch, when a log grows.
 *
 * @param from leaves before, 0 for all tiles
 * @param to leaves now
 */
export function* tilesBetween(from: number, to: number): Generator<TileId> {
  for (let level = 0; TILE_WIDTH ** level <= to; level++) {
    const before = Math.floor(from / TILE_WIDTH ** level);
    const now = Math.floor(to / TILE_WIDTH ** level);
    if (before === now) continue;
    for (let index = Math.floor(before / TILE_WIDTH); index * TILE_WIDTH < now; index++) {
      yield { level, index, width: tileWidth(level, index, to) };
    }
  }
}

/** Hashes of a tile, in their order. @throws {TransparencyError} TILE_MALFORMED unless there are `width` of 32 bytes */
export function decodeTile(bytes: Uint8Array, width: number): Hash[] {
  if (bytes.length !== width * HASH_LENGTH)
    malformed(`${width} hashes are ${width * HASH_LENGTH} bytes, found ${bytes.length}`);
  return Array.from({ length: width }, (_, at) => bytes.subarray(at * HASH_LENGTH, (at + 1) * HASH_LENGTH));
}

/** @throws {TransparencyError} TILE_MALFORMED unless there are 1 to 256, of 32 bytes each */
export function encodeTile(hashes: readonly Hash[]): Buffer {
  if (hashes.length < 1 || hashes.length > TILE_WIDTH)
    malformed(`a tile has 1 to ${TILE_WIDTH} hashes, found ${hashes.length}`);
  if (!hashes.every(isHash)) malformed(`each hash is ${HASH_LENGTH} bytes`);
  return Buffer.concat(hashes);
}

/**
 * A bundle of log entries: each with its length before it, two bytes, big-endian.
 *
 * @throws {TransparencyError} TILE_MALFORMED unless there are 1 to 256, of 65,535 bytes at most
 */
export function encodeEntryBundle(entries: readonly Uint8Array[]): Buffer {
  if (entries.length < 1 || entries.length > TILE_WIDTH)
    malformed(`a bundle has 1 to ${TILE_WIDTH} entries, found ${entries.length}`);
  return Buffer.concat(
    entries.flatMap((entry) => {
      if (entry.length > LARGEST_ENTRY) malformed(`an entry has ${LARGEST_ENTRY} bytes at most, found ${entry.length}`);
      return [Buffer.of(entry.length >> 8, entry.length & 0xff), entry];
    }),
  );
}

/** The entries of a bundle. @throws {TransparencyError} TILE_MALFORMED unless the bytes are `width` entries and nothing else */
export function decodeEntryBundle(bytes: Uint8Array, width: number): Uint8Array[] {
  const entries: Uint8Array[] = [];
  let at = 0;
  while (at < bytes.length) {
    const start = at + 2;
    const end = start + (bytes[at]! << 8) + (bytes[at + 1] ?? 0);
    if (end > bytes.length) malformed(`the bundle is cut off within entry ${entries.length}`);
    entries.push(bytes.subarray(start, end));
    at = end;
  }
  if (entries.length !== width) malformed(`the bundle has ${entries.length} entries instead of ${width}`);
  return entries;
}

/** Gives the bytes of a tile: `width` hashes. A longer one, of a later size, will do as well. */
export type TileReader = (tile: TileId) => Uint8Array | Promise<Uint8Array>;

/**
 * Nodes of a tree out of its tiles. The tiles are not verified: verify the proof or the root that is made of them.
 *
 * @param size of the tree; tells which tiles are partial
 */
export function nodesFromTiles(read: TileReader, size: number): NodeSource {
  return async (level, index) => {
    const tileLevel = Math.floor(level / TILE_HEIGHT);
    const width = 2 ** (level % TILE_HEIGHT);
    const first = index * width;
    const tile = Math.floor(first / TILE_WIDTH);
    const place = { level: tileLevel, index: tile, width: tileWidth(tileLevel, tile, size) };
    const start = (first % TILE_WIDTH) * HASH_LENGTH;
    const end = start + width * HASH_LENGTH;
    const bytes = await read(place);
    if (end > place.width * HASH_LENGTH) malformed(`a tree of ${size} leaves has no node ${index} of level ${level}`);
    if (bytes.length < end) malformed(`${tilePath(place)} has ${bytes.length} bytes, and ${end} are needed`);
    return perfectRoot(decodeTile(bytes.subarray(start, end), width));
  };
}

/**
 * A growing tree that keeps the tiles it is to be served from. Holds the tiles since they were last taken and the
 * unfinished one of each level: memory does not grow with the log.
 */
export class TileTree {
  readonly #tree: MerkleTree;
  readonly #unfinished: Hash[][] = [];
  readonly #changed = new Set<number>();
  #finished: Tile[] = [];

  constructor(
    tree: (onNode: (level: number, index: number, hash: Hash) => void) => MerkleTree = (onNode) =>
      new MerkleTree(onNode),
  ) {
    this.#tree = tree((level, index, hash) => this.#onNode(level, index, hash));
  }

  /**
   * The tree as its tiles have it. Compare its root with the last checkpoint before going on.
   *
   * @param size leaves
   * @throws {TransparencyError} TILE_MALFORMED if a tile is too short
   */
  static async resume(size: number, read: TileReader): Promise<TileTree> {
    const nodes = nodesFromTiles(read, size);
    const peaks = await Promise.all(peaksOf(size).map(async ({ level, index }) => nodes(level, index)));
    const tiles = new TileTree((onNode) => MerkleTree.resume(size, peaks, onNode));
    for (let level = 0; TILE_WIDTH ** level <= size; level++) {
      const index = Math.floor(size / TILE_WIDTH ** (level + 1));
      const width = tileWidth(level, index, size);
      const bytes = width === 0 ? Buffer.alloc(0) : await read({ level, index, width });
      tiles.#unfinished[level] = decodeTile(bytes.subarray(0, width * HASH_LENGTH), width);
    }
    return tiles;
  }

  get size(): number {
    return this.#tree.size;
  }

  /** @param leaf hash of the leaf @throws {TransparencyError} WRONG_ARGUMENT if it is not 32 bytes */
  append(leaf: Hash): void {
    this.#tree.append(leaf);
  }

  root(): Hash {
    return this.#tree.root();
  }

  /** The tiles that are new since the last call, the unfinished ones as they are now: write them before the checkpoint. */
  takeTiles(): Tile[] {
    const size = this.size;
    const partial = [...this.#changed].map((level): Tile => {
      const hashes = this.#unfinished[level]!;
      return {
        level,
        index: Math.floor(size / TILE_WIDTH ** (level + 1)),
        width: hashes.length,
        bytes: encodeTile(hashes),
      };
    });
    const taken = [...this.#finished, ...partial];
    this.#finished = [];
    this.#changed.clear();
    return taken;
  }

  #onNode(nodeLevel: number, nodeIndex: number, hash: Hash): void {
    if (nodeLevel % TILE_HEIGHT !== 0) return;
    const level = nodeLevel / TILE_HEIGHT;
    const hashes = (this.#unfinished[level] ??= []);
    hashes.push(hash);
    this.#changed.add(level);
    if (hashes.length < TILE_WIDTH) return;
    this.#finished.push({
      level,
      index: Math.floor(nodeIndex / TILE_WIDTH),
      width: TILE_WIDTH,
      bytes: encodeTile(hashes),
    });
    this.#unfinished[level] = [];
    this.#changed.delete(level);
  }
}

/** The root over a power of two of hashes. */
function perfectRoot(hashes: readonly Hash[]): Hash {
  const tree = new MerkleTree();
  for (const hash of hashes) tree.append(hash);
  return tree.root();
}

function malformed(reason: string): never {
  return fail('TILE_MALFORMED', `Not a tile: ${reason}.`);
}
