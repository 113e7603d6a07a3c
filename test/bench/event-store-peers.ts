import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { startEmbeddedPostgres } from '@adapters/postgres-embedded';

/** Another store, ready for appends. */
export interface Peer {
  /** Appends one event; resolves when it is committed and synced. */
  append(stream: string, data: object): Promise<unknown>;
  close(): Promise<void>;
}

const MANIFEST = fileURLToPath(new URL('../../../test/bench/event-store-peers', import.meta.url));
const INSTALLED = fileURLToPath(new URL('../../../node_modules/.cache/event-store-peers', import.meta.url));

interface Emmett {
  appendToStream(stream: string, events: { type: string; data: object }[]): Promise<unknown>;
  close(): Promise<void>;
  schema: { migrate(): Promise<unknown> };
}

interface SqliteConnection {
  command(sql: string): Promise<unknown>;
  querySingle(sql: string): Promise<Record<string, number>>;
  close(): void;
}

interface EmmettSqlite {
  sqliteConnection(options: { fileName: string }): SqliteConnection;
  getSQLiteEventStore(options: object): Emmett;
}

interface EmmettPostgres {
  getPostgreSQLEventStore(url: string, options: object): Emmett;
}

interface Postgres {
  default: {
    Pool: new (options: { connectionString: string }) => { on(event: 'error', ignore: () => void): Pool };
  };
}

interface Pool {
  end(): Promise<void>;
}

let refusal: string | undefined;

/** Installs the peers' packages, unless an earlier run did, beside the project's own. @throws when npm cannot. */
function install(): void {
  if (existsSync(join(INSTALLED, 'complete'))) return;
  if (refusal === undefined) {
    console.log('Installing the stores to compare with; their SQLite driver may be compiled, which takes minutes.');
    rmSync(INSTALLED, { recursive: true, force: true });
    cpSync(MANIFEST, INSTALLED, { recursive: true });
    const { status, stderr } = spawnSync('npm', ['ci'], { cwd: INSTALLED, encoding: 'utf8' });
    if (status === 0) return void mkdirSync(join(INSTALLED, 'complete'));
    refusal = `npm ci in ${INSTALLED} failed: ${stderr.trim().split('\n').slice(-3).join(' ')}`;
  }
  throw new Error(refusal);
}

async function load<Module>(name: string): Promise<Module> {
  install();
  const required = createRequire(join(INSTALLED, 'package.json'));
  return (await import(pathToFileURL(required.resolve(name)).href)) as Module;
}

/**
 * Emmett on SQLite, in the bench's own process as it is meant to be used.
 *
 * Its appends go one after another over one connection. Several at a time over one connection share a transaction that
 * ends with the last of them: the others are acknowledged before they are committed. With a connection for each append,
 * as by default, they wait for each other's locks in the driver's four threads until most of them fail.
 */
export async function emmettSqlite(folder: string): Promise<Peer> {
  const { sqliteConnection, getSQLiteEventStore } = await load<EmmettSqlite>('@event-driven-io/emmett-sqlite');
  const fileName = join(folder, 'emmett.db');
  const connection = sqliteConnection({ fileName });
  await connection.command('PRAGMA synchronous = FULL');
  const store = getSQLiteEventStore({ fileName, connectionOptions: { singleton: true, connection } });
  await store.schema.migrate();
  let last: Promise<unknown> = Promise.resolve();
  return {
    append: (stream, data) => (last = last.then(() => store.appendToStream(stream, [{ type: 'Measured', data }]))),
    close: () => last.then(() => connection.close()),
  };
}

/** Emmett on the embedded PostgreSQL: fsync and synchronous_commit are on, connections are pooled as by its default. */
export async function emmettPostgres(dataFolder: string): Promise<Peer> {
  const { getPostgreSQLEventStore } = await load<EmmettPostgres>('@event-driven-io/emmett-postgresql');
  const server = await startEmbeddedPostgres({ dataFolder });
  const { default: pg } = await load<Postgres>('pg');
  // Its own pool leaves connections behind when it is closed, which fail when the server stops.
  const pool = new pg.Pool({ connectionString: server.url }).on('error', () => {});
  const store = getPostgreSQLEventStore(server.url, { connectionOptions: { pool } });
  await store.schema.migrate();
  return {
    append: (stream, data) => store.appendToStream(stream, [{ type: 'Measured', data }]),
    async close() {
      await store.close();
      await pool.end();
      await server.stop();
    },
  };
}
