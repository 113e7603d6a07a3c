import {
  AlertInbox,
  type AlertFact,
  type AlertState,
  type InboxFilter,
  type InboxRow,
  type Looker,
  type Recipient,
} from '@foundation/alerting';
import { FeedExpired, NotCaughtUp } from '@foundation/eventing';
import type { Instant } from '@kernel';
import { Pool } from 'pg';
import { asked, RECIPIENTS, SCHEMA } from './tables.js';

const CATCH_UP_MS = 5_000;
const RETRY_MS = 500;
const HEARTBEAT_MS = 5_000;

/** Who tells that the notifier has committed something, on the channel ALERT_NEWS. */
export type Announcements = {
  next(): Promise<void>;
  /** @returns ends it */
  subscribe(onNews: () => void): () => void;
};

type Row = Omit<InboxRow, 'number' | 'at' | 'dueAt'> & { number: string; at: Date; due_at: Date | null };

/** The furthest that anybody of its recipients has come with an alert; having seen it is each person's own. */
const STATE = `CASE
  WHEN EXISTS (SELECT FROM ${SCHEMA}.takings t WHERE t.alert = i.id AND t.answer = 'RESOLVED') THEN 'RESOLVED'
  WHEN EXISTS (SELECT FROM ${SCHEMA}.takings t WHERE t.alert = i.id AND t.answer = 'ESCALATED') THEN 'ESCALATED'
  WHEN EXISTS (SELECT FROM ${SCHEMA}.takings t WHERE t.alert = i.id AND t.answer = 'ACKNOWLEDGED') THEN 'ACKNOWLEDGED'
  WHEN EXISTS (SELECT FROM ${SCHEMA}.takings t WHERE t.alert = i.id AND t.person = $2) THEN 'SEEN'
  ELSE 'NEW' END`;
const COLUMNS = 'number, id, rule, kind, severity, view, key, fact, at, due_at, state';

/** The inbox in PostgreSQL, as the login that may read: each question is put under its recipients twice. */
export class PostgresAlertInbox extends AlertInbox {
  readonly #pool: Pool;

  constructor(
    url: string,
    private readonly announcements: Announcements,
  ) {
    super();
    this.#pool = new Pool({
      connectionString: url,
      max: 5,
      connectionTimeoutMillis: 5_000,
      query_timeout: 11_000,
      keepAlive: true,
      keepAliveInitialDelayMillis: HEARTBEAT_MS,
      application_name: 'lodestone-api-alerts',
    });
    this.#pool.on('error', () => undefined);
  }

  async before(who: Looker, filter: InboxFilter, number: bigint | null, limit: number) {
    const { states, kinds, severities, from, to } = filter;
    return await this.#rows(
      who,
      `($3::bigint IS NULL OR number < $3) AND ($4::text[] IS NULL OR kind = ANY ($4)) AND ($5::text[] IS NULL OR severity = ANY ($5))
       AND ($6::timestamptz IS NULL OR at >= $6) AND ($7::timestamptz IS NULL OR at <= $7)`,
      `WHERE $8::text[] IS NULL OR state = ANY ($8) ORDER BY number DESC LIMIT ${limit}`,
      [number, kinds ?? null, severities ?? null, from ?? null, to ?? null, states ?? null],
    );
  }

  async after(who: Looker, number: bigint, limit: number) {
    const { since } = await this.#progress();
    if (number < since) throw new FeedExpired('alerts after this cursor are no longer kept');
    return await this.#rows(who, 'number > $3', `ORDER BY number LIMIT ${limit}`, [number]);
  }

  async latest(): Promise<bigint> {
    return (await this.#progress()).number;
  }

  async news(number: bigint) {
    const { rows } = await asked(() =>
      this.#pool.query<{ recipient: Recipient; number: string }>(
        `SELECT recipient, max(number) AS number FROM ${SCHEMA}.inbox WHERE number > $1 GROUP BY recipient`,
        [number],
      ),
    );
    const latest = rows.reduce((last, each) => (BigInt(each.number) > last ? BigInt(each.number) : last), number);
    return { number: latest, recipients: rows.map(({ recipient }) => recipient) };
  }

  async facts(kinds: readonly string[], since: Instant, number: bigint | null, limit: number) {
    const { rows } = await asked(() =>
      this.#pool.query<Omit<AlertFact, 'at'> & { number: string; at: Date; parties: string[] }>(
        `SELECT number, kind, view, key, fact, at, parties FROM ${SCHEMA}.facts
         WHERE kind = ANY ($1) AND at >= $2 AND ($3::bigint IS NULL OR number < $3) ORDER BY number DESC LIMIT ${limit}`,
        [kinds, since, number],
      ),
    );
    return rows.map(({ number: nth, at, ...fact }) => ({ ...fact, number: BigInt(nth), at: instantOf(at) }));
  }

  async reached(position: bigint): Promise<void> {
    const deadline = Date.now() + CATCH_UP_MS;
    for (;;) {
      const news = this.announcements.next();
      const { position: matched } = await this.#progress();
      if (matched !== null && matched >= position) return;
      const left = deadline - Date.now();
      if (left <= 0) throw new NotCaughtUp(`alerts have not reached the position asked for within ${CATCH_UP_MS} ms`);
      await Promise.race([news, new Promise((resolve) => setTimeout(resolve, Math.min(left, RETRY_MS)))]);
    }
  }

  listen(onNews: () => void, signal: AbortSignal): void {
    signal.addEventListener('abort', this.announcements.subscribe(onNews), { once: true });
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  /** Called by Nest where it has made the adapter, after all that uses it has ended. */
  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }

  /**
   * @param where on the alerts of the recipients, whose list is $1, and the person $2
   * @param rest what is asked of these, with their states
   */
  async #rows(
    { recipients, person }: Looker,
    where: string,
    rest: string,
    values: unknown[],
  ): Promise<readonly InboxRow[]> {
    if (recipients.length === 0) return [];
    return await asked(async () => {
      const client = await this.#pool.connect();
      try {
        await client.query('BEGIN READ ONLY');
        await client.query(`SELECT set_config('${RECIPIENTS}', $1, true)`, [recipients.join(',')]);
        const { rows } = await client.query<Row>(
          `SELECT ${COLUMNS} FROM (SELECT i.*, ${STATE} AS state FROM ${SCHEMA}.inbox i
             WHERE recipient = ANY ($1) AND ${where}) mine ${rest}`,
          [recipients, person, ...values],
        );
        await client.query('COMMIT');
        client.release();
        return rows.map(shown);
      } catch (error) {
        // Never hand a connection on that may still be inside somebody's transaction.
        client.release(true);
        throw error;
      }
    });
  }

  async #progress(): Promise<{ position: bigint | null; number: bigint; since: bigint }> {
    const { rows } = await asked(() =>
      this.#pool.query<{ position: string | null; number: string; since: string }>(
        `SELECT position, number, since FROM ${SCHEMA}.progress`,
      ),
    );
    const { position, number, since } = rows[0]!;
    return { position: position === null ? null : BigInt(position), number: BigInt(number), since: BigInt(since) };
  }
}

const instantOf = (at: Date): Instant => at.toISOString() as Instant;

const shown = ({ number, at, due_at: dueAt, state, ...row }: Row): InboxRow => ({
  ...row,
  number: BigInt(number),
  at: instantOf(at),
  ...(dueAt && { dueAt: instantOf(dueAt) }),
  state: state as AlertState,
});
