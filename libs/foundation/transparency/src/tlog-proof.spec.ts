import { describe, expect, it } from '@jest/globals';
import { formatCheckpoint } from './checkpoint.js';
import { type Hash, leafHash, MerkleTree } from './merkle.js';
import { COSIGNATURE_V1, ED25519 } from './note-algorithm.js';
import { formatSignerKey, formatVerifierKey, parseSignerKey } from './note-key.js';
import { parsePolicy } from './policy.js';
import { inclusionProof } from './proof.js';
import { signNote } from './signed-note.js';
import { formatTlogProof, parseTlogProof, verifyTlogProof } from './tlog-proof.js';

const fault = (name: string) => expect.objectContaining({ fault: name });
const key = (name: string, type: number, seed: number) =>
  parseSignerKey(formatSignerKey(name, type, Buffer.alloc(32, seed)));
const log = key('lodestone.example/log', ED25519, 1);
const witness = key('fr.example/w', COSIGNATURE_V1, 2);
const policy = parsePolicy(
  `log ${formatVerifierKey(log.verifier)}\nwitness fr ${formatVerifierKey(witness.verifier)}\nquorum fr\n`,
);

const nodes = new Map<string, Hash>();
const tree = new MerkleTree((level, index, hash) => nodes.set(`${level}/${index}`, hash));
const leaves = Array.from({ length: 13 }, (_, at) => leafHash(Buffer.from(`event ${at}`)));
for (const leaf of leaves) tree.append(leaf);
const checkpoint = signNote(formatCheckpoint({ origin: log.name, size: 13, root: tree.root() }), [
  log.at(),
  witness.at(9),
]);
const hashes = await inclusionProof((level, index) => nodes.get(`${level}/${index}`)!, 5, 13);
const file = formatTlogProof({ index: 5, hashes, checkpoint });

// The example of C2SP tlog-proof, without its signatures, which are not given in full.
const EXAMPLE = `c2sp.org/tlog-proof@v1
index 73894
gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=
B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=
EKNzoDWG8LGC0Yp9o+sv3qllpMP9uHQ9B20KNL+Q1zs=
RoopEkOdqkYqMB4MJXrbt/hMjOxsVn0IrWjpz1ZMMes=
AHCioX9nLjsrse6YhjRRmk1WUEirVOLLRoOQ6vfO5vk=

example.com/fancylog
109482
sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=

— example.com/fancylog
`;

