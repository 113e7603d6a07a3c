import { EventStoreDbEventStore } from '@adapters/event-store-db';
import { binaryEvent, EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { LogStore } from '@adapters/transparency-log-sqlite';
import { leafInLog, newId, type NewEvent } from '@foundation/eventing';
import {
  leafHash,
  openCheckpoint,
  parsePolicy,
  parseVerifierKey,
  rootOf,
  verifyTlogProof,
} from '@foundation/transparency';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { copyFileSync, cpSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import type { RecordedEvent } from '../../apps/event-store/src/event.js';
import { RunningStore } from '../../apps/event-store/testing/running-store.js';
import {
  audit,
  eventually,
  fact,
  record,
  type SequencerReady,
  sizeOf,
  sizeReached,
  startSequencer,
} from './support.js';
import { eventsIn, putEvents, rewritten } from './tampering/event-file.js';
import type { Program } from '../support/program.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('The sequencer', () => {
  let events: string;
  let data: string;
  let server: RunningStore;
  let history: EventStoreDbEventStore;
  const running: Program<SequencerReady>[] = [];
  const start = async (env: Record<string, string> = {}): Promise<Program<SequencerReady>> => {
    const program = await startSequencer(server.url, data, env);
    running.push(program);
    return program;
  };
  const { NODE_OPTIONS: ofJest } = process.env;
  beforeAll(() => {
    delete process.env['NODE_OPTIONS'];
  });
  afterAll(() => {
    if (ofJest !== undefined) process.env['NODE_OPTIONS'] = ofJest;
  });
  beforeEach(async () => {
    events = temporaryFolder();
    data = join(temporaryFolder(), 'log');
    server = await RunningStore.start(events);
    history = new EventStoreDbEventStore(server.url);
  });
  afterEach(async () => {
    for (const program of running.splice(0)) await program.stop('SIGKILL');
    await history.close();
    await server.stop();
  });

  const restartStore = async (port = server.port): Promise<void> => {
    await history.close();
    await server.stop();
    server = await RunningStore.start(events, { port });
    history = new EventStoreDbEventStore(server.url);
  };
  const textsInHistory = async (): Promise<string[]> => {
    const texts: string[] = [];
    const enough = new AbortController();
    for await (const item of history.follow({ after: null, signal: enough.signal })) {
      if (item === 'caughtUp') {
        enough.abort();
        continue;
      }
      texts.push(leafInLog(item).text);
    }
    return texts;
  };
  const textsInLog = (): string[] => {
    const store = LogStore.read(join(data, 'log.db'));
    const texts = store.leaves(0, store.size).map(({ text }) => text);
    store.close();
    return texts;
  };
  const healthOf = async (log: string): Promise<{ ok: boolean; alarm?: string }> =>
    (await (await fetch(`${log}/health`)).json()) as never;
  const alarmOf = async (log: string): Promise<string> => await eventually(async () => (await healthOf(log)).alarm);

  it('makes one leaf of each event in the order of the history, under a checkpoint with their root', async () => {
    await record(history, 300);
    const { ready } = await start();
    await record(history, 10);
    await sizeReached(ready.log, 310);
    const texts = await textsInHistory();
    expect(textsInLog()).toEqual(texts);
    const note = await (await fetch(`${ready.log}/checkpoint`)).text();
    const { root, origin } = openCheckpoint(note, [parseVerifierKey(ready.vkey)]);
    expect(origin).toBe('lodestone/test');
    expect(Buffer.from(root)).toEqual(Buffer.from(rootOf(texts.map((text) => leafHash(Buffer.from(text))))));
  });

  it('makes a leaf of another kind of what another program wrote, and finds it again after a restart', async () => {
    await record(history, 3);
    const store = EventStoreDBClient.connectionString(server.url);
    const [first] = await record(history, 1);
    await store.appendToStream('heartbeat', [jsonEvent({ type: 'Beat', data: { n: 1 } })]);
    await store.appendToStream('test-beat', [
      jsonEvent({ id: first!.id, type: 'Beat', data: { n: 2 }, metadata: [] as never }),
    ]);
    await store.appendToStream('test-beat', [binaryEvent({ type: 'Beat', data: Buffer.from([0, 255]) })]);
    await store.dispose();
    const program = await start();
    await record(history, 2);
    await sizeReached(program.ready.log, 9);
    expect(textsInLog()).toEqual(await textsInHistory());
    const foreign = textsInLog().flatMap((text) => (JSON.parse(text).foreign ? [JSON.parse(text)] : []));
    expect(foreign.map(({ stream, revision }) => [stream, revision])).toEqual([
      ['heartbeat', '0'],
      ['test-beat', '0'],
      ['test-beat', '1'],
    ]);
    expect(program.said.join()).toContain('ALARM');
    await program.stop();
    const again = await start();
    await record(history, 1);
    await sizeReached(again.ready.log, 10);
  });

  /** What somebody appends who can write to the store: events of the platform's making, put otherwise. */
  const forge = async (stream: string, { id, event, metadata }: NewEvent): Promise<void> => {
    const store = EventStoreDBClient.connectionString(server.url);
    await store.appendToStream(stream, [
      jsonEvent({ id, type: event.type, data: event.data as never, metadata: metadata as never }),
    ]);
    await store.dispose();
  };
  const unfit = (other: object): NewEvent => {
    const one = fact('as committed');
    return { ...one, event: { ...one.event, data: { ...one.event.data, ...other } } };
  };
  const verified = async (): Promise<{ code: number | null; output: string }> =>
    await audit('verify-history', '--event-store', server.url, '--data', data, '--policy', join(data, 'policy'));

  it('goes on behind an event that was never what it commits to, tells of it, and holds it to what stood there', async () => {
    await record(history, 3);
    const program = await start({ HISTORY_CHECK_SECONDS: '1' });
    await sizeReached(program.ready.log, 3);
    const forged = unfit({ amount: '912.5' });
    await forge(`test-${newId()}`, forged);
    await record(history, 2);
    await sizeReached(program.ready.log, 6);
    expect(await healthOf(program.ready.log)).toEqual({ ok: true, log: 'up', history: 'altered' });
    expect(program.said.join()).toMatch(new RegExp(`ALARM the event ${forged.id}.*not the one that was committed to`));
    expect(JSON.parse(textsInLog()[3]!)).toMatchObject({ foreign: true, eventId: forged.id });
    // The log says of it what stands there, so nobody has rewritten anything; and it is named.
    expect(await verified()).toMatchObject({
      code: 0,
      output: expect.stringMatching(new RegExp(`1 event is not as the platform writes them.*${forged.id}`)),
    });
    await program.stop();

    const again = await start();
    expect(await healthOf(again.ready.log)).toEqual({ ok: true, log: 'up', history: 'altered' });
    expect(again.said.join()).toContain(`ALARM the event ${forged.id}`);
    await again.stop();

    // Made to fit, it would become a fact of a day long past.
    await history.close();
    await server.stop();
    const all = eventsIn(events);
    const at = all.findIndex(({ id }) => id === forged.id);
    putEvents(events, all.with(at, rewritten(all[at]!, { data: () => fact('as committed').event.data })));
    server = await RunningStore.start(events, { port: server.port });
    history = new EventStoreDbEventStore(server.url);
    expect(await verified()).toMatchObject({ code: 1, output: expect.stringContaining(forged.id) });
    const { ready } = await start();
    expect(await alarmOf(ready.log)).toContain(forged.id);
  });

  it.each<[string, () => NewEvent]>([
    ['has no salt', () => unfit({})],
    ['has its salts beside a sealed content', () => unfit({ sealed: { v: 2 } })],
  ])('goes on behind an event that %s', async (what, make) => {
    const forged = make();
    const { salt: _, ...bare } = forged.metadata.commitment;
    const metadata = what === 'has no salt' ? { ...forged.metadata, commitment: bare } : forged.metadata;
    const { ready } = await start();
    await forge(`test-${newId()}`, { ...forged, metadata });
    await record(history, 2);
    await sizeReached(ready.log, 3);
    expect(await healthOf(ready.log)).toEqual({ ok: true, log: 'up', history: 'altered' });
    expect(await verified()).toMatchObject({ code: 0 });
  });

  it('goes on behind events that are nested more deeply than a stack is', async () => {
    await record(history, 1);
    await history.close();
    await server.stop();
    const all = eventsIn(events);
    const deep = Buffer.from(`{"deep":${'['.repeat(20_000)}${']'.repeat(20_000)}}`);
    const last = all.at(-1)!;
    const nested = [
      { ...last, id: newId(), stream: `test-${newId()}`, data: deep },
      { ...last, id: newId(), stream: `test-${newId()}`, metadata: deep },
    ];
    putEvents(events, [...all, ...nested]);
    server = await RunningStore.start(events, { port: server.port });
    history = new EventStoreDbEventStore(server.url);
    const { ready } = await start();
    await record(history, 1);
    await sizeReached(ready.log, 4);
    expect(await healthOf(ready.log)).toEqual({ ok: true, log: 'up', history: 'altered' });
    expect(await verified()).toMatchObject({ code: 0 });
  });

  it('goes on behind an event that bears the id of another one', async () => {
    const [first] = await record(history, 1);
    const { ready } = await start();
    await sizeReached(ready.log, 1);
    const twin = { ...fact('a twin'), id: first!.id };
    await forge(`test-${newId()}`, twin);
    await forge(`test-${newId()}`, { ...fact('a third'), id: first!.id });
    await record(history, 1);
    await sizeReached(ready.log, 4);
    expect(textsInLog()).toEqual(await textsInHistory());
    expect(await verified()).toMatchObject({ code: 0 });
  });

  it('proves each leaf by its hash, and tells nobody without the secret what the leaves are', async () => {
    await record(history, 5);
    const { ready } = await start();
    await sizeReached(ready.log, 5);
    const policy = parsePolicy(readFileSync(join(data, 'policy')));
    for (const text of textsInLog()) {
      const hash = leafHash(Buffer.from(text));
      const proof = await (await fetch(`${ready.log}/proof/${Buffer.from(hash).toString('hex')}`)).text();
      expect(verifyTlogProof(proof, hash, policy).size).toBe(5);
    }
    const ask = (secret: string | null) =>
      fetch(
        `${ready.log}/tile/entries/000.p/5`,
        secret === null ? {} : { headers: { authorization: `Bearer ${secret}` } },
      );
    expect((await ask(null)).status).toBe(401);
    expect((await ask(null)).headers.get('www-authenticate')).toBe('Bearer realm="log"');
    expect((await ask('guess')).status).toBe(401);
    const secret = readFileSync(join(data, 'auditors.secret'), 'utf8').trim();
    expect((await ask(secret)).status).toBe(200);
  });

  it.each([
    ['/proof/00', 400, 'A leaf is named by'],
    ['/proof/99', 404, 'covers no such leaf'],
    [`/proof/${'0'.repeat(64)}`, 404, 'covers no such leaf'],
    ['/consistency?from=0&to=3', 400, 'No consistency proof leads from size 0'],
    ['/consistency?from=1', 400, 'counts of leaves'],
    ['/consistency?from=1&to=4', 404, 'No checkpoint of 4 leaves'],
    ['/tile/0/000.p/4', 404, 'has no tile/0/000.p/4'],
    ['/tile/0/000', 404, 'has no tile/0/000'],
    ['/tile/x', 400, 'Not a tile'],
    [`/${'x'.repeat(600)}`, 414, '512 characters'],
    ['/nothing', 404, 'There are /checkpoint'],
  ])('answers %s with %d and a sentence', async (path, status, sentence) => {
    await record(history, 3);
    const { ready } = await start();
    await sizeReached(ready.log, 3);
    const response = await fetch(`${ready.log}${path}`);
    expect(response.status).toBe(status);
    expect(await response.text()).toContain(sentence);
  });

  it('makes its key at the first start, for its owner alone, and keeps it', async () => {
    const first = await start();
    expect(statSync(join(data, 'log.key')).mode & 0o777).toBe(0o600);
    await first.stop();
    const { ready } = await start();
    expect(ready.vkey).toBe(first.ready.vkey);
  });

  it('does not start with another key once something was signed', async () => {
    const first = await start();
    await eventually(async () => (await fetch(`${first.ready.log}/checkpoint`)).ok);
    await first.stop();
    rmSync(join(data, 'log.key'));
    await expect(start()).rejects.toThrow('bring it back from its backup');
  });

  it('is one for each log', async () => {
    await start();
    await expect(start()).rejects.toThrow('is in use by another sequencer');
  });

  it('killed at any moment under writes goes on without a second leaf and without a gap', async () => {
    const appends = 6;
    let count = 0;
    for (const killedAfter of [1, 2, 4, 6]) {
      const program = await start();
      // Some of the events are written while it runs, and some when it is gone.
      for (let append = 1; append <= appends; append++) {
        count += (await record(history, 60)).length;
        if (append === killedAfter) program.process.kill('SIGKILL');
      }
      await program.stop('SIGKILL');
    }
    const { ready } = await start();
    await sizeReached(ready.log, count);
    expect(textsInLog()).toEqual(await textsInHistory());
    expect(await healthOf(ready.log)).toEqual({ ok: true, log: 'up', history: 'up' });
  });

  it('refuses a log database that is older than what was signed', async () => {
    await record(history, 3);
    const first = await start();
    await sizeReached(first.ready.log, 3);
    await first.stop();
    copyFileSync(join(data, 'log.db'), join(data, 'older'));
    const second = await start();
    await record(history, 3);
    await sizeReached(second.ready.log, 6);
    await second.stop();
    for (const suffix of ['-wal', '-shm']) rmSync(join(data, `log.db${suffix}`), { force: true });
    copyFileSync(join(data, 'older'), join(data, 'log.db'));

    const third = await start();
    expect(await alarmOf(third.ready.log)).toContain(
      'has 3 leaves, and a checkpoint of 6 was signed: it is an older copy',
    );
    await third.stop();
    // Derived from the history again, it is the log that was signed.
    rmSync(join(data, 'log.db'));
    const fourth = await start();
    await sizeReached(fourth.ready.log, 6);
    expect(await healthOf(fourth.ready.log)).toEqual({ ok: true, log: 'up', history: 'up' });
  });

  it('refuses an event store that was rolled back, and names the event that is gone', async () => {
    await record(history, 3);
    await history.close();
    await server.stop();
    const older = join(temporaryFolder(), 'older');
    cpSync(events, older, { recursive: true });
    server = await RunningStore.start(events, { port: server.port });
    history = new EventStoreDbEventStore(server.url);
    const first = await start();
    const [gone] = await record(history, 1);
    await sizeReached(first.ready.log, 4);

    // Under the running sequencer.
    await history.close();
    await server.stop();
    rmSync(events, { recursive: true });
    cpSync(older, events, { recursive: true });
    server = await RunningStore.start(events, { port: server.port });
    history = new EventStoreDbEventStore(server.url);
    expect(await alarmOf(first.ready.log)).toContain(gone!.id);
    await first.stop();

    // And though as much was written again.
    await record(history, 2);
    const second = await start();
    expect(await alarmOf(second.ready.log)).toMatch(/The event store was rolled back or changed/);
    expect(existsSync(join(data, 'signed-checkpoint'))).toBe(true);
  });

  it('refuses a log whose leaves or tiles were changed under it', async () => {
    await record(history, 3);
    const first = await start();
    await sizeReached(first.ready.log, 3);
    await first.stop();
    const database = new DatabaseSync(join(data, 'log.db'));
    const { bytes } = database.prepare('SELECT bytes FROM tile').get() as { bytes: Uint8Array };
    bytes[5]! ^= 1;
    database.prepare('UPDATE tile SET bytes = ?').run(bytes);
    database.close();
    const second = await start();
    expect(await alarmOf(second.ready.log)).toContain('The first 3 leaves of the log are not those that were signed');
  });

  const changeContent = (event: RecordedEvent): RecordedEvent =>
    rewritten(event, { data: (content) => ({ ...content, amount: '912.5' }) });
  const statusOf = async (log: string): Promise<number> => (await fetch(`${log}/health`)).status;

  it.each<[string, (events: RecordedEvent[], at: number) => RecordedEvent[]]>([
    ['a content that was changed', (all, at) => all.with(at, changeContent(all[at]!))],
    [
      'a person that was changed',
      (all, at) => all.with(at, rewritten(all[at]!, { metadata: (noted) => ({ ...noted, actor: 'b' }) })),
    ],
    [
      'a marking that was added',
      (all, at) => all.with(at, rewritten(all[at]!, { data: (content) => ({ ...content, marking: {} }) })),
    ],
    ['an event that was dropped', (all, at) => all.toSpliced(at, 1)],
    ['two events in each other’s place', (all, at) => all.with(at, all[at + 1]!).with(at + 1, all[at]!)],
    [
      'an event that was added',
      (all, at) => all.toSpliced(at, 0, { ...all[at]!, id: newId(), stream: `test-${newId()}` }),
    ],
  ])('finds %s in the middle of the history before it signs anything, and names the event', async (_, change) => {
    for (let event = 0; event < 300; event++) await record(history, 1);
    const first = await start();
    await sizeReached(first.ready.log, 300);
    await first.stop();
    await history.close();
    await server.stop();
    const all = eventsIn(events);
    putEvents(events, change(all, 200));
    server = await RunningStore.start(events, { port: server.port });
    history = new EventStoreDbEventStore(server.url);

    const { ready } = await start();
    expect(await alarmOf(ready.log)).toMatch(new RegExp(`^Event ${all[200]!.id} .*, leaf`));
    expect(await statusOf(ready.log)).toBe(503);
    expect(readFileSync(join(data, 'alarm'), 'utf8')).toContain(all[200]!.id);
  });

  it('finds in the background what is changed while it runs, and stops with an alarm', async () => {
    for (let event = 0; event < 300; event++) await record(history, 1);
    const { ready } = await start({ HISTORY_CHECK_SECONDS: '1' });
    await sizeReached(ready.log, 300);
    expect(await statusOf(ready.log)).toBe(200);
    await history.close();
    await server.stop();
    const all = eventsIn(events);
    putEvents(events, all.with(123, changeContent(all[123]!)));
    server = await RunningStore.start(events, { port: server.port });
    history = new EventStoreDbEventStore(server.url);
    // The leaf says nothing of the content itself: no sample of leaves finds this.
    expect(await alarmOf(ready.log)).toContain(
      `${all[123]!.id} (${all[123]!.stream}, revision 0), leaf 122: the content`,
    );
    expect(await statusOf(ready.log)).toBe(503);
    const before = await sizeOf(ready.log);
    await record(history, 1);
    expect(await sizeOf(ready.log)).toBe(before);
  });

  it('refuses a memory of what was signed that its key did not sign', async () => {
    const first = await start();
    await eventually(async () => (await fetch(`${first.ready.log}/checkpoint`)).ok);
    await first.stop();
    const file = join(data, 'signed-checkpoint');
    writeFileSync(file, readFileSync(file, 'utf8').replace('\n0\n', '\n1\n'));
    await expect(start()).rejects.toThrow('is not of this text');
  });

  it('goes on when the event store comes back', async () => {
    await record(history, 2);
    const { ready } = await start();
    await sizeReached(ready.log, 2);
    await restartStore();
    await record(history, 2);
    await sizeReached(ready.log, 4);
    expect(await healthOf(ready.log)).toEqual({ ok: true, log: 'up', history: 'up' });
  });

  it('attack case 37: shows what was added at its checkpoints alone, which come at a fixed cadence, also when nothing was added', async () => {
    const { ready } = await start({ CHECKPOINT_SECONDS: '2' });
    await eventually(async () => (await fetch(`${ready.log}/checkpoint`)).ok);
    const kept = (): { size: number } => {
      const store = LogStore.read(join(data, 'log.db'));
      const { size } = store;
      store.close();
      return { size };
    };
    // Between two checkpoints a leaf is in the log, and no answer shows it.
    await eventually(async () => {
      const [{ length }, before] = [await record(history, 3), kept().size];
      await eventually(() => Promise.resolve(kept().size >= before + length));
      const text = textsInLog().at(-1)!;
      const proof = await fetch(`${ready.log}/proof/${Buffer.from(leafHash(Buffer.from(text))).toString('hex')}`);
      const tile = await fetch(`${ready.log}/tile/0/000.p/${kept().size}`);
      return proof.status === 404 && tile.status === 404;
    });
    await sizeReached(ready.log, kept().size);
  });

  it('attack case 37: tells how large the log is to witnesses and auditors alone', async () => {
    const witnesses = 'w'.repeat(40);
    const auditors = 'a'.repeat(40);
    const { ready } = await start({
      NODE_ENV: 'production',
      LOG_WITNESSES_SECRET: witnesses,
      LOG_AUDITORS_SECRET: auditors,
    });
    const paths = ['checkpoint', 'pending', 'tile/0/000', 'consistency?from=1&to=1', 'proof/0'];
    const ask = async (path: string, secret?: string): Promise<number> =>
      (await fetch(`${ready.log}/${path}`, secret ? { headers: { authorization: `Bearer ${secret}` } } : {})).status;
    for (const path of paths) {
      expect([path, await ask(path)]).toEqual([path, 401]);
      for (const secret of [witnesses, auditors]) expect([path, await ask(path, secret)]).not.toEqual([path, 401]);
    }
    expect(await ask('tile/entries/000', witnesses)).toBe(401);
    expect(await (await fetch(`${ready.log}/health`)).json()).toEqual({ ok: true, log: 'up', history: 'up' });
  });

  it('does not start in production while its size is open to all', async () => {
    await expect(start({ NODE_ENV: 'production' })).rejects.toThrow('LOG_WITNESSES_SECRET is not set');
  });
});
