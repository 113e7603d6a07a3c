import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { EMPTY_ROOT, type Hash, leafHash, MerkleTree, rootOf } from './merkle.js';
import { consistencyProof, inclusionProof, rootAt, verifyConsistency, verifyInclusion } from './proof.js';
import {
  decodeEntryBundle,
  decodeTile,
  encodeEntryBundle,
  encodeTile,
  entryBundlePath,
  nodesFromTiles,
  parseTilePath,
  tilePath,
  TileTree,
  tilesBetween,
  tileWidth,
} from './tiles.js';

const fault = (name: string) => expect.objectContaining({ fault: name });
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const numbered = (count: number): Hash[] =>
  Array.from({ length: count }, (_, at) => leafHash(Buffer.from(`leaf ${at}`)));

class Shelf {
  readonly tiles = new Map<string, Uint8Array>();
  keep(tree: TileTree): void {
    for (const tile of tree.takeTiles()) this.tiles.set(tilePath(tile), tile.bytes);
  }
  readonly read = (tile: { level: number; index: number; width: number }): Uint8Array => {
    const bytes = this.tiles.get(tilePath(tile));
    if (!bytes) throw new Error(`${tilePath(tile)} is not there`);
    return bytes;
  };
}

const shelfOf = (leaves: readonly Hash[]): Shelf => {
  const shelf = new Shelf();
  const tree = new TileTree();
  for (const leaf of leaves) tree.append(leaf);
  shelf.keep(tree);
  return shelf;
};

describe('The path of a tile', () => {
  it.each([
    ['tile/0/x001/x234/067', 0, 1234067, 256],
    ['tile/0/000', 0, 0, 256],
    ['tile/0/x001/234.p/5', 0, 1234, 5],
    ['tile/1/000.p/17', 1, 0, 17],
    ['tile/63/999.p/255', 63, 999, 255],
    ['tile/7/x001/000', 7, 1000, 256],
    ['tile/0/x009/x007/x199/x254/x740/991', 0, Number.MAX_SAFE_INTEGER, 256],
  ])('is %s', (path, level, index, width) => {
    expect(tilePath({ level, index, width })).toBe(path);
    expect(parseTilePath(path)).toEqual({ level, index, width });
    const entries = path.replace(/tile\/\d+/, 'tile/entries');
    expect(entryBundlePath({ index, width })).toBe(entries);
    expect(parseTilePath(entries)).toEqual({ level: 'entries', index, width });
  });

  it.each([
    '',
    'tile',
    'tile/0',
    'tile/0/',
    'tile/0/0',
    'tile/0/0000',
    'tile/0/x000',
    'tile/0/x000/001',
    'tile/0/001/002',
    'tile/0/x001/x002',
    'tile/0/X001/002',
    'tile/00/000',
    'tile/01/000',
    'tile/64/000',
    'tile/-1/000',
    'tile/a/000',
    'tile/0/000.p',
    'tile/0/000.p/',
    'tile/0/000.p/0',
    'tile/0/000.p/05',
    'tile/0/000.p/256',
    'tile/0/000.p/999',
    'tile/0/000.p/1 ',
    'tile/0/000\n',
    '/tile/0/000',
    'tile/0/000/',
    'tile/entries/0',
    'tile/entry/000',
    'tile/0/x009/x007/x199/x254/x740/992',
    'tile/0/x001/x009/x007/x199/x254/x740/991',
    'tile/0/../000',
  ])('is not %p', (path) => expect(() => parseTilePath(path)).toThrow(fault('TILE_MALFORMED')));

  it.each([
    [-1, 0, 256],
    [64, 0, 256],
    [0.5, 0, 256],
    [0, -1, 256],
    [0, 0.5, 256],
    [0, 2 ** 53, 256],
    [0, 0, 0],
    [0, 0, 257],
    [0, 0, 1.5],
  ])('is not made for level %d, index %d, width %d', (level, index, width) =>
    expect(() => tilePath({ level, index, width })).toThrow(fault('TILE_MALFORMED')),
  );
});

