import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatCheckpoint, parseCheckpoint } from './checkpoint.js';
import { cosignedAt } from './cosignature.js';
import { EMPTY_ROOT } from './merkle.js';
import { COSIGNATURE_V1, ED25519 } from './note-algorithm.js';
import { formatSignerKey, parseSignerKey } from './note-key.js';
import { hasSigned, openCheckpoint } from './signed-checkpoint.js';
import { openNote, parseSignedNote, signNote } from './signed-note.js';

// The example of C2SP tlog-checkpoint.
const TEXT = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
const fault = (name: string) => expect.objectContaining({ fault: name });
const key = (name: string, type: number, seed: number) =>
  parseSignerKey(formatSignerKey(name, type, Buffer.alloc(32, seed)));
const log = key('example.com/behind-the-sofa', ED25519, 1);
const witness = key('witness.example.com/w1', COSIGNATURE_V1, 2);

describe('A checkpoint', () => {
  it('is read and written as specified', () => {
    const checkpoint = parseCheckpoint(TEXT);
    expect(checkpoint).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20852163, extensions: [] });
    expect(formatCheckpoint(checkpoint)).toBe(TEXT);
    expect(parseCheckpoint(Buffer.from(TEXT))).toEqual(checkpoint);
  });

  it('may be of an empty tree, of a name with spaces, and have lines more', () => {
    const text = formatCheckpoint({
      origin: 'go.sum database tree +1',
      size: 0,
      root: EMPTY_ROOT,
      extensions: ['more', ' '],
    });
    expect(parseCheckpoint(text)).toMatchObject({
      origin: 'go.sum database tree +1',
      size: 0,
      extensions: ['more', ' '],
    });
  });

  it('of any origin and size is read back', () =>
    fc.assert(
      fc.property(
        fc.stringMatching(/^[^\0-\x1f]+$/),
        fc.maxSafeNat(),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        (origin, size, root) => {
          fc.pre(origin.isWellFormed());
          const checkpoint = { origin, size, root: Buffer.from(root), extensions: [] };
          expect(parseCheckpoint(formatCheckpoint(checkpoint))).toEqual(checkpoint);
        },
      ),
    ));

  const [origin, size, root] = TEXT.split('\n') as [string, string, string];
  it.each<[string, string | Buffer]>([
    ['nothing', ''],
    ['a newline', '\n'],
    ['two lines', `${origin}\n${size}\n`],
    ['no newline at the end', TEXT.slice(0, -1)],
    ['an empty origin', `\n${size}\n${root}\n`],
    ['an empty line before', `\n${TEXT}`],
    ['an empty line after', `${TEXT}\n`],
    ['an empty extension line', `${TEXT}a\n\nb\n`],
    ['a size with a leading zero', TEXT.replace('20852163', '020852163')],
    ['a size of two zeros', TEXT.replace('20852163', '00')],
    ['a size with a plus', TEXT.replace('20852163', '+1')],
    ['a negative size', TEXT.replace('20852163', '-1')],
    ['a size with a space', TEXT.replace('20852163', '1 ')],
    ['a size with an exponent', TEXT.replace('20852163', '1e3')],
    ['a hexadecimal size', TEXT.replace('20852163', '0x10')],
    ['a size in other digits', TEXT.replace('20852163', '١٢')],
    ['a size that doubles cannot hold', TEXT.replace('20852163', '9007199254740992')],
    ['a size beyond all measure', TEXT.replace('20852163', '9'.repeat(400))],
    ['a root of 31 bytes', TEXT.replace(root, Buffer.alloc(31).toString('base64'))],
    ['a root of 33 bytes', TEXT.replace(root, Buffer.alloc(33).toString('base64'))],
    ['a root without padding', TEXT.replace('q2I=', 'q2I')],
    ['a root with stray bits', TEXT.replace('q2I=', 'q2J=')],
    ['a root in hexadecimal', TEXT.replace(root, 'a'.repeat(64))],
    ['a root with a space', TEXT.replace(root, `${root} `)],
    ['lines of another system', TEXT.replaceAll('\n', '\r\n')],
    ['a control character in the origin', TEXT.replace('sofa', 'so\tfa')],
    ['bytes that are not UTF-8', Buffer.concat([Buffer.of(0xff), Buffer.from(TEXT)])],
  ])('is not %s', (_, text) => expect(() => parseCheckpoint(text)).toThrow(fault('CHECKPOINT_MALFORMED')));

  it.each([
    ['no origin', { origin: '' }],
    ['an origin of two lines', { origin: 'a\nb' }],
    ['an origin with a lone surrogate', { origin: '\ud800' }],
    ['a fraction of a leaf', { size: 0.5 }],
    ['a size that doubles cannot hold', { size: 2 ** 53 }],
    ['a negative size', { size: -1 }],
    ['a root of 31 bytes', { root: Buffer.alloc(31) }],
    ['an empty extension line', { extensions: [''] }],
  ])('is not written with %s', (_, change) =>
    expect(() => formatCheckpoint({ origin: 'a', size: 1, root: EMPTY_ROOT, ...change })).toThrow(
      fault('CHECKPOINT_MALFORMED'),
    ),
  );
});

