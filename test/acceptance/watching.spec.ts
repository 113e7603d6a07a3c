import { beforeAll, describe, expect, it } from '@jest/globals';
import { capabilities } from '@compositions/capabilities';
import { METRICS, type Metric } from '@adapters/telemetry';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startProgram } from '../support/program.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/waiting.js';
import { asker } from './support/answers.js';
import { startPlatform, type RunningPlatform } from './support/platform.js';

/** Fewer than a hundred: so much is hidden from whoever sees the metrics. */
const HIDDEN = 30;
const PROGRAMS = ['API', 'projector', 'sequencer', 'event store'];

let platform: RunningPlatform;
let addresses: Readonly<Record<string, string>>;
beforeAll(async () => {
  platform = await startPlatform({ LODESTONE_METRICS_PORT: '0' });
  ({ metrics: addresses } = JSON.parse(readFileSync(join(platform.folder, 'runtime.json'), 'utf8')) as {
    metrics: Record<string, string>;
  });
  const secretariat = platform.as(null, 'SECRETARIAT');
  for (const country of ['JP', 'AU']) await secretariat.command('admitMember', { country, since: '2026-05-01' });
  const gallium = { code: 'gallium', name: 'Gallium', group: 'minor metals', hsCodes: ['811292'] };
  await secretariat.command('registerMaterial', gallium);
});

type Series = { readonly metric: string; readonly labels: string; readonly value: string };

const scraped = async (url: string): Promise<readonly Series[]> =>
  [...(await (await fetch(`${url}/metrics`)).text()).matchAll(/^(\w+)(\{[^}]*\})? (\S+)$/gm)].map(
    ([, metric, labels = '', value]) => ({ metric: metric!, labels, value: value! }),
  );

const told = async (): Promise<Readonly<Record<string, readonly Series[]>>> =>
  Object.fromEntries(
    await Promise.all(PROGRAMS.map(async (program) => [program, await scraped(addresses[program]!)] as const)),
  );

const tells = ({ metric }: Series): Metric['tells'] => METRICS[metric as keyof typeof METRICS].tells;

/** What may not differ: all but the figures that time and the machine move. */
const comparable = (all: Readonly<Record<string, readonly Series[]>>) =>
  Object.fromEntries(
    Object.entries(all).map(([program, series]) => [
      program,
      series.map((each) => `${each.metric}${each.labels} ${tells(each) === 'machine' ? '…' : each.value}`).sort(),
    ]),
  );

describe('What a platform tells whoever watches it', () => {
  it('is declared metrics, with labels that name parts of the platform and nothing else', async () => {
    const views = capabilities.flatMap((each) => each.views).map(({ name }) => name);
    const series = Object.values(await told()).flat();
    expect(series.filter(({ metric }) => !(metric in METRICS))).toEqual([]);
    const named = series.flatMap(({ labels }) => [...labels.matchAll(/view="([^"]*)"/g)].map(([, view]) => view!));
    expect([...new Set(named)].sort()).toEqual([...views].sort());
  });

  it('is the same whether or not somebody does what is hidden, in every program', async () => {
    await until('all is well', async () =>
      Object.values(await told()).every((series) =>
        series.every(
          ({ metric, value }) => !['lodestone_ready', 'lodestone_part_up'].includes(metric) || value === '1',
        ),
      ),
    );
    const before = comparable(await told());
    const japan = platform.as('JP', 'DELEGATE');
    const australia = platform.as('AU', 'DELEGATE');
    for (let count = 0; count < HIDDEN / 3; count++) {
      const title = `hidden ${count}`;
      await japan.command('proposeProject', { title, hostCountry: 'JP', materials: ['gallium'], stages: ['REFINING'] });
      await australia.command('declareStock', {
        material: 'gallium',
        form: 'metal',
        purity: '99.99',
        quantity: '12.5',
        asOf: '2026-06-30',
      });
      await japan.command('foundGroup', { name: title, members: ['AU'], membersVisible: false });
    }
    const ask = asker(platform, { country: 'JP', roles: ['DELEGATE'] });
    await until('its owner sees all of it', async () =>
      (await ask('{ projects(first: 50) { totalCount } }')).body.includes(`"totalCount":${HIDDEN / 3}`),
    );
    expect(comparable(await told())).toEqual(before);
  });
});

describe('The log of each program in production', () => {
  const DEAD = 'postgres://nobody:nothing@127.0.0.1:1/nowhere';
  const NOTICE = `--import=data:text/javascript,${encodeURIComponent('setTimeout(() => process.emitWarning("noticed"), 200)')}`;
  const schema = {
    level: expect.stringMatching(/^(error|warn|info)$/),
    time: expect.stringMatching(/Z$/),
    component: expect.any(String),
    event: expect.stringMatching(/^[a-z-]+\.[a-z-]+$/),
    msg: expect.any(String),
  };
  const parsed = (said: readonly string[]) => said.map((line) => JSON.parse(line) as Record<string, unknown>);

  it.each([
    ['event-store', ['--port', '0'], {}],
    ['sequencer', [], { LOG_WITNESSES_SECRET: 'x'.repeat(32) }],
  ])('%s: JSON of one schema', async (app, args, env) => {
    const folder = temporaryFolder();
    const started = await startProgram(`dist/apps/${app}/src/main.js`, {
      args: app === 'event-store' ? [...args, '--data', folder] : args,
      env: {
        NODE_ENV: 'production',
        NODE_OPTIONS: NOTICE,
        EVENT_STORE_URL: platform.eventStore,
        LOG_DATA: folder,
        ...env,
      },
    });
    await until('it has told of the warning', () => started.said.length > 0);
    for (const line of parsed(started.said)) expect(line).toMatchObject({ ...schema, component: app });
  });

  it('projector: an end that nobody foresaw, too', async () => {
    const starting = startProgram('dist/apps/projector/src/main.js', {
      env: {
        NODE_ENV: 'production',
        EVENT_STORE_URL: platform.eventStore,
        DATABASE_URL: DEAD,
        KEYS_DATABASE_URL: DEAD,
        OWNER_KEYS_FOLDER: temporaryFolder(),
      },
    });
    const failure = await starting.then(
      () => '',
      (error: Error) => error.message,
    );
    const [, ...lines] = failure.split('\n');
    expect(parsed(lines)).toEqual([expect.objectContaining({ ...schema, component: 'projector' })]);
  });
});
