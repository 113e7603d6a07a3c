import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { EMPTY_ROOT, type Hash, leafHash, MerkleTree, nodeHash, peaksOf, rootOf } from './merkle.js';

const sha256 = (...parts: Uint8Array[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

/** MTH as RFC 6962 2.1 defines it. */
const mth = (leaves: readonly Uint8Array[]): Buffer => {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return sha256(Buffer.of(0), leaves[0]!);
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return sha256(Buffer.of(1), mth(leaves.slice(0, split)), mth(leaves.slice(split)));
};

// The reference tree of certificate-transparency, as in proof/verify_test.go of github.com/transparency-dev/merkle.
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

const hex = (hash: Hash): string => Buffer.from(hash).toString('hex');
const leaves = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 80 });

describe('A Merkle tree', () => {
  it.each(ROOTS.map((root, size) => [size, root] as const))(
    'of the first %i reference leaves has the known root',
    (size, root) => {
      const hashes = LEAVES.slice(0, size).map((leaf) => leafHash(Buffer.from(leaf, 'hex')));
      expect(hex(rootOf(hashes))).toBe(root);
    },
  );

  it('of no leaves has the hash of nothing for its root', () => expect(rootOf([])).toEqual(EMPTY_ROOT));

  it('has the root of the definition, at every size on its way', () =>
    fc.assert(
      fc.property(leaves, (all) => {
        const tree = new MerkleTree();
        for (const [at, leaf] of all.entries()) {
          tree.append(leafHash(leaf));
          expect(hex(tree.root())).toBe(hex(mth(all.slice(0, at + 1))));
        }
        expect(tree.size).toBe(all.length);
      }),
      { numRuns: 20 },
    ));

  it('goes on from its peaks as if it had never stopped', () =>
    fc.assert(
      fc.property(leaves, fc.nat(80), (all, stop) => {
        const hashes = all.map(leafHash);
        const before = new MerkleTree();
        for (const hash of hashes.slice(0, stop)) before.append(hash);
        const after = MerkleTree.resume(before.size, before.peaks);
        for (const hash of hashes.slice(stop)) after.append(hash);
        expect(after.root()).toEqual(rootOf(hashes));
      }),
    ));

  it('holds one hash for each 1 bit of its size', () => {
    const tree = new MerkleTree();
    for (let size = 1; size <= 1000; size++) {
      tree.append(EMPTY_ROOT);
      expect(tree.peaks).toHaveLength(size.toString(2).replaceAll('0', '').length);
    }
  });

  it('tells of each perfect subtree once, with the hash of its leaves', () => {
    const seen = new Map<string, string>();
    const tree = new MerkleTree((level, index, hash) => {
      expect(seen.has(`${level}/${index}`)).toBe(false);
      seen.set(`${level}/${index}`, hex(hash));
    });
    const all = Array.from({ length: 21 }, (_, at) => Buffer.of(at));
    for (const leaf of all) tree.append(leafHash(leaf));
    expect(seen.size).toBe(21 + 10 + 5 + 2 + 1);
    for (const [place, hash] of seen) {
      const [level, index] = place.split('/').map(Number) as [number, number];
      expect(hash).toBe(hex(mth(all.slice(index * 2 ** level, (index + 1) * 2 ** level))));
    }
  });

  it('tells leaves and nodes apart', () => {
    const two = Buffer.alloc(64, 7);
    expect(leafHash(two)).not.toEqual(nodeHash(two.subarray(0, 32), two.subarray(32)));
  });

  it('hashes leaves of any length', () => {
    for (const length of [0, 1, 65_534, 65_535, 65_536, 200_000]) {
      expect(leafHash(Buffer.alloc(length, 5))).toEqual(sha256(Buffer.of(0), Buffer.alloc(length, 5)));
    }
  });

  it.each([0, 31, 33])('takes no hash of %i bytes', (length) => {
    const odd = Buffer.alloc(length);
    expect(() => new MerkleTree().append(odd)).toThrow('32 bytes');
    expect(() => nodeHash(odd, EMPTY_ROOT)).toThrow('32 bytes');
    expect(() => nodeHash(EMPTY_ROOT, odd)).toThrow('32 bytes');
    expect(() => MerkleTree.resume(1, [odd])).toThrow('32 bytes');
  });

  it('takes no text for bytes', () => {
    expect(() => leafHash('ab' as never)).toThrow('found string');
    expect(() => new MerkleTree().append('a'.repeat(32) as never)).toThrow('found string');
  });

  it('does not resume with peaks of another size', () => {
    expect(() => MerkleTree.resume(3, [EMPTY_ROOT])).toThrow('has 2 peaks, found 1');
    expect(() => MerkleTree.resume(0, [EMPTY_ROOT])).toThrow('has 0 peaks, found 1');
  });

  it.each([-1, 1.5, NaN, 2 ** 53])('has no size %d', (size) => expect(() => peaksOf(size)).toThrow('is a count'));
});
