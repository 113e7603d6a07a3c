import { LogStore } from '@adapters/transparency-log-sqlite';
import {
  type Checkpoint,
  type Hash,
  leafHash,
  parseCheckpoint,
  parseSignedNote,
  rootOf,
} from '@foundation/transparency';
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportBundle } from '../../apps/auditor/src/export.js';
import { LogFile } from '../../apps/auditor/src/log-source.js';
import { BundleRefused, type Trust, verifyBundle } from '../../apps/auditor/src/verify.js';
import { contentsOf, logOf, ORIGIN, policyText, trust } from './logs.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { audit } from './support.js';

const LEAVES = 600;

let folder: string;
let secrets: ReturnType<typeof logOf>;
let hashes: Hash[];
beforeAll(() => {
  folder = temporaryFolder();
  secrets = logOf(join(folder, 'log.db'), LEAVES);
  const store = LogStore.read(join(folder, 'log.db'));
  hashes = store.leaves(0, LEAVES).map(({ text }) => leafHash(Buffer.from(text)));
  store.close();
});

const exported = async (first: number, end: number): Promise<string> => {
  const source = new LogFile(join(folder, 'log.db'));
  const file = join(folder, `bundle-${first}-${end}`);
  await exportBundle(source, contentsOf(secrets), file, { first, end });
  source.close();
  return file;
};
/** `Verified`, or the fault for which it is refused. */
const answerTo = async (file: string, how: Trust = trust): Promise<string> => {
  try {
    await verifyBundle(file, how);
    return 'Verified';
  } catch (error) {
    if (error instanceof BundleRefused) return error.fault;
    throw error;
  }
};
const knownOf = (size: number, root: Hash = rootOf(hashes.slice(0, size))): Checkpoint => ({
  origin: ORIGIN,
  size,
  root,
  extensions: [],
});

/** Sizes at and beside the borders of chunks, and any other. */
const size = fc.oneof(
  fc.constantFrom(0, 1, 255, 256, 257, 511, 512, 513, 599, 600),
  fc.integer({ min: 0, max: LEAVES }),
);
const range = fc.tuple(size, size).map(([one, other]) => [Math.min(one, other), Math.max(one, other)] as const);

describe('A bundle held against a known checkpoint', () => {
  it('is never verified when the log contradicts the checkpoint, whatever part of the log it holds', () =>
    fc.assert(
      fc.asyncProperty(range, size, async ([first, end], known) => {
        const rewritten = knownOf(known, randomBytes(32));
        const isComparable = known === 0 || known === LEAVES || (first === 0 && end >= known);
        expect(await answerTo(await exported(first, end), { ...trust, known: rewritten })).toBe(
          isComparable ? 'FORKED' : 'MALFORMED',
        );
      }),
      { numRuns: 150 },
    ));

  it('is verified when the log extends the checkpoint, and the bundle holds what that takes', () =>
    fc.assert(
      fc.asyncProperty(range, size, async ([first, end], known) => {
        const isComparable = known === 0 || known === LEAVES || (first === 0 && end >= known);
        expect(await answerTo(await exported(first, end), { ...trust, known: knownOf(known) })).toBe(
          isComparable ? 'Verified' : 'MALFORMED',
        );
      }),
      { numRuns: 150 },
    ));

  it('is refused by the command with code 1 where it ends before it, and told from where to where it must go', async () => {
    writeFileSync(join(folder, 'policy'), policyText);
    const source = LogStore.read(join(folder, 'log.db'));
    logOf(join(folder, 'older.db'), 500, source);
    source.close();
    const older = LogStore.read(join(folder, 'older.db'));
    writeFileSync(join(folder, 'known'), older.checkpoint!);
    older.close();
    expect(parseCheckpoint(parseSignedNote(readFileSync(join(folder, 'known'), 'utf8')).text)).toMatchObject({
      size: 500,
    });
    const verify = (bundle: string) =>
      audit('verify', '--bundle', bundle, '--policy', join(folder, 'policy'), '--known', join(folder, 'known'));
    const narrow = await verify(await exported(0, 256));
    expect(narrow.code).toBe(1);
    expect(narrow.output).toContain('REFUSED MALFORMED');
    expect(narrow.output).toContain('only one from leaf 0 to 500 or beyond');
    expect((await verify(await exported(0, 500))).code).toBe(0);
  });
});

