import { describe, expect, it } from '@jest/globals';
import { createPrivateKey } from 'node:crypto';
import { ED25519 } from './note-algorithm.js';
import {
  formatSignerKey,
  formatVerifierKey,
  isKeyName,
  keyIdOf,
  parseSignerKey,
  parseVerifierKey,
  signerKeyFromPem,
} from './note-key.js';
import { formatSignatureLine, openNote, parseSignatureLines, parseSignedNote, signNote } from './signed-note.js';

// sumdb/note/note_test.go of golang.org/x/mod.
const TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const PETER_KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const PETER_SECRET = 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz';
const ENOCH_KEY = 'EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop';
const PETER =
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
const ENOCH =
  '— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n';
/** With four characters more in the middle of the base64, as the tests there do. */
const spoiled = (line: string): string => `${line.slice(0, 60)}ABCD${line.slice(60)}`;

const peter = parseVerifierKey(PETER_KEY);
const enoch = parseVerifierKey(ENOCH_KEY);
const names = (signatures: readonly { name: string }[]): string[] => signatures.map(({ name }) => name);
const fault = (name: string) => expect.objectContaining({ fault: name });

describe('A signed note', () => {
  it('is opened by the keys that are known', () => {
    const one = openNote(`${TEXT}\n${PETER}${ENOCH}`, [peter]);
    expect([one.text, names(one.verified), names(one.unverified)]).toEqual([TEXT, ['PeterNeumann'], ['EnochRoot']]);
    const both = openNote(Buffer.from(`${TEXT}\n${PETER}${ENOCH}`), [peter, enoch]);
    expect([both.text, names(both.verified), names(both.unverified)]).toEqual([
      TEXT,
      ['PeterNeumann', 'EnochRoot'],
      [],
    ]);
  });

  it('is refused without a known signature', () => {
    expect(() => openNote(`${TEXT}\n${PETER}${ENOCH}`, [])).toThrow(fault('NOTE_UNSIGNED'));
    expect(() => openNote(`${TEXT}\n${ENOCH}`, [peter])).toThrow(
      'Known: PeterNeumann+c74f20a3; it names EnochRoot+af0cfe78.',
    );
  });

  it('is refused for one false signature of a known key, whatever others there are', () => {
    expect(() => openNote(`${TEXT}\n${spoiled(PETER)}`, [peter])).toThrow(fault('SIGNATURE_INVALID'));
    expect(() => openNote(`${TEXT}\n${ENOCH}${spoiled(PETER)}`, [peter, enoch])).toThrow('PeterNeumann+c74f20a3');
  });

  it('is refused for another text', () =>
    expect(() => openNote(`${TEXT.replace('answer', 'Answer')}\n${PETER}`, [peter])).toThrow(
      fault('SIGNATURE_INVALID'),
    ));

  it('may repeat signatures: of a known key the first counts, of others each different one is shown', () => {
    const note = openNote(`${TEXT}\n${PETER}${PETER}${ENOCH}${ENOCH}${spoiled(ENOCH)}`, [peter]);
    expect(names(note.verified)).toEqual(['PeterNeumann']);
    expect(note.unverified.map(formatSignatureLine)).toEqual([ENOCH, spoiled(ENOCH)]);
    expect(() => openNote(`${TEXT}\n${PETER}${spoiled(PETER)}`, [peter])).not.toThrow();
  });

  it('is refused when two known keys fit a signature, and only then', () => {
    expect(() => openNote(`${TEXT}\n${ENOCH}`, [enoch, peter, enoch])).toThrow(fault('KEY_AMBIGUOUS'));
    expect(() => openNote(`${TEXT}\n${PETER}`, [enoch, peter, enoch])).not.toThrow();
  });

  it('is opened by name and key id, not by one of them', () => {
    const [signature] = parseSignatureLines(PETER);
    const note = (change: object): string => `${TEXT}\n${formatSignatureLine({ ...signature!, ...change })}`;
    expect(() => openNote(note({ name: 'CarmenSandiego' }), [peter])).toThrow(fault('NOTE_UNSIGNED'));
    expect(() => openNote(note({ keyId: 1 }), [peter])).toThrow(fault('NOTE_UNSIGNED'));
  });

  it('may have empty lines in its text', () => {
    const text = 'a\n\n\nb\n';
    const note = signNote(text, [parseSignerKey(PETER_SECRET).at()]);
    expect(openNote(note, [peter]).text).toBe(text);
    expect(parseSignedNote(`\n\n${PETER}`).text).toBe('\n');
  });

  it('may have a byte order mark and anything above the control characters, and keeps it', () => {
    const text = '\ufeffé😂\u0080\u00a0\u2028\u007f\n';
    const note = signNote(text, [parseSignerKey(PETER_SECRET).at()]);
    expect(openNote(Buffer.from(note), [peter]).text).toBe(text);
  });

  it.each<[string, string | Buffer]>([
    ['no blank line', TEXT],
    ['a signature without a text', `\n${PETER}`],
    ['a signature behind a letter', `a${PETER}`],
    ['a signature behind its text', `${TEXT}${PETER}`],
    ['no signature', `${TEXT}\n`],
    ['nothing', ''],
    ['two newlines alone', '\n\n'],
    ['no newline at the end', `${TEXT}\n${PETER.slice(0, -1)}`],
    ['a control character', `\x01${TEXT}\n${PETER}`],
    ['a null character', `\0${TEXT}\n${PETER}`],
    ['a tab', `\t${TEXT}\n${PETER}`],
    ['a carriage return', `${TEXT}\r\n${PETER}`],
    ['lines of another system', `${TEXT}\n${PETER}`.replaceAll('\n', '\r\n')],
    ['a byte that is not UTF-8', Buffer.concat([Buffer.of(0xff), Buffer.from(`${TEXT}\n${PETER}`)])],
    ['an overlong encoding', Buffer.concat([Buffer.of(0xc0, 0x8a), Buffer.from(`${TEXT}\n${PETER}`)])],
    ['an encoded surrogate', Buffer.concat([Buffer.of(0xed, 0xa0, 0x80), Buffer.from(`${TEXT}\n${PETER}`)])],
    ['a lone surrogate', `\ud800${TEXT}\n${PETER}`],
    ['a name with a space', `${TEXT}\n${PETER.replace('PeterNeumann', 'Bad Name')}`],
    ['a name with a no-break space', `${TEXT}\n${PETER.replace('PeterNeumann', 'Bad\u00a0Name')}`],
    ['a name with a line separator', `${TEXT}\n${PETER.replace('PeterNeumann', 'Bad\u2028Name')}`],
    ['a name with a next line', `${TEXT}\n${PETER.replace('PeterNeumann', 'Bad\u0085Name')}`],
    ['a name with a plus', `${TEXT}\n${PETER.replace('PeterNeumann', 'Bad+Name')}`],
    ['no name', `${TEXT}\n${PETER.replace('PeterNeumann', '')}`],
    ['an unexpected line', `${TEXT}\n${PETER}Unexpected line.\n`],
    ['a hyphen for the dash', `${TEXT}\n${PETER.replace('—', '-')}`],
    ['an en dash', `${TEXT}\n${PETER.replace('—', '–')}`],
    ['no space after the dash', `${TEXT}\n${PETER.replace('— ', '—')}`],
    ['two spaces before the name', `${TEXT}\n${PETER.replace('— ', '—  ')}`],
    ['two spaces before the base64', `${TEXT}\n${PETER.replace(' x08', '  x08')}`],
    ['a space after the base64', `${TEXT}\n${PETER.replace('=\n', '= \n')}`],
    ['no base64', `${TEXT}\n— PeterNeumann\n`],
    ['empty base64', `${TEXT}\n— PeterNeumann \n`],
    ['base64 without its padding', `${TEXT}\n${PETER.replace('=', '')}`],
    ['base64 with too much padding', `${TEXT}\n${PETER.replace('=', '==')}`],
    ['base64 with stray bits', `${TEXT}\n${PETER.replace('nAM=', 'nAN=')}`],
    ['the alphabet of URLs', `${TEXT}\n${PETER.replace('/', '_')}`],
    ['a key id without a signature', `${TEXT}\n— PeterNeumann x08gow==\n`],
    ['less than a key id', `${TEXT}\n— PeterNeumann x08g\n`],
    ['101 signatures', `${TEXT}\n${PETER.repeat(101)}`],
    ['a million and one bytes', `${'a'.repeat(1_000_001 - Buffer.byteLength(`\n\n${PETER}`))}\n\n${PETER}`],
    ['more bytes than characters', `${'é'.repeat(600_000)}\n\n${PETER}`],
  ])('is not %s', (_, note) => {
    expect(() => parseSignedNote(note)).toThrow(fault('NOTE_MALFORMED'));
    expect(() => openNote(note, [peter])).toThrow(fault('NOTE_MALFORMED'));
  });

  it('may have 100 signatures and a million bytes', () => {
    expect(parseSignedNote(`${TEXT}\n${PETER.repeat(100)}`).signatures).toHaveLength(100);
    expect(() =>
      parseSignedNote(`${'a'.repeat(1_000_000 - Buffer.byteLength(`\n\n${PETER}`))}\n\n${PETER}`),
    ).not.toThrow();
  });
});

