import { ChangeFeed, FeedExpired, type Change } from '@foundation/eventing';
import { Pool } from 'pg';
import { WATCHED } from './connection.js';
import type { News } from './news.js';
import { asOutage } from './outage.js';
import { SCHEMA } from './tables.js';

/** How long one look may take, in milliseconds. */
const ANSWER_MS = 5_000;

/** The announcements that the projector writes beside its rows. */
export class PostgresChangeFeed extends ChangeFeed {
  readonly #pool: Pool;
  readonly #news: News;

  constructor(url: string, news: News) {
    super();
    this.#pool = new Pool({
      connectionString: url,
      max: 2,
      connectionTimeoutMillis: 3_000,
      ...WATCHED,
      query_timeout: ANSWER_MS,
      application_name: 'lodestone-api-feed',
    });
    this.#pool.on('error', () => undefined);
    this.#news = news;
  }

  async after(number: bigint, limit: number): Promise<readonly Change[]> {
    const rows = await this.#ask<{ since: string; number: string | null; view: string; key: string }>(
      `SELECT head.since, later.number, later.view, later.key FROM ${SCHEMA}.change_head head LEFT JOIN LATERAL
         (SELECT number, view, key FROM ${SCHEMA}.changes WHERE number > $1 ORDER BY number LIMIT $2) later ON true
       ORDER BY later.number`,
      [number, limit],
    );
    if (rows[0] && BigInt(rows[0].since) > number)
      throw new FeedExpired('announcements after this cursor are no longer kept');
    return rows.flatMap((row) =>
      row.number === null ? [] : [{ number: BigInt(row.number), view: row.view, key: row.key }],
    );
  }

  async latest(): Promise<bigint> {
    const [row] = await this.#ask<{ number: string }>(`SELECT number FROM ${SCHEMA}.change_head`, []);
    return BigInt(row?.number ?? 0);
  }

  listen(onNews: () => void, signal: AbortSignal): void {
    const stop = this.#news.subscribe(onNews);
    signal.addEventListener('abort', stop, { once: true });
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #ask<T extends object>(text: string, values: unknown[]): Promise<T[]> {
    try {
      return (await this.#pool.query<T>(text, values)).rows;
    } catch (error) {
      throw asOutage(error);
    }
  }
}
