import { ChangeFeed, FeedExpired, type Change } from '@foundation/eventing';
import { Pool } from 'pg';
import { WATCHED } from './connection.js';
import type { ChangeNotifications } from './change-notifications.js';
import { asOutage } from './outage.js';
import { SCHEMA } from './tables.js';

/** How long one look may take, in milliseconds. */
const ANSWER_MS = 5_000;

/** The announcements that the projector writes beside its rows. */
export class PostgresChangeFeed extends ChangeFeed {
  readonly #pool: Pool;
  readonly #news: ChangeNotifications;

  constructor(url: string, news: ChangeNotifications) {
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
    return await this.#since(number, 'later.number > $1', [number, limit]);
  }

  async firstOfEach(
    view: string,
    { number, to, from }: { readonly number: bigint; readonly to: bigint; readonly from: bigint },
    limit: number,
  ): Promise<readonly Change[]> {
    return await this.#since(
      number,
      `later.view = $3 AND later.number > $5 AND later.number <= $4 AND NOT EXISTS (SELECT FROM ${SCHEMA}.changes earlier
         WHERE earlier.view = later.view AND earlier.key = later.key AND earlier.number > $1 AND earlier.number < later.number)`,
      [number, limit, view, to, from],
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

  /** Called by Nest where it has made the adapter, after all that uses it has ended. */
  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }

  /** @param condition on `later`, with the first value as $1 and the second, the limit, as $2 */
  async #since(number: bigint, condition: string, values: unknown[]): Promise<readonly Change[]> {
    const rows = await this.#ask<{ since: string } & (Written | Record<keyof Written, null>)>(
      `SELECT head.since, found.* FROM ${SCHEMA}.change_head head LEFT JOIN LATERAL
         (SELECT number, view, key, before, after FROM ${SCHEMA}.changes later WHERE ${condition} ORDER BY number LIMIT $2) found ON true
       ORDER BY found.number`,
      values,
    );
    if (rows[0] && BigInt(rows[0].since) > number)
      throw new FeedExpired('announcements after this cursor are no longer kept');
    return rows.flatMap((row) => (row.number === null ? [] : [{ ...row, number: BigInt(row.number) }]));
  }

  async #ask<T extends object>(text: string, values: unknown[]): Promise<T[]> {
    try {
      return (await this.#pool.query<T>(text, values)).rows;
    } catch (error) {
      throw asOutage(error);
    }
  }
}

/** An announcement as it stands in the table. */
type Written = Omit<Change, 'number'> & { readonly number: string };
