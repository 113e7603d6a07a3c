import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { END, EventStoreDBClient, eventTypeFilter, jsonEvent } from '@eventstore/db-client';

import { encodedAppend, rawAppends, rawRead } from './raw-client.js';

// npm run bench:event-store [-- --only appends,reads,fairness,live,growth --growth 10000,1000000 --streams 1000]
// Server and client run in processes of their own. Figures of one run are to be compared with each other alone.

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'appends,reads,fairness,live,growth' },
    growth: { type: 'string', default: '10000,100000' },
    streams: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '3' },
    reader: { type: 'string' },
  },
});
const SECONDS = Number(values.seconds);
const BODY = { reference: 'CRM-2026-000001', padding: 'x'.repeat(950) };
const BYTES = Buffer.from(JSON.stringify(BODY));
const folders: string[] = [];

interface Running {
  url: string;
  target: string;
  child: ChildProcess;
  stop(): Promise<void>;
}

async function run(script: string, ...args: string[]): Promise<Running> {
  const child = spawn(process.execPath, [fileURLToPath(new URL(script, import.meta.url)), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout!, 'data')) as [Buffer];
  const { eventStore: url } = JSON.parse(line.toString()) as { eventStore: string };
  const stop = async () => {
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  return { url, target: new URL(url).host, child, stop };
}

function startServer(folder = freshFolder()): Promise<Running> {
  return run('../../apps/event-store/src/main.js', '--data', folder, '--port', '0');
}

function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'event-store-bench-'));
  folders.push(folder);
  return folder;
}

const percentile = (times: number[], share: number) =>
  times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))] ?? NaN;
const perSecond = (count: number, milliseconds: number) => Math.round((count / milliseconds) * 1000);
const rounded = (value: number) => Math.round(value * 100) / 100;
const memory = ({ child }: Running) =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024);

interface Rate {
  perSecond: number;
  p50: number;
  p99: number;
}

/** Runs `append` in so many loops for a few seconds, after a second to warm up. */
async function load(inFlight: number, append: (turn: number) => Promise<unknown>, seconds = SECONDS): Promise<Rate> {
  const times: number[] = [];
  let turn = 0;
  const begin = performance.now() + 500;
  const end = begin + seconds * 1000;
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      for (let started = performance.now(); started < end;) {
        await append((turn += 1));
        const now = performance.now();
        if (started >= begin) times.push(now - started);
        started = now;
      }
    }),
  );
  return rate(times, end - begin);
}

function rate(times: number[], milliseconds: number): Rate {
  return {
    perSecond: perSecond(times.length, milliseconds),
    p50: rounded(percentile(times, 0.5)),
    p99: rounded(percentile(times, 0.99)),
  };
}

async function throughOfficialClient(url: string, inFlight: number, seconds?: number): Promise<Rate> {
  const client = EventStoreDBClient.connectionString(url);
  const append = (turn: number) =>
    client.appendToStream(`bench-${turn % 1000}`, jsonEvent({ type: 'Measured', data: BODY }));
  const measured = await load(inFlight, append, seconds);
  await client.dispose();
  return measured;
}

async function throughRawClient(
  target: string,
  inFlight: number,
  count = inFlight === 1 ? 2_000 : 20_000,
): Promise<Rate> {
  const requests = Array.from({ length: count }, (_, turn) => encodedAppend(`bench-${turn % 1000}`, BYTES));
  const begin = performance.now();
  const times = await rawAppends(target, requests, inFlight);
  return rate(times, performance.now() - begin);
}

