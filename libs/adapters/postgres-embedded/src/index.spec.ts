import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './index.js';

const LAUNCH = fileURLToPath(new URL('../testing/launch.ts', import.meta.url));

describe('the embedded PostgreSQL server', () => {
  /** One for all tests: whatever a test does to a server, the next one starts in the same folder. */
  let dataFolder: string;
  let launched: ChildProcess[];
  let started: EmbeddedPostgres[];

  beforeAll(() => {
    dataFolder = mkdtempSync(join(tmpdir(), 'lodestone-postgres-'));
  });
  afterAll(() => rmSync(dataFolder, { recursive: true, force: true }));
  beforeEach(() => {
    launched = [];
    started = [];
  });
  afterEach(async () => {
    for (const launcher of launched) launcher.kill('SIGKILL');
    for (const server of started) await server.stop();
  });

  /** Starts a server from this process. */
  async function start(port?: number): Promise<EmbeddedPostgres> {
    const server = await startEmbeddedPostgres({ dataFolder, ...(port !== undefined && { port }) });
    started.push(server);
    return server;
  }

  /** Starts a server from another process, which a test may kill. */
  async function launch(): Promise<{ launcher: ChildProcess; url: string; pid: number; keeper: number }> {
    const launcher = spawn(process.execPath, [LAUNCH, dataFolder], { stdio: ['ignore', 'pipe', 'ignore'], env: {} });
    launched.push(launcher);
    const [line] = (await once(createInterface(launcher.stdout!), 'line')) as [string];
    const { keeper } = JSON.parse(readFileSync(join(dataFolder, 'in-use.json'), 'utf8')) as { keeper: number };
    return { launcher, keeper, ...(JSON.parse(line) as { url: string; pid: number }) };
  }

  async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query(text)).rows as Record<string, unknown>[];
    } finally {
      await client.end();
    }
  }

  /** Commits a fact of its own to the database, to be found again as `recorded`. */
  async function record(url: string): Promise<string> {
    const fact = randomUUID();
    await query(url, `CREATE TABLE IF NOT EXISTS facts (fact text); INSERT INTO facts VALUES ('${fact}')`);
    return fact;
  }

  async function recorded(url: string): Promise<unknown[]> {
    return (await query(url, 'SELECT fact FROM facts')).map(({ fact }) => fact);
  }

  async function kill(...pids: number[]): Promise<void> {
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    await Promise.all(pids.map(toEnd));
  }

  it('makes its database at the first start: UTF-8, checksums, synced to disk, on loopback alone', async () => {
    const { url, pid } = await start();

    expect(url).toMatch(/^postgres:\/\/lodestone_owner:[\w-]{32}@127\.0\.0\.1:\d+\/lodestone$/);
    expect(isRunning(pid)).toBe(true);
    expect(
      await query(
        url,
        `SELECT current_setting('server_encoding') AS encoding, current_setting('data_checksums') AS checksums,
                current_setting('fsync') AS fsync, current_setting('listen_addresses') AS addresses,
                current_database() AS database,
                pg_get_userbyid(datdba) AS owner, datcollate AS collation FROM pg_database WHERE datname = 'lodestone'`,
      ),
    ).toEqual([
      {
        encoding: 'UTF8',
        checksums: 'on',
        fsync: 'on',
        addresses: '127.0.0.1',
        database: 'lodestone',
        owner: 'lodestone_owner',
        collation: 'C',
      },
    ]);
    expect(statSync(join(dataFolder, 'server', 'password')).mode & 0o777).toBe(0o600);
    expect(statSync(join(dataFolder, 'server', 'cluster')).mode & 0o777).toBe(0o700);
  });

  it('lets nobody in without the password, and nobody at all as superuser', async () => {
    const { url } = await start();

    await expect(query(withUser(url, 'lodestone_owner', 'guess'), 'SELECT 1')).rejects.toThrow(
      /password auth.* failed/,
    );
    for (const password of ['', 'postgres', new URL(url).password]) {
      await expect(query(withUser(url, 'postgres', password), 'SELECT 1')).rejects.toThrow();
    }
  });

  it('gives an owner that makes login roles but is bound by row-level security', async () => {
    const { url } = await start();

    expect(
      await query(url, 'SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user'),
    ).toEqual([{ rolsuper: false, rolbypassrls: false, rolcreaterole: true }]);
    await query(url, `CREATE ROLE reader LOGIN NOINHERIT PASSWORD 'of-reader'`);
    await query(
      url,
      `CREATE TABLE secret (country text);
       ALTER TABLE secret ENABLE ROW LEVEL SECURITY;
       INSERT INTO secret VALUES ('FR'), ('JP');
       ALTER TABLE secret FORCE ROW LEVEL SECURITY;
       CREATE POLICY own ON secret USING (country = 'FR');
       GRANT SELECT ON secret TO reader;`,
    );
    expect(await query(url, 'SELECT country FROM secret')).toEqual([{ country: 'FR' }]);
    expect(await query(withUser(url, 'reader', 'of-reader'), 'SELECT country FROM secret')).toEqual([
      { country: 'FR' },
    ]);
  });

  it('keeps its data, port and password from one start to the next', async () => {
    const first = await start();
    const fact = await record(first.url);
    await first.stop();
    expect(isRunning(first.pid)).toBe(false);

    const second = await start();

    expect(second.url).toBe(first.url);
    expect(await recorded(second.url)).toContain(fact);
  });

  it('ends with a launcher that is killed, and starts again', async () => {
    const { launcher, url, pid, keeper } = await launch();
    const fact = await record(url);
    launcher.kill('SIGKILL');

    // At once, while the first server is still stopping.
    const next = await start();

    expect(await recorded(next.url)).toContain(fact);
    await toEnd(pid);
    await toEnd(keeper);
  });

  it('leaves no process behind when its launcher is killed', async () => {
    const { launcher, pid, keeper } = await launch();
    launcher.kill('SIGKILL');

    await toEnd(pid);
    await toEnd(keeper);
  });

  it('starts again when launcher and keeper were killed and the server lives on', async () => {
    const { launcher, url, pid, keeper } = await launch();
    const fact = await record(url);
    await kill(keeper, launcher.pid!);
    expect(isRunning(pid)).toBe(true);

    const next = await start();

    expect(isRunning(pid)).toBe(false);
    expect(await recorded(next.url)).toContain(fact);
  });

  it('starts again when launcher, keeper and server were killed', async () => {
    const { launcher, url, pid, keeper } = await launch();
    const fact = await record(url);
    await kill(keeper, launcher.pid!, pid);

    const next = await start();

    expect(await recorded(next.url)).toContain(fact);
  });

  it('stops the server even after its keeper was killed', async () => {
    const { pid, stop } = await start();
    const { keeper } = JSON.parse(readFileSync(join(dataFolder, 'in-use.json'), 'utf8')) as { keeper: number };
    await kill(keeper);
    expect(isRunning(pid)).toBe(true);

    await stop();

    expect(isRunning(pid)).toBe(false);
  });

  it('tells when its server was killed, and starts again on the same port', async () => {
    const { url, pid, exited } = await start();
    const fact = await record(url);
    await kill(pid);

    await exited;
    const again = await start(Number(new URL(url).port));

    expect(again.url).toBe(url);
    expect(await recorded(again.url)).toContain(fact);
  });

  it('gives a start up when told to, and leaves nothing that blocks the next', async () => {
    const abandoned = join(dataFolder, 'abandoned');
    const given = new AbortController();
    const onProgress = (step: string): void => {
      if (step.startsWith('creating')) setTimeout(() => given.abort(), 50);
    };

    await expect(startEmbeddedPostgres({ dataFolder: abandoned, onProgress, signal: given.signal })).rejects.toThrow();

    const server = await startEmbeddedPostgres({ dataFolder: abandoned });
    started.push(server);
    expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('starts when the process number of a lost server belongs to another program now', async () => {
    const first = await start();
    await first.stop();
    const pidFile = join(dataFolder, 'server', 'cluster', 'postmaster.pid');
    const owner = statSync(join(dataFolder, 'server', 'cluster'));
    const other = spawn('sleep', ['60'], { uid: owner.uid, gid: owner.gid, stdio: 'ignore' });
    launched.push(other);
    writeFileSync(pidFile, `${other.pid}\n/somewhere\n0\n0\n\n127.0.0.1\n0 0\nready   \n`);

    await start();

    expect(isRunning(other.pid!)).toBe(true);
  });

  it('starts when an earlier first start was cut short', async () => {
    const fresh = join(dataFolder, 'fresh');
    const unfinished = () => readdirSync(fresh).filter((name) => name.startsWith('unfinished'));
    mkdirSync(fresh);
    const launcher = spawn(process.execPath, [LAUNCH, fresh], { stdio: 'ignore', env: {} });
    launched.push(launcher);
    while (unfinished().length === 0) await pause(5);
    launcher.kill('SIGKILL');

    const server = await startEmbeddedPostgres({ dataFolder: fresh });
    started.push(server);

    expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(unfinished()).toEqual([]);
  });

  it('refuses a folder that another launcher uses, and leaves its server alone', async () => {
    const { launcher, url } = await launch();

    await expect(start()).rejects.toThrow(
      new RegExp(`${dataFolder} is in use by another process \\(${launcher.pid}\\).*choose another data folder`, 's'),
    );

    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('names the port that is asked for but in use, and takes another one if none is asked for', async () => {
    const first = await start();
    await first.stop();
    const port = Number(new URL(first.url).port);
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    expect((other.address() as AddressInfo).port).toBe(port);

    await expect(start(port)).rejects.toThrow(
      new RegExp(`127.0.0.1:${port}: the port is in use.*ask for another`, 's'),
    );
    const second = await start();
    other.close();

    expect(new URL(second.url).port).not.toBe(String(port));
    expect(await query(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('refuses a relative data folder', async () => {
    await expect(startEmbeddedPostgres({ dataFolder: 'data' })).rejects.toThrow(/"data" must be an absolute path/);
  });
});

function withUser(url: string, user: string, password: string): string {
  const other = new URL(url);
  other.username = user;
  other.password = password;
  return other.href;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch (error) {
    return (error as NodeJS.ErrnoException).path !== undefined && process.platform !== 'linux';
  }
}

/** Waits for a process to end; the test's own time limit is the limit. */
async function toEnd(pid: number): Promise<void> {
  while (isRunning(pid)) await pause(20);
}
