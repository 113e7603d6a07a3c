import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { LodestoneClient, LodestoneError, type CommandAccepted } from '@adapters/lodestone-client';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@adapters/postgres-embedded';
import { Client } from 'pg';
import { startPlatform, type RunningPlatform } from './support/platform.js';
import { PATIENCE_MS } from '../support/patience.js';
import { until } from '../support/waiting.js';

let folder: string;
let eventStore: EventStoreProcess;
let database: EmbeddedPostgres;
let platform: RunningPlatform;
let japan: LodestoneClient;

/** An event store that this test may kill, beside a platform that is told its address. */
type EventStoreProcess = { readonly url: string; readonly port: number; kill(): Promise<void> };

const startEventStore = async (port = 0): Promise<EventStoreProcess> => {
  const arguments_ = ['--port', String(port), '--data', join(folder, 'event-store')];
  const server: ChildProcess = spawn(process.execPath, ['dist/apps/event-store/src/main.js', ...arguments_], {
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(server.stdout!), 'line')) as [string];
  const { eventStore: url } = JSON.parse(line) as { eventStore: string };
  return {
    url,
    port: Number(/:(\d+)\?/.exec(url)![1]),
    kill: async () => {
      if (server.exitCode !== null || server.signalCode !== null) return;
      const ended = once(server, 'exit');
      server.kill('SIGKILL');
      await ended;
    },
  };
};

const startDatabase = (port = 0): Promise<EmbeddedPostgres> =>
  startEmbeddedPostgres({ dataFolder: join(folder, 'postgres'), port });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lodestone-outages-'));
  [eventStore, database] = await Promise.all([startEventStore(), startDatabase()]);
  platform = await startPlatform({ EVENT_STORE_URL: eventStore.url, DATABASE_URL: database.url });
  const secretariat = platform.as(null, 'SECRETARIAT');
  await done(secretariat, 'admitMember', { country: 'JP', since: '2026-05-01' });
  await done(secretariat, 'registerMaterial', {
    code: 'gallium',
    name: 'Gallium',
    group: 'minor metals',
    hsCodes: ['811292'],
  });
  // Not a patient one: what it is told of an outage is the subject.
  japan = new LodestoneClient({
    url: platform.graphql,
    token: platform.tokenOf({ country: 'JP', roles: ['DELEGATE'] }),
  });
});

