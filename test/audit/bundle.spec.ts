import { LogStore } from '@adapters/transparency-log-sqlite';
import { newId } from '@foundation/eventing';
import {
  canonicalize,
  ED25519,
  formatCheckpoint,
  leafHash,
  parseCheckpoint,
  parseSignedNote,
} from '@foundation/transparency';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Instant } from '@kernel';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportBundle } from '../../apps/auditor/src/export.js';
import { LogFile } from '../../apps/auditor/src/log-source.js';
import { fatesInBundle } from '../../apps/auditor/src/receipts.js';
import { BundleRefused, type Trust, verifyBundle } from '../../apps/auditor/src/verify.js';
import {
  contentsOf,
  france,
  japan,
  keyOf,
  logKey,
  logOf,
  NOON,
  ORIGIN,
  policyText,
  type Secret,
  signedBy,
  stranger,
  trust,
} from './logs.js';
import { audit } from './support.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('A bundle', () => {
  let folder: string;
  let lines: string[];
  let secrets: Map<string, Secret>;
  beforeAll(async () => {
    folder = temporaryFolder();
    secrets = logOf(join(folder, 'log.db'), 600);
    lines = (await exported({})).split('\n');
    writeFileSync(join(folder, 'policy'), policyText);
  });

  const exported = async (range: { first?: number; end?: number }): Promise<string> => {
    const source = new LogFile(join(folder, 'log.db'));
    const file = join(folder, 'exported');
    await exportBundle(source, contentsOf(secrets), file, range);
    source.close();
    return readFileSync(file, 'utf8');
  };
  const written = (text: string): string => {
    const file = join(folder, `bundle-${newId()}`);
    writeFileSync(file, text);
    return file;
  };
  /** What is wrong with a bundle whose lines were changed. */
  const refusalOf = async (
    change: (lines: string[]) => string[] | string,
    how: Trust = trust,
  ): Promise<BundleRefused> => {
    const changed = change([...lines]);
    const file = written(typeof changed === 'string' ? changed : changed.join('\n'));
    const error = await verifyBundle(file, how).then(
      () => new Error('it was accepted'),
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof BundleRefused)) throw error;
    return error;
  };
  /** Line of a leaf: behind the header and the chunks so far. */
  const at = (index: number): number => 2 + index + Math.floor(index / 256);
  const eventAt = (index: number): string =>
    (JSON.parse(lines[at(index)]!) as { leaf: { eventId: string } }).leaf.eventId;
  const withCheckpoint = (all: string[], note: string): string[] => {
    all[0] = JSON.stringify({ ...(JSON.parse(all[0]!) as object), checkpoint: note });
    return all;
  };
  const checkpointText = (): string =>
    parseSignedNote((JSON.parse(lines[0]!) as { checkpoint: string }).checkpoint).text;

  it('as it was exported is verified, with every content', async () => {
    const verified = await verifyBundle(written(lines.join('\n')), trust);
    expect(verified).toMatchObject({ first: 0, end: 600, contents: 600 });
    expect(verified.checkpoint.witnesses.map(({ name }) => name)).toEqual(['fr', 'jp']);
  });

  it.each([
    [0, 1],
    [0, 256],
    [255, 257],
    [256, 512],
    [300, 600],
    [599, 600],
    [512, 512],
  ])('of the leaves %d to %d alone is verified', async (first, end) => {
    const verified = await verifyBundle(written(await exported({ first, end })), trust);
    expect(verified).toMatchObject({ first, end, contents: end - first });
  });

  it.each([0, 1, 255, 256, 257, 512, 513])('of a log of %d leaves is verified', async (count) => {
    const file = join(folder, `log-${count}.db`);
    logOf(file, count);
    const source = new LogFile(file);
    await exportBundle(source, { of: (leaves) => Promise.resolve(leaves.map(() => null)) }, join(folder, 'out'));
    source.close();
    expect(await verifyBundle(join(folder, 'out'), trust)).toMatchObject({ end: count, contents: 0 });
  });

  it('with a tampered event is refused, and the event named', async () => {
    const refusal = await refusalOf((all) => {
      all[at(300)] = all[at(300)]!.replace('"party":"JP"', '"party":"US"');
      return all;
    });
    expect(refusal).toMatchObject({ fault: 'LEAF_CHANGED', index: 300, eventId: eventAt(300) });
    expect(refusal.message).toContain(eventAt(300));
  });

  it('with a tampered content is refused, and the event named', async () =>
    expect(
      await refusalOf((all) => {
        all[at(17)] = all[at(17)]!.replace('"quantity":"17"', '"quantity":"18"');
        return all;
      }),
    ).toMatchObject({ fault: 'CONTENT_CHANGED', index: 17, eventId: eventAt(17) }));

  it('with a content of another event is refused', async () =>
    expect(
      await refusalOf((all) => {
        const contentOf = (line: string): string => line.slice(line.indexOf(',"content"'));
        all[at(17)] = all[at(17)]!.replace(contentOf(all[at(17)]!), contentOf(all[at(18)]!));
        return all;
      }),
    ).toMatchObject({ fault: 'CONTENT_CHANGED', index: 17 }));

  it('with two events in each other’s place is refused', async () =>
    expect(
      await refusalOf((all) => {
        [all[at(9)], all[at(10)]] = [all[at(10)]!, all[at(9)]!];
        return all;
      }),
    ).toMatchObject({ fault: 'LEAF_MISSING', index: 9 }));

  it('with two events in each other’s place, numbered anew, is refused, and their places named', async () => {
    const refusal = await refusalOf((all) => {
      const [nine, ten] = [all[at(9)]!, all[at(10)]!];
      all[at(9)] = ten.replace('"index":10', '"index":9');
      all[at(10)] = nine.replace('"index":9', '"index":10');
      return all;
    });
    expect(refusal).toMatchObject({ fault: 'LEAF_MISPLACED', index: 9, eventId: eventAt(10) });
    expect(refusal.message).toContain('is leaf 10 of the log');
  });

  it('with a dropped event is refused, and the leaf named', async () =>
    expect(await refusalOf((all) => all.toSpliced(at(42), 1))).toMatchObject({ fault: 'LEAF_MISSING', index: 42 }));

  it('with a repeated event is refused', async () =>
    expect(await refusalOf((all) => all.toSpliced(at(42), 0, all[at(41)]!))).toMatchObject({
      fault: 'LEAF_MISPLACED',
      index: 42,
    }));

  it('with the last event of a chunk dropped is refused', async () =>
    expect(await refusalOf((all) => all.toSpliced(at(255), 1))).toMatchObject({ fault: 'LEAF_MISSING', index: 255 }));

  it.each([
    ['behind a line', (all: string[]) => `${all.slice(0, at(400)).join('\n')}\n`, 400],
    ['within a line', (all: string[]) => all.join('\n').slice(0, -100_000), null],
    ['before its last line', (all: string[]) => `${all.slice(0, -2).join('\n')}\n`, null],
    ['before its last newline', (all: string[]) => all.join('\n').slice(0, -1), null],
    ['in its first line', (all: string[]) => all[0]!.slice(0, 40), null],
    ['to nothing', () => '', null],
  ])('cut off %s is refused', async (_, cut, index) => {
    const refusal = await refusalOf(cut);
    expect(refusal.fault).toBe('TRUNCATED');
    if (index !== null) expect(refusal.index).toBe(index);
  });

  it('under a forged checkpoint is refused', async () => {
    const forger = keyOf(ORIGIN, ED25519);
    const refusal = await refusalOf((all) => withCheckpoint(all, signedBy(checkpointText(), forger, [france, japan])));
    expect(refusal).toMatchObject({ fault: 'CHECKPOINT_REFUSED' });
  });

  it('under a checkpoint whose root was edited is refused', async () =>
    expect(
      await refusalOf((all) => {
        const { checkpoint } = JSON.parse(all[0]!) as { checkpoint: string };
        const root = checkpoint.split('\n')[2]!;
        return withCheckpoint(all, checkpoint.replace(root, createHash('sha256').update('x').digest('base64')));
      }),
    ).toMatchObject({ fault: 'CHECKPOINT_REFUSED' }));

  it('under the checkpoint of a smaller tree is refused', async () =>
    expect(
      await refusalOf((all) => {
        const text = formatCheckpoint({ ...parseCheckpoint(checkpointText()), size: 500 });
        return withCheckpoint(all, signedBy(text, logKey, [france, japan]));
      }),
    ).toMatchObject({ fault: 'CHECKPOINT_REPLAYED', index: 500 }));

  it('older than what is known is refused', async () =>
    expect(
      await refusalOf((all) => all, { ...trust, known: { ...parseCheckpoint(checkpointText()), size: 601 } }),
    ).toMatchObject({ fault: 'CHECKPOINT_REPLAYED' }));

  it('whose witnesses signed too long ago is refused', async () => {
    const { fault } = await refusalOf((all) => all, { ...trust, cosignedAfter: NOON + 1 });
    expect(fault).toBe('CHECKPOINT_REPLAYED');
    await verifyBundle(written(lines.join('\n')), { ...trust, cosignedAfter: NOON });
  });

  it('of a log that rewrote what is known is refused, and one that extends it verified', async () => {
    const known = (count: number) => {
      const file = join(folder, `known-${newId()}.db`);
      const from = LogStore.read(join(folder, 'log.db'));
      logOf(file, count, from);
      from.close();
      const store = LogStore.read(file);
      const { checkpoint } = store;
      store.close();
      return parseCheckpoint(parseSignedNote(checkpoint!).text);
    };
    for (const size of [0, 1, 255, 256, 300, 512, 600]) {
      await verifyBundle(written(lines.join('\n')), { ...trust, known: known(size) });
    }
    const rewritten = { ...known(300), root: leafHash(Buffer.from('otherwise')) };
    expect((await refusalOf((all) => all, { ...trust, known: rewritten })).fault).toBe('FORKED');
  });

  it.each([
    ['a witness less', [france]],
    ['a witness of the same name and another key', [stranger, japan]],
    ['no witness', []],
  ])('with %s than the quorum needs is refused', async (_, witnesses) =>
    expect(await refusalOf((all) => withCheckpoint(all, signedBy(checkpointText(), logKey, witnesses)))).toMatchObject({
      fault: 'CHECKPOINT_REFUSED',
    }),
  );

  it('with an edited hash is refused, and the leaves named that it proves', async () => {
    const refusal = await refusalOf((all) => {
      const line = JSON.parse(all[at(256) - 1]!) as { hashes: string };
      const hashes = Buffer.from(line.hashes, 'base64');
      hashes[40]! ^= 1;
      all[at(256) - 1] = JSON.stringify({ ...line, hashes: hashes.toString('base64') });
      return all;
    });
    expect(refusal).toMatchObject({ fault: 'PROOF_REFUSED', index: 256 });
    expect(refusal.message).toContain('the leaves 256 to 511');
  });

  it('with an edited proof is refused', async () =>
    expect(
      await refusalOf((all) => {
        const line = JSON.parse(all[1]!) as { proof: string[] };
        all[1] = JSON.stringify({ ...line, proof: line.proof.toReversed() });
        return all;
      }),
    ).toMatchObject({ fault: 'PROOF_REFUSED', index: 0 }));

  it('is refused whichever byte of a leaf’s line is changed', async () => {
    const line = lines[at(30)]!;
    for (let byte = 0; byte < line.length; byte += 7) {
      const other = line[byte] === 'x' ? 'y' : 'x';
      const changed = `${line.slice(0, byte)}${other}${line.slice(byte + 1)}`;
      const refusal = await refusalOf((all) => all.with(at(30), changed));
      expect([byte, refusal.index]).toEqual([byte, 30]);
    }
    await expect(refusalOf((all) => all.with(at(30), `${line} `))).resolves.toMatchObject({ fault: 'MALFORMED' });
  });

  it('attack case 36: without contents holds no salt, and a million guesses of a value find none of its digests', async () => {
    const source = new LogFile(join(folder, 'log.db'));
    const file = join(folder, 'bare');
    await exportBundle(source, { of: (leaves) => Promise.resolve(leaves.map(() => null)) }, file, { end: 100 });
    source.close();
    const text = readFileSync(file, 'utf8');
    for (const { commitment } of secrets.values()) expect(text).not.toContain(commitment.salt!);
    const digests = new Set(
      text
        .split('\n')
        .flatMap((line) => [...line.matchAll(/"(?:digest|commandHash)":"([^"]+)"/g)].map(([, found]) => found!)),
    );
    expect(digests.size).toBeGreaterThanOrEqual(100);
    let found = 0;
    for (let guess = 0; guess < 1_000_000; guess++) {
      const digest = createHash('sha256').update(`{"quantity":"${guess}"}`).digest('base64url');
      if (digests.has(digest)) found++;
    }
    expect(found).toBe(0);
    // With the salt, which the owner has, the value is found at once: the guesses are of the right form.
    const [{ data, commitment }] = secrets.values() as unknown as [Secret];
    const opened = createHash('sha256')
      .update(Buffer.from(commitment.salt!, 'base64url'))
      .update(canonicalize(data))
      .digest('base64url');
    expect(digests.has(opened)).toBe(true);
  });

  it('tells whether the events of a receipt are in the log', async () => {
    const bundle = written(lines.join('\n'));
    const leaf = /"leaf":(.*),"content"/.exec(lines[at(3)]!)![1]!;
    const event = { eventId: eventAt(3), leafHash: leafHash(Buffer.from(leaf)) };
    const dropped = { eventId: newId(), leafHash: leafHash(Buffer.from('dropped')) };
    const before = new Date((NOON - 60) * 1_000).toISOString() as Instant;
    const after = new Date((NOON + 60) * 1_000).toISOString() as Instant;
    const fates = async (includeBy: Instant) =>
      (await fatesInBundle({ leaves: [event, dropped], includeBy }, bundle, trust.policy)).map(({ fate }) => fate);
    expect(await fates(before)).toEqual(['included', 'missing']);
    expect(await fates(after)).toEqual(['included', 'due']);
  });

  it('is verified by the command, with exit code 0, and refused with 1 and the event', async () => {
    const policy = join(folder, 'policy');
    const good = await audit('verify', '--bundle', written(lines.join('\n')), '--policy', policy);
    expect(good).toMatchObject({ code: 0, output: expect.stringContaining('Verified: 600 leaves') });
    expect(good.output).toContain('Every content was looked at');
    const source = new LogFile(join(folder, 'log.db'));
    await exportBundle(source, { of: (leaves) => Promise.resolve(leaves.map(() => null)) }, join(folder, 'leaves'));
    source.close();
    const bare = await audit('verify', '--bundle', join(folder, 'leaves'), '--policy', policy);
    expect(bare).toMatchObject({ code: 0, output: expect.stringContaining('No content was looked at') });
    const bad = lines.with(at(5), lines[at(5)]!.replace('JP', 'US'));
    const refused = await audit('verify', '--bundle', written(bad.join('\n')), '--policy', policy);
    expect(refused).toMatchObject({ code: 1, output: expect.stringContaining(eventAt(5)) });
  });

  it.each([
    [[], 2, 'Usage'],
    [['nothing'], 2, 'no command "nothing"'],
    [['verify'], 2, '--bundle is missing. --policy is missing.'],
    [['verify', '--bundel', 'x'], 2, '--bundel'],
    [['verify', '--bundle', '/nowhere', '--policy', '/nowhere'], 3, '/nowhere cannot be read'],
    [['export', '--out', 'x'], 2, 'Give --log or --data'],
    [['check-receipt', '--help'], 0, 'demands the proof'],
  ])('commands %j end with %d', async (args, code, sentence) =>
    expect(await audit(...args)).toMatchObject({ code, output: expect.stringContaining(sentence) }),
  );
});
