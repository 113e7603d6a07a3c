import { EventStoreDbEventStore } from '@adapters/event-store-db';
import {
  COSIGNATURE_V1,
  ED25519,
  EMPTY_ROOT,
  consistencyProof,
  formatAddCheckpoint,
  formatCheckpoint,
  formatSignerKey,
  type Hash,
  leafHash,
  MerkleTree,
  openCheckpoint,
  openWitnessedCheckpoint,
  parsePolicy,
  parseSignatureLines,
  parseSignedNote,
  parseSignerKey,
  parseVerifierKey,
  rootOf,
  signNote,
  type SignerKey,
} from '@foundation/transparency';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { HttpLog } from '../../apps/auditor/src/log-source.js';
import { cosignOnce } from '../../apps/auditor/src/witness.command.js';
import { WitnessOfLog } from '../../apps/auditor/src/witness.js';
import { startEventStore, type StartedEventStore } from '../support/event-store.js';
import { audit, eventually, record, sizeOf, startSequencer, startWitness } from './support.js';
import type { Program } from '../support/program.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const keyOf = (name: string, type: number): SignerKey => parseSignerKey(formatSignerKey(name, type, randomBytes(32)));
const log = keyOf('lodestone/test', ED25519);
const france = keyOf('witness/fr', COSIGNATURE_V1);
const NOON = 1_780_000_000;

/** A tree over numbered leaves; `turn` gives it another history from a leaf on. */
const treeOf = (size: number, turn = Infinity) => {
  const nodes = new Map<string, Hash>();
  const tree = new MerkleTree((level, index, hash) => nodes.set(`${level}/${index}`, hash));
  for (let at = 0; at < size; at++) tree.append(leafHash(Buffer.from(`${at < turn ? 'leaf' : 'other'} ${at}`)));
  return {
    note: (by: SignerKey = log) => signNote(formatCheckpoint({ origin: by.name, size, root: tree.root() }), [by.at()]),
    proofFrom: (older: number) =>
      older === 0
        ? Promise.resolve([])
        : consistencyProof((level, index) => nodes.get(`${level}/${index}`)!, older, size),
  };
};