describe('The tiles of a tree', () => {
  it('of 70,000 leaves are those of the example in tlog-tiles', () => {
    const tiles = [...tilesBetween(0, 70_000)];
    const of = (level: number, full: boolean) =>
      tiles.filter((tile) => tile.level === level && (tile.width === 256) === full);
    expect(of(0, true)).toHaveLength(273);
    expect(of(0, false)).toEqual([{ level: 0, index: 273, width: 112 }]);
    expect(of(1, true)).toHaveLength(1);
    expect(of(1, false)).toEqual([{ level: 1, index: 1, width: 17 }]);
    expect(of(2, false)).toEqual([{ level: 2, index: 0, width: 1 }]);
    expect(tiles).toHaveLength(277);
  });

  it('of 256 leaves are a full one and the first of the next level', () =>
    expect([...tilesBetween(0, 256)]).toEqual([
      { level: 0, index: 0, width: 256 },
      { level: 1, index: 0, width: 1 },
    ]));

  it('of no leaves are none, and none are new where nothing was added', () => {
    expect([...tilesBetween(0, 0)]).toEqual([]);
    expect([...tilesBetween(777, 777)]).toEqual([]);
    expect(tileWidth(0, 4, 777)).toBe(0);
  });

  it('are what a growing tree gives out, whenever they are taken', () =>
    fc.assert(
      fc.property(fc.nat(700), fc.nat(700), (from, more) => {
        const tree = new TileTree();
        const leaves = numbered(from + more);
        for (const leaf of leaves.slice(0, from)) tree.append(leaf);
        const first = tree.takeTiles();
        for (const leaf of leaves.slice(from)) tree.append(leaf);
        const second = tree.takeTiles();
        const paths = (tiles: Iterable<{ level: number; index: number; width: number }>) =>
          [...tiles].map(tilePath).sort();
        expect(paths(first)).toEqual(paths(tilesBetween(0, from)));
        expect(paths(second)).toEqual(paths(tilesBetween(from, from + more)));
        expect(tree.takeTiles()).toEqual([]);
        for (const { bytes, width } of [...first, ...second]) expect(bytes).toHaveLength(width * 32);
      }),
      { numRuns: 20 },
    ));

  it('give every root, every proof of it, and the tree itself when it resumes', async () => {
    const leaves = numbered(66_000);
    const size = 65_800;
    const shelf = shelfOf(leaves.slice(0, size));
    const nodes = nodesFromTiles(shelf.read, size);
    const root = rootOf(leaves.slice(0, size));
    expect(await rootAt(nodes, size)).toEqual(root);
    for (const index of [0, 1, 255, 256, 65_535, 65_536, 65_799]) {
      const proof = await inclusionProof(nodes, index, size);
      expect(verifyInclusion(index, size, leaves[index]!, proof, root)).toBe(true);
    }
    for (const old of [1, 255, 256, 257, 32_768, 65_535, 65_536, 65_537, 65_799, 65_800]) {
      const proof = await consistencyProof(nodes, old, size);
      expect(verifyConsistency(old, size, proof, await rootAt(nodes, old), root)).toBe(true);
      if (old > 300) continue;
      expect(await rootAt(nodes, old)).toEqual(rootOf(leaves.slice(0, old)));
    }

    const resumed = await TileTree.resume(size, shelf.read);
    expect(resumed.root()).toEqual(root);
    for (const leaf of leaves.slice(size)) resumed.append(leaf);
    shelf.keep(resumed);
    for (const [path, bytes] of shelfOf(leaves).tiles) expect(sha256(shelf.tiles.get(path)!)).toBe(sha256(bytes));
    expect(await rootAt(nodesFromTiles(shelf.read, 66_000), 66_000)).toEqual(rootOf(leaves));
  });

  it('resume at any size', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(600), fc.nat(300), async (size, more) => {
        const leaves = numbered(size + more);
        const resumed = await TileTree.resume(size, shelfOf(leaves.slice(0, size)).read);
        expect(resumed.size).toBe(size);
        for (const leaf of leaves.slice(size)) resumed.append(leaf);
        expect(resumed.root()).toEqual(rootOf(leaves));
        const whole = shelfOf(leaves).tiles;
        for (const tile of resumed.takeTiles()) expect(sha256(tile.bytes)).toBe(sha256(whole.get(tilePath(tile))!));
      }),
      { numRuns: 20 },
    ));

  it('may be longer than asked for, as when the full one has come', async () => {
    const leaves = numbered(256);
    const full = Buffer.concat(leaves);
    const tree = await TileTree.resume(100, () => full);
    expect(tree.root()).toEqual(rootOf(leaves.slice(0, 100)));
    tree.append(leaves[100]!);
    expect(tree.takeTiles()[0]!.bytes).toEqual(full.subarray(0, 101 * 32));
  });

  it('must not be shorter than asked for', async () => {
    await expect(TileTree.resume(100, () => Buffer.alloc(99 * 32))).rejects.toThrow(fault('TILE_MALFORMED'));
    await expect(
      rootAt(
        nodesFromTiles(() => Buffer.alloc(0), 1),
        1,
      ),
    ).rejects.toThrow('tile/0/000.p/1 has 0 bytes, and 32 are needed');
  });

  it('hold no node beyond the tree', async () =>
    await expect(nodesFromTiles(() => Buffer.alloc(8192), 100)(2, 25)).rejects.toThrow('has no node 25 of level 2'));

  it('are flat in memory between two checkpoints', () => {
    const tree = new TileTree((onNode) => new MerkleTree(onNode));
    for (let round = 0; round < 20; round++) {
      for (let leaf = 0; leaf < 1000; leaf++) tree.append(EMPTY_ROOT);
      expect(tree.takeTiles().length).toBeLessThan(8);
    }
  });
});

