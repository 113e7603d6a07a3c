import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LodestoneClient, LodestoneError, type CommandAccepted } from '@adapters/lodestone-client';
import { once } from 'node:events';
import { copyFileSync, cpSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Client } from 'pg';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/waiting.js';
import { startPlatform, type RunningPlatform } from './support/platform.js';
import { startInProduction, startMinistry, type Ministry, type ProductionApi } from './support/production.js';

let folder: string;
let platform: RunningPlatform;
let ministry: Ministry;

const clients: LodestoneClient[] = [];
const done = async (who: LodestoneClient, mutation: string, input: object): Promise<CommandAccepted> => {
  const outcome = await who.command(mutation, input);
  if (!outcome.accepted) throw new Error(`${mutation} was refused: ${JSON.stringify(outcome)}`);
  return outcome;
};
const project = (title: string) => ({
  ...{ title, materials: ['gallium'], stages: ['REFINING'], hostCountry: 'AU', marking: { releaseTo: ['AU'] } },
});
const propose = (who: LodestoneClient, title: string): Promise<CommandAccepted> =>
  done(who, 'proposeProject', project(title));
type List = { projects: { nodes: { title: string }[] } };
const titles = async (who: LodestoneClient, atLeast?: string): Promise<string[]> =>
  (
    await who.query<List>('query ($p: Position) { projects(first: 200, atLeast: $p) { nodes { title } } }', {
      p: atLeast,
    })
  ).projects.nodes.map(({ title }) => title);
const refusal = async (asked: Promise<unknown>): Promise<unknown> => {
  const answer = await asked.catch((error: unknown) => error);
  return answer instanceof LodestoneError ? { code: answer.code, status: answer.status } : answer;
};
const KEY_UNAVAILABLE = { code: 'OWNER_KEY_UNAVAILABLE', status: 503 };
const health = async (graphql: string): Promise<unknown> => {
  const response = await fetch(new URL('/health/ready', graphql));
  return { status: response.status, text: await response.text() };
};

const isReady = (graphql: string): Promise<unknown> =>
  until('the API is ready', async () => (await fetch(new URL('/health/ready', graphql))).status === 200);

/** A second node of the platform with a folder of owners' keys of its own. */
const secondNode = async (keys: string): Promise<ProductionApi> => {
  const trusted = [{ ...ministry.trusted, countries: ['JP', 'AU', 'CA'] }];
  const node = await startInProduction(platform, trusted, { OWNER_KEYS_FOLDER: keys });
  await isReady(node.graphql);
  return node;
};
const at = async (node: ProductionApi, country: string): Promise<LodestoneClient> => {
  const client = new LodestoneClient({ url: node.graphql, token: await ministry.signed({ country, sub: country }) });
  clients.push(client);
  return client;
};

beforeAll(async () => {
  folder = temporaryFolder();
  [platform, ministry] = await Promise.all([startPlatform({}, folder), startMinistry()]);
  const secretariat = platform.as(null, 'SECRETARIAT');
  for (const country of ['JP', 'AU', 'CA']) await done(secretariat, 'admitMember', { country, since: '2026-05-01' });
  await done(secretariat, 'registerMaterial', {
    ...{ code: 'gallium', name: 'Gallium', group: 'minor', hsCodes: ['811292'] },
  });
});
afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  ministry?.close();
  await platform?.stop();
});

