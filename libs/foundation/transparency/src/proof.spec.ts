import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EMPTY_ROOT, type Hash, leafHash, nodeHash, MerkleTree, rootOf } from './merkle.js';
import {
  consistencyProof,
  inclusionProof,
  type LeafCount,
  requireConsistency,
  requireInclusion,
  rootAt,
  verifyConsistency,
  verifyInclusion,
} from './proof.js';

const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');

// The reference tree and its proofs, from proof/verify_test.go of github.com/transparency-dev/merkle.
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map(
  bytes,
);
const HASHES = LEAVES.map(leafHash);
const INCLUSION: [index: number, size: number, proof: string[]][] = [
  [0, 1, []],
  [
    0,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    5,
    8,
    [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
  [
    1,
    5,
    [
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
];
const CONSISTENCY: [size1: number, size2: number, proof: string[]][] = [
  [1, 1, []],
  [
    1,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    6,
    8,
    [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [
    2,
    5,
    [
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
  [
    6,
    7,
    [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
];

const treeOf = (leaves: readonly Hash[]) => {
  const nodes = new Map<string, Hash>();
  const tree = new MerkleTree((level, index, hash) => nodes.set(`${level}/${index}`, hash));
  for (const leaf of leaves) tree.append(leaf);
  return (level: number, index: number): Hash => nodes.get(`${level}/${index}`)!;
};
const rootOfFirst = (size: number, leaves = HASHES): Hash => rootOf(leaves.slice(0, size));
const flipped = (hash: Hash, bit = 3): Hash =>
  hash.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
const replaced = (proof: readonly Hash[], at: number, hash: Hash): Hash[] => proof.with(at, hash);
const numbered = (count: number): Hash[] =>
  Array.from({ length: count }, (_, at) => leafHash(Buffer.from(`leaf ${at}`)));
const NOTHING = Buffer.alloc(0);
const SOMETHING = bytes('abacaba000000000000000000000000000000000000000000060061e00123456');

/** What the negative cases of testdata/inclusion do to a good proof. */
const spoiledInclusion = (index: number, size: number, leaf: Hash, proof: readonly Hash[], root: Hash) =>
  [
    ['index - 1', BigInt(index) - 1n, size, leaf, proof, root],
    ['index - 1, as an unsigned 64-bit number', BigInt.asUintN(64, BigInt(index) - 1n), size, leaf, proof, root],
    ['index + 1', index + 1, size, leaf, proof, root],
    ['index ^ 2', index ^ 2, size, leaf, proof, root],
    ['size * 2', index, size * 2, leaf, proof, root],
    ['size / 2', index, Math.floor(size / 2), leaf, proof, root],
    ['a leaf hash that is none', index, size, Buffer.from('WrongLeaf'), proof, root],
    ['no leaf hash', index, size, NOTHING, proof, root],
    ['the empty root', index, size, leaf, proof, EMPTY_ROOT],
    ['another root', index, size, leaf, proof, SOMETHING],
    ['no root', index, size, leaf, proof, NOTHING],
    ['trailing garbage', index, size, leaf, [...proof, NOTHING], root],
    ['a trailing root', index, size, leaf, [...proof, root], root],
    ['preceding garbage', index, size, leaf, [NOTHING, ...proof], root],
    ['a preceding root', index, size, leaf, [root, ...proof], root],
    ...proof.map(
      (hash, at) => [`a bit of hash ${at}`, index, size, leaf, replaced(proof, at, flipped(hash)), root] as const,
    ),
    ...proof.map((_, at) => [`hash ${at} removed`, index, size, leaf, proof.toSpliced(at, 1), root] as const),
    ...proof.map(
      (_, at) => [`a hash before ${at}`, index, size, leaf, proof.toSpliced(at, 0, SOMETHING), root] as const,
    ),
  ] as [string, LeafCount, LeafCount, Hash, Hash[], Hash][];

/** What the negative cases of testdata/consistency do to a good proof. */
const spoiledConsistency = (size1: number, size2: number, proof: readonly Hash[], root1: Hash, root2: Hash) =>
  [
    ['size1 - 1', size1 - 1, size2, proof, root1, root2],
    ['size1 + 1', size1 + 1, size2, proof, root1, root2],
    ['size1 ^ 2', size1 ^ 2, size2, proof, root1, root2],
    ['size2 * 2', size1, size2 * 2, proof, root1, root2],
    ['size2 / 2', size1, Math.floor(size2 / 2), proof, root1, root2],
    ['a first root that is none', size1, size2, proof, Buffer.from('WrongRoot'), root2],
    ['a second root that is none', size1, size2, proof, root1, Buffer.from('WrongRoot')],
    ['the roots swapped', size1, size2, proof, root2, root1],
    ['no proof', size1, size2, [], root1, root2],
    ['trailing garbage', size1, size2, [...proof, NOTHING], root1, root2],
    ['the first root trailing', size1, size2, [...proof, root1], root1, root2],
    ['the second root trailing', size1, size2, [...proof, root2], root1, root2],
    ['preceding garbage', size1, size2, [NOTHING, ...proof], root1, root2],
    ['the first root preceding', size1, size2, [root1, ...proof], root1, root2],
    ['the second root preceding', size1, size2, [root2, ...proof], root1, root2],
    ['the first hash twice', size1, size2, [proof[0]!, ...proof], root1, root2],
    ['the last hash removed', size1, size2, proof.slice(0, -1), root1, root2],
    ...proof.map(
      (hash, at) => [`a bit of hash ${at}`, size1, size2, replaced(proof, at, flipped(hash, 4)), root1, root2] as const,
    ),
  ] as [string, LeafCount, LeafCount, Hash[], Hash, Hash][];

describe('An inclusion proof', () => {
  describe.each(INCLUSION)('of reference leaf %i in %i', (index, size, hexes) => {
    const proof = hexes.map(bytes);
    const root = rootOfFirst(size);
    it('is found', async () =>
      expect((await inclusionProof(treeOf(HASHES), index, size)).map((h) => Buffer.from(h))).toEqual(proof));
    it('verifies', () => expect(verifyInclusion(index, size, HASHES[index]!, proof, root)).toBe(true));
    it('verifies with bigints', () =>
      expect(verifyInclusion(BigInt(index), BigInt(size), HASHES[index]!, proof, root)).toBe(true));
    it.each(spoiledInclusion(index, size, HASHES[index]!, proof, root))('is refused with %s', (_, ...spoiled) =>
      expect(verifyInclusion(...spoiled)).toBe(false),
    );
  });

  // testdata/inclusion/additional of transparency-dev/merkle.
  it.each([
    [0, 0],
    [0, 1],
    [1, 0],
    [2, 1],
  ])('of leaf %i in %i leaves is refused for hashes that are none', (index, size) => {
    expect(verifyInclusion(index, size, SOMETHING, [], NOTHING)).toBe(false);
    expect(verifyInclusion(index, size, NOTHING, [], EMPTY_ROOT)).toBe(false);
    expect(verifyInclusion(index, size, SOMETHING, [], EMPTY_ROOT)).toBe(false);
    expect(verifyInclusion(index, size, NOTHING, [], NOTHING)).toBe(false);
  });

  it('of a single leaf is empty, and the leaf its root', () => {
    const data = leafHash(Buffer.from('data'));
    expect(verifyInclusion(0, 1, data, [], data)).toBe(true);
    expect(verifyInclusion(0, 1, data, [], SOMETHING)).toBe(false);
  });

  it('of any leaf in any tree is found, as long as the tree is high, and verifies for no other leaf, place, size or root', () =>
    fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 300 }), fc.nat(), fc.nat(), async (size, pick, bit) => {
        const index = pick % size;
        const leaves = numbered(size + 3);
        const proof = await inclusionProof(treeOf(leaves), index, size);
        const root = rootOfFirst(size, leaves);
        expect(proof.length).toBeLessThanOrEqual(Math.ceil(Math.log2(size)));
        expect(verifyInclusion(index, size, leaves[index]!, proof, root)).toBe(true);

        expect(verifyInclusion(index, size, flipped(leaves[index]!, bit % 256), proof, root)).toBe(false);
        expect(verifyInclusion(index, size, leaves[index]!, proof, flipped(root, bit % 256))).toBe(false);
        for (const [at, hash] of proof.entries()) {
          expect(
            verifyInclusion(index, size, leaves[index]!, replaced(proof, at, flipped(hash, bit % 256)), root),
          ).toBe(false);
        }
        for (let other = 0; other < size; other++) {
          if (other !== index) expect(verifyInclusion(other, size, leaves[index]!, proof, root)).toBe(false);
        }
        expect(verifyInclusion(index, size, leaves[index]!, proof, rootOfFirst(size + 1, leaves))).toBe(false);
      }),
      { numRuns: 40 },
    ));

  it('is not for a size whose height is another', async () => {
    const leaves = numbered(8);
    const proof = await inclusionProof(treeOf(leaves), 2, 8);
    for (const size of [1, 2, 3, 4, 9, 16]) {
      expect(verifyInclusion(2, size, leaves[2]!, proof, rootOfFirst(8, leaves))).toBe(false);
    }
  });

  it.each([-1, 0.5, NaN, Infinity, 2 ** 53, -1n, 2n ** 64n, '0', null, undefined, true, {}])(
    'is refused for index or size %p',
    (odd) => {
      expect(verifyInclusion(odd as never, 1, SOMETHING, [], SOMETHING)).toBe(false);
      expect(verifyInclusion(0, odd as never, SOMETHING, [], SOMETHING)).toBe(false);
    },
  );

  it.each([null, undefined, 'text', {}, [null], ['a'.repeat(32)], [Array(32).fill(1)], [bytes('00')], new Array(1)])(
    'is refused when it is %p',
    (odd) => expect(verifyInclusion(0, 2, SOMETHING, odd as never, nodeHash(SOMETHING, SOMETHING))).toBe(false),
  );

  it.each([null, undefined, 'a'.repeat(32), SOMETHING.toString('hex'), [...SOMETHING]])(
    'is refused for %p in the place of a hash',
    (odd) => {
      expect(verifyInclusion(0, 1, odd as never, [], SOMETHING)).toBe(false);
      expect(verifyInclusion(0, 1, SOMETHING, [], odd as never)).toBe(false);
      expect(verifyInclusion(0, 1, odd as never, [], odd as never)).toBe(false);
    },
  );

  it('of the last leaf of the largest tree can be verified', () => {
    const last = 2n ** 64n - 2n;
    const proof = Array<Hash>(63).fill(SOMETHING);
    // All but the first 2^63 leaves stand to its left, level by level.
    expect(() => requireInclusion(last, last + 1n, SOMETHING, proof, SOMETHING)).toThrow('another root');
    expect(() => requireInclusion(last, last + 1n, SOMETHING, proof.slice(1), SOMETHING)).toThrow(
      'more than 62 hashes',
    );
    expect(() => requireInclusion(last, last + 1n, SOMETHING, [...proof, SOMETHING], SOMETHING)).toThrow(
      'fewer than 64 hashes',
    );
  });

  it.each([
    [3, 3],
    [0, 0],
    [-1, 3],
    [0.5, 3],
    [0, NaN],
  ])(
    'of leaf %d in %d is not made',
    async (index, size) =>
      await expect(inclusionProof(treeOf(HASHES), index, size)).rejects.toThrow('There is no leaf'),
  );

  it('is not made of hashes that are none', async () =>
    await expect(inclusionProof(() => NOTHING, 0, 2)).rejects.toThrow('32 bytes, found 0 bytes'));

  it('says what is wrong', () => {
    const proof = INCLUSION[1]![2].map(bytes);
    const check =
      (...[index, size, leaf, path, root]: Parameters<typeof requireInclusion>) =>
      () =>
        requireInclusion(index, size, leaf, path, root);
    expect(check(8, 8, HASHES[0]!, proof, rootOfFirst(8))).toThrow('There is no leaf 8 in a tree of 8 leaves.');
    expect(check(0, 8, HASHES[0]!, proof, SOMETHING)).toThrow(expect.objectContaining({ fault: 'PROOF_REFUSED' }));
    expect(check(0, 8, HASHES[0]!, proof.slice(1), SOMETHING)).toThrow(
      expect.objectContaining({ fault: 'PROOF_MALFORMED' }),
    );
  });
});

describe('A consistency proof', () => {
  describe.each(CONSISTENCY)('of the reference tree from %i to %i', (size1, size2, hexes) => {
    const proof = hexes.map(bytes);
    const [root1, root2] = [rootOfFirst(size1), rootOfFirst(size2)];
    it('is found', async () =>
      expect((await consistencyProof(treeOf(HASHES), size1, size2)).map((h) => Buffer.from(h))).toEqual(proof));
    it('verifies', () => expect(verifyConsistency(size1, size2, proof, root1, root2)).toBe(true));
    it('verifies with bigints', () =>
      expect(verifyConsistency(BigInt(size1), BigInt(size2), proof, root1, root2)).toBe(true));
    if (proof.length > 0) {
      it.each(spoiledConsistency(size1, size2, proof, root1, root2))('is refused with %s', (_, ...spoiled) =>
        expect(verifyConsistency(...spoiled)).toBe(false),
      );
    }
  });

  // testdata/consistency/additional of transparency-dev/merkle, whose roots are often no hashes.
  const ONE = Buffer.from("don't care 1");
  const TWO = Buffer.from("don't care 2");
  it.each([
    ['from 0 to 0, though the roots are equal', 0, 0, [], ONE, ONE, false],
    ['from 0 to 0 with other roots', 0, 0, [], ONE, TWO, false],
    ['from 0 to 0 with a proof', 0, 0, [EMPTY_ROOT], EMPTY_ROOT, EMPTY_ROOT, false],
    ['from 0 to 1', 0, 1, [], ONE, TWO, false],
    ['from 0 to 1, from the empty root', 0, 1, [], EMPTY_ROOT, TWO, false],
    ['from 0 to 1 with a proof', 0, 1, [EMPTY_ROOT], EMPTY_ROOT, EMPTY_ROOT, false],
    ['from 1 to 1 with other roots', 1, 1, [], ONE, TWO, false],
    ['from 1 to 1 with a proof', 1, 1, [EMPTY_ROOT], EMPTY_ROOT, EMPTY_ROOT, false],
    ['from 1 to 1 with equal roots', 1, 1, [], TWO, TWO, true],
    ['back in time from 1 to 0', 1, 0, [], ONE, TWO, false],
    ['back in time from 2 to 1', 2, 1, [], ONE, TWO, false],
    ['from 1 to 2 without a proof', 1, 2, [], ONE, TWO, false],
  ] as [string, number, number, Hash[], Hash, Hash, boolean][])(
    '%s',
    (_, size1, size2, proof, root1, root2, accepted) =>
      expect(verifyConsistency(size1, size2, proof, root1, root2)).toBe(accepted),
  );

  it('between any two sizes is found and verifies, and for no other size or root', () =>
    fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 200 }), fc.nat(), fc.nat(255), async (size2, pick, bit) => {
        const size1 = 1 + (pick % size2);
        const leaves = numbered(size2 + 1);
        const [root1, root2] = [rootOfFirst(size1, leaves), rootOfFirst(size2, leaves)];
        const proof = await consistencyProof(treeOf(leaves), size1, size2);
        expect(verifyConsistency(size1, size2, proof, root1, root2)).toBe(true);

        expect(verifyConsistency(size1, size2, proof, flipped(root1, bit), root2)).toBe(false);
        expect(verifyConsistency(size1, size2, proof, root1, flipped(root2, bit))).toBe(false);
        for (const [at, hash] of proof.entries()) {
          expect(verifyConsistency(size1, size2, replaced(proof, at, flipped(hash, bit)), root1, root2)).toBe(false);
        }
        if (size1 === size2) return;
        for (let other = 1; other <= size2; other++) {
          if (other !== size1) expect(verifyConsistency(other, size2, proof, root1, root2)).toBe(false);
        }
      }),
      { numRuns: 40 },
    ));

  it('shows that one leaf was changed, moved or dropped', async () => {
    const leaves = numbered(20);
    const forged = [leaves.with(4, SOMETHING), leaves.with(4, leaves[5]!).with(5, leaves[4]!), leaves.toSpliced(4, 1)];
    for (const other of forged) {
      const proof = await consistencyProof(treeOf(other), 10, 19);
      const check = () => requireConsistency(10, 19, proof, rootOfFirst(10, leaves), rootOfFirst(19, other));
      expect(check).toThrow(expect.objectContaining({ fault: 'PROOF_REFUSED' }));
    }
  });

  it('does not let a byte pass from one hash to the other', () => {
    const [left, right] = [numbered(2)[0]!, numbered(2)[1]!];
    const joined = Buffer.concat([left, right]);
    const root = nodeHash(left, right);
    expect(verifyConsistency(1, 2, [right], left, root)).toBe(true);
    expect(verifyConsistency(1, 2, [joined.subarray(33)], joined.subarray(0, 33), root)).toBe(false);
    expect(verifyConsistency(1, 2, [joined.subarray(31)], joined.subarray(0, 31), root)).toBe(false);
    expect(verifyInclusion(0, 2, joined.subarray(0, 33), [joined.subarray(33)], root)).toBe(false);
  });

  it('does not lead back in time, even where its hashes fit', () =>
    expect(verifyConsistency(3, 2, [SOMETHING, EMPTY_ROOT], SOMETHING, nodeHash(SOMETHING, EMPTY_ROOT))).toBe(false));

  it.each([-1, 0.5, NaN, 2 ** 53, -1n, 2n ** 64n, '1', null, undefined])('is refused for size %p', (odd) => {
    expect(verifyConsistency(odd as never, 1, [], SOMETHING, SOMETHING)).toBe(false);
    expect(verifyConsistency(1, odd as never, [], SOMETHING, SOMETHING)).toBe(false);
    expect(verifyConsistency(odd as never, odd as never, [], SOMETHING, SOMETHING)).toBe(false);
  });

  it.each([null, undefined, 'text', [null], ['a'.repeat(32)], new Array(1)])('is refused when it is %p', (odd) => {
    expect(verifyConsistency(1, 2, odd as never, SOMETHING, SOMETHING)).toBe(false);
    expect(verifyConsistency(1, 1, odd as never, SOMETHING, SOMETHING)).toBe(false);
  });

  it.each([null, undefined, 'root', [1, 2]])('is refused between equal sizes with %p for roots', (odd) => {
    expect(verifyConsistency(1, 1, [], odd as never, odd as never)).toBe(false);
    expect(verifyConsistency(1, 1, [], odd as never, SOMETHING)).toBe(false);
    expect(verifyConsistency(1, 1, [], SOMETHING, odd as never)).toBe(false);
  });

  it.each([null, undefined, 'a'.repeat(32), [...SOMETHING]])('is refused with %p for a root', (odd) => {
    for (const [size1, size2, hexes] of CONSISTENCY.slice(1)) {
      const proof = hexes.map(bytes);
      expect(verifyConsistency(size1, size2, proof, odd as never, rootOfFirst(size2))).toBe(false);
      expect(verifyConsistency(size1, size2, proof, rootOfFirst(size1), odd as never)).toBe(false);
    }
  });

  it.each([
    [0, 0],
    [0, 5],
    [6, 5],
    [-1, 5],
    [1.5, 5],
    [1, NaN],
  ])(
    'from %d to %d is not made',
    async (size1, size2) =>
      await expect(consistencyProof(treeOf(HASHES), size1, size2)).rejects.toThrow('No consistency proof'),
  );
});

describe('The root at an earlier size', () => {
  it('is that of the tree as it was', async () => {
    const leaves = numbered(70);
    for (let size = 0; size <= 70; size++)
      expect(await rootAt(treeOf(leaves), size)).toEqual(rootOfFirst(size, leaves));
  });
  it.each([-1, 0.5])(
    'is not that of size %d',
    async (size) => await expect(rootAt(treeOf(HASHES), size)).rejects.toThrow('count'),
  );
});
