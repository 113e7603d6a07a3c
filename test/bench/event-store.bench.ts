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

import { emmettPostgres, emmettSqlite, type Peer } from './event-store-peers.js';
import { prefill } from './event-store-prefill.js';
import { encodedAppend, rawAppends, rawRead } from './raw-client.js';

// npm run bench:event-store [-- --only appends,reads,latency,filtered,readers,growth --sizes 10000:2000,1000000:200000]
// BENCH_SECONDS: how long each figure is measured. A size is events:streams; each is the one before, filled up.
// Server and client run in processes of their own. Figures of one run are to be compared with each other alone.

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'appends,reads,latency,filtered,readers,growth' },
    sizes: { type: 'string', default: '10000:2000,1000000:200000,5000000:1000000' },
    reader: { type: 'string' },
  },
});
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 3);
const BODY = { reference: 'CRM-2026-000001', padding: 'x'.repeat(950) };
const BYTES = Buffer.from(JSON.stringify(BODY));
const folders: string[] = [];
const clients: EventStoreDBClient[] = [];
/** Closes the official clients that were opened. */
const leave = async () => {
  for (const client of clients.splice(0)) await client.dispose();
};

interface Running {
  url: string;
  target: string;
  child: ChildProcess;
  stop(): Promise<void>;
}

async function run(script: string, ...args: string[]): Promise<Running> {
  const child = spawn(process.execPath, [fileURLToPath(new URL(script, import.meta.url)), ...args], {
    // With a channel it ends when the bench does, however that ends.
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
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

/** Before a figure is taken: code that has just been loaded is slow, ours and a peer's. */
const WARM_UP_MS = 2_000;
/** What is compared takes turns, so that a slow moment of the machine is not one candidate's alone. */
const ROUNDS = 5;

/** Runs `append` in so many loops. */
async function load(inFlight: number, append: (turn: number) => Promise<unknown>, milliseconds: number): Promise<Rate> {
  const times: number[] = [];
  let turn = 0;
  const begin = performance.now();
  const end = begin + milliseconds;
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      for (let started = begin; started < end;) {
        await append((turn += 1));
        const now = performance.now();
        times.push(now - started);
        started = now;
      }
    }),
  );
  return rate(times, performance.now() - begin);
}

/** Something that appends, measured for a number of milliseconds. */
type Candidate = (milliseconds: number) => Promise<Rate>;

/** The medians of what each candidate does in {@link ROUNDS} turns of together {@link SECONDS}. */
async function inTurns(candidates: Record<string, Candidate>): Promise<Record<string, Rate>> {
  for (const candidate of Object.values(candidates)) await candidate(WARM_UP_MS);
  const rounds: Record<string, Rate[]> = {};
  for (let round = 0; round < ROUNDS; round += 1)
    for (const [name, candidate] of Object.entries(candidates))
      (rounds[name] ??= []).push(await candidate((SECONDS * 1000) / ROUNDS));
  const median = (figures: number[]) => percentile(figures, 0.5);
  return Object.fromEntries(
    Object.entries(rounds).map(([name, all]) => [
      name,
      {
        perSecond: median(all.map((each) => each.perSecond)),
        p50: median(all.map((each) => each.p50)),
        p99: median(all.map((each) => each.p99)),
      },
    ]),
  );
}

function rate(times: number[], milliseconds: number): Rate {
  return {
    perSecond: perSecond(times.length, milliseconds),
    p50: rounded(percentile(times, 0.5)),
    p99: rounded(percentile(times, 0.99)),
  };
}

/** The streams in an order in which neighbours lie far apart, as those of a platform do. */
const streamOf = (turn: number, streams: number) => `bench-${(turn * 7_919) % streams}`;

function officialClient(url: string, inFlight: number, streams = 1_000): Candidate {
  const client = EventStoreDBClient.connectionString(url);
  clients.push(client);
  const append = (turn: number) =>
    client.appendToStream(streamOf(turn, streams), jsonEvent({ type: 'Measured', data: BODY }));
  return (milliseconds) => load(inFlight, append, milliseconds);
}

