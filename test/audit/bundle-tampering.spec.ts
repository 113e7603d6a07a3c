import { LogStore, type NewLeaf } from '@adapters/transparency-log-sqlite';
import { endingOf } from '@foundation/configuration';
import {
  type Checkpoint,
  formatCheckpoint,
  leafHash,
  parseCheckpoint,
  parseSignedNote,
  TileTree,
} from '@foundation/transparency';
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isDeepStrictEqual } from 'node:util';
import { NO_CONTENTS } from '../../apps/auditor/src/contents.js';
import { exportBundle } from '../../apps/auditor/src/export.js';
import { LogFile } from '../../apps/auditor/src/log-source.js';
import { meaning } from '../../apps/auditor/src/meaning.js';
import { BundleRefused, type Trust, verifyBundle } from '../../apps/auditor/src/verify.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { contentsOf, france, japan, logKey, logOf, ORIGIN, signedBy, trust } from './logs.js';
import { bundleTamperings } from './tampering/bundles.js';

/*
 * Each kind of tampering is a place and a manner. Each is named, or has provably changed nothing that the verifier goes
 * by. `npm test` tries a share; LODESTONE_TAMPERINGS=all, as `npm run test:tampering` sets it, tries every one.
 */
const SHARE = 150;
const shareOf = <T>(all: readonly T[]): readonly T[] =>
  process.env['LODESTONE_TAMPERINGS'] === 'all'
    ? all
    : fc.sample(
        fc.shuffledSubarray([...all], {
          minLength: Math.min(SHARE, all.length),
          maxLength: Math.min(SHARE, all.length),
        }),
        1,
      )[0]!;

let folder: string;
let lines: readonly string[];
let other: readonly string[];
let known: Checkpoint;
let truth: Effect;

/** All that somebody learns who verifies a bundle. */
type Effect = {
  readonly first: number;
  readonly end: number;
  readonly size: number;
  readonly leaves: string;
  /** How many came along, each as committed to: what did not is told. */
  readonly contents: number;
};
type Verdict = Effect | BundleRefused;

const verdictOn = async (text: string, how: Trust): Promise<Verdict> => {
  const file = join(folder, 'tampered');
  writeFileSync(file, text);
  const leaves = createHash('sha256');
  try {
    const { first, end, checkpoint, contents } = await verifyBundle(file, how, (_, hash) => void leaves.update(hash));
    return { first, end, size: checkpoint.size, leaves: leaves.digest('hex'), contents };
  } catch (error) {
    if (error instanceof BundleRefused) return error;
    throw error;
  }
};
const textOf = (all: readonly string[]): string => `${all.join('\n')}\n`;

const linesOf = async (log: string, contents = NO_CONTENTS): Promise<string[]> => {
  const source = new LogFile(log);
  try {
    await exportBundle(source, contents, join(folder, 'exported'));
  } finally {
    source.close();
  }
  return readFileSync(join(folder, 'exported'), 'utf8').split('\n').slice(0, -1);
};

beforeAll(async () => {
  folder = temporaryFolder();
  lines = await linesOf(join(folder, 'log.db'), contentsOf(logOf(join(folder, 'log.db'), 600)));
  other = await linesOf(join(folder, 'other.db'), contentsOf(logOf(join(folder, 'other.db'), 600)));
  known = checkpointIn(lines);
  truth = (await verdictOn(textOf(lines), { ...trust, known })) as Effect;
  expect(truth).toMatchObject({ first: 0, end: 600, size: 600 });
});
const checkpointIn = ([header]: readonly string[]): Checkpoint =>
  parseCheckpoint(parseSignedNote((JSON.parse(header!) as { checkpoint: string }).checkpoint).text);

