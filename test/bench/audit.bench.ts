import { EventStoreDbEventStore } from '@adapters/event-store-db';
import { LogStore, type NewLeaf, tilesOf } from '@adapters/transparency-log-sqlite';
import { committed, commitTo, leafOf, newId, type NewEvent } from '@foundation/eventing';
import {
  ED25519,
  formatCheckpoint,
  formatSignerKey,
  formatVerifierKey,
  inclusionProof,
  leafHash,
  nodesFromTiles,
  parsePolicy,
  parseSignerKey,
  rootAt,
  signNote,
  TileTree,
  verifyInclusion,
} from '@foundation/transparency';
import type { Instant, RecordId } from '@kernel';
import { spawn } from 'node:child_process';
import { hash as digest, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { exportBundle } from '../../apps/auditor/src/export.js';
import { LogFile } from '../../apps/auditor/src/log-source.js';
import { verifyBundle } from '../../apps/auditor/src/verify.js';
import { startEventStore } from '../support/event-store.js';

/** `npm run bench:audit`: the verifiable log beside bare hashing of the same bytes. Read the ratios, not the figures. */
const LEAVES = Number(process.env['BENCH_LEAVES'] ?? 1_000_000);
const EVENTS = Number(process.env['BENCH_EVENTS'] ?? 100_000);
const LOAD_MS = Number(process.env['BENCH_LOAD_MS'] ?? 10_000);
const BATCH = 1_000;
const ROUNDS = 5;

const folder = mkdtempSync(join(tmpdir(), 'lodestone-bench-audit-'));
const recordedAt = '2026-06-01T09:00:00.000Z' as Instant;
const digestOf = (): string => randomBytes(32).toString('base64url');
const recorded = (eventId: string): Parameters<typeof leafOf>[0] => ({
  stream: `project-${eventId}`,
  revision: 0n,
  id: eventId,
  type: 'projects.ProjectProposed.v1',
  metadata: {
    actor: 'a',
    party: 'JP',
    roles: ['DELEGATE'],
    commandId: 'c',
    correlationId: 'c',
    causationId: 'c',
    recordedAt,
    policyVersion: 1,
    commandDigest: { alg: 'sha256-salted', digest: digestOf() },
    commitment: { alg: 'sha256-salted', digest: digestOf() },
    binding: { salt: digestOf(), secrets: digestOf() },
  },
});
const leafText = (eventId: string): string => leafOf(recorded(eventId));
const millis = (work: () => void): number => {
  const start = performance.now();
  work();
  return performance.now() - start;
};
const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
const say = (what: string, figure: string): void => console.log(`${what.padEnd(62)} ${figure}`);
const perSecond = (count: number, ms: number): string => `${Math.round((count / ms) * 1_000).toLocaleString('en')} /s`;
const megabytes = (): number => {
  global.gc?.();
  return Math.round(process.memoryUsage().heapUsed / 1e5) / 10;
};

const building = (): void => {
  const events = Array.from({ length: EVENTS }, () => recorded(newId()));
  const leaves = events.map((event) => Buffer.from(leafOf(event)));
  const written: number[] = [];
  const bare: number[] = [];
  const built: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    written.push(millis(() => events.forEach((event) => leafOf(event))));
    bare.push(millis(() => leaves.forEach((leaf) => digest('sha256', leaf, 'buffer'))));
    built.push(
      millis(() => {
        const tree = new TileTree();
        leaves.forEach((leaf, at) => {
          tree.append(leafHash(leaf));
          if (at % BATCH === BATCH - 1) tree.takeTiles();
        });
      }),
    );
  }
  say(`SHA-256 over ${EVENTS} leaves of ${leaves[0]!.length} bytes`, perSecond(EVENTS, median(bare)));
  say('the texts of the same leaves', perSecond(EVENTS, median(written)));
  say('  beside one SHA-256 of each', (median(written) / median(bare)).toFixed(2));
  say('leaf hashes, tree and tiles over the same', perSecond(EVENTS, median(built)));
  say('  ratio (aim: within 3)', (median(built) / median(bare)).toFixed(2));
};

/** Fills a log in batches, and tells what it took for each tenth. */
const filled = async (file: string, count: number): Promise<LogStore> => {
  const store = LogStore.open(file, 'lodestone/bench');
  const tree = await TileTree.resume(0, tilesOf(store));
  const heaps: number[] = [];
  let spent = 0;
  for (let from = 0; from < count; from += BATCH) {
    const made = Array.from({ length: Math.min(BATCH, count - from) }, (_, at) => {
      const eventId = newId();
      return { eventId, position: BigInt(from + at), text: leafText(eventId) };
    });
    spent += millis(() => {
      const leaves: NewLeaf[] = made.map((leaf) => ({ ...leaf, hash: leafHash(Buffer.from(leaf.text)) }));
      for (const { hash } of leaves) tree.append(hash);
      store.append(leaves, tree.takeTiles(), BigInt(from + made.length));
    });
    if (from % Math.ceil(count / 10) < BATCH) heaps.push(megabytes());
  }
  say(`on disk, ${count.toLocaleString('en')} leaves, ${BATCH} to a synced transaction`, perSecond(count, spent));
  say('  heap at each tenth, MB (flat)', heaps.join(' '));
  return store;
};

