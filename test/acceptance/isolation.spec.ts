import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  BACKWARDS,
  binaryEvent,
  END,
  EventStoreDBClient,
  jsonEvent,
  type AllStreamJSONRecordedEvent,
} from '@eventstore/db-client';
import type { CommandAccepted, LodestoneClient } from '@adapters/lodestone-client';
import { Client } from 'pg';
import { startPlatform, type RunningPlatform } from './support/platform.js';
import { until } from '../support/waiting.js';

let platform: RunningPlatform;
let store: EventStoreDBClient;
let owner: Client;
let japan: LodestoneClient;
let australia: LodestoneClient;
let secretariat: LodestoneClient;

beforeAll(async () => {
  platform = await startPlatform();
  store = EventStoreDBClient.connectionString(platform.eventStore);
  owner = new Client({ connectionString: platform.database });
  await owner.connect();
  secretariat = platform.as(null, 'SECRETARIAT');
  for (const country of ['JP', 'AU']) await done(secretariat, 'admitMember', { country, since: '2026-05-01' });
  await done(secretariat, 'registerMaterial', {
    code: 'gallium',
    name: 'Gallium',
    group: 'minor',
    hsCodes: ['811292'],
  });
  [japan, australia] = [platform.as('JP', 'DELEGATE'), platform.as('AU', 'DELEGATE')];
});
afterAll(async () => {
  await owner?.end();
  await store?.dispose();
});

const done = async (who: LodestoneClient, mutation: string, input: object): Promise<CommandAccepted> => {
  const outcome = await who.command(mutation, input);
  if (!outcome.accepted) throw new Error(`${mutation} was refused: ${JSON.stringify(outcome)}`);
  return outcome;
};
const propose = (title: string): Promise<CommandAccepted> =>
  done(japan, 'proposeProject', {
    ...{ title, materials: ['gallium'], stages: ['REFINING'], hostCountry: 'AU', marking: { releaseTo: ['AU'] } },
  });
type List = { projects: { nodes: { title: string }[] } };
const titles = async (who: LodestoneClient, atLeast?: string): Promise<string[]> =>
  (
    await who.query<List>('query ($p: Position) { projects(first: 200, atLeast: $p) { nodes { title } } }', {
      p: atLeast,
    })
  ).projects.nodes.map(({ title }) => title);

/** The latest event of a type, as it stands in the store. */
const latest = async (type: string): Promise<AllStreamJSONRecordedEvent> => {
  const read = store.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1_000 });
  const found = (await Array.fromAsync(read)).find(({ event }) => event?.type === type);
  return found!.event as AllStreamJSONRecordedEvent;
};
const sizeOfLog = async (): Promise<number> =>
  Number((await (await fetch(`${platform.log}/checkpoint`)).text()).split('\n')[1]);
const eventsInHistory = async (): Promise<number> => {
  let count = 0;
  for await (const { event } of store.readAll()) if (event && !event.type.startsWith('$')) count++;
  return count;
};

/** The process number of a program that the launcher keeps running. */
const pidOf = (program: string): number => {
  const { programs } = JSON.parse(readFileSync(join(platform.folder, 'running.json'), 'utf8')) as {
    programs: Record<string, number>;
  };
  return programs[program]!;
};

/** Everything goes on: commands, lists, the register, the verifiable log, one leaf for each event. */
const expectAllGoesOn = async (): Promise<void> => {
  const title = `after ${randomUUID()}`;
  const { position } = await propose(title);
  expect(await titles(australia, position)).toContain(title);
  const leaves = await eventsInHistory();
  await until('the log holds every event', async () => (await sizeOfLog()) >= leaves);
  expect(await (await fetch(`${platform.log}/health`)).json()).toMatchObject({ ok: true });
  const health = await fetch(new URL('/health/ready', platform.graphql));
  expect([health.status, await health.json()]).toEqual([200, expect.objectContaining({ views: 'up' })]);
  // The notifier may ask for read models that are being laid out anew.
  const complaints = platform.said.filter((line) => !line.startsWith('[notifier]'));
  expect(complaints.filter((line) => line.includes('does not answer'))).toEqual([]);
};

