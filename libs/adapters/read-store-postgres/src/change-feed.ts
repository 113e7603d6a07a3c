import { ChangeFeed, FeedExpired, type Change, type FeedRange } from '@foundation/eventing';
import { Pool } from 'pg';
import { ANNOUNCED, CHANGES } from './announcements.js';
import { WATCHED } from './connection.js';
import type { ChangeNotifications } from './change-notifications.js';
import { asOutage } from './outage.js';
import { SCHEMA } from './tables.js';
import { hasAdmitted, readerAsParameters } from './visibility.js';

const COLUMNS = 'one.number, one.view, one.key, one.before, one.after';
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
      // Announcements are of hidden rows too: a plan that goes by statistics or by the whole table would tell of them.
      options: '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off',
      query_timeout: ANSWER_MS,
      application_name: 'lodestone-api-feed',
    });
    this.#pool.on('error', () => undefined);
    this.#news = news;
  }

  async after(number: bigint, limit: number): Promise<readonly Change[]> {
    const later = `SELECT ${COLUMNS} FROM ${CHANGES} one WHERE one.number > $1 ORDER BY one.number LIMIT ${limit}`;
    return await this.#since(number, '', later, [number]);
  }

  async firstOfEach(view: string, { number, to, from, readers }: FeedRange, limit: number): Promise<readonly Change[]> {
    const values: unknown[] = [number, view, from, to];
    const parameter = (value: unknown): string => `$${values.push(value)}`;
    const admitted = readers.map((reader) => {
      const by = readerAsParameters({ ...reader, breakGlassRecords: [] }, parameter);
      return `(${hasAdmitted('terms', by)})`;
    });
    const opened = `${parameter(readers.flatMap(({ breakGlassRecords }) => breakGlassRecords))}::text[]`;
    const classes = '(SELECT classes FROM sight)::integer[]';
    // Asked of each row by itself, and through an index: as a join it might read the announcements of all rows.
    const noneOf = (condition: string): string =>
      `(SELECT earlier.place FROM ${CHANGES} earlier WHERE earlier.view = $2 AND earlier.key = later.key
         AND earlier.place > $1 AND earlier.place < later.place AND ${condition} LIMIT 1) IS NULL`;
    const some = (condition: string): string =>
      `(SELECT later.place FROM ${CHANGES} later WHERE later.view = $2 AND later.place > $3 AND later.place <= $4
         AND ${condition} ORDER BY later.place LIMIT ${limit})`;
    const first = `NOT later.key = ANY (${opened}) AND ${noneOf(`earlier.marking = ANY (${classes})`)}
      AND ${noneOf(`earlier.was IS NOT NULL AND earlier.was = ANY (${classes})`)}`;
    const places = `
      SELECT one.place FROM unnest(${classes}) class(id) CROSS JOIN LATERAL ${some(`later.marking = class.id AND ${first}`)} one
      UNION SELECT one.place FROM unnest(${classes}) class(id) CROSS JOIN LATERAL ${some(`later.was IS NOT NULL AND later.was = class.id AND ${first}`)} one
      UNION ${some(`later.key = ANY (${opened}) AND ${noneOf('true')}`)}
      ORDER BY place LIMIT ${limit}`;
    return await this.#since(
      number,
      `WITH sight AS MATERIALIZED (SELECT coalesce(array_agg(terms.id), '{}') AS classes FROM ${ANNOUNCED} terms
         WHERE ${admitted.join(' OR ')})`,
      `SELECT ${COLUMNS} FROM (${places}) places CROSS JOIN LATERAL
         (SELECT * FROM ${CHANGES} one WHERE one.number = places.place LIMIT 1) one`,
      values,
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

  /** @param announcements a question for some, with what stands before it */
  async #since(number: bigint, before: string, announcements: string, values: unknown[]): Promise<readonly Change[]> {
    const rows = await this.#ask<{ since: string } & (Written | Record<keyof Written, null>)>(
      `${before} SELECT head.since, found.* FROM ${SCHEMA}.change_head head
       LEFT JOIN LATERAL (${announcements}) found ON true ORDER BY found.number`,
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