describe('A node whose folder of owners’ keys is empty', () => {
  it('records nothing, reads what is there, stops nobody else, and goes on as soon as the keys are back', async () => {
    const [japan, australia] = [platform.as('JP', 'DELEGATE'), platform.as('AU', 'DELEGATE')];
    const first = await propose(japan, 'before');
    expect(await titles(australia, first.position)).toEqual(['before']);

    const own = temporaryFolder();
    const node = await secondNode(own);
    const [there, canada] = [await at(node, 'JP'), await at(node, 'CA')];
    // Of Japan the database knows the key, of Canada it knows none yet.
    for (const who of [there, canada])
      expect(await refusal(propose(who, 'from the second node'))).toEqual(KEY_UNAVAILABLE);
    const host = await at(node, 'AU');
    expect(await refusal(host.command('giveHostConsent', { id: first.recordId }))).toEqual(KEY_UNAVAILABLE);
    // Canada may not know that it is there.
    expect(await canada.command('giveHostConsent', { id: first.recordId })).toMatchObject({
      code: 'PROJECTS.NOT_FOUND',
    });
    expect(await refusal(there.command('reviseProject', { id: first.recordId, title: 'x' }))).toEqual(KEY_UNAVAILABLE);
    expect(readdirSync(own)).toEqual([]);
    expect(await titles(there)).toEqual(['before']);
    expect(await health(node.graphql)).toEqual({ status: 200, text: expect.stringContaining('"keys":"mismatched"') });
    expect(JSON.stringify(await health(node.graphql))).not.toMatch(/JP|CA/);
    expect(node.said.filter((line) => line.includes('ALARM the key of JP'))).toEqual([
      expect.stringMatching(/JP\.key is missing.*OWNER_KEYS_FOLDER/),
    ]);

    const second = await propose(japan, 'meanwhile');
    expect(await titles(australia, second.position)).toContain('meanwhile');
    expect(await health(platform.graphql)).toEqual({ status: 200, text: expect.stringContaining('"keys":"up"') });

    const kept = join(folder, 'owner-keys');
    for (const file of readdirSync(kept)) copyFileSync(join(kept, file), join(own, file));
    const third = await propose(there, 'from the second node');
    await done(there, 'reviseProject', { id: first.recordId, title: 'revised' });
    expect(await titles(there, third.position)).toContain('from the second node');
    expect(await titles(australia)).toContain('from the second node');
    expect(await health(node.graphql)).toEqual({ status: 200, text: expect.stringContaining('"keys":"up"') });
    await node.stop();
  });
});

describe('A platform that is restored', () => {
  const withKeys = async (change: (keys: string) => void): Promise<string> => {
    const ended = once(platform.launcher, 'exit');
    platform.launcher.kill('SIGTERM');
    await ended;
    const backup = temporaryFolder();
    cpSync(join(folder, 'owner-keys'), backup, { recursive: true });
    change(join(folder, 'owner-keys'));
    platform = await startPlatform({}, folder);
    await isReady(platform.graphql);
    return backup;
  };
  const restore = (backup: string): void => cpSync(backup, join(folder, 'owner-keys'), { recursive: true });

  it('with a folder that is older than an owner records nothing for that one until its key is found', async () => {
    await propose(platform.as('AU', 'DELEGATE'), 'of Australia');
    const backup = await withKeys((keys) => rmSync(join(keys, 'AU.key')));
    const [japan, australia] = [platform.as('JP', 'DELEGATE'), platform.as('AU', 'DELEGATE')];
    expect(await refusal(propose(australia, 'under another key'))).toEqual(KEY_UNAVAILABLE);
    const { position } = await propose(japan, 'of Japan, after the restore');
    expect(await titles(australia, position)).toContain('of Australia');
    expect(await health(platform.graphql)).toMatchObject({ text: expect.stringContaining('"keys":"mismatched"') });
    restore(backup);
    const back = await propose(australia, 'under the right key');
    expect(await titles(australia, back.position)).toContain('under the right key');
    expect(await health(platform.graphql)).toMatchObject({ text: expect.stringContaining('"keys":"up"') });
  });

  it('without the folder and without read models records nothing, and shows all again when the folder is back', async () => {
    const before = (await titles(platform.as('AU', 'DELEGATE'))).toSorted();
    const keys = join(folder, 'owner-keys');
    const owner = new Client({ connectionString: platform.database });
    await owner.connect();
    await owner.query('DROP SCHEMA lodestone CASCADE');
    await owner.end();
    const backup = await withKeys(() => renameSync(keys, `${keys}-elsewhere`));
    const [japan, australia] = [platform.as('JP', 'DELEGATE'), platform.as('AU', 'DELEGATE')];
    for (const who of [japan, australia])
      expect(await refusal(propose(who, 'under another key'))).toEqual(KEY_UNAVAILABLE);
    expect(readdirSync(keys)).toEqual([]);
    expect(await titles(australia)).toEqual([]);
    restore(backup);
    const { position } = await propose(japan, 'after all');
    expect(await titles(australia, position)).toContain('after all');
    await until('all is shown again', async () =>
      isDeepStrictEqual((await titles(australia)).toSorted(), [...before, 'after all'].toSorted()),
    );
  });
});