describe('A witness', () => {
  let file: string;
  let witness: WitnessOfLog;
  const opened = (): WitnessOfLog => new WitnessOfLog(log.verifier, france, file, () => NOON);
  beforeEach(() => {
    file = join(temporaryFolder(), 'state');
    witness = opened();
  });

  const ask = async (oldSize: number, tree: ReturnType<typeof treeOf>, note = tree.note(), from = oldSize) =>
    witness.answer(formatAddCheckpoint({ oldSize, proof: await tree.proofFrom(from), checkpoint: note }));

  it('cosigns the first checkpoint that it sees, from old size 0 with an empty proof', async () => {
    const answer = await ask(0, treeOf(5));
    expect(answer.status).toBe(200);
    const note = signNote(
      openCheckpoint(treeOf(5).note(), [log.verifier]).note.text,
      [log.at()],
      parseSignatureLines(answer.body),
    );
    expect(openCheckpoint(note, [log.verifier], [france.verifier]).note.verified).toHaveLength(2);
  });

  it('cosigns what extends it, and the same again', async () => {
    await ask(0, treeOf(5));
    expect((await ask(5, treeOf(9))).status).toBe(200);
    expect((await ask(9, treeOf(9))).status).toBe(200);
    expect(witness.size).toBe(9);
  });

  it('answers 409 with the size that it knows to any other old size, a replay and a rollback', async () => {
    await ask(0, treeOf(9));
    for (const answer of [
      await ask(0, treeOf(12)),
      await ask(5, treeOf(12)),
      await ask(0, treeOf(5)),
      await ask(5, treeOf(5)),
    ]) {
      expect(answer).toEqual({ status: 409, body: '9\n', type: 'text/x.tlog.size' });
    }
    expect(witness.size).toBe(9);
  });

  it('refuses a fork of the same size (409) and one that is larger (422), and keeps what it knows', async () => {
    await ask(0, treeOf(9));
    expect((await ask(9, treeOf(9, 4))).status).toBe(409);
    const fork = await ask(9, treeOf(12, 4));
    expect(fork.status).toBe(422);
    expect(fork.body).toContain('first 9 leaves');
    expect((await ask(9, treeOf(12))).status).toBe(200);
  });

  it('refuses an edited proof with 422', async () => {
    await ask(0, treeOf(5));
    const proof = (await treeOf(9).proofFrom(5)).toReversed();
    expect(witness.answer(formatAddCheckpoint({ oldSize: 5, proof, checkpoint: treeOf(9).note() })).status).toBe(422);
    const empty = formatCheckpoint({ origin: log.name, size: 0, root: leafHash(Buffer.of()) });
    const fresh = new WitnessOfLog(log.verifier, france, `${file}.other`, () => NOON);
    const answer = (text: string) =>
      fresh.answer(formatAddCheckpoint({ oldSize: 0, proof: [], checkpoint: signNote(text, [log.at()]) })).status;
    expect(answer(empty)).toBe(422);
    expect(answer(formatCheckpoint({ origin: log.name, size: 0, root: EMPTY_ROOT }))).toBe(200);
  });

  it('answers 403 to a forged signature, 404 to another log, 400 to what is no request', async () => {
    expect((await ask(0, treeOf(5), treeOf(5).note(keyOf('lodestone/test', ED25519)))).status).toBe(403);
    expect((await ask(0, treeOf(5), treeOf(5).note(keyOf('lodestone/other', ED25519)))).status).toBe(404);
    expect((await ask(7, treeOf(5), treeOf(5).note(), 0)).status).toBe(400);
    for (const body of ['', 'old 0', 'old -1\n\n', 'old 0\n\nnothing', 'old 00\n\n']) {
      expect([body, witness.answer(body).status]).toEqual([body, 400]);
    }
    expect(witness.size).toBe(0);
  });

  it('has what it signed on disk before it answers: killed then, it still refuses the other history', async () => {
    await ask(0, treeOf(9));
    // Nothing was closed; another process reads the file.
    witness = opened();
    expect(witness.size).toBe(9);
    expect((await ask(0, treeOf(9, 2))).status).toBe(409);
    expect((await ask(9, treeOf(12, 2))).status).toBe(422);
  });

  it('signs nothing that it cannot keep', async () => {
    await ask(0, treeOf(5));
    mkdirSync(`${file}.new`);
    await expect(ask(5, treeOf(9))).rejects.toThrow();
    expect(witness.size).toBe(5);
    chmodSync(`${file}.new`, 0o700);
  });

  it('does not start on a memory that is not of its log', async () => {
    await ask(0, treeOf(5));
    writeFileSync(file, readFileSync(file, 'utf8').replace('\n5\n', '\n4\n'));
    expect(opened).toThrow('is not of this text');
  });
});