afterAll(async () => {
  await japan?.close();
  await platform?.stop();
  await Promise.all([eventStore?.kill(), database?.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

const done = async (who: LodestoneClient, mutation: string, input: object): Promise<CommandAccepted> => {
  const outcome = await who.command(mutation, input);
  if (!outcome.accepted) throw new Error(`${mutation} was refused: ${JSON.stringify(outcome)}`);
  return outcome;
};

const proposal = (title: string) => ({ title, materials: ['gallium'], stages: ['REFINING'], hostCountry: 'JP' });
const propose = (title: string, commandId: string = randomUUID()): Promise<CommandAccepted> =>
  done(japan, 'proposeProject', { ...proposal(title), commandId });

const LIST = 'query ($atLeast: Position) { projects(first: 200, atLeast: $atLeast) { nodes { title } } }';
type List = { projects: { nodes: { title: string }[] } };
const titles = async (atLeast?: string): Promise<string[]> =>
  (await japan.query<List>(LIST, { atLeast })).projects.nodes.map(({ title }) => title);

const CHANGED = 'subscription ($after: Cursor) { projectChanged(after: $after) { cursor project { title } } }';
type Changed = { projectChanged: { cursor: string; project: { title: string } } };

/** Collects the titles of what a subscription delivers. */
const watch = async (): Promise<string[]> => {
  const subscription = japan.subscribe<Changed>(CHANGED);
  const seen: string[] = [];
  void (async () => {
    for await (const { projectChanged } of subscription) seen.push(projectChanged.project.title);
  })().catch((error: unknown) => seen.push(`ended: ${String(error)}`));
  await subscription.opened;
  return seen;
};

/** The error with which a question is answered: it is, rather than left open for as long as the outage lasts. */
const refusal = async (ask: Promise<unknown>): Promise<LodestoneError> => {
  const late = pause(PATIENCE_MS, 'no answer in time', { ref: false });
  const answer = await Promise.race([ask.catch((error: unknown) => error), late]);
  if (!(answer instanceof LodestoneError)) throw new Error(`expected an error, got ${JSON.stringify(answer)}`);
  return answer;
};

const outage = (code: string) => ({ code, status: 503, correlationId: expect.stringMatching(/^[\w-]{16,}$/) });

type Health = { status: number; parts: Record<string, string> };
const health = async (): Promise<Health> => {
  const response = await fetch(new URL('/health/ready', platform.graphql));
  return { status: response.status, parts: (await response.json()) as Record<string, string> };
};
const isWell = async (): Promise<boolean> => (await health()).status === 200;

/** The process number of a program that the launcher keeps running. */
const pidOf = (program: string): number => {
  const { programs } = JSON.parse(readFileSync(join(platform.folder, 'running.json'), 'utf8')) as {
    programs: Record<string, number>;
  };
  return programs[program]!;
};

describe('While the event store is down', () => {
  it('commands are answered with an outage, queries go on, and everything recovers by itself when it is back', async () => {
    const before = await propose('recorded before');
    await titles(before.position);
    const seen = await watch();
    await eventStore.kill();

    const commandId = randomUUID();
    expect(await refusal(propose('sent during the outage', commandId))).toMatchObject(
      outage('EVENT_STORE_UNAVAILABLE'),
    );
    expect(await titles(before.position)).toEqual(['recorded before']);
    expect((await japan.query<{ me: object }>('{ me { country roles isMember } }')).me).toMatchObject({
      isMember: true,
    });
    expect(await health()).toMatchObject({
      status: 503,
      parts: { eventStore: 'down', readStore: 'up', registers: 'down', history: 'up' },
    });

    eventStore = await startEventStore(eventStore.port);
    const accepted = await until('a command is accepted', () => propose('sent during the outage', commandId));
    const again = await propose('sent during the outage', commandId);
    expect(again).toEqual(accepted);
    await until('the API is well', isWell);

    // Register and projector have found back to the store, too.
    await done(platform.as(null, 'SECRETARIAT'), 'admitMember', { country: 'AU', since: '2026-05-01' });
    expect((await platform.as('AU', 'LIAISON').query<{ me: object }>('{ me { isMember } }')).me).toEqual({
      isMember: true,
    });
    const position = await until('the projector follows', () =>
      titles(accepted.position).then(() => accepted.position),
    );
    expect((await titles(position)).sort()).toEqual(['recorded before', 'sent during the outage']);
    await until('the subscription tells', () => seen.includes('sent during the outage'));
    expect(seen).toEqual(['sent during the outage']);
  });

  it('nothing that was acknowledged is lost, and what was not can be sent again and is recorded once', async () => {
    const acknowledged: string[] = [];
    const unanswered: { title: string; commandId: string }[] = [];
    let isDown = false;
    const client = async (name: string): Promise<void> => {
      for (let turn = 0; !isDown; turn++) {
        const command = { title: `${name} ${turn}`, commandId: randomUUID() };
        await propose(command.title, command.commandId).then(
          () => acknowledged.push(command.title),
          () => unanswered.push(command),
        );
      }
    };
    const clients = Promise.all(['writer a', 'writer b', 'writer c', 'writer d'].map(client));
    await until('some commands are acknowledged', () => acknowledged.length >= 20).finally(() => {
      setImmediate(() => (isDown = true));
      return eventStore.kill();
    });
    await clients;
    expect(unanswered.length).toBeGreaterThan(0);

    eventStore = await startEventStore(eventStore.port);
    let last = await until('a command is accepted', () => propose('writer after'));
    for (const { title, commandId } of unanswered) last = await propose(title, commandId);

    const expected = [...acknowledged, ...unanswered.map(({ title }) => title), 'writer after'];
    await until('the projector follows', () => titles(last.position).then(() => true));
    const shown = (await titles(last.position)).filter((title) => title.startsWith('writer'));
    expect(shown.sort()).toEqual(expected.sort());
    await until('the API is well', isWell);
  });
});

describe('While the database is down', () => {
  it('commands are accepted, queries say so, and what happened meanwhile shows when it is back', async () => {
    const seen = await watch();
    const { port } = new URL(database.url);
    await database.stop();

    const { position } = await propose('written without the database');
    expect(await refusal(titles())).toMatchObject(outage('READ_STORE_UNAVAILABLE'));
    expect(await refusal(titles(position))).toMatchObject(outage('READ_STORE_UNAVAILABLE'));
    expect((await japan.query<{ me: object }>('{ me { country } }')).me).toEqual({ country: 'JP' });
    expect(await health()).toMatchObject({
      status: 503,
      parts: { eventStore: 'up', readStore: 'down', registers: 'up', history: 'up' },
    });

    database = await startDatabase(Number(port));
    expect(await until('the write shows', () => titles(position))).toContain('written without the database');
    await until('the subscription tells', () => seen.length > 0);
    expect(seen).toEqual(['written without the database']);
    await until('the API is well', isWell);
  });
});

describe('A view that cannot be written', () => {
  it('makes the node not ready, which says no more than that; the others go on, and it catches up by itself', async () => {
    const { position: before } = await propose('written before');
    await titles(before);
    await until('the API is well', isWell);
    const owner = new Client({ connectionString: database.url });
    await owner.connect();
    const { rows } = await owner.query<{ name: string; version: number }>(
      `SELECT name, version FROM lodestone.views WHERE name = 'projects.projects'`,
    );
    const table = `lodestone."${rows[0]!.name}/${rows[0]!.version}"`;
    await owner.query(`ALTER TABLE ${table} RENAME COLUMN key TO lost`);
    const { position } = await propose('written meanwhile');
    expect(await until('the API says so', async () => ((await isWell()) ? null : await health()))).toMatchObject({
      status: 503,
      parts: { eventStore: 'up', readStore: 'up', views: 'failed', notifier: 'up' },
    });
    await done(platform.as(null, 'SECRETARIAT'), 'admitMember', { country: 'NZ', since: '2026-05-01' });
    expect(JSON.stringify((await health()).parts)).not.toContain('projects');
    expect(platform.said.join('\n')).toContain('ALARM the view projects.projects has failed');

    await owner.query(`ALTER TABLE ${table} RENAME COLUMN lost TO key`);
    await owner.end();
    expect(await until('the write shows', () => titles(position))).toContain('written meanwhile');
    await until('the API is well', isWell);
  });
});

describe('When a program is killed', () => {
  it('the projector: who asks for a position is told to wait, until the launcher has started it again', async () => {
    const killed = pidOf('projector');
    // Held still first: a killed one is back before the answer is due.
    process.kill(killed, 'SIGSTOP');
    const { position } = await propose('written without the projector');
    expect(await refusal(titles(position))).toMatchObject(outage('READ_MODEL_BEHIND'));
    expect(await titles()).not.toContain('written without the projector');

    process.kill(killed, 'SIGKILL');
    expect(await until('the write shows', () => titles(position))).toContain('written without the projector');
    expect(pidOf('projector')).not.toBe(killed);
  });

  it('the API: it is back at the same address, and subscriptions go on', async () => {
    const seen = await watch();
    const { position } = await propose('told before');
    await until('the subscription tells', () => seen.includes('told before'));
    const killed = pidOf('API');
    process.kill(killed, 'SIGKILL');
    await until('it is gone', () =>
      titles().then(
        () => pidOf('API') !== killed,
        () => true,
      ),
    );

    const next = await until('a command is accepted', () => propose('told after'));
    expect(await titles(next.position)).toEqual(expect.arrayContaining(['told before', 'told after']));
    expect(await titles(position)).toContain('told before');
    await until('the subscription tells', () => seen.includes('told after'));
    expect(seen).toEqual(['told before', 'told after']);
    expect(pidOf('API')).not.toBe(killed);
  });
});