describe('A proof file', () => {
  it('is read and written as specified', () => {
    const proof = parseTlogProof(EXAMPLE);
    expect(proof).toMatchObject({ index: 73894, checkpoint: EXAMPLE.slice(EXAMPLE.indexOf('example.com')) });
    expect(proof.hashes).toHaveLength(5);
    expect(formatTlogProof(proof)).toBe(EXAMPLE);
    expect(formatTlogProof(parseTlogProof(Buffer.from(EXAMPLE)))).toBe(EXAMPLE);
  });

  it('may have extra data, and no hashes', () => {
    for (const extra of [Buffer.from('extra information'), Buffer.alloc(0)]) {
      const text = formatTlogProof({ index: 0, hashes: [], checkpoint: 'checkpoint\n', extra });
      expect(text).toBe(`c2sp.org/tlog-proof@v1\nextra ${extra.toString('base64')}\nindex 0\n\ncheckpoint\n`);
      expect(parseTlogProof(text)).toEqual({ index: 0, hashes: [], checkpoint: 'checkpoint\n', extra });
    }
  });

  it('shows that the leaf is in the log, with nothing but the policy', () =>
    expect(verifyTlogProof(file, leaves[5]!, policy)).toMatchObject({ size: 13, witnesses: [{ name: 'fr' }] }));

  it.each([
    ['another leaf', file, leaves[6]!, 'PROOF_REFUSED'],
    ['another index', file.replace('index 5', 'index 4'), leaves[5]!, 'PROOF_REFUSED'],
    ['an index beyond the tree', file.replace('index 5', 'index 13'), leaves[5]!, 'PROOF_MALFORMED'],
    ['a hash removed', file.replace(/\n.{43}=\n/, '\n'), leaves[5]!, 'PROOF_MALFORMED'],
    ['the first two hashes swapped', file.replace(/(.{43}=\n)(.{43}=\n)/, '$2$1'), leaves[5]!, 'PROOF_REFUSED'],
    ['another size', file.replace('\n13\n', '\n14\n'), leaves[5]!, 'SIGNATURE_INVALID'],
    ['the witness removed', file.replace(/— fr.*\n/, ''), leaves[5]!, 'QUORUM_MISSING'],
    ['the log removed', file.replace(/— lodestone.*\n/, ''), leaves[5]!, 'NOTE_UNSIGNED'],
    ['all signatures removed', file.replace(/— .*\n/g, ''), leaves[5]!, 'NOTE_MALFORMED'],
    ['a leaf that is no hash', file, Buffer.from('leaf'), 'PROOF_MALFORMED'],
  ])('is refused with %s', (_, text, leaf, name) =>
    expect(() => verifyTlogProof(text, leaf, policy)).toThrow(fault(name)),
  );

  const hash = 'gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=\n';
  it.each([
    ['nothing', ''],
    ['a head alone', 'c2sp.org/tlog-proof@v1\nindex 0\n'],
    ['another version', EXAMPLE.replace('@v1', '@v2')],
    ['the older name', EXAMPLE.replace('tlog-proof', 'spicy-signature')],
    ['a line before', `\n${EXAMPLE}`],
    ['a space after the first line', EXAMPLE.replace('@v1', '@v1 ')],
    ['no index', EXAMPLE.replace('index 73894\n', '')],
    ['an index with a leading zero', EXAMPLE.replace('73894', '073894')],
    ['a negative index', EXAMPLE.replace('73894', '-1')],
    ['an index with a space', EXAMPLE.replace('73894', ' 73894')],
    ['an index with an exponent', EXAMPLE.replace('73894', '1e3')],
    ['an index that doubles cannot hold', EXAMPLE.replace('73894', '9007199254740993')],
    ['a hash without padding', EXAMPLE.replace('PlQ=', 'PlQ')],
    ['a hash with stray bits', EXAMPLE.replace('PlQ=', 'PlR=')],
    ['a hash of 31 bytes', EXAMPLE.replace(hash, `${Buffer.alloc(31).toString('base64')}\n`)],
    ['a hash of 33 bytes', EXAMPLE.replace(hash, `${Buffer.alloc(33).toString('base64')}\n`)],
    ['64 hashes', EXAMPLE.replace(hash, hash.repeat(60))],
    ['extra data that is not base64', EXAMPLE.replace('index', 'extra a\nindex')],
    ['extra data after the index', EXAMPLE.replace(hash, `extra YQ==\n${hash}`)],
    ['extra data twice', EXAMPLE.replace('index', 'extra YQ==\nextra YQ==\nindex')],
    ['no blank line', EXAMPLE.replace('\n\n', '\n').replace('\n\n', '\n')],
    ['lines of another system', EXAMPLE.replaceAll('\n', '\r\n')],
    ['text that is not UTF-8', Buffer.concat([Buffer.from(EXAMPLE), Buffer.of(0xff)])],
  ])('is not %s', (_, text) => expect(() => parseTlogProof(text)).toThrow(fault('PROOF_MALFORMED')));

  it('may have 63 hashes', () =>
    expect(parseTlogProof(EXAMPLE.replace(hash, hash.repeat(59))).hashes).toHaveLength(63));

  it.each([
    ['an index that is no count', { index: -1 }],
    ['a hash of 31 bytes', { hashes: [Buffer.alloc(31)] }],
    ['64 hashes', { hashes: new Array<Hash>(64).fill(leaves[0]!) }],
  ])('is not written with %s', (_, change) =>
    expect(() => formatTlogProof({ index: 0, hashes: [], checkpoint, ...change })).toThrow(fault('PROOF_MALFORMED')),
  );
});