describe('A log and its witnesses', () => {
  const programs: Program<unknown>[] = [];
  let store: StartedEventStore;
  let history: EventStoreDbEventStore;
  beforeEach(async () => {
    store = await startEventStore();
    history = new EventStoreDbEventStore(store.url);
  });
  afterEach(async () => {
    for (const program of programs.splice(0)) await program.stop('SIGKILL');
    await history.close();
    await store.stop();
  });
  const kept = <T extends Program<unknown>>(program: T): T => (programs.push(program), program);

  it('publish a checkpoint once the quorum has cosigned: one that is asked, and one that asks', async () => {
    const folder = temporaryFolder();
    const data = join(folder, 'log');
    await record(history, 3);
    const first = await startSequencer(store.url, data);
    const url = first.ready.log;
    const port = new URL(url).port;
    const asked = kept(
      await startWitness(
        '--log',
        url,
        '--key',
        join(folder, 'fr'),
        '--name',
        'witness/fr',
        '--port',
        '0',
        '--every',
        '1',
      ),
    );
    const asking = kept(
      await startWitness('--log', url, '--key', join(folder, 'jp'), '--name', 'witness/jp', '--every', '1'),
    );
    expect(asked.ready.log).toBe(first.ready.vkey);
    await first.stop();
    const policy = [
      `log ${first.ready.vkey}`,
      `witness fr ${asked.ready.vkey} ${asked.ready.witness}`,
      `witness jp ${asking.ready.vkey}`,
      'group both all fr jp',
      'quorum both',
      '',
    ].join('\n');
    writeFileSync(join(folder, 'policy'), policy);
    const second = kept(await startSequencer(store.url, data, { LOG_POLICY: join(folder, 'policy'), LOG_PORT: port }));
    await record(history, 4);
    const note = await eventually(async () => {
      if ((await sizeOf(second.ready.log)) !== 7) return false;
      return await (await fetch(`${second.ready.log}/checkpoint`)).text();
    });
    expect(openWitnessedCheckpoint(parsePolicy(policy), note).witnesses.map(({ name }) => name)).toEqual(['fr', 'jp']);
    // Whoever runs them sees them work, whether they ask or are asked.
    for (const { said } of [asked, asking])
      await eventually(() =>
        Promise.resolve(said.some((line) => /Z {2}cosigned 7 leaves of lodestone\/test$/.test(line))),
      );
    // A log at rest is cosigned again and again, and has one signature of each all the same.
    const notes = new Set<string>();
    await eventually(async () => {
      notes.add(await (await fetch(`${second.ready.log}/checkpoint`)).text());
      return notes.size >= 4;
    });
    expect([...notes].map((each) => parseSignedNote(each).signatures.length)).toEqual([...notes].map(() => 3));
    // With one of them silent, nothing new counts.
    await asking.stop();
    await record(history, 1);
    await eventually(async () => (await sizeOf(second.ready.log, 'pending')) === 8);
    expect(await sizeOf(second.ready.log)).toBe(7);
    const out = join(folder, 'bundle');
    expect(await audit('export', '--data', data, '--out', out, '--event-store', store.url)).toMatchObject({ code: 0 });
    expect(await audit('verify', '--bundle', out, '--policy', join(folder, 'policy'))).toMatchObject({
      code: 0,
      output: expect.stringContaining('7 leaves (0 to 7) of lodestone/test, 7 with their content'),
    });
  });

  it('find out a folder that was rolled back as a whole, by the checkpoint that a witness holds', async () => {
    const folder = temporaryFolder();
    const data = join(folder, 'log');
    const before = await startSequencer(store.url, data);
    await eventually(async () => (await fetch(`${before.ready.log}/checkpoint`)).ok);
    await before.stop();
    const key = parseSignerKey(readFileSync(join(data, 'log.key'), 'utf8').trim());
    // What the log signed before its folder was rolled back.
    const witnessKey = join(folder, 'fr');
    writeFileSync(witnessKey, formatSignerKey('witness/fr', COSIGNATURE_V1, randomBytes(32)));
    const root = rootOf([leafHash(Buffer.from('forgotten'))]);
    writeFileSync(`${witnessKey}.state`, signNote(formatCheckpoint({ origin: key.name, size: 1, root }), [key.at()]));
    const caught = kept(
      await startWitness(
        '--log',
        before.ready.log,
        '--key',
        witnessKey,
        '--log-key',
        before.ready.vkey,
        '--port',
        '0',
        '--every',
        '60',
      ),
    );
    writeFileSync(
      join(folder, 'policy'),
      `log ${before.ready.vkey}\nwitness fr ${caught.ready.vkey} ${caught.ready.witness}\nquorum fr\n`,
    );
    const after = kept(await startSequencer(store.url, data, { LOG_POLICY: join(folder, 'policy') }));
    const { alarm } = await eventually(async () => {
      const health = (await (await fetch(`${after.ready.log}/health`)).json()) as { alarm?: string };
      return health.alarm === undefined ? null : { alarm: health.alarm };
    });
    expect(alarm).toContain('the whole folder was rolled back');
  });

  it('a witness that polls is not shown a second history: it raises an alarm, and cosigns nothing', async () => {
    const folder = temporaryFolder();
    await record(history, 3);
    const running = kept(await startSequencer(store.url, join(folder, 'log')));
    await eventually(async () => (await sizeOf(running.ready.log)) === 3);
    const key = parseSignerKey(readFileSync(join(folder, 'log', 'log.key'), 'utf8').trim());
    const stateOf = (size: number): WitnessOfLog => {
      const state = join(folder, `state-${size}`);
      const root = leafHash(Buffer.from('another history'));
      writeFileSync(state, signNote(formatCheckpoint({ origin: key.name, size, root }), [key.at()]));
      return new WitnessOfLog(parseVerifierKey(running.ready.vkey), france, state);
    };
    const polled = (size: number) => cosignOnce(new HttpLog(running.ready.log, null), stateOf(size));
    await expect(polled(2)).rejects.toThrow('does not extend the 2 that were cosigned');
    await expect(polled(3)).rejects.toThrow('it has forked');
    await expect(polled(4)).rejects.toThrow('it was rolled back, or an old checkpoint replayed');
  });
});