describe('Signing a note', () => {
  const signer = parseSignerKey(PETER_SECRET).at();

  it('gives the published signature', () => expect(signNote(TEXT, [signer])).toBe(`${TEXT}\n${PETER}`));

  it('replaces a signature of the same key and keeps the others', () => {
    const present = parseSignatureLines(`${spoiled(PETER)}${ENOCH}`);
    expect(signNote(TEXT, [signer], present)).toBe(`${TEXT}\n${ENOCH}${PETER}`);
    expect(signNote(TEXT, [], parseSignatureLines(ENOCH))).toBe(`${TEXT}\n${ENOCH}`);
  });

  it('asks a signer that keeps its key elsewhere', () => {
    class Device {
      readonly name = 'PeterNeumann';
      readonly keyId = 0xc74f20a3;
      #asked = 0;
      sign = (): Buffer => Buffer.of(++this.#asked);
      get asked() {
        return this.#asked;
      }
    }
    const device = new Device();
    signNote(TEXT, [device]);
    expect(device.asked).toBe(1);
  });

  it.each([
    ['no newline at the end', 'abc'],
    ['nothing', ''],
    ['a control character', 'a\tb\n'],
    ['a lone surrogate', '\ud800\n'],
  ])('refuses a text with %s', (_, text) => expect(() => signNote(text, [signer])).toThrow(fault('NOTE_MALFORMED')));

  it('refuses to make a note without signatures', () =>
    expect(() => signNote(TEXT, [])).toThrow(fault('NOTE_MALFORMED')));

  it('refuses a signer with a bad name or an empty signature', () => {
    expect(() => signNote(TEXT, [{ ...signer, name: 'bad name' }])).toThrow('no key name');
    expect(() => signNote(TEXT, [{ ...signer, sign: () => Buffer.alloc(0) }])).toThrow('empty');
  });
});

describe('Lines of signatures', () => {
  it('are read as a witness answers them', () =>
    expect(names(parseSignatureLines(PETER + ENOCH))).toEqual(['PeterNeumann', 'EnochRoot']));
  it.each(['', '\n', PETER.slice(0, -1), `text\n\n${PETER}`, `\n\n${PETER}`])('are not %p', (lines) =>
    expect(() => parseSignatureLines(lines)).toThrow(fault('NOTE_MALFORMED')),
  );
});

describe('A verifier key', () => {
  it('is written as it was read', () => {
    expect(formatVerifierKey(peter)).toBe(PETER_KEY);
    expect(peter).toMatchObject({ name: 'PeterNeumann', keyId: 0xc74f20a3, type: ED25519 });
  });

  it('of the Go checksum database verifies its tree', () => {
    // Published by sum.golang.org on 2023-01-10 (README of FiloSottile/mostly-harmless).
    const note =
      'go.sum database tree\n15081221\nBoMMe1wd25Tco0mYGROkyqxHZWx+hcSCtMV315Lu6Lg=\n\n' +
      '— sum.golang.org Az3grilD7vQqTrv66jRgKM84Y80KTprrSt4bKmiOPxgmS5ZVBTeCl6dUvjYnN13R+C8j0jGY1WnUADGMkok3U0m2Zgo=\n' +
      '— test.example.com qTGhC3917mAr6hGh+T55tNjxaej/D/GQivJZRIj7XGdAcQOTqfMWIPgp/v/904LEduN/h2sSRtHUJXUL4b9Gm7Bz4Qc=\n';
    const key = parseVerifierKey('sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8');
    expect(names(openNote(note, [key]).verified)).toEqual(['sum.golang.org']);
  });

  it('is not any part of one, nor one with a byte changed', () => {
    for (let from = 0; from <= PETER_KEY.length; from++) {
      for (let to = from + 1; to <= PETER_KEY.length; to++) {
        if (to - from < PETER_KEY.length) expect(() => parseVerifierKey(PETER_KEY.slice(from, to))).toThrow();
      }
      const changed = Buffer.from(PETER_KEY);
      if (from < changed.length) changed[from]! += 1;
      if (from < changed.length) expect(() => parseVerifierKey(changed.toString())).toThrow();
    }
  });

  it.each([
    ['a key of another length', 'PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY=='],
    ['an unknown type', 'PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'],
    ['a name with a space', PETER_KEY.replace('Peter', 'Peter ')],
    ['a space at the end', `${PETER_KEY} `],
    ['a newline at the end', `${PETER_KEY}\n`],
    ['no base64', 'PeterNeumann+c74f20a3+'],
    ['a type without a key', 'PeterNeumann+c74f20a3+AQ=='],
    ['a key id of seven digits', PETER_KEY.replace('c74f20a3', 'c74f20a')],
  ])('is not %s', (_, vkey) => expect(() => parseVerifierKey(vkey)).toThrow(fault('KEY_MALFORMED')));

  it.each(['Peter Neumann', '', 'Peter\u00a0Neumann', 'Peter\tNeumann'])(
    'is not of the name %p, though its key id fits',
    (name) => {
      const vkey = formatVerifierKey({ ...peter, name, keyId: keyIdOf(name, ED25519, peter.publicKey) });
      expect(() => parseVerifierKey(vkey)).toThrow('no key name');
    },
  );

  it('may have its key id in capitals', () =>
    expect(parseVerifierKey(PETER_KEY.replace('c74f20a3', 'C74F20A3')).keyId).toBe(0xc74f20a3));

  it('is not degenerate', () => {
    const publicKey = Buffer.alloc(32);
    const vkey = formatVerifierKey({ name: 'x', keyId: keyIdOf('x', ED25519, publicKey), type: ED25519, publicKey });
    expect(() => parseVerifierKey(vkey)).toThrow(fault('KEY_DEGENERATE'));
  });

  it('may be of any type that the caller has an algorithm for', () => {
    expect(() => parseVerifierKey(PETER_KEY, new Map())).toThrow('Unknown signature type 1');
  });
});

describe('A signer key', () => {
  it('is written as it was read', () => {
    const seed = Buffer.from('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz', 'base64').subarray(1);
    expect(formatSignerKey('PeterNeumann', ED25519, seed)).toBe(PETER_SECRET);
    expect(formatVerifierKey(parseSignerKey(PETER_SECRET).verifier)).toBe(PETER_KEY);
  });

  it('is not any part of one, nor one with a byte changed, and never shown in an error', () => {
    for (let at = 0; at < PETER_SECRET.length; at++) {
      const changed = Buffer.from(PETER_SECRET);
      changed[at]! += 1;
      for (const text of [PETER_SECRET.slice(0, at), PETER_SECRET.slice(at + 1), changed.toString()]) {
        expect(() => parseSignerKey(text)).toThrow(
          expect.objectContaining({ message: expect.not.stringContaining('EKFALV') }),
        );
      }
    }
  });

  it('is read from PEM', () => {
    const seed = Buffer.from('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz', 'base64').subarray(1);
    const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
    const pem = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
      .export({ format: 'pem', type: 'pkcs8' })
      .toString();
    const key = signerKeyFromPem('PeterNeumann', ED25519, pem);
    expect(signNote(TEXT, [key.at()])).toBe(`${TEXT}\n${PETER}`);
    expect(() => signerKeyFromPem('PeterNeumann', ED25519, 'no key')).toThrow(fault('KEY_MALFORMED'));
    expect(() => signerKeyFromPem('Peter Neumann', ED25519, pem)).toThrow('no key name');
    expect(() => signerKeyFromPem('PeterNeumann', 9, pem)).toThrow('Unknown signature type 9');
  });

  it('has a name that can be read back', () =>
    expect(() => formatSignerKey('a b', ED25519, Buffer.alloc(32))).toThrow('no key name'));
});

describe('A key name', () => {
  it.each(['a', 'example.com/log', 'Größe', '\ufeffa', '😂'])('may be %p', (name) =>
    expect(isKeyName(name)).toBe(true),
  );
  it.each(['', ' ', 'a b', 'a+b', 'a\u3000b', 'a\u1680b', 'a\u0085b', 'a\nb', 'a\0b', '\ud800'])(
    'may not be %p',
    (name) => expect(isKeyName(name)).toBe(false),
  );
});