describe('A tampered bundle', () => {
  it('is refused, or proves what it proved before, whatever is done to it and where', async () => {
    const kinds = bundleTamperings(lines);
    const wrong: string[] = [];
    const counts = { named: 0, 'told as left out': 0, 'changed nothing': 0, 'is none': 0 };
    for (const kind of shareOf(kinds)) {
      const tampered = kind.on(lines, other);
      if (tampered === null || isDeepStrictEqual(tampered, lines)) counts['is none']++;
      else {
        const verdict = await verdictOn(textOf(tampered), { ...trust, known });
        if (verdict instanceof BundleRefused) counts.named++;
        else if (isDeepStrictEqual(verdict, truth)) counts['changed nothing']++;
        else if (isDeepStrictEqual({ ...verdict, contents: truth.contents }, truth)) counts['told as left out']++;
        else wrong.push(kind.name);
      }
    }
    expect(wrong).toEqual([]);
    if (process.env['LODESTONE_TAMPERINGS'] === 'all') {
      console.log(`bundles: ${kinds.length} kinds, ${JSON.stringify(counts)}`);
      expect(counts.named + counts['changed nothing']).toBeGreaterThanOrEqual(350);
    }
    expect(counts.named).toBeGreaterThan(0);
  });

  const parts = ['stream', 'revision', 'eventId', 'type', 'recordedAt', 'party', 'payload', 'command', 'context'];
  const signers: readonly (readonly [string, Parameters<typeof signedBy>[2]])[] = [
    ['the log alone', []],
    ['the log and a witness', [france]],
    ['the log and every witness, against what is known', [france, japan]],
  ];
  it.each(signers)('is refused when the whole log was made anew over it and signed by %s', async (_, witnesses) => {
    const store = LogStore.read(join(folder, 'log.db'));
    const texts = store.leaves(0, 600).map(({ text }) => text);
    store.close();
    for (const at of [0, 255, 256, 300, 599]) {
      for (const part of parts) {
        const leaf = JSON.parse(texts[at]!) as Record<string, unknown>;
        if (!(part in leaf)) continue;
        const changed =
          typeof leaf[part] === 'string' ? { ...leaf, [part]: `${leaf[part]}x` } : { ...leaf, [part]: null };
        const file = join(folder, `anew-${at}-${part}-${witnesses.length}.db`);
        made(file, texts.with(at, JSON.stringify(changed)), witnesses);
        const verdict = await verdictOn(textOf(await linesOf(file)), { ...trust, known });
        const fault = witnesses.length < 2 ? 'CHECKPOINT_REFUSED' : 'FORKED';
        expect([at, part, (verdict as BundleRefused).fault]).toEqual([at, part, fault]);
      }
    }
  });
});

/** A log of these leaves, whatever they say. */
const made = (file: string, texts: readonly string[], witnesses: Parameters<typeof signedBy>[2]): void => {
  const store = LogStore.open(file, ORIGIN);
  const tree = new TileTree();
  const leaves = texts.map((text, at): NewLeaf => {
    const hash = leafHash(Buffer.from(text));
    tree.append(hash);
    return { eventId: `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`, position: BigInt(at), text, hash };
  });
  store.append(leaves, tree.takeTiles(), BigInt(texts.length));
  store.keepCheckpoint(
    signedBy(formatCheckpoint({ origin: ORIGIN, size: texts.length, root: tree.root() }), logKey, witnesses),
  );
  store.close();
};