describe('The bytes of a tile', () => {
  it('are its hashes, one after the other', () => {
    const hashes = numbered(3);
    expect(decodeTile(encodeTile(hashes), 3)).toEqual(hashes.map((hash) => Buffer.from(hash)));
  });

  it('are 32 for each hash', () => {
    for (const length of [0, 95, 97, 128])
      expect(() => decodeTile(Buffer.alloc(length), 3)).toThrow(fault('TILE_MALFORMED'));
    expect(() => encodeTile([])).toThrow(fault('TILE_MALFORMED'));
    expect(() => encodeTile(new Array(257).fill(EMPTY_ROOT))).toThrow(fault('TILE_MALFORMED'));
    expect(() => encodeTile([Buffer.alloc(31)])).toThrow(fault('TILE_MALFORMED'));
  });
});

describe('A bundle of entries', () => {
  it('is each entry behind its length', () =>
    expect(
      encodeEntryBundle([Buffer.from('ab'), Buffer.alloc(0), Buffer.alloc(258)])
        .subarray(0, 8)
        .toString('hex'),
    ).toBe('0002616200000102'));

  it('is read back', () =>
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 600 }), { minLength: 1, maxLength: 256 }), (entries) => {
        const read = decodeEntryBundle(encodeEntryBundle(entries), entries.length);
        expect(read.map((entry) => Buffer.from(entry))).toEqual(entries.map((entry) => Buffer.from(entry)));
      }),
      { numRuns: 30 },
    ));

  it('may hold an entry of 65,535 bytes and none longer', () => {
    expect(decodeEntryBundle(encodeEntryBundle([Buffer.alloc(65_535)]), 1)[0]).toHaveLength(65_535);
    expect(() => encodeEntryBundle([Buffer.alloc(65_536)])).toThrow(fault('TILE_MALFORMED'));
  });

  it('holds 1 to 256 entries', () => {
    expect(() => encodeEntryBundle([])).toThrow(fault('TILE_MALFORMED'));
    expect(() => encodeEntryBundle(new Array(257).fill(Buffer.alloc(1)))).toThrow(fault('TILE_MALFORMED'));
  });

  it.each([
    ['cut off in an entry', '00026162000161', 3, true],
    ['cut off in an entry', '000261620002', 2, false],
    ['cut off in a length', '0002616200', 2, false],
    ['of fewer entries', '00026162', 2, false],
    ['of more entries', '000261620000', 1, false],
    ['of nothing', '', 1, false],
  ])('is refused %s (%s)', (_, hex, width) =>
    expect(() => decodeEntryBundle(Buffer.from(hex, 'hex'), width)).toThrow(fault('TILE_MALFORMED')),
  );
});