const text = 'not JSON {' as never;
const whole = async (): Promise<Record<string, unknown>> =>
  (await latest('projects.ProjectProposed.v1')).metadata as never;

describe('An event of another program', () => {
  beforeEach(async () => void (await propose('before')));

  it('is told of in health, and is no reason to send people elsewhere', async () => {
    const ready = async (): Promise<{ status: number; history: string; log: string }> => {
      const response = await fetch(new URL('/health/ready', platform.graphql));
      return { status: response.status, ...((await response.json()) as { history: string; log: string }) };
    };
    await until('the node is ready', async () => (await ready()).status === 200);
    expect(await ready()).toMatchObject({ history: 'up' });
    await store.appendToStream('heartbeat-of-a-monitor', [jsonEvent({ type: 'Beat', data: { n: 1 } })]);
    await until('health tells', async () => (await ready()).history === 'foreign');
    expect(await ready()).toMatchObject({ status: 200, history: 'foreign', log: 'up' });
  });

  it.each([
    ['without metadata', 'heartbeat-of-another-program', async () => jsonEvent({ type: 'Beat', data: { n: 1 } })],
    ['that is not JSON', 'beat-binary', async () => binaryEvent({ type: 'Beat', data: Buffer.from([1, 2, 255]) })],
    [
      'in a stream without a dash',
      'heartbeat',
      async () => jsonEvent({ type: 'Beat', data: { n: 1 }, metadata: await whole() }),
    ],
    [
      'whose metadata is a text',
      'beat-1',
      async () => jsonEvent({ type: 'Beat', data: { n: 1 }, metadata: 'text' as never }),
    ],
    [
      'whose metadata is a list',
      'beat-2',
      async () => jsonEvent({ type: 'Beat', data: { n: 1 }, metadata: [1] as never }),
    ],
    [
      'whose metadata is of another kind',
      'beat-3',
      async () => jsonEvent({ type: 'Beat', data: { n: 1 }, metadata: { recordedAt: 'x' } }),
    ],
    [
      'whose content is null',
      'beat-4',
      async () => jsonEvent({ type: 'Beat', data: null as never, metadata: await whole() }),
    ],
    ['whose content is a text', 'beat-5', async () => jsonEvent({ type: 'Beat', data: text, metadata: await whole() })],
    [
      'that looks like one of the platform’s',
      `bench-${randomUUID()}`,
      async () => {
        const { data, metadata } = await latest('projects.ProjectProposed.v1');
        return jsonEvent({ type: 'projects.ProjectProposed.v1', data: data as never, metadata: metadata as never });
      },
    ],
    [
      'with the id of one of the platform’s',
      'beat-6',
      async () => jsonEvent({ id: (await latest('projects.ProjectProposed.v1')).id, type: 'Beat', data: { n: 1 } }),
    ],
  ] as const)('%s stops nothing, and is told', async (_, stream, event) => {
    const given = await event();
    await store.appendToStream(stream, [given as never]);
    await expectAllGoesOn();
    await until('the alarm is raised', () =>
      platform.said.some((line) => line.includes('ALARM') && line.includes(stream)),
    );
  });
});