describe('A tampered log file', () => {
  const leafColumns: Record<string, string> = {
    'text, one letter': `text = replace(text, '"party":"JP"', '"party":"US"')`,
    'text, cut off': 'text = substr(text, 1, 100)',
    'text, empty': `text = ''`,
    'text, no JSON': `text = 'x' || text`,
    'text, the neighbour’s': 'text = (SELECT text FROM leaf other WHERE other.idx = (leaf.idx + 1) % 600)',
    'text, in spaces': `text = replace(text, ',', ', ')`,
    'place, beyond the end': 'idx = idx + 10000',
    'event, another': 'event = zeroblob(16)',
    'head of the hash': 'hash_head = hash_head + 1',
  };
  const statements: Record<string, string> = Object.fromEntries([
    ...[0, 255, 256, 300, 599].flatMap((at) =>
      [...Object.entries(leafColumns), ['the leaf itself', '']].map(([name, set]) => [
        `leaf ${at}: ${name}`,
        set === '' ? `DELETE FROM leaf WHERE idx = ${at}` : `UPDATE leaf SET ${set} WHERE idx = ${at}`,
      ]),
    ),
    ...['level = 0 AND idx = 0', 'level = 0 AND idx = 1', 'level = 0 AND idx = 2', 'level = 1'].flatMap((tile) => [
      [`tile ${tile}: its first byte`, `UPDATE tile SET bytes = CAST(x'00' || substr(bytes, 2) AS BLOB) WHERE ${tile}`],
      [
        `tile ${tile}: its last byte`,
        `UPDATE tile SET bytes = CAST(substr(bytes, 1, length(bytes) - 1) || x'00' AS BLOB) WHERE ${tile}`,
      ],
      [`tile ${tile}: cut off`, `UPDATE tile SET bytes = substr(bytes, 1, length(bytes) - 32) WHERE ${tile}`],
      [`tile ${tile}: longer`, `UPDATE tile SET bytes = CAST(bytes || zeroblob(32) AS BLOB) WHERE ${tile}`],
      [`tile ${tile}: empty`, `UPDATE tile SET bytes = x'' WHERE ${tile}`],
      [`tile ${tile}: gone`, `DELETE FROM tile WHERE ${tile}`],
      [`tile ${tile}: of zeros`, `UPDATE tile SET bytes = zeroblob(length(bytes)) WHERE ${tile}`],
    ]),
    ...Object.entries({
      'its size, smaller': 'size = 599',
      'its size, larger': 'size = 601',
      'its position': 'position = position - 10',
      'its origin': `origin = 'another'`,
      'its layout': 'layout = 9',
      'its checkpoint, gone': 'checkpoint = NULL',
      'its checkpoint, empty': `checkpoint = ''`,
      'its checkpoint, of a smaller log': `checkpoint = replace(checkpoint, char(10) || '600' || char(10), char(10) || '599' || char(10))`,
      'its checkpoint, without a witness': `checkpoint = substr(checkpoint, 1, length(checkpoint) - 60)`,
      'its checkpoint, no text of one': `checkpoint = 'x'`,
    }).map(([name, set]) => [`the log: ${name}`, `UPDATE log SET ${set}`]),
    ['the table of leaves', 'DROP TABLE leaf'],
    ['the table of tiles', 'DROP TABLE tile'],
    ['the row of the log', 'DELETE FROM log'],
  ]) as Record<string, string>;

  it('cannot be exported, is refused, or proves what it proved before', async () => {
    const whole = await linesOf(join(folder, 'log.db'));
    const bare = (await verdictOn(textOf(whole), { ...trust, known })) as Effect;
    const wrong: string[] = [];
    const counts = { 'not exported': 0, named: 0, 'changed nothing': 0 };
    for (const [name, statement] of shareOf(Object.entries(statements))) {
      const file = join(folder, 'tampered.db');
      copyFileSync(join(folder, 'log.db'), file);
      const database = new DatabaseSync(file);
      database.exec(`PRAGMA journal_mode = DELETE; ${statement}`);
      database.close();
      let exported: readonly string[];
      try {
        exported = await linesOf(file);
      } catch (error) {
        const { message } = endingOf(error, meaning);
        if (message.startsWith('This is a fault')) wrong.push(`${name}: ${message}`);
        else counts['not exported']++;
        continue;
      }
      const verdict = await verdictOn(textOf(exported), { ...trust, known });
      if (verdict instanceof BundleRefused) counts.named++;
      else if (isDeepStrictEqual(verdict, bare)) counts['changed nothing']++;
      else wrong.push(name);
    }
    expect(wrong).toEqual([]);
    if (process.env['LODESTONE_TAMPERINGS'] === 'all')
      console.log(`log files: ${Object.keys(statements).length} kinds, ${JSON.stringify(counts)}`);
  });
});