describe('A signed checkpoint', () => {
  it('is opened by the key of its log', () => {
    const opened = openCheckpoint(signNote(TEXT, [log.at()]), [log.verifier]);
    expect(opened).toMatchObject({ size: 20852163, log: { name: 'example.com/behind-the-sofa' } });
  });

  it('is refused when another log signed it', () => {
    const other = key('example.com/other', ED25519, 3);
    expect(() => openCheckpoint(signNote(TEXT, [other.at()]), [log.verifier, other.verifier])).toThrow(
      'The checkpoint is of example.com/behind-the-sofa, but example.com/other signed it.',
    );
    expect(() => openCheckpoint(signNote(TEXT, [other.at()]), [log.verifier])).toThrow(fault('NOTE_UNSIGNED'));
  });

  it('is refused when only a witness signed it', () =>
    expect(() => openCheckpoint(signNote(TEXT, [witness.at(1)]), [log.verifier], [witness.verifier])).toThrow(
      fault('NOTE_UNSIGNED'),
    ));

  it('is refused when the log signed what is no checkpoint', () =>
    expect(() => openCheckpoint(signNote('hello\n', [log.at()]), [log.verifier])).toThrow(
      fault('CHECKPOINT_MALFORMED'),
    ));
});

describe('A cosignature', () => {
  const time = 1679315147;
  const note = signNote(TEXT, [log.at(), witness.at(time)]);
  const { signatures } = parseSignedNote(note);
  const { signature } = signatures[1]!;

  it('is verified, and tells its time', () => {
    const opened = openCheckpoint(note, [log.verifier], [witness.verifier]);
    expect(hasSigned(opened.note, witness.verifier)).toBe(true);
    expect(cosignedAt(signature)).toBe(1679315147n);
    expect(signature).toHaveLength(8 + 64);
  });

  it('signs the lines that are specified', () => {
    // Under 0x01 with the same seed: the same Ed25519 signature, over the message written out.
    const plain = key('w', ED25519, 2).at();
    const message = `cosignature/v1\ntime 1679315147\n${TEXT}`;
    expect(signature.subarray(8)).toEqual(plain.sign(Buffer.from(message)));
  });

  it('is refused with another time', () => {
    const later = Buffer.from(signature);
    later.writeBigUInt64BE(BigInt(time + 1));
    expect(witness.verifier.verify(Buffer.from(TEXT), later)).toBe(false);
  });

  it('is refused for a text with a line more', () =>
    expect(witness.verifier.verify(Buffer.from(`${TEXT}more\n`), signature)).toBe(false));

  it.each([0, 7, 8, 64, 71, 73])('is not %i bytes', (length) =>
    expect(witness.verifier.verify(Buffer.from(TEXT), Buffer.concat([signature, signature]).subarray(0, length))).toBe(
      false,
    ),
  );

  it('has no time beyond 2^63 - 1', () => {
    const plain = key('w', ED25519, 2).at();
    const at = (seconds: bigint): Buffer => {
      const stamp = Buffer.alloc(8);
      stamp.writeBigUInt64BE(seconds);
      return Buffer.concat([stamp, plain.sign(Buffer.from(`cosignature/v1\ntime ${seconds}\n${TEXT}`))]);
    };
    expect(witness.verifier.verify(Buffer.from(TEXT), at(2n ** 63n - 1n))).toBe(true);
    expect(witness.verifier.verify(Buffer.from(TEXT), at(2n ** 63n))).toBe(false);
  });

  it('is never of anything but a checkpoint', () => {
    expect(() => signNote('hello\n', [witness.at(time)])).toThrow(fault('CHECKPOINT_MALFORMED'));
    const plain = key('w', ED25519, 2).at();
    const stamp = Buffer.alloc(8);
    const forged = Buffer.concat([stamp, plain.sign(Buffer.from('cosignature/v1\ntime 0\nhello\n'))]);
    expect(witness.verifier.verify(Buffer.from('hello\n'), forged)).toBe(false);
  });

  it.each([undefined, -1, 0.5, NaN])('is not made at time %p', (odd) =>
    expect(() => signNote(TEXT, [witness.at(odd)])).toThrow('needs the time'),
  );

  it('is no signature of a log, nor the other way round', () => {
    const asLog = key('witness.example.com/w1', ED25519, 2);
    expect(asLog.keyId).not.toBe(witness.keyId);
    expect(() => openNote(note, [asLog.verifier])).toThrow(fault('NOTE_UNSIGNED'));
  });

  it('has no time when it is too short', () => expect(() => cosignedAt(Buffer.alloc(7))).toThrow('8 bytes'));
});
