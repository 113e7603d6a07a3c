import type { Reader } from '@kernel';
import { Pool, type PoolClient, type QueryResult, type QueryResultRow } from 'pg';
import { WATCHED } from './connection.js';
import { asOutage } from './outage.js';
import type { Seen } from './question.js';
import { admits, MARKINGS, readerAsLiterals, settingsOf } from './visibility.js';

const CONNECTIONS = 10;
const STATEMENT_MS = 10_000;
/**
 * Statistics are taken over hidden rows too: a plan that goes by the values asked for would tell of them, and one that
 * reads the whole table would cost with them.
 */
const FLAT_PLANS = ['SET LOCAL plan_cache_mode = force_generic_plan', 'SET LOCAL enable_seqscan = off'];

/** Connections of a login that owns and inherits nothing, and transactions on them under the rights of a reader. */
export class ReaderSessions {
  readonly #pool: Pool;

  constructor(url: string) {
    this.#pool = new Pool({
      connectionString: url,
      max: CONNECTIONS,
      connectionTimeoutMillis: 5_000,
      statement_timeout: STATEMENT_MS,
      ...WATCHED,
      query_timeout: STATEMENT_MS + 1_000,
      application_name: 'lodestone-api',
    });
    // A connection that breaks while idle must not end the process; the next question opens another.
    this.#pool.on('error', () => undefined);
  }

  /**
   * One transaction under a reader's rights, at one instant. It begins by settling which marking classes admit the
   * reader; a class that is made after that is not among them, so what is written meanwhile is hidden, not shown.
   */
  async asReader<T>(reader: Reader, work: (client: PoolClient, seen: Seen) => Promise<T>): Promise<T> {
    const literals = readerAsLiterals(reader);
    const begin = [
      'BEGIN READ ONLY',
      ...FLAT_PLANS,
      settingsOf(reader),
      `SELECT id, owner = ANY (${literals.audiences}) AS own FROM ${MARKINGS} m WHERE ${admits('m', literals)}`,
    ];
    return await this.#connected(async (client) => {
      // Several statements in one message are answered by as many results.
      const results = (await client.query(begin.join('; '))) as unknown as QueryResult<{ id: number; own: boolean }>[];
      const classes = results.at(-1)!.rows;
      const result = await work(client, {
        classes: classes.map(({ id }) => id),
        own: classes.filter(({ own }) => own).map(({ id }) => id),
        breakGlassRecords: reader.breakGlassRecords,
      });
      await client.query('COMMIT');
      return result;
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
      throw asOutage(error);
    }
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }
}
