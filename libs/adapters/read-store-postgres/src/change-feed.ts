import { ChangeFeed, FeedExpired, type Change } from '@foundation/eventing';
import { Pool } from 'pg';
import type { News } from './news.js';
import { asOutage } from './outage.js';
import { SCHEMA } from './tables.js';

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
      application_name: 'lodestone-api-feed',
    });
    this.#pool.on('error', () => undefined);
    this.#news = news;
  }

  async after(number: bigint, limit: number): Promise<readonly Change[]> {
    const rows = await this.#ask<{ number: string; view: string; key: string; earliest: string }>(
      `SELECT number, view, key, (SELECT min(number) FROM ${SCHEMA}.changes) AS earliest
       FROM ${SCHEMA}.changes WHERE number > $1 ORDER BY number LIMIT $2`,
      [number, limit],
    );
    if (rows[0] && BigInt(rows[0].earliest) > number + 1n)
      throw new FeedExpired('announcements after this cursor are no longer kept');
    return rows.map((row) => ({ number: BigInt(row.number), view: row.view, key: row.key }));
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
