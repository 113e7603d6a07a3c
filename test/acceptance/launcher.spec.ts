import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chownSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { developmentPlatform } from '@adapters/identity-oidc';
import { LodestoneClient } from '@adapters/lodestone-client';
import { processesOf } from './support/processes.js';
import { until } from '../support/waiting.js';

const LAUNCHER = 'dist/apps/launcher/src/main.js';

const folders: string[] = [];
const newFolder = (): string => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'lodestone-launcher-')));
  folders.push(folder);
  return folder;
};

/** A program under test, and what it said so far. */
type Started = {
  readonly process: ChildProcess;
  readonly printed: readonly string[];
  readonly said: readonly string[];
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string | null>;
};
const started: Started[] = [];

type Environment = Readonly<Record<string, string>>;

const start = (command: string, args: readonly string[], environment: Environment, ownGroup = false): Started => {
  const child = spawn(command, args, {
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      NODE_ENV: 'test',
      LODESTONE_PORT: '0',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: ownGroup,
  });
  const [printed, said]: [string[], string[]] = [[], []];
  createInterface({ input: child.stdout }).on('line', (line) => printed.push(line));
  createInterface({ input: child.stderr }).on('line', (line) => said.push(line));
  const ended = new Promise<number | string | null>((resolve) =>
    child.once('close', (code, signal) => resolve(code ?? signal)),
  );
  const one = { process: child, printed, said, ended };
  started.push(one);
  return one;
};

const launch = (folder: string, environment: Environment = {}): Started =>
  start(process.execPath, [LAUNCHER], { LODESTONE_DATA: folder, ...environment });

type Addresses = Readonly<Record<'graphql' | 'issuer' | 'eventStore' | 'database', string>>;

const whenReady = async (launched: Started): Promise<Addresses> => {
  let end: string | null = null;
  void launched.ended.then((how) => (end = String(how)));
  const line = await until('the platform is ready', () => end ?? launched.printed[0]);
  if (end !== null) throw new Error(`the launcher ended with ${end}:\n${launched.said.join('\n')}`);
  return JSON.parse(line) as Addresses;
};

const whenGone = (folder: string): Promise<boolean> =>
  until('no process is left', () => processesOf(folder).length === 0).catch((error: unknown) => {
    throw new Error(`these are left:\n${processesOf(folder).join('\n')}`, { cause: error });
  });

afterAll(async () => {
  for (const { process: child } of started) child.kill('SIGKILL');
  for (const folder of folders) {
    await whenGone(folder).catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  }
});

describe('A start with wrong settings', () => {
  it('names every wrong one at once, and starts nothing', async () => {
    const folder = join(newFolder(), 'not made');
    const launched = launch(folder, {
      LODESTONE_PORT: 'abc',
      EVENT_STORE_URL: 'http://x',
      DATABASE_URL: 'mysql://root:secret@x/y',
    });

    expect(await launched.ended).toBe(2);
    const message = launched.said.join('\n');
    expect(message).toContain('LODESTONE_PORT is "abc", which is not a port');
    expect(message).toContain('EVENT_STORE_URL is not a connection string such as esdb://');
    expect(message).toContain('DATABASE_URL does not start with postgres://');
    expect(message).not.toContain('secret');
    expect(launched.printed).toEqual([]);
    expect(existsSync(folder)).toBe(false);
  });

  it('refuses production, where a provider of made-up people has no place', async () => {
    const folder = join(newFolder(), 'not made');
    const launched = launch(folder, { NODE_ENV: 'production' });

    expect(await launched.ended).toBe(2);
    expect(launched.said.join('\n')).toContain('NODE_ENV is production');
    expect(existsSync(folder)).toBe(false);
  });

  it('of the API alone names all that is missing', async () => {
    const api = start(process.execPath, ['dist/apps/api/src/main.js'], { SEAL_KEY: 'short' });

    expect(await api.ended).toBe(2);
    const message = api.said.join('\n');
    for (const name of ['EVENT_STORE_URL', 'DATABASE_READER_URL', 'TRUSTED_ISSUERS'])
      expect(message).toContain(`${name} is not set`);
    expect(message).toContain('SEAL_KEY is not 32 bytes');
  });

  it('says that the data folder cannot be used, where it cannot', async () => {
    const launched = launch('/dev/null/data');

    expect(await launched.ended).toBe(1);
    expect(launched.said.join('\n')).toMatch(/The data folder \/dev\/null\/data cannot be used: .*LODESTONE_DATA/);
  });
});

