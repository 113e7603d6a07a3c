import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startPlatform, type RunningPlatform } from '../acceptance/support/platform.js';
import { clocksIn } from '../support/clocks.js';
import { startProgram } from '../support/program.js';
import { Proxy } from '../support/proxy.js';
import { mountSmallDisk } from '../support/small-disk.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { processOf, type ProgramName } from './processes.js';

/** Whose people write, and who reads what all of them may. */
export const COUNTRIES = ['JP', 'AU', 'US', 'CA', 'KR'] as const;

/** A platform that stands on its stores through proxies, on small disks, with clocks that can be set. */
export type Stage = {
  readonly platform: RunningPlatform;
  /** The event store without a proxy, for whoever looks at what is there. */
  readonly history: string;
  readonly proxies: Readonly<Record<'event store' | 'PostgreSQL', Proxy>>;
  /** Data folders that are disks of their own; none where this machine does not permit it. */
  readonly disks: Readonly<Record<string, string>>;
  readonly clocks: string;
  readonly processOf: (program: ProgramName) => number;
  /** What was said last, for their operators, by the stores and by the platform. */
  readonly said: () => readonly string[];
};

/** Sizes in mebibytes: room for the longest run, and little enough to be filled in a moment. */
const DISKS = { 'event store': 256, PostgreSQL: 1_024, log: 256 };

/** Starts everything. It is stopped after the spec file at the latest. */
export const startStage = async (): Promise<Stage> => {
  const folder = temporaryFolder();
  const [stores, own, clocks] = ['stores', 'platform', 'clocks'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  mkdirSync(clocks, { recursive: true });
  const folders = {
    'event store': join(stores, 'event-store'),
    PostgreSQL: join(stores, 'postgres'),
    log: join(own, 'log'),
  };
  const names = Object.keys(folders) as (keyof typeof folders)[];
  const disks = Object.fromEntries(
    names.flatMap((name) => (mountSmallDisk(folders[name], DISKS[name]) ? [[name, folders[name]]] : [])),
  );

  const env = clocksIn(clocks);
  const stored = await startProgram<{ eventStore: string; database: string }>('dist/test/faults/stores.js', {
    args: [stores],
    env,
  });
  const { ready } = stored;
  const database = new URL(ready.database);
  const eventStore = new URL(ready.eventStore);
  const proxies = {
    'event store': await Proxy.before(Number(eventStore.port)),
    PostgreSQL: await Proxy.before(Number(database.port)),
  };
  const throughProxy = (url: URL, { port }: Proxy): string => Object.assign(new URL(url), { port }).toString();
  const platform = await startPlatform(
    {
      ...env,
      EVENT_STORE_URL: throughProxy(eventStore, proxies['event store']),
      DATABASE_URL: throughProxy(database, proxies.PostgreSQL),
      HISTORY_CHECK_SECONDS: '2',
    },
    own,
  );
  const secretariat = platform.as(null, 'SECRETARIAT');
  for (const country of COUNTRIES) await done(secretariat.command('admitMember', { country, since: '2026-05-01' }));
  const gallium = { code: 'gallium', name: 'Gallium', group: 'minor metals', hsCodes: ['811292'] };
  await done(secretariat.command('registerMaterial', gallium));
  return {
    platform,
    history: ready.eventStore,
    ...{ proxies, disks, clocks },
    processOf: (program) => processOf(program, stores, own),
    said: () => [...stored.said.slice(-10), ...platform.said.slice(-30)],
  };
};

const done = async (command: ReturnType<ReturnType<RunningPlatform['as']>['command']>): Promise<void> => {
  const outcome = await command;
  if (!outcome.accepted) throw new Error(`refused: ${JSON.stringify(outcome)}`);
};