describe('A bundle', () => {
  /** Other spellings of one line of JSON that say the same, or say more. */
  const respelt = (line: string): fc.Arbitrary<string> => {
    const value = JSON.parse(line) as Record<string, unknown>;
    const keys = Object.keys(value);
    const key = fc.constantFrom(...keys);
    const further = (name: string, said: unknown): string => `${JSON.stringify(name)}:${JSON.stringify(said)}`;
    const escaped = (at: number): string =>
      `${line.slice(0, at)}\\u${line.charCodeAt(at).toString(16).padStart(4, '0')}${line.slice(at + 1)}`;
    /** Letters within strings, which may stand as escapes. */
    const letters = [...line.matchAll(/"(?:[^"\\]|\\.)*"/g)].flatMap(([text], index, all) =>
      [...text.matchAll(/(?<!\\)[a-z]/g)].map((found) => all[index]!.index + found.index),
    );
    const numbers = [...line.matchAll(/(?<=[:,[])\d+(?=[,}\]])/g)];
    const punctuation = [...line.matchAll(/[{}[\],:](?=["{[\d}\]]|$)/g)].map(({ index }) => index + 1);
    const spaces = fc.constantFrom(' ', '\t', '\r', '  ');
    return fc.oneof(
      fc
        .tuple(fc.constantFrom(0, ...punctuation), spaces)
        .map(([at, space]) => line.slice(0, at) + space + line.slice(at)),
      fc.constantFrom(...letters).map(escaped),
      ...(numbers.length === 0
        ? []
        : [
            fc.tuple(fc.constantFrom(...numbers), fc.constantFrom('.0', 'e0', 'E+0', '.00')).map(([found, tail]) => {
              const end = found.index + found[0].length;
              return line.slice(0, end) + tail + line.slice(end);
            }),
          ]),
      fc.shuffledSubarray(keys, { minLength: keys.length }).map((order) => JSON.stringify(value, order)),
      fc.tuple(fc.string(), fc.jsonValue()).map(([name, said]) => `${line.slice(0, -1)},${further(name, said)}}`),
      fc.tuple(fc.string(), fc.jsonValue()).map(([name, said]) => `{${further(name, said)},${line.slice(1)}`),
      // A key twice, with what it says or with something else: which of the two counts is the reader's choice.
      fc.tuple(key, fc.jsonValue()).map(([name, said]) => `{${further(name, said)},${line.slice(1)}`),
      key.map((name) => `${line.slice(0, -1)},${further(name, value[name])}}`),
      fc.constantFrom(`\ufeff${line}`, `[${line}]`, `${line}\n`, `\n${line}`, `${line}\0`, line.replaceAll('/', '\\/')),
    );
  };

  it('is accepted in one spelling: header, chunk, leaf and trailer', async () => {
    const lines = readFileSync(await exported(0, LEAVES), 'utf8')
      .split('\n')
      .slice(0, -1);
    const file = join(folder, 'respelt');
    const change = fc
      .constantFrom(0, 1, 258, 2, 300, lines.length - 1)
      .chain((at) => respelt(lines[at]!).map((text) => [at, text] as const))
      .filter(([at, text]) => text !== lines[at]);
    await fc.assert(
      fc.asyncProperty(change, async ([at, text]) => {
        writeFileSync(file, `${lines.with(at, text).join('\n')}\n`);
        expect(await answerTo(file)).not.toBe('Verified');
      }),
      { numRuns: 400 },
    );
    writeFileSync(file, `${lines.join('\n')}\n`);
    expect(await answerTo(file)).toBe('Verified');
  });
});