describe('The platform on a data folder', () => {
  let folder: string;
  /** Projects whose proposal was acknowledged. */
  const acknowledged: string[] = [];
  let first: Addresses;
  /** A program of a launcher that was killed. */
  let lingering: number;

  beforeAll(() => {
    folder = newFolder();
  });

  const as = async (country: string | null, role: string): Promise<LodestoneClient> => {
    const { graphql, tokenOf } = await developmentPlatform(folder);
    return new LodestoneClient({ url: graphql, token: tokenOf({ country, roles: [role] }) });
  };

  const done = async (
    who: LodestoneClient,
    mutation: string,
    input: object,
  ): Promise<{ recordId: string; position: string }> => {
    const outcome = await who.command(mutation, input);
    if (!outcome.accepted) throw new Error(`${mutation} was refused: ${JSON.stringify(outcome)}`);
    return outcome;
  };

  const propose = async (commandId: string = randomUUID()): Promise<string> => {
    const project = {
      title: 'Gallium from alumina liquor',
      materials: ['gallium'],
      stages: ['REFINING'],
      hostCountry: 'JP',
    };
    const { recordId, position } = await done(await as('JP', 'DELEGATE'), 'proposeProject', { ...project, commandId });
    if (!acknowledged.includes(recordId)) acknowledged.push(recordId);
    return position;
  };

  const shown = async (atLeast?: string): Promise<string[]> => {
    const query = 'query ($atLeast: Position) { projects(first: 200, atLeast: $atLeast) { nodes { id } } }';
    const { projects } = await (
      await as('JP', 'LIAISON')
    ).query<{ projects: { nodes: { id: string }[] } }>(query, { atLeast });
    return projects.nodes.map(({ id }) => id).sort();
  };

  const kept = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));
  /** What is kept of the addresses, as it is shown: the password is for the owner of the folder alone. */
  const announced = (): Addresses => {
    const { database, ...others } = kept('runtime.json') as Addresses;
    return { ...others, database: database.replace(/:[^:@]+@/, ':…@') };
  };

  it('says when it is ready, keeps its place against a second launcher, and ends with Ctrl-C', async () => {
    const terminal = start(process.execPath, [LAUNCHER], { LODESTONE_DATA: folder }, true);
    first = await whenReady(terminal);

    expect(terminal.printed).toHaveLength(1);
    expect(Object.keys(first)).toEqual(['ready', 'graphql', 'console', 'issuer', 'eventStore', 'database', 'log']);
    expect(first.database).toMatch(/^postgres:\/\/\w+:…@127\.0\.0\.1:/);
    const { ready: _, ...addresses } = first as Addresses & { ready: true };
    expect(announced()).toEqual(addresses);
    const steps = terminal.said.join('\n');
    for (const part of [
      'event store: esdb://',
      'PostgreSQL: ready',
      'identity provider: http://',
      'projector: ',
      'API: http://',
    ])
      expect(steps).toContain(part);

    await done(await as(null, 'SECRETARIAT'), 'admitMember', { country: 'JP', since: '2026-05-01' });
    await done(await as(null, 'SECRETARIAT'), 'registerMaterial', {
      code: 'gallium',
      name: 'Gallium',
      group: 'minor metals',
      hsCodes: ['811292'],
    });
    expect(await shown(await propose())).toEqual(acknowledged);

    const second = launch(folder);
    expect(await second.ended).toBe(1);
    expect(second.said.join('\n')).toMatch(/in use by another launcher \(process \d+\).*LODESTONE_DATA/);
    expect(second.printed).toEqual([]);
    expect(announced()).toEqual(addresses);
    expect(await shown(await propose())).toEqual([...acknowledged].sort());

    // As a terminal does it: to every process of the group.
    process.kill(-terminal.process.pid!, 'SIGINT');
    expect(await terminal.ended).toBe(0);
    await whenGone(folder);
    expect(existsSync(join(folder, 'runtime.json'))).toBe(false);
  });

  it('leaves the folder as it was when its port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const launched = launch(folder, { LODESTONE_PORT: String(port) });

    expect(await launched.ended).toBe(1);
    other.close();
    expect(launched.said.join('\n')).toMatch(new RegExp(`Port ${port} is taken by another program.*LODESTONE_PORT`));
    expect(launched.printed).toEqual([]);
    expect(processesOf(folder)).toEqual([]);
  });

  it('starts again at the same addresses with all records, brings back what is killed, and gives out tokens', async () => {
    const launched = launch(folder);
    const { issuer, eventStore, database, graphql } = await whenReady(launched);
    expect({ issuer, eventStore, database }).toEqual({
      issuer: first.issuer,
      eventStore: first.eventStore,
      database: first.database,
    });
    expect(await shown()).toEqual([...acknowledged].sort());

    const token = (...args: string[]) =>
      spawnSync(process.execPath, ['dist/apps/identity/src/token.js', ...args], {
        env: { LODESTONE_DATA: folder },
        encoding: 'utf8',
      });
    const printed = token('--country', 'JP', '--role', 'DELEGATE');
    expect(printed).toMatchObject({ status: 0, stderr: '' });
    expect(printed.stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const { me } = await new LodestoneClient({ url: graphql, token: printed.stdout.trim() }).query<{ me: object }>(
      '{ me { country roles isMember } }',
    );
    expect(me).toEqual({ country: 'JP', roles: ['DELEGATE'], isMember: true });
    for (const [args, complaint] of [
      [['--country', 'JP', '--role', 'KING'], /Unknown role "KING": choose from .*DELEGATE/],
      [['--country', 'Japan', '--role', 'DELEGATE'], /Wrong country "Japan": use a two-letter code/],
      [['--role', 'DELEGATE'], /speaks for a country/],
      [[], /No role given.*\nUsage: npm run --silent token/],
    ] as const) {
      const wrong = token(...args);
      expect(wrong).toMatchObject({ status: 2, stdout: '' });
      expect(wrong.stderr).toMatch(complaint);
    }

    const [postmaster] = readFileSync(join(folder, 'postgres/server/cluster/postmaster.pid'), 'utf8').split('\n');
    const { programs } = kept('running.json') as { programs: Record<string, number> };
    const commandId = randomUUID();
    for (const pid of [Number(postmaster), programs['event store']!]) process.kill(pid, 'SIGKILL');
    const position = await until('a command is accepted', () => propose(commandId));
    expect(await until('the write shows', () => shown(position))).toEqual([...acknowledged].sort());
    expect(launched.said.join('\n')).toContain('the database has ended');

    // With a stream of events open, which has no end of its own.
    const client = await as('JP', 'LIAISON');
    const stream = client.subscribeBySse('subscription { projectChanged { cursor } }');
    await stream.opened;
    // A program that takes its time to end: it still holds its files when the next launcher starts.
    lingering = (kept('running.json') as { programs: Record<string, number> }).programs['event store']!;
    process.kill(lingering, 'SIGSTOP');
    launched.process.kill('SIGKILL');
    await client.close();
  });

  it('starts at once after its launcher was killed, with everything acknowledged, and ends when npm is killed', async () => {
    // As npm runs a script: through a shell.
    const script = start('sh', ['-c', `sh -c '${process.execPath} ${LAUNCHER}; exit $?'; exit $?`], {
      LODESTONE_DATA: folder,
      npm_lifecycle_event: 'start',
    });
    await until('it waits for the earlier programs', () =>
      script.said.some((line) => line.includes('of an earlier run')),
    );
    // Long enough for a start that does not wait to fail.
    await pause(2_000);
    process.kill(lingering, 'SIGCONT');
    const { issuer, eventStore } = await whenReady(script);
    expect({ issuer, eventStore }).toEqual({ issuer: first.issuer, eventStore: first.eventStore });
    expect(await shown(await propose())).toEqual([...acknowledged].sort());

    script.process.kill('SIGKILL');
    await whenGone(folder);
    expect(script.said.at(-1)).toMatch(/stopped$/);
  });

  it('leaves nothing that runs when its launcher is killed', async () => {
    const launched = launch(folder);
    // In the middle of the start, when no program listens for the launcher's end yet.
    await until(
      'the API is being started',
      () => (kept('running.json') as { programs: { API?: number } }).programs.API,
    );
    launched.process.kill('SIGKILL');

    await whenGone(folder);
  });

  it('gives its token to nobody when it does not run', () => {
    const token = spawnSync(
      process.execPath,
      ['dist/apps/identity/src/token.js', '--country', 'JP', '--role', 'DELEGATE'],
      { env: { LODESTONE_DATA: newFolder() }, encoding: 'utf8' },
    );

    expect(token).toMatchObject({ status: 2, stdout: '' });
    expect(token.stderr).toMatch(/No platform runs on .*npm start/s);
  });
});

