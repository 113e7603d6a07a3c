import { describe, expect, it } from '@jest/globals';
import { EMPTY_ROOT, type Hash, leafHash, MerkleTree, rootOf } from './merkle.js';
import { consistencyProof } from './proof.js';
import {
  formatAddCheckpoint,
  parseAddCheckpoint,
  requireWitnessConsistency,
  verifyWitnessConsistency,
} from './witness-request.js';

const fault = (name: string) => expect.objectContaining({ fault: name });

// The example of C2SP tlog-witness.
const BODY = `old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
`;
const HASH = 'PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n';

describe('A request to a witness', () => {
  it('is read and written as specified', () => {
    const request = parseAddCheckpoint(BODY);
    expect(request).toMatchObject({ oldSize: 20852014, checkpoint: BODY.slice(BODY.indexOf('example.com')) });
    expect(request.proof).toHaveLength(4);
    expect(formatAddCheckpoint(request)).toBe(BODY);
    expect(formatAddCheckpoint(parseAddCheckpoint(Buffer.from(BODY)))).toBe(BODY);
  });

  it('may be the first, without a proof', () => {
    const request = { oldSize: 0, proof: [], checkpoint: 'checkpoint\n' };
    expect(formatAddCheckpoint(request)).toBe('old 0\n\ncheckpoint\n');
    expect(parseAddCheckpoint('old 0\n\ncheckpoint\n')).toEqual(request);
  });

  it.each([
    ['nothing', ''],
    ['no old size', BODY.slice(BODY.indexOf('\n') + 1)],
    ['a size with a leading zero', BODY.replace('20852014', '020852014')],
    ['a size with a plus', BODY.replace('20852014', '+1')],
    ['a negative size', BODY.replace('20852014', '-1')],
    ['a size with two spaces', BODY.replace('old ', 'old  ')],
    ['a size with a tab', BODY.replace('old ', 'old\t')],
    ['a size that doubles cannot hold', BODY.replace('20852014', '9007199254740993')],
    ['another word', BODY.replace('old ', 'Old ')],
    ['a line before', `\n${BODY}`],
    ['a hash without padding', BODY.replace('kaw=', 'kaw')],
    ['a hash with stray bits', BODY.replace('kaw=', 'kax=')],
    ['a hash of 31 bytes', BODY.replace(HASH, `${Buffer.alloc(31).toString('base64')}\n`)],
    ['64 hashes', BODY.replace(HASH, HASH.repeat(61))],
    ['no blank line', 'old 0\n'],
    ['lines of another system', BODY.replaceAll('\n', '\r\n')],
    ['text that is not UTF-8', Buffer.concat([Buffer.from(BODY), Buffer.of(0xff)])],
  ])('is not %s', (_, body) => expect(() => parseAddCheckpoint(body)).toThrow(fault('REQUEST_MALFORMED')));

  it('may have 63 hashes', () =>
    expect(parseAddCheckpoint(BODY.replace(HASH, HASH.repeat(60))).proof).toHaveLength(63));

  it.each([
    ['a size that is no count', { oldSize: -1 }],
    ['a hash of 31 bytes', { proof: [Buffer.alloc(31)] }],
    ['64 hashes', { proof: new Array<Hash>(64).fill(EMPTY_ROOT) }],
  ])('is not written with %s', (_, change) =>
    expect(() => formatAddCheckpoint({ oldSize: 1, proof: [], checkpoint: '', ...change })).toThrow(
      fault('REQUEST_MALFORMED'),
    ),
  );
});

describe('A witness', () => {
  const leaves = Array.from({ length: 9 }, (_, at) => leafHash(Buffer.of(at)));
  const nodes = new Map<string, Hash>();
  const tree = new MerkleTree((level, index, hash) => nodes.set(`${level}/${index}`, hash));
  for (const leaf of leaves) tree.append(leaf);
  const root = (size: number): Hash => rootOf(leaves.slice(0, size));
  const other = leafHash(Buffer.from('fork'));

  it('goes on along a consistent log', async () => {
    const proof = await consistencyProof((level, index) => nodes.get(`${level}/${index}`)!, 5, 9);
    expect(verifyWitnessConsistency(5, 9, proof, root(5), root(9))).toBe(true);
    expect(verifyWitnessConsistency(5, 9, proof, other, root(9))).toBe(false);
    expect(verifyWitnessConsistency(5, 9, proof, root(5), other)).toBe(false);
    expect(() => requireWitnessConsistency(5, 9, proof, root(5), other)).toThrow('history was changed');
  });

  it('signs the same tree again, and no other of that size', () => {
    expect(verifyWitnessConsistency(5, 5, [], root(5), root(5))).toBe(true);
    expect(() => requireWitnessConsistency(5, 5, [], root(5), other)).toThrow('the log has forked');
  });

  it('starts anywhere, with an empty proof', () => {
    expect(verifyWitnessConsistency(0, 9, [], EMPTY_ROOT, root(9))).toBe(true);
    expect(verifyWitnessConsistency(0n, 9n, [], undefined as never, root(9))).toBe(true);
    expect(verifyWitnessConsistency(0, 9, [other], EMPTY_ROOT, root(9))).toBe(false);
    expect(verifyWitnessConsistency(0, 9, null as never, EMPTY_ROOT, root(9))).toBe(false);
    expect(verifyWitnessConsistency(0, 9, [], EMPTY_ROOT, Buffer.alloc(31))).toBe(false);
  });

  it('starts at the empty tree, whose root is the empty one', () => {
    expect(verifyWitnessConsistency(0, 0, [], EMPTY_ROOT, EMPTY_ROOT)).toBe(true);
    expect(verifyWitnessConsistency(0, 0, [], other, other)).toBe(false);
    expect(verifyWitnessConsistency(0, 0, [other], EMPTY_ROOT, EMPTY_ROOT)).toBe(false);
  });

  it.each([-1, 0.5, NaN, 2 ** 53, 2n ** 64n, '', null, undefined, [], '0', false])(
    'does not start at or from size %p',
    (odd) => {
      expect(verifyWitnessConsistency(0, odd as never, [], EMPTY_ROOT, EMPTY_ROOT)).toBe(false);
      expect(verifyWitnessConsistency(odd as never, 9, [], EMPTY_ROOT, root(9))).toBe(false);
    },
  );

  it('does not go back', () => expect(verifyWitnessConsistency(9, 5, [], root(9), root(5))).toBe(false));
});