const encodedAppends = (count: number, streams: number) =>
  Array.from({ length: count }, (_, turn) => encodedAppend(streamOf(turn, streams), BYTES));

/** Its requests are encoded before they are sent; their number is what it did in the time before. */
function rawClient(target: string, inFlight: number, streams = 1_000): Candidate {
  let perMillisecond = 1;
  return async (milliseconds) => {
    const count = Math.ceil(perMillisecond * milliseconds);
    const requests = encodedAppends(count, streams);
    const begin = performance.now();
    const times = await rawAppends(target, requests, inFlight);
    const took = performance.now() - begin;
    perMillisecond = count / took;
    return rate(times, took);
  };
}

/** The same bytes committed to SQLite in groups, without gRPC: nothing built on SQLite is faster. */
function floor(group: number): Candidate {
  const database = new DatabaseSync(join(freshFolder(), 'floor.db'));
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE events (position INTEGER PRIMARY KEY, stream TEXT, revision INTEGER, id TEXT, data BLOB);
    CREATE UNIQUE INDEX events_of_stream ON events (stream, revision)`);
  const insert = database.prepare('INSERT INTO events (stream, revision, id, data) VALUES (?, ?, ?, ?)');
  let count = 0;
  return (milliseconds) => {
    const times: number[] = [];
    const begin = performance.now();
    for (let started = begin; started < begin + milliseconds;) {
      database.exec('BEGIN');
      for (let index = 0; index < group; index += 1, count += 1)
        insert.run(`bench-${count % 1000}`, Math.floor(count / 1000), crypto.randomUUID(), BYTES);
      database.exec('COMMIT');
      const now = performance.now();
      for (let index = 0; index < group; index += 1) times.push(now - started);
      started = now;
    }
    return Promise.resolve(rate(times, performance.now() - begin));
  };
}

async function appends(): Promise<void> {
  console.log(
    'Emmett on SQLite gets its appends one after another, to be durable when acknowledged (event-store-peers.ts says why).',
  );
  const opened: Record<string, Peer | string> = {};
  for (const [name, open] of Object.entries({
    'Emmett on SQLite': emmettSqlite,
    'Emmett on PostgreSQL': emmettPostgres,
  }))
    opened[name] = await open(freshFolder()).catch((error: unknown) => `not run: ${String(error)}`);
  const stub = await run('event-store-stub.js');
  for (const inFlight of [1, 16, 64, 256]) {
    const server = await startServer();
    const candidates: Record<string, Candidate> = {
      [OFFICIAL]: officialClient(server.url, inFlight),
      [RAW]: rawClient(server.target, inFlight),
      'official client, stub that stores nothing': officialClient(stub.url, inFlight),
      'SQLite group commits, no gRPC': floor(inFlight),
    };
    for (const [name, peer] of Object.entries(opened))
      if (typeof peer !== 'string')
        candidates[name] = (milliseconds) =>
          load(inFlight, (turn) => peer.append(streamOf(turn, 1_000), BODY), milliseconds);
    const rows = await inTurns(candidates);
    await leave();
    await server.stop();
    console.log(`\nAppends of one 1 KB JSON event to 1,000 streams, each synced to disk, ${inFlight} in flight`);
    table({ ...rows, ...onlyTexts(opened) }, (row) => ({
      'appends/s': row.perSecond,
      'p50 ms': row.p50,
      'p99 ms': row.p99,
      'official : this': rounded(rows[OFFICIAL]!.perSecond / row.perSecond),
      'raw : this': rounded(rows[RAW]!.perSecond / row.perSecond),
    }));
  }
  await stub.stop();
  for (const peer of Object.values(opened)) if (typeof peer !== 'string') await peer.close();
  console.log('Aims: official at least 0.9 of the stub at 64; raw at least 10,000/s; both ratios to Emmett above 1.');
}

const OFFICIAL = 'official client';
const RAW = 'raw client';

const onlyTexts = (all: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));

/** Prints a table; a row that is a text stands below it. */
function table<Row>(rows: Record<string, Row | string>, columns: (row: Row) => object): void {
  const measured = Object.entries(rows).filter((entry): entry is [string, Row] => typeof entry[1] !== 'string');
  console.table(Object.fromEntries(measured.map(([name, row]) => [name, columns(row)])));
  for (const [name, row] of Object.entries(rows)) if (typeof row === 'string') console.log(`${name}: ${row}`);
}

/** A server on a folder of 100,000 events in 20 streams. */
function startFilledServer(): Promise<Running> {
  const folder = freshFolder();
  prefill(folder, 100_000, 20, BYTES);
  return startServer(folder);
}

/** Events per second of something that reads, and resolves with how many events it went through. */
async function readRate(read: () => Promise<number>): Promise<number> {
  const begin = performance.now();
  return perSecond(await read(), performance.now() - begin);
}

async function counted(events: AsyncIterable<unknown>): Promise<number> {
  let count = 0;
  for await (const _ of events) count += 1;
  return count;
}

async function reads(): Promise<void> {
  const server = await startFilledServer();
  const client = EventStoreDBClient.connectionString(server.url);
  const raw = await readRate(() => rawRead(server.target));
  const rows: Record<string, number> = {
    '$all, raw client': raw,
    '$all, official client': await readRate(() => counted(client.readAll())),
    'a stream of 5,000, official client': await readRate(() => counted(client.readStream('bench-3'))),
  };
  await client.dispose();
  await server.stop();
  console.log('\nReads of 1 KB JSON events');
  table(rows, (rate) => ({ 'events/s': rate, 'of the raw client': rounded(rate / raw) }));
}

async function filtered(): Promise<void> {
  const server = await startFilledServer();
  const client = EventStoreDBClient.connectionString(server.url);
  const all = await readRate(() => counted(client.readAll()));
  let matches = 0;
  const looked = await readRate(async () => {
    const filter = eventTypeFilter({ prefixes: ['Rare'] });
    const subscription = client.subscribeToAll({ filter }).on('data', () => (matches += 1));
    await once(subscription, 'caughtUp');
    return 100_000;
  });
  await client.dispose();
  await server.stop();
  console.log('\nSubscription to $all with a filter that 1 event in 1,000 matches, until it has caught up');
  console.table({
    'read of $all': { 'events/s': all, ratio: 1 },
    'filtered, events looked at': { 'events/s': looked, ratio: rounded(looked / all) },
    'filtered, events matched': { 'events/s': Math.round((looked * matches) / 100_000) },
  });
}

/** Appends while four clients in another process read everything over and over. */
async function readers(): Promise<void> {
  const server = await startFilledServer();
  const rows: Record<string, object> = {};
  for (const inFlight of [1, 16, 64]) {
    const official = officialClient(server.url, inFlight);
    const beside =
      (...args: string[]): Candidate =>
      async (milliseconds) => {
        const other = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
        await once(other.stdout, 'data');
        const measured = await official(milliseconds);
        other.kill();
        await once(other, 'exit');
        return measured;
      };
    const { alone, scanned, busy } = (await inTurns({
      alone: official,
      scanned: beside(fileURLToPath(import.meta.url), '--reader', server.target),
      // What a busy machine costs, whatever keeps it busy.
      busy: beside('--eval', 'console.log(); for (;;);'),
    })) as { alone: Rate; scanned: Rate; busy: Rate };
    await leave();
    rows[inFlight] = {
      'appends/s alone': alone.perSecond,
      'beside 4 readers': scanned.perSecond,
      'beside a busy process': busy.perSecond,
      'p99 ms alone': alone.p99,
      'with readers': scanned.p99,
      'with a busy process': busy.p99,
      'readers - alone (aim 20)': rounded(scanned.p99 - alone.p99),
      'readers - busy': rounded(scanned.p99 - busy.p99),
    };
  }
  await server.stop();
  console.log('\nAcknowledgements without and with four raw readers that scan $all, by number in flight');
  console.table(rows);
}

async function readForever(target: string): Promise<never> {
  await rawRead(target);
  console.log('reading');
  for (;;) await Promise.all([1, 2, 3, 4].map(() => rawRead(target)));
}

async function latency(): Promise<void> {
  const rows: Record<string, object> = {};
  let first: number | undefined;
  for (const subscribers of [1, 100]) {
    const server = await startServer();
    const client = EventStoreDBClient.connectionString(server.url);
    const times: number[] = [];
    for (let index = 0; index < subscribers; index += 1) {
      const subscription = client.subscribeToAll({ fromPosition: END });
      await once(subscription, 'caughtUp');
      subscription
        .on('error', () => {})
        .on('data', ({ event }) => {
          times.push(performance.now() - (event?.data as unknown as { sent: number }).sent);
        });
    }
    for (let turn = 0; turn < SECONDS * 100; turn += 1) {
      const data = { sent: performance.now(), padding: BODY.padding };
      await client.appendToStream('live', jsonEvent({ type: 'Live', data }));
      await pause(5);
    }
    await pause(500);
    const p50 = percentile(times, 0.5);
    rows[subscribers] = {
      deliveries: times.length,
      'p50 ms': rounded(p50),
      'p99 ms': rounded(percentile(times, 0.99)),
      ratio: rounded(p50 / (first ??= p50)),
    };
    await client.dispose();
    await server.stop();
  }
  console.log('\nFrom sending an append to its delivery, by number of subscribers to $all in one client');
  console.table(rows);
}

interface Size {
  events: number;
  streams: number;
  official: number;
  raw: number;
  p99: number;
  reads: number;
  memory: number;
}

async function growth(): Promise<void> {
  const folder = freshFolder();
  const rows: Record<string, Size> = {};
  let first: Size | undefined;
  for (const [events = 0, streams = 0] of values.sizes.split(',').map((size) => size.split(':').map(Number))) {
    const filled = prefill(folder, events, streams, BYTES);
    console.log(`${events} events in ${streams} streams: prefilled at ${filled}/s`);
    const server = await startServer(folder);
    // Fills what the server keeps in memory about streams, as a long run would.
    const count = Math.max(20_000, Math.min(streams, 100_000));
    await rawAppends(server.target, encodedAppends(count, streams), 256);
    const { official, raw, reads } = (await inTurns({
      official: officialClient(server.url, 64, streams),
      raw: rawClient(server.target, 64, streams),
      reads: streamReads(server.url, streams),
    })) as { official: Rate; raw: Rate; reads: Rate };
    await leave();
    const size = {
      events,
      streams,
      official: official.perSecond,
      raw: raw.perSecond,
      p99: raw.p99,
      reads: reads.perSecond,
    };
    rows[`${events} events, ${streams} streams`] = { ...size, memory: memory(server) };
    await server.stop();
  }
  console.log('\nBy size of the store: appends at 64 in flight, reads of 4 events of a random stream at 16 in flight');
  table(rows, (row) => {
    first ??= row;
    return {
      'official appends/s': row.official,
      ratio: rounded(row.official / first.official),
      'raw appends/s': row.raw,
      'raw ratio': rounded(row.raw / first.raw),
      'raw p99 ms': row.p99,
      'stream reads/s': row.reads,
      'read ratio': rounded(row.reads / first.reads),
      'memory MiB': row.memory,
      'memory ratio': rounded(row.memory / first.memory),
    };
  });
  console.log(
    'Aims: append and read ratios at least 0.77 (cost within 1.3 times), under 400 MiB at 1,000,000 streams.',
  );
  console.log('A server that starts on a large file checks it in the background; that load is in the figures.');
}

/** Four events of a stream, chosen by chance, are read through the official client. */
function streamReads(url: string, streams: number): Candidate {
  const client = EventStoreDBClient.connectionString(url);
  clients.push(client);
  const read = () => counted(client.readStream(`bench-${Math.floor(Math.random() * streams)}`, { maxCount: 4 }));
  return (milliseconds) => load(16, read, milliseconds);
}

if (values.reader !== undefined) await readForever(values.reader);
const parts: Record<string, () => Promise<void>> = { appends, reads, latency, filtered, readers, growth };
try {
  for (const name of values.only.split(',')) {
    const part = parts[name];
    if (!part) throw new Error(`There is no part '${name}': choose from ${Object.keys(parts).join(', ')}.`);
    await part();
  }
} finally {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}
process.exit();