describe('A program of the platform', () => {
  const guarded = (script: string): ChildProcess =>
    spawn(process.execPath, ['--import', './dist/apps/launcher/src/with-launcher.js', '-e', script], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
  const endOf = (program: ChildProcess): Promise<unknown> => new Promise((resolve) => program.once('exit', resolve));

  it('ends with its launcher even when it does not listen for that', async () => {
    const program = guarded('process.send("runs"); setInterval(() => undefined, 1000)');
    const ended = endOf(program);
    await new Promise((resolve) => program.once('message', resolve));
    program.disconnect();

    expect(await ended).toBe(1);
  });

  it('ends by itself when it is done', async () => {
    expect(await endOf(guarded(''))).toBe(0);
  });
});

describe('An ordinary user', () => {
  const NOBODY = 65534;
  const isRoot = process.getuid?.() === 0;
  const lending = [
    'setpriv',
    `--reuid=${NOBODY}`,
    `--regid=${NOBODY}`,
    '--clear-groups',
    '--',
    process.execPath,
  ] as const;

  /** Root lends an ordinary account; everybody else has one. */
  const launchAsUser = (folder: string): Started => {
    if (!isRoot) return launch(folder);
    const [command, ...args] = lending;
    return start(command, [...args, LAUNCHER], { LODESTONE_DATA: folder });
  };

  it('starts the platform, even after a first start that was broken off with Ctrl-C', async () => {
    if (isRoot && spawnSync(lending[0], [...lending.slice(1), '--version'], { encoding: 'utf8' }).status !== 0) {
      console.warn('SKIPPED: root cannot lend an ordinary account here, as setpriv does not work or may not run Node');
      return;
    }
    const folder = newFolder();
    if (isRoot) chownSync(folder, NOBODY, NOBODY);
    const broken = launchAsUser(folder);
    await until('the database is being created', () =>
      broken.said.some((line) => line.includes('creating the database')),
    );
    broken.process.kill('SIGINT');
    expect(await broken.ended).toBe(0);
    expect(processesOf(folder)).toEqual([]);

    const launched = launchAsUser(folder);
    await whenReady(launched);
    expect(processesOf(folder).length).toBeGreaterThan(5);
    launched.process.kill('SIGINT');
    expect(await launched.ended).toBe(0);
    await whenGone(folder);
  });
});
