import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CommandAccepted, LodestoneClient } from '@adapters/lodestone-client';
import { jsonEvent } from '@eventstore/db-client';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@adapters/postgres-embedded';
import { Client } from 'pg';
import type { RecordedEvent } from '../../apps/event-store/src/event.js';
import { runCommand, RunningStore } from '../../apps/event-store/testing/running-store.js';
import { startPlatform, type RunningPlatform } from '../acceptance/support/platform.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/waiting.js';
import { sizeReached } from './support.js';
import { eventsIn, putEvents, rewritten } from './tampering/event-file.js';

/* Somebody who runs the platform rewrites its history, and makes every checksum right. */

type Said = { readonly code: number | null; readonly said: string };
type Forge = (events: readonly RecordedEvent[]) => { readonly events: RecordedEvent[]; readonly named: RecordedEvent };

let platform: RunningPlatform;
let history: readonly RecordedEvent[];
let bundle: string;
let secret: string;
const PRODUCTION = { stage: 'REFINING', year: 2024, basis: 'REPORTED', source: 'ministry' };

const done = async (of: LodestoneClient, mutation: string, input: object): Promise<CommandAccepted> => {
  const outcome = await of.command(mutation, input);
  if (!outcome.accepted) throw new Error(`${mutation} was refused: ${JSON.stringify(outcome)}`);
  return outcome;
};
const auditor = async (args: readonly string[], env: Record<string, string> = {}): Promise<Said> => {
  const { NODE_OPTIONS: _ofJest, ...inherited } = process.env;
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', 'dist/apps/auditor/src/main.js', ...args],
    {
      env: { ...inherited, ...env },
    },
  );
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, said };
};
const keys = (): Record<string, string> => {
  const { keysPassword } = JSON.parse(readFileSync(join(platform.folder, 'secrets.json'), 'utf8')) as {
    keysPassword: string;
  };
  const url = new URL(platform.database);
  url.username = 'lodestone_keys';
  url.password = keysPassword;
  return { KEYS_DATABASE_URL: url.toString(), OWNER_KEYS_FOLDER: join(platform.folder, 'owner-keys') };
};
/** Its address, as the log itself notes it. */
const logOf = ({ folder }: RunningPlatform): string =>
  /^log \S+ (\S+)$/m.exec(readFileSync(join(folder, 'log', 'policy'), 'utf8'))![1]!;
const policy = (): string => join(platform.folder, 'log', 'policy');

beforeAll(async () => {
  platform = await startPlatform();
  const secretary = platform.as(null, 'SECRETARIAT');
  for (const country of ['JP', 'AU', 'FR']) await done(secretary, 'admitMember', { country, since: '2026-05-01' });
  await done(secretary, 'registerMaterial', {
    code: 'gallium',
    name: 'Gallium',
    group: 'minor metals',
    hsCodes: ['811292'],
  });
  await done(secretary, 'reportProduction', { ...PRODUCTION, country: 'JP', material: 'gallium', quantity: '1200000' });
  const project = { title: 'Secret Japanese project', materials: ['gallium'], stages: ['REFINING'], hostCountry: 'AU' };
  secret = (await done(platform.as('JP', 'DELEGATE'), 'proposeProject', { ...project, marking: { releaseTo: ['AU'] } }))
    .recordId;
  await done(platform.as('JP', 'DELEGATE'), 'proposeProject', {
    ...project,
    title: 'Another',
    marking: { releaseTo: ['AU'] },
  });
  await done(secretary, 'reportProduction', { ...PRODUCTION, country: 'AU', material: 'gallium', quantity: '7' });
  await done(secretary, 'registerMaterial', { code: 'lithium', name: 'Lithium', group: 'alkali', hsCodes: ['282520'] });
  history = eventsIn(join(platform.folder, 'event-store'));
  const events = history.filter(({ type }) => !type.startsWith('$')).length;
  await sizeReached(logOf(platform), events);
  bundle = join(temporaryFolder(), 'bundle');
  await auditor(['export', '--data', join(platform.folder, 'log'), '--out', bundle]);
});

const indexOf = (found: (event: RecordedEvent) => boolean): number => history.findIndex(found);
const ofType = (fact: string): number => indexOf(({ type }) => type.startsWith(`${fact}.v`));
const PRODUCED = 'materials.ProductionReported';
const PROPOSED = 'projects.ProjectProposed';
type Json = Record<string, unknown>;
const changed =
  (type: string, change: Parameters<typeof rewritten>[1]): Forge =>
  (events) => {
    const at = ofType(type);
    return { events: events.with(at, rewritten(events[at]!, change)), named: events[at]! };
  };