/** The same bytes committed to SQLite in groups, without gRPC: nothing built on SQLite is faster. */
function floor(group: number): number {
  const database = new DatabaseSync(join(freshFolder(), 'floor.db'));
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE events (position INTEGER PRIMARY KEY, stream TEXT, revision INTEGER, id TEXT, data BLOB);
    CREATE UNIQUE INDEX events_of_stream ON events (stream, revision)`);
  const insert = database.prepare('INSERT INTO events (stream, revision, id, data) VALUES (?, ?, ?, ?)');
  let count = 0;
  const begin = performance.now();
  while (performance.now() < begin + SECONDS * 1000) {
    database.exec('BEGIN');
    for (let index = 0; index < group; index += 1, count += 1) {
      insert.run(`bench-${count % 1000}`, Math.floor(count / 1000), crypto.randomUUID(), BYTES);
    }
    database.exec('COMMIT');
  }
  database.close();
  return perSecond(count, performance.now() - begin);
}

async function appends(): Promise<void> {
  const rows: Record<string, object> = {};
  for (const inFlight of [1, 16, 64, 256]) {
    const server = await startServer();
    const stub = await run('event-store-stub.js');
    const official = await throughOfficialClient(server.url, inFlight);
    const most = await throughOfficialClient(stub.url, inFlight);
    const raw = await throughRawClient(server.target, inFlight);
    const sqlite = floor(inFlight);
    await server.stop();
    await stub.stop();
    rows[inFlight] = {
      'official /s': official.perSecond,
      'p50 ms': official.p50,
      'p99 ms': official.p99,
      'stub /s': most.perSecond,
      'of stub': rounded(official.perSecond / most.perSecond),
      'raw /s': raw.perSecond,
      'raw p50': raw.p50,
      'raw p99': raw.p99,
      'SQLite /s': sqlite,
      'raw of SQLite': rounded(raw.perSecond / sqlite),
    };
  }
  console.log('\nAppends of one 1 KB JSON event, by number in flight');
  console.table(rows);
}

async function fill(server: Running, count: number, streams: number, from = 0): Promise<void> {
  for (let done = 0; done < count; done += 10_000) {
    const size = Math.min(10_000, count - done);
    const requests = Array.from({ length: size }, (_, turn) =>
      encodedAppend(`bench-${(from + done + turn) % streams}`, BYTES),
    );
    await rawAppends(server.target, requests, 512);
  }
}

async function counted(events: AsyncIterable<unknown>): Promise<{ count: number; rate: number }> {
  const begin = performance.now();
  let count = 0;
  for await (const _ of events) count += 1;
  return { count, rate: perSecond(count, performance.now() - begin) };
}

async function reads(): Promise<void> {
  const server = await startServer();
  await fill(server, 50_000, 10);
  const client = EventStoreDBClient.connectionString(server.url);
  const begin = performance.now();
  const raw = await rawRead(server.target);
  const rawRate = perSecond(raw, performance.now() - begin);
  const all = await counted(client.readAll());
  const stream = await counted(client.readStream('bench-3'));
  const filter = eventTypeFilter({ prefixes: ['Rare'] });
  for (let turn = 0; turn < 50; turn += 1) await client.appendToStream('rare', jsonEvent({ type: 'Rare', data: BODY }));
  const filteredBegin = performance.now();
  const subscription = client.subscribeToAll({ filter }).on('data', () => {});
  await once(subscription, 'caughtUp');
  const filtered = perSecond(all.count, performance.now() - filteredBegin);
  await client.dispose();
  await server.stop();
  console.log('\nReads, 1 KB JSON events per second');
  console.table({
    '$all, raw client': { 'events/s': rawRate },
    '$all, official client': { 'events/s': all.rate },
    'stream of 5,000, official client': { 'events/s': stream.rate },
    'filtered subscription, 1 in 1,000 matches (events looked at)': { 'events/s': filtered },
  });
}

/** Appends while four clients in another process read everything over and over. */
async function fairness(): Promise<void> {
  const server = await startServer();
  await fill(server, 50_000, 10);
  const alone = await throughOfficialClient(server.url, 16);
  const readers = spawn(process.execPath, [fileURLToPath(import.meta.url), '--reader', server.target], {
    stdio: 'ignore',
  });
  await pause(1_000);
  const beside = await throughOfficialClient(server.url, 16);
  readers.kill();
  await server.stop();
  console.log('\nAcknowledgements at 16 in flight, alone and beside four readers of $all');
  console.table({ alone, 'beside four readers': beside });
}

async function readForever(target: string): Promise<never> {
  for (;;) await Promise.all([1, 2, 3, 4].map(() => rawRead(target)));
}

async function live(): Promise<void> {
  const rows: Record<string, object> = {};
  for (const subscribers of [1, 100]) {
    const server = await startServer();
    const client = EventStoreDBClient.connectionString(server.url);
    const times: number[] = [];
    for (let index = 0; index < subscribers; index += 1) {
      const subscription = client.subscribeToAll({ fromPosition: END });
      await once(subscription, 'caughtUp', { signal: AbortSignal.timeout(10_000) }).catch(() => {});
      subscription
        .on('error', () => {})
        .on('data', ({ event }) => {
          times.push(performance.now() - (event?.data as unknown as { sent: number }).sent);
        });
    }
    for (let turn = 0; turn < 300; turn += 1) {
      await client.appendToStream(
        'live',
        jsonEvent({ type: 'Live', data: { sent: performance.now(), padding: BODY.padding } }),
      );
      await pause(5);
    }
    await pause(500);
    rows[subscribers] = {
      deliveries: times.length,
      'p50 ms': rounded(percentile(times, 0.5)),
      'p99 ms': rounded(percentile(times, 0.99)),
    };
    await client.dispose();
    await server.stop();
  }
  console.log('\nFrom sending an append to its delivery, by number of subscribers to $all');
  console.table(rows);
}

async function growth(): Promise<void> {
  const streams = Number(values.streams);
  const rows: Record<string, object> = {};
  const server = await startServer();
  const client = EventStoreDBClient.connectionString(server.url);
  let filled = 0;
  for (const target of values.growth.split(',').map(Number)) {
    await fill(server, target - filled, streams, filled);
    filled = target;
    const raw = await throughRawClient(server.target, 64);
    const times: number[] = [];
    for (let turn = 0; turn < 500; turn += 1) {
      const begin = performance.now();
      await counted(
        client.readStream(`bench-${Math.floor(Math.random() * Math.min(streams, target))}`, { maxCount: 5 }),
      );
      times.push(performance.now() - begin);
    }
    rows[target] = {
      'append /s': raw.perSecond,
      'append p50': raw.p50,
      'append p99': raw.p99,
      'read 5 of a stream p50': rounded(percentile(times, 0.5)),
      p99: rounded(percentile(times, 0.99)),
      'memory MiB': memory(server),
    };
  }
  await client.dispose();
  await server.stop();
  console.log(`\nBy number of events in the store, in ${streams} streams; appends by the raw client, 64 in flight`);
  console.table(rows);
}

if (values.reader !== undefined) await readForever(values.reader);
const sections = { appends, reads, fairness, live, growth };
for (const [name, section] of Object.entries(sections)) if (values.only.split(',').includes(name)) await section();
for (const folder of folders) rmSync(folder, { recursive: true, force: true });
process.exit();
