import { DataKeys, DataKeysUnavailable, DataKeyUnusable, type DataKey } from '@foundation/eventing';
import { LRUCache } from 'lru-cache';
import { randomBytes, randomUUID } from 'node:crypto';
import { Client, escapeIdentifier, escapeLiteral, Pool, type PoolClient } from 'pg';
import { OwnerKeyChecks, type Ask } from './owner-key-checks.js';
import type { OwnerKeys } from './owner-keys.js';
import { DATA_KEYS, OWNER_KEYS, placeOf, SCHEMA, type Row } from './tables.js';

const KEY_LENGTH = 32;
/** Keys are made in the order of the history, so whoever reads the history needs the next ones next. */
const READ_AHEAD = 500;
/** Fresh keys that are made at once, so that most new records need no write of the database, and none while it is away. */
const RESERVED = 64;
/** How long a key is remembered (milliseconds): the longest that another process can still read what was erased. */
const REMEMBERED = { max: 20_000, ttl: 30_000 };

/**
 * Makes the schema of the keys, and the login that may use it, where they are missing.
 * @param ownerUrl connection of the database's owner, who may create roles
 */
export const prepareKeys = async (ownerUrl: string): Promise<void> => void (await asOwner(ownerUrl, prepare));

/**
 * The same, and gives the login a password.
 * @returns the URL with which the API connects
 */
export const admitKeyKeeper = async (ownerUrl: string, password: string): Promise<string> =>
  await asOwner(ownerUrl, async (client) => {
    const keeper = await prepare(client);
    await client.query(`ALTER ROLE ${escapeIdentifier(keeper)} LOGIN PASSWORD ${escapeLiteral(password)}`);
    const url = new URL(ownerUrl);
    url.username = keeper;
    url.password = password;
    return url.toString();
  });

const asOwner = async <T>(ownerUrl: string, work: (client: Client) => Promise<T>): Promise<T> => {
  const client = new Client({ connectionString: ownerUrl, connectionTimeoutMillis: 5_000, query_timeout: 30_000 });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
};

/** @returns name of the login: one per database, because roles belong to the whole server */
const prepare = async (client: Client): Promise<string> => {
  await client.query('BEGIN');
  // Launcher and projector come here at the same time.
  await client.query('SELECT pg_advisory_xact_lock(hashtext($1))', [SCHEMA]);
  const { rows } = await client.query<{ name: string }>('SELECT current_database() AS name');
  const keeper = `${rows[0]!.name}_keys`;
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [keeper]);
  if (rowCount === 0) await client.query(`CREATE ROLE ${escapeIdentifier(keeper)} NOINHERIT`);
  await client.query(`
    CREATE SCHEMA IF NOT EXISTS ${SCHEMA};
    CREATE TABLE IF NOT EXISTS ${DATA_KEYS} (
      number bigint GENERATED ALWAYS AS IDENTITY UNIQUE, id uuid PRIMARY KEY,
      owner text NOT NULL, wrapped bytea, made_at timestamptz NOT NULL DEFAULT now(), destroyed_at timestamptz);
    CREATE TABLE IF NOT EXISTS ${OWNER_KEYS} (
      owner text PRIMARY KEY, check_value bytea NOT NULL, made_at timestamptz NOT NULL DEFAULT now());
    GRANT USAGE ON SCHEMA ${SCHEMA} TO ${escapeIdentifier(keeper)};
    GRANT SELECT, INSERT, UPDATE ON ${DATA_KEYS} TO ${escapeIdentifier(keeper)};
    GRANT SELECT, INSERT ON ${OWNER_KEYS} TO ${escapeIdentifier(keeper)};
  `);
  await client.query('COMMIT');
  return keeper;
};

/** The keys of the contents in PostgreSQL, each wrapped by a key of its owner that the database does not have. */
export class PostgresDataKeys extends DataKeys {
  readonly #pool: Pool;
  readonly #owners: OwnerKeys;
  readonly #checks: OwnerKeyChecks;
  readonly #known = new LRUCache<string, DataKey>(REMEMBERED);
  readonly #reserves = new Map<string, Reserve>();
  #reading: Promise<unknown> = Promise.resolve();