/** Each row of what was found first: the event is named, and nobody says that all is well. */
const FORGED: [string, Forge][] = [
  ['an open content that was changed', changed(PRODUCED, { data: (data) => ({ ...data, quantity: '91200000' }) })],
  ['the party', changed(PRODUCED, { metadata: (noted) => ({ ...noted, party: 'JP' }) })],
  [
    'the person',
    changed(PRODUCED, { metadata: (noted) => ({ ...noted, actor: '11111111-1111-5111-8111-111111111111' }) }),
  ],
  ['the roles', changed(PRODUCED, { metadata: (noted) => ({ ...noted, roles: ['OBSERVER'] }) })],
  ['the person of a sealed event', changed(PROPOSED, { metadata: (noted) => ({ ...noted, actor: 'x' }) })],
  [
    'the marking of a sealed event',
    changed(PROPOSED, {
      data: (data) => ({ ...data, marking: { ...(data['marking'] as Json), releaseTo: ['country:FR'] } }),
    }),
  ],
  [
    'an event that was dropped in the middle',
    (events) => ({ events: events.toSpliced(ofType(PROPOSED), 1), named: events[ofType(PROPOSED)]! }),
  ],
  ['the last event dropped', (events) => ({ events: events.slice(0, -1), named: events.at(-1)! })],
];

describe('In a forged history', () => {
  let store: RunningStore;
  let folder: string;
  const forge = async (how: Forge): Promise<RecordedEvent> => {
    folder = temporaryFolder();
    const { events, named } = how(history);
    putEvents(folder, events);
    store = await RunningStore.start(folder);
    return named;
  };
  const verifyHistory = (...more: string[]) => [
    'verify-history',
    '--event-store',
    store.url,
    '--policy',
    policy(),
    ...more,
  ];

  it('as it is recorded nothing is named, and what could not be looked at is told', async () => {
    await forge((events) => ({ events: [...events], named: events[0]! }));
    const held = await auditor(verifyHistory('--bundle', bundle), keys());
    expect(held).toMatchObject({ code: 0, said: expect.stringContaining('The history is what lodestone/') });
    expect(held.said).not.toContain('not opened');
    const shut = await auditor(verifyHistory('--bundle', bundle));
    expect(shut).toMatchObject({ code: 0, said: expect.stringContaining('sealed and not opened') });
    expect(await auditor(verifyHistory('--data', join(platform.folder, 'log')))).toMatchObject({ code: 0 });
    expect(await auditor(verifyHistory())).toMatchObject({ code: 3, said: expect.stringContaining('cannot be told') });
    expect(await auditor(verifyHistory('--bundle', bundle, '--data', 'x'))).toMatchObject({ code: 2 });
    expect(await auditor(verifyHistory('--bundle', '/nowhere'))).toMatchObject({ code: 3 });
    await store.stop();
  });

  it.each(FORGED)(
    '%s is named by verify-history and by export, and the store calls it undamaged at most',
    async (_, how) => {
      const named = await forge(how);
      // No key is needed.
      const { code, said } = await auditor(verifyHistory('--bundle', bundle));
      expect([code, said]).toEqual([1, expect.stringContaining(named.id)]);
      const out = join(folder, 'out');
      const exported = await auditor([
        'export',
        '--data',
        join(platform.folder, 'log'),
        '--event-store',
        store.url,
        '--out',
        out,
      ]);
      expect(exported).toMatchObject({ code: 1, said: expect.stringContaining(named.id) });
      await store.stop();
      const verified = runCommand('verify', '--data', folder);
      expect([verified.code, verified.output]).toEqual([
        0,
        expect.stringMatching(/are undamaged\. Whether they are what was recorded/),
      ]);
    },
  );

  it('a stream whose events are hidden from its readers is named', async () => {
    await forge((events) => ({ events: [...events], named: events[0]! }));
    const client = store.client();
    await client.setStreamMetadata(`project-${secret}`, { truncateBefore: 1 });
    const { code, said } = await auditor(verifyHistory('--bundle', bundle));
    expect([code, said]).toEqual([1, expect.stringContaining(`of the stream project-${secret} are hidden`)]);
    await store.stop();
  });

  it('what another program hides of a stream of its own refutes nothing', async () => {
    await forge((events) => ({ events: [...events], named: events[0]! }));
    const client = store.client();
    await client.appendToStream('heartbeat-of-a-monitor', [jsonEvent({ type: 'Beat', data: { n: 1 } })]);
    await client.setStreamMetadata('heartbeat-of-a-monitor', { maxCount: 1 });
    await client.setStreamMetadata('no-such-stream', { maxAge: 60 });
    const { code, said } = await auditor(verifyHistory('--bundle', bundle));
    expect([code, said]).toEqual([0, expect.stringContaining('The history is what')]);
    await store.stop();
  });

  it.each<[string, Forge]>([
    [
      'a bit of a sealed content',
      changed(PROPOSED, { data: (data) => ({ ...data, sealed: withABitChanged(data['sealed'] as Json) }) }),
    ],
    FORGED[0]!,
    FORGED[4]!,
    FORGED[5]!,
  ])(
    '%s is named by replay, timeline and state-at, which tell nothing of it, and by verify-history',
    async (_, how) => {
      const named = await forge(how);
      const env = { ...keys(), EVENT_STORE_URL: store.url };
      const record = named.stream.slice(named.stream.indexOf('-') + 1);
      for (const args of [
        ['replay', '--all'],
        ['timeline', '--record', record],
        ['state-at', '--record', record, '--at', '99999'],
      ]) {
        const { code, said } = await auditor(args, env);
        expect([args[0], code, said]).toEqual([args[0], 1, expect.stringContaining(`ALTERED: The event ${named.id}`)]);
        expect(said).not.toContain('91200000');
      }
      const { code, said } = await auditor(verifyHistory('--bundle', bundle), keys());
      expect([code, said]).toEqual([1, expect.stringMatching(new RegExp(`${named.id}.*`))]);
      await store.stop();
    },
  );
});

