import { beforeAll, describe, expect, it } from '@jest/globals';
import type { LodestoneClient } from '@adapters/lodestone-client';
import { setTimeout as pause } from 'node:timers/promises';
import { startDatabase } from '../support/database.js';
import { PATIENCE_MS } from '../support/patience.js';
import { Proxy } from '../support/proxy.js';
import { until } from '../support/waiting.js';
import { startPlatform, type RunningPlatform } from './support/platform.js';

let platform: RunningPlatform;
let network: Proxy;
let japan: LodestoneClient;
let australia: LodestoneClient;

beforeAll(async () => {
  const database = new URL((await startDatabase()).url);
  network = await Proxy.before(Number(database.port));
  database.port = String(network.port);
  platform = await startPlatform({ DATABASE_URL: database.toString() });
  const secretariat = platform.as(null, 'SECRETARIAT');
  for (const country of ['JP', 'AU']) await secretariat.command('admitMember', { country, since: '2026-05-01' });
  const gallium = { code: 'gallium', name: 'Gallium', group: 'minor metals', hsCodes: ['811292'] };
  await secretariat.command('registerMaterial', gallium);
  [japan, australia] = [platform.as('JP', 'DELEGATE'), platform.as('AU', 'DELEGATE')];
});

const propose = async (title: string): Promise<void> => {
  const project = { title, hostCountry: 'AU', materials: ['gallium'], stages: ['REFINING'] };
  const outcome = await japan.command('proposeProject', { ...project, marking: { releaseTo: ['AU'] } });
  if (!outcome.accepted) throw new Error(JSON.stringify(outcome));
};
type List = { readonly projects: { readonly nodes: readonly { readonly title: string }[] } };
const titles = async (): Promise<readonly string[]> =>
  (await australia.query<List>('{ projects(first: 50) { nodes { title } } }')).projects.nodes.map(({ title }) => title);
const isReady = async (): Promise<boolean> => (await fetch(new URL('/health/ready', platform.graphql))).status === 200;

describe('Connections to PostgreSQL whose other side is gone without a word', () => {
  it.each(['once', 'and once more'])(
    'are given up within seconds: lists, subscriptions and the read models go on, and nobody has to act: %s',
    async (time) => {
      const told: string[] = [];
      const changed = 'subscription { projectChanged { project { title } } }';
      const listening = australia.subscribe<{ projectChanged: { project: { title: string } } }>(changed);
      void (async () => {
        for await (const { projectChanged } of listening) told.push(projectChanged.project.title);
      })().catch((error: unknown) => told.push(`ended: ${String(error)}`));
      await listening.opened;
      const [before, after] = [`before, ${time}`, `after, ${time}`];
      await propose(before);
      await until('it is told of', () => told.includes(before));

      network.forget();
      await propose(after);
      // A question is answered, or refused: none is left open for as long as the silence lasts.
      const asked = await Promise.race([titles().then(() => true, () => true), pause(PATIENCE_MS, false, { ref: false })]); // prettier-ignore
      expect(asked).toBe(true);
      await until('the list shows it', async () => (await titles().catch((): readonly string[] => [])).includes(after));
      await until('the subscription tells of it', () => told.includes(after));
      expect(told.filter((each) => each.startsWith('ended'))).toEqual([]);
      await until('the node says that it is well', isReady);
      listening.stop();
    },
    3 * PATIENCE_MS,
  );
});