  /** @param tell hears, for the operator, when the key of an owner is found unfit, and when it fits again */
  constructor(url: string, owners: OwnerKeys, tell: (sentence: string) => void = () => {}) {
    super();
    this.#owners = owners;
    this.#checks = new OwnerKeyChecks(owners, this.#ask, this.#inTransaction, tell);
    this.#pool = new Pool({
      connectionString: url,
      max: 4,
      connectionTimeoutMillis: 3_000,
      statement_timeout: 5_000,
      // Kept by the client: the server may be gone without a word.
      query_timeout: 6_000,
      keepAlive: true,
      keepAliveInitialDelayMillis: 5_000,
      application_name: 'lodestone-keys',
    });
    // A connection that breaks while idle must not end the process; the next question opens another.
    this.#pool.on('error', () => undefined);
  }

  async fresh(owner: string): Promise<DataKey> {
    const reserve = this.#reserves.get(owner) ?? { keys: [], filling: null };
    this.#reserves.set(owner, reserve);
    while (reserve.keys.length === 0) await this.#filled(owner, reserve);
    const key = reserve.keys.shift()!;
    // Where the database is away the next one asks again.
    if (reserve.keys.length < RESERVED / 2) this.#filled(owner, reserve).catch(() => undefined);
    this.#known.set(key.id, key);
    return key;
  }

  async find(id: string): Promise<DataKey | null> {
    const known = this.#known.get(id);
    if (known) return known;
    // One after the other: what the one before has read ahead is not asked again.
    const found = this.#reading.then(async () => this.#known.get(id) ?? (await this.#readAhead(id)));
    this.#reading = found.catch(() => undefined);
    return await found;
  }

  async #readAhead(id: string): Promise<DataKey | null> {
    const [asked, ...later] = await this.#ask<Row>(
      `SELECT later.id, later.owner, later.wrapped FROM ${DATA_KEYS} asked
         JOIN ${DATA_KEYS} later ON later.number >= asked.number AND later.number < asked.number + $2
       WHERE asked.id = $1 ORDER BY later.number`,
      [id, READ_AHEAD],
    );
    // What is wrong with another key is told when that one is asked for.
    await Promise.allSettled(
      later.filter(({ owner }) => !this.#checks.isUnfit(owner)).map((row) => this.#remembered(row)),
    );
    return asked ? await this.#opened(asked) : null;
  }

  async destroy(id: string): Promise<void> {
    await this.#ask(
      `UPDATE ${DATA_KEYS} SET wrapped = NULL, destroyed_at = coalesce(destroyed_at, now()) WHERE id = $1`,
      [id],
    );
    this.#known.delete(id);
  }

  /**
   * Looks at the keys of all owners that the database knows, and tells the operator which do not fit.
   * @throws DataKeysUnavailable
   */
  async survey(): Promise<void> {
    await this.#checks.survey();
  }

  /**
   * Whether the keys of all owners fit.
   * @throws DataKeysUnavailable
   */
  async allFit(): Promise<boolean> {
    return await this.#checks.allFit();
  }

  async close(): Promise<void> {
    for (const { filling } of this.#reserves.values()) await filling?.catch(() => undefined);
    await this.#pool.end();
  }

  /** Called by Nest where it has made the adapter, after all that uses it has ended. */
  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }

  /** One filling at a time for each owner, however many wait for it. */
  #filled(owner: string, reserve: Reserve): Promise<void> {
    reserve.filling ??= this.#made(owner)
      .then((keys) => void reserve.keys.push(...keys))
      .finally(() => (reserve.filling = null));
    return reserve.filling;
  }

  async #made(owner: string): Promise<readonly DataKey[]> {
    const keys = Array.from({ length: RESERVED }, () => ({ id: randomUUID() as string, key: randomBytes(KEY_LENGTH) }));
    await this.#checks.demand(owner);
    const wrapped = await Promise.all(keys.map(({ id, key }) => this.#owners.wrap(owner, key, placeOf({ id, owner }))));
    await this.#ask(
      `INSERT INTO ${DATA_KEYS} (id, owner, wrapped) SELECT id, $2, wrapped FROM unnest($1::uuid[], $3::bytea[]) AS made(id, wrapped)`,
      [keys.map(({ id }) => id), owner, wrapped],
    );
    return keys;
  }

  async #opened(row: Row): Promise<DataKey | null> {
    const { owner } = row;
    try {
      const key = await this.#remembered(row);
      if (this.#checks.isUnfit(owner)) await this.#checks.look(owner).catch(() => undefined);
      return key;
    } catch (cause) {
      await this.#checks.explain(owner);
      throw new DataKeyUnusable(`its key does not open with the key of ${owner}, which is the right one`, { cause });
    }
  }

  async #remembered(row: Row): Promise<DataKey | null> {
    if (row.wrapped === null) return null;
    const key = { id: row.id, key: await this.#owners.unwrap(row.owner, row.wrapped, placeOf(row)) };
    this.#known.set(row.id, key);
    return key;
  }

  readonly #ask: Ask = async <T extends object>(text: string, values: unknown[]) =>
    await reachable(async () => (await this.#pool.query<T>(text, values)).rows);

  readonly #inTransaction = async <T>(work: (ask: Ask) => Promise<T>): Promise<T> => {
    const client = await reachable(() => this.#pool.connect());
    const ask: Ask = async <R extends object>(text: string, values: unknown[]) =>
      await reachable(async () => (await client.query<R>(text, values)).rows);
    try {
      await ask('BEGIN', []);
      const result = await work(ask);
      await ask('COMMIT', []);
      client.release();
      return result;
    } catch (error) {
      await rolledBack(client);
      throw error;
    }
  };
}

const rolledBack = async (client: PoolClient): Promise<void> =>
  client.query('ROLLBACK').then(
    () => client.release(),
    // A connection of which nobody knows what it is in the middle of is not used again.
    (error: Error) => client.release(error),
  );

const reachable = async <T>(ask: () => Promise<T>): Promise<T> => {
  try {
    return await ask();
  } catch (error) {
    throw new DataKeysUnavailable('the keys of the contents did not answer', { cause: error });
  }
};

type Reserve = { readonly keys: DataKey[]; filling: Promise<void> | null };