const withABitChanged = (sealed: Json): Json => {
  const text = Buffer.from(String(sealed['text']), 'base64url');
  text[3]! ^= 1;
  return { ...sealed, text: text.toString('base64url') };
};

/** Last: it rewrites the platform's own history. */
describe('A platform whose history was forged', () => {
  let forged: RecordedEvent;
  let again: RunningPlatform;
  beforeAll(async () => {
    platform.launcher.kill('SIGTERM');
    await once(platform.launcher, 'close');
    // While nobody fills it anew from the history as it was.
    const database = await startEmbeddedPostgres({ dataFolder: join(platform.folder, 'postgres') });
    const owner = new Client({ connectionString: database.url });
    await owner.connect();
    await owner.query('DROP SCHEMA lodestone CASCADE');
    await owner.end();
    await database.stop();
    const folder = join(platform.folder, 'event-store');
    const all = eventsIn(folder);
    const at = all.findIndex(({ stream }) => stream === `project-${secret}`);
    forged = all[at]!;
    const marked = (data: Json): Json => ({
      ...data,
      marking: { ...(data['marking'] as Json), releaseTo: ['country:FR'] },
    });
    const lithium = all.findIndex(({ data }) => Buffer.from(data).includes('Lithium'));
    const unmarked = ({ marking: _, ...data }: Json): Json => ({ ...data, name: 'Otherwise' });
    const forgedToo = rewritten(all[lithium]!, { data: unmarked });
    putEvents(folder, all.with(at, rewritten(forged, { data: marked })).with(lithium, forgedToo));
    again = await startPlatform({}, platform.folder);
  });
  afterAll(() => again?.stop());

  const titles = async (country: string): Promise<string[]> => {
    const { projects } = await again
      .as(country, 'DELEGATE')
      .query<{ projects: { nodes: { title: string }[] } }>('{ projects { nodes { title } } }');
    return projects.nodes.map(({ title }) => title);
  };

  it('shows the record to nobody, whatever its marking says now, and all others as before', async () => {
    expect(await titles('FR')).toEqual([]);
    expect(await titles('AU')).toEqual(['Another']);
    expect(await titles('JP')).toEqual(['Another']);
    const { project } = await again
      .as('FR', 'DELEGATE')
      .query<{ project: unknown }>(`{ project(id: "${secret}") { title } }`);
    expect(project).toBeNull();
  });

  it('takes no command for it from anybody, and others from all', async () => {
    for (const country of ['JP', 'FR']) {
      const outcome = await again.as(country, 'DELEGATE').command('withdrawProject', { id: secret, reason: 'none' });
      expect(outcome).toMatchObject({ accepted: false, code: 'PROJECTS.NOT_FOUND' });
    }
    const secretary = again.as(null, 'SECRETARIAT');
    await done(secretary, 'reportProduction', { ...PRODUCTION, country: 'FR', material: 'gallium', quantity: '3' });
  });

  it('makes nothing anew in the place of a record that has a name of its own', async () => {
    const secretary = again.as(null, 'SECRETARIAT');
    const anew = { code: 'lithium', name: 'Lithium', group: 'alkali', hsCodes: ['282520'] };
    expect(await secretary.command('registerMaterial', anew)).toMatchObject({ accepted: false });
    const { materials } = await secretary.query<{ materials: { nodes: { code: string }[] } }>(
      '{ materials { nodes { code } } }',
    );
    expect(materials.nodes).toEqual([{ code: 'gallium' }]);
  });

  it('raises an alarm that names the event, and says so in health', async () => {
    expect(
      await until('the alarm', () => again.said.find((line) => line.includes('ALARM') && line.includes(forged.id))),
    ).toBeTruthy();
    const ready = await fetch(new URL('/health/ready', again.graphql));
    expect([ready.status, await ready.json()]).toEqual([200, expect.objectContaining({ history: 'altered' })]);
    const log = await fetch(`${logOf(again)}/health`);
    expect([log.status, await log.text()]).toEqual([503, expect.stringContaining(forged.id)]);
  });

  it('has its log’s alarm told by export and verify-history', async () => {
    const data = join(again.folder, 'log');
    const exported = await auditor(['export', '--data', data, '--out', join(temporaryFolder(), 'out')]);
    expect(exported).toMatchObject({
      code: 1,
      said: expect.stringMatching(new RegExp(`THE LOG IS IN ALARM.*${forged.id}`)),
    });
    const served = await auditor([
      'verify-history',
      '--event-store',
      again.eventStore,
      '--log',
      logOf(again),
      '--secret-file',
      join(data, 'auditors.secret'),
      '--policy',
      policy(),
    ]);
    expect(served).toMatchObject({ code: 1, said: expect.stringContaining(forged.id) });
  });
});
