import { ReadStoreDamaged } from '@foundation/eventing';
import type { Reader } from '@kernel';
import { Pool, type PoolClient, type QueryResultRow } from 'pg';
import { WATCHED } from './connection.js';
import { asOutage } from './outage.js';
import { ReaderQuery } from './reader-query.js';

const CONNECTIONS = 10;
/** Connections that stay open while nobody asks, with what they have prepared. */
const IDLE_CONNECTIONS = 2;
const STATEMENT_MS = 10_000;
/** How long damage that was met is told of, in milliseconds. */
const DAMAGE_MS = 600_000;

/** Connections of a login that owns and inherits nothing, and transactions on them under the rights of a reader. */
export class ReaderSessions {
  readonly #pool: Pool;
  #damagedAt: number | null = null;

  constructor(url: string) {
    this.#pool = new Pool({
      connectionString: url,
      max: CONNECTIONS,
      min: IDLE_CONNECTIONS,
      connectionTimeoutMillis: 5_000,
      statement_timeout: STATEMENT_MS,
      ...WATCHED,
      query_timeout: STATEMENT_MS + 1_000,
      application_name: 'lodestone-api',
    });
    // A connection that breaks while idle must not end the process; the next question opens another.
    this.#pool.on('error', () => undefined);
  }

  /** Whether a question met damage lately: who reads what is sound meets none. */
  get isDamaged(): boolean {
    return this.#damagedAt !== null && performance.now() - this.#damagedAt < DAMAGE_MS;
  }

  /** The rows that answer one statement, asked under a reader's rights in a transaction of its own. */
  async asReader<T extends QueryResultRow>(reader: Reader, text: string, values: unknown[]): Promise<T[]> {
    return await this.#connected((client) => {
      const question = new ReaderQuery<T>(reader, text, values);
      void client.query(question);
      return question.answer;
    });
  }

  /** A question that is nobody's in particular: of what every login may read. */
  async plain<T extends QueryResultRow>(text: string, values: unknown[]): Promise<T[]> {
    return await this.#connected(async (client) => (await client.query<T>(text, values)).rows);
  }

  async #connected<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    let client: PoolClient | undefined;
    try {
      client = await this.#pool.connect();
      const result = await work(client);
      client.release();
      return result;
    } catch (error) {
      // Never hand a connection on that may still be inside somebody's transaction.
      client?.release(true);
      const told = asOutage(error);
      if (told instanceof ReadStoreDamaged) this.#damagedAt = performance.now();
      throw told;
    }
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }
}