describe('Settings of a stream that another program wrote', () => {
  const alarm = (stream: string) =>
    until('the alarm is raised', () => platform.said.some((line) => line.includes('ALARM') && line.includes(stream)));

  it.each([
    ['of its own', 'heartbeat-with-settings', { maxCount: 1, maxAge: 60 }],
    ['of none that there is', 'nothing-there', { truncateBefore: 3 }],
    ['that are no settings', 'heartbeat-odd', { $tb: 'x', $maxCount: null } as never],
  ])('stop nothing: %s', async (_, stream, settings) => {
    if (stream !== 'nothing-there') await store.appendToStream(stream, [jsonEvent({ type: 'Beat', data: { n: 1 } })]);
    await store.setStreamMetadata(stream, settings);
    await expectAllGoesOn();
  });

  it('of a record stop nothing, are told, and what is read of its stream alone counts for nothing', async () => {
    const { recordId } = await propose('with a cut stream');
    await done(japan, 'reviseProject', { id: recordId, title: 'revised' });
    const stream = `project-${recordId}`;
    const facts = async () =>
      (
        await japan.query<{ history: { facts: unknown[] } | null }>(
          'query ($id: ID!) { history(id: $id) { facts { __typename } } }',
          { id: recordId },
        )
      ).history?.facts.length ?? 0;
    expect(await facts()).toBe(2);
    await store.setStreamMetadata(stream, { truncateBefore: 1 });
    await alarm(stream);
    await expectAllGoesOn();
    expect(await facts()).toBe(0);
    expect(await (await fetch(`${platform.log}/health`)).json()).toMatchObject({ ok: true, history: 'altered' });
    // Its rows come from the whole history, which has lost nothing.
    expect(await titles(australia)).toContain('revised');
    await store.setStreamMetadata(stream, {});
    expect(await facts()).toBe(2);
  });

  it('of a record that was deleted stop nothing else', async () => {
    const { recordId } = await propose('with a deleted stream');
    await store.deleteStream(`project-${recordId}`);
    await alarm(`project-${recordId}`);
    await expectAllGoesOn();
  });
});

describe('An event that cannot be read in the stream of a record', () => {
  it('withholds that record, and no other', async () => {
    const { recordId, position } = await propose('tampered with');
    expect(await titles(australia, position)).toContain('tampered with');
    await store.appendToStream(`project-${recordId}`, [
      jsonEvent({ type: 'projects.ProjectRevised.v1', data: { n: 1 } }),
    ]);
    await expectAllGoesOn();
    for (const who of [japan, australia]) expect(await titles(who)).not.toContain('tampered with');
    const outcome = await japan.command('reviseProject', { id: recordId, title: 'again' });
    expect(outcome).toMatchObject({ accepted: false, code: 'PROJECTS.NOT_FOUND' });
    const { rows } = await owner.query('SELECT DISTINCT stream FROM lodestone.unreadable WHERE stream = $1', [
      `project-${recordId}`,
    ]);
    expect(rows).toHaveLength(1);
  });

  it('is one whose sealed content was copied from elsewhere, too', async () => {
    const { recordId } = await propose('copied onto');
    await propose('copied from');
    const { data, metadata } = await latest('projects.ProjectProposed.v1');
    await store.appendToStream(`project-${recordId}`, [
      jsonEvent({ type: 'projects.ProjectRevised.v1', data: data as never, metadata: metadata as never }),
    ]);
    await expectAllGoesOn();
    expect(await titles(japan)).not.toContain('copied onto');
    expect(await titles(japan)).toContain('copied from');
  });

  it('is one of a kind that this code does not know, too, and in a register takes its record alone', async () => {
    await done(secretariat, 'admitMember', { country: 'FR', since: '2026-01-01' });
    const { streamId } = await latest('access.MemberAdmitted.v1');
    const unknown = { type: 'access.MemberSuspended.v1', data: { country: 'AU' }, metadata: (await whole()) as never };
    for (const stream of [streamId, `member-${randomUUID()}`]) await store.appendToStream(stream, [jsonEvent(unknown)]);
    await expectAllGoesOn();
    await done(secretariat, 'admitMember', { country: 'KR', since: '2026-01-01' });
    for (const [country, isMember] of [
      ['KR', true],
      ['AU', true],
      ['FR', false],
    ] as const)
      expect(await platform.as(country, 'DELEGATE').query('{ me { isMember } }')).toEqual({ me: { isMember } });
  });

  it('withholds it as well from a projector that is started again', async () => {
    const { recordId } = await propose('withheld for good');
    await store.appendToStream(`project-${recordId}`, [
      jsonEvent({ type: 'projects.ProjectRevised.v1', data: { n: 1 } }),
    ]);
    await expectAllGoesOn();
    await owner.query('DROP SCHEMA lodestone CASCADE');
    process.kill(pidOf('projector'), 'SIGKILL');
    const { position } = await propose('after the rebuild');
    await until('the read models are built anew', async () =>
      (await titles(japan, position)).includes('after the rebuild'),
    );
    expect(await titles(japan)).not.toContain('withheld for good');
    await expectAllGoesOn();
  });
});