const proving = async (store: LogStore): Promise<void> => {
  const { size } = store;
  const nodes = nodesFromTiles(tilesOf(store), size);
  const root = await rootAt(nodes, size);
  const times: number[] = [];
  let hashes = 0;
  for (let round = 0; round < 200; round++) {
    const index = Math.floor(Math.random() * size);
    const start = performance.now();
    const proof = await inclusionProof(nodes, index, size);
    times.push(performance.now() - start);
    hashes = Math.max(hashes, proof.length);
    const leaf = leafHash(Buffer.from(store.leaves(index, index + 1)[0]!.text));
    if (!verifyInclusion(index, size, leaf, proof, root)) throw new Error(`the proof of leaf ${index} is wrong`);
  }
  say(
    `proof at ${size.toLocaleString('en')} leaves`,
    `${hashes} hashes, ${hashes * 32} bytes, ${median(times).toFixed(2)} ms`,
  );
};

const verifying = async (): Promise<void> => {
  const key = parseSignerKey(formatSignerKey('lodestone/bench', ED25519, randomBytes(32)));
  const file = join(folder, 'events.db');
  const store = LogStore.open(file, 'lodestone/bench');
  const tree = new TileTree();
  const contents = new Map<string, { salt: string; json: string }>();
  for (let from = 0; from < EVENTS; from += BATCH) {
    const leaves = Array.from({ length: BATCH }, (_, at): NewLeaf => {
      const eventId = newId();
      const data = {
        amount: '1200000000',
        currency: 'JPY',
        marking: { owner: 'JP', releaseTo: ['AU'] },
        title: eventId,
      };
      const { salt, ...commitment } = commitTo(data);
      contents.set(eventId, { salt, json: JSON.stringify(data) });
      const text = leafText(eventId).replace(/(?<="payload":.*"digest":")[^"]*/, commitment.digest);
      const hash = leafHash(Buffer.from(text));
      tree.append(hash);
      return { eventId, position: BigInt(from + at), text, hash };
    });
    store.append(leaves, tree.takeTiles(), BigInt(from + BATCH));
  }
  store.keepCheckpoint(
    signNote(formatCheckpoint({ origin: 'lodestone/bench', size: tree.size, root: tree.root() }), [key.at()]),
  );
  store.close();
  const policy = parsePolicy(`log ${formatVerifierKey(key.verifier)}\nquorum none\n`);
  for (const withContents of [false, true]) {
    const source = new LogFile(file);
    const bundle = join(folder, 'bundle');
    const of = (leaves: readonly { eventId: string }[]) =>
      Promise.resolve(leaves.map(({ eventId }) => (withContents ? contents.get(eventId)! : null)));
    await exportBundle(source, { of }, bundle);
    source.close();
    const lines = readFileSync(bundle)
      .toString('latin1')
      .split('\n')
      .map((line) => Buffer.from(line, 'latin1'));
    const hashing: number[] = [];
    const verified: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      hashing.push(millis(() => lines.forEach((line) => digest('sha256', line, 'buffer'))));
      const start = performance.now();
      await verifyBundle(bundle, { policy });
      verified.push(performance.now() - start);
    }
    const what = withContents ? 'with contents' : 'without contents';
    say(`verify a bundle of ${EVENTS.toLocaleString('en')} events ${what}`, `${median(verified).toFixed(0)} ms`);
    say('  beside one SHA-256 of each of its lines (aim: within 4)', (median(verified) / median(hashing)).toFixed(2));
  }
};

const lagging = async (): Promise<void> => {
  const events = await startEventStore();
  const history = new EventStoreDbEventStore(events.url);
  const data = join(folder, 'log');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'dist/apps/sequencer/src/main.js'], {
    env: { ...process.env, EVENT_STORE_URL: events.url, LOG_DATA: data },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  await once(createInterface(child.stdout!), 'line');
  const log = LogStore.read(join(data, 'log.db'));
  const event = (): NewEvent => {
    const content = { title: 'load' };
    const about = { actor: 'a', party: 'JP', roles: [], commandId: newId(), correlationId: 'c', causationId: 'c' };
    const metadata = committed(content, { ...about, recordedAt, policyVersion: 1, commandDigest: commitTo('c') });
    return { id: newId(), event: { type: 'bench.Loaded.v1', data: content }, metadata };
  };
  let written = 0;
  const until = performance.now() + LOAD_MS;
  const writers = Array.from({ length: 16 }, async () => {
    while (performance.now() < until) {
      await history.append('bench', newId() as RecordId, -1n, [event(), event(), event(), event()]);
      written += 4;
    }
  });
  const lags: number[] = [];
  const memory: number[] = [];
  while (performance.now() < until) {
    await pause(250);
    lags.push(written - log.size);
    memory.push(
      Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))![1]) / 1_000),
    );
  }
  await Promise.all(writers);
  const end = performance.now();
  while (log.size < written) await pause(10);
  say(
    `sequencer under full write load, ${perSecond(written, LOAD_MS)} written`,
    `lag ${median(lags)} events (median), ${Math.max(...lags)} at most`,
  );
  say('  all in the log after the last write', `${(performance.now() - end).toFixed(0)} ms`);
  say('  its memory, MB, first and last', `${memory[0]} ${memory.at(-1)}`);
  log.close();
  child.kill('SIGTERM');
  await once(child, 'close');
  await history.close();
  await events.stop();
};

try {
  building();
  const store = await filled(join(folder, 'log.db'), LEAVES);
  await proving(store);
  store.close();
  await verifying();
  await lagging();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
