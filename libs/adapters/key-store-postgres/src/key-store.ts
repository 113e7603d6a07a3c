import { DataKeys, DataKeysUnavailable, type DataKey } from '@foundation/eventing';
import { LRUCache } from 'lru-cache';
import { randomBytes, randomUUID } from 'node:crypto';
import { Client, escapeIdentifier, escapeLiteral, Pool } from 'pg';
import type { OwnerKeys } from './owner-keys.js';

/** Schema of the keys, apart from the read models and from their backups. */
const SCHEMA = 'lodestone_keys';
const TABLE = `${SCHEMA}.data_keys`;
const KEY_LENGTH = 32;
/** Keys are made in the order of the history, so whoever reads the history needs the next ones next. */
const READ_AHEAD = 500;
/** How long a key is remembered (milliseconds): the longest that another process can still read what was erased. */
const REMEMBERED = { max: 20_000, ttl: 30_000 };

type Row = { id: string; stream: string; owner: string; wrapped: Buffer | null };

/**
 * Makes the schema and the login of the keys where they are missing, and gives the login a password.
 * @param ownerUrl connection of the database's owner, who may create roles
 * @returns the URL with which API and projector connect
 */
export const admitKeyKeeper = async (ownerUrl: string, password: string): Promise<string> => {
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>('SELECT current_database() AS name');
    const keeper = `${rows[0]!.name}_keys`;
    const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [keeper]);
    if (rowCount === 0) await client.query(`CREATE ROLE ${escapeIdentifier(keeper)} NOINHERIT`);
    await client.query(`ALTER ROLE ${escapeIdentifier(keeper)} LOGIN PASSWORD ${escapeLiteral(password)}`);
    await client.query(`
      CREATE SCHEMA IF NOT EXISTS ${SCHEMA};
      CREATE TABLE IF NOT EXISTS ${TABLE} (
        number bigint GENERATED ALWAYS AS IDENTITY UNIQUE, id uuid PRIMARY KEY, stream text NOT NULL UNIQUE,
        owner text NOT NULL, wrapped bytea, made_at timestamptz NOT NULL DEFAULT now(), destroyed_at timestamptz);
      GRANT USAGE ON SCHEMA ${SCHEMA} TO ${escapeIdentifier(keeper)};
      GRANT SELECT, INSERT, UPDATE ON ${TABLE} TO ${escapeIdentifier(keeper)};
    `);
    const url = new URL(ownerUrl);
    url.username = keeper;
    url.password = password;
    return url.toString();
  } finally {
    await client.end();
  }
};

/** The keys of the contents in PostgreSQL, each wrapped by a key of its owner that the database does not have. */
export class PostgresDataKeys extends DataKeys {
  readonly #pool: Pool;
  readonly #owners: OwnerKeys;
  readonly #byId = new LRUCache<string, DataKey>(REMEMBERED);
  readonly #byStream = new LRUCache<string, DataKey>(REMEMBERED);

  constructor(url: string, owners: OwnerKeys) {
    super();
    this.#owners = owners;
    this.#pool = new Pool({
      connectionString: url,
      max: 4,
      connectionTimeoutMillis: 3_000,
      statement_timeout: 5_000,
      application_name: 'lodestone-keys',
    });
    // A connection that breaks while idle must not end the process; the next question opens another.
    this.#pool.on('error', () => undefined);
  }

  async of(stream: string, owner: string): Promise<DataKey | null> {
    const known = this.#byStream.get(stream);
    if (known) return known;
    const found = await this.#stored(stream);
    if (found) return await this.#remembered(found);
    const [id, key] = [randomUUID(), randomBytes(KEY_LENGTH)];
    const wrapped = await this.#owners.wrap(owner, key, placeOf({ id, stream }));
    await this.#ask(
      `INSERT INTO ${TABLE} (id, stream, owner, wrapped) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
      [id, stream, owner, wrapped],
    );
    // Another node may have been first.
    return await this.#remembered((await this.#stored(stream))!);
  }

  async find(id: string): Promise<DataKey | null> {
    const known = this.#byId.get(id);
    if (known) return known;
    const rows = await this.#ask<Row>(
      `SELECT later.id, later.stream, later.owner, later.wrapped FROM ${TABLE} asked
         JOIN ${TABLE} later ON later.number >= asked.number AND later.number < asked.number + $2
       WHERE asked.id = $1 ORDER BY later.number`,
      [id, READ_AHEAD],
    );
    const [asked, ...later] = rows;
    // What is wrong with another key is told when that one is asked for.
    await Promise.allSettled(later.map((row) => this.#remembered(row)));
    return asked ? await this.#remembered(asked) : null;
  }

  async destroy(stream: string): Promise<void> {
    const known = await this.#ask<{ id: string }>(
      `UPDATE ${TABLE} SET wrapped = NULL, destroyed_at = coalesce(destroyed_at, now()) WHERE stream = $1 RETURNING id`,
      [stream],
    );
    this.#byStream.delete(stream);
    for (const { id } of known) this.#byId.delete(id);
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #stored(stream: string): Promise<Row | undefined> {
    const [row] = await this.#ask<Row>(`SELECT id, stream, owner, wrapped FROM ${TABLE} WHERE stream = $1`, [stream]);
    return row;
  }

  async #remembered(row: Row): Promise<DataKey | null> {
    if (row.wrapped === null) return null;
    const key = { id: row.id, key: await this.#owners.unwrap(row.owner, row.wrapped, placeOf(row)) };
    this.#byId.set(row.id, key);
    this.#byStream.set(row.stream, key);
    return key;
  }

  async #ask<T extends object>(text: string, values: unknown[]): Promise<T[]> {
    try {
      return (await this.#pool.query<T>(text, values)).rows;
    } catch (error) {
      throw new DataKeysUnavailable('the keys of the contents did not answer', { cause: error });
    }
  }
}

/** A wrapped key that is put beside another record does not open. */
const placeOf = ({ id, stream }: Pick<Row, 'id' | 'stream'>): string => `${id} ${stream}`;
