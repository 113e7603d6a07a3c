import { AlertLedger, type Alert, type HeldLedger, type Ledger, type OpenDue, type Step } from '@foundation/alerting';
import { ReadStoreUnavailable } from '@foundation/eventing';
import type { Instant } from '@kernel';
import { Client } from 'pg';
import { asked, LOCK, NEWS, prepare, SCHEMA } from './tables.js';

const LOCK_PAUSE_MS = 500;
const HEARTBEAT_MS = 5_000;
const WATCHED = { keepAlive: true, keepAliveInitialDelayMillis: HEARTBEAT_MS, query_timeout: 15_000 };

/** The notifier's tables in PostgreSQL. Connects as the owner of the database. */
export class PostgresAlertLedger extends AlertLedger {
  constructor(private readonly url: string) {
    super();
  }

  async hold(signal: AbortSignal): Promise<HeldLedger> {
    const client = new Client({
      connectionString: this.url,
      application_name: 'lodestone-notifier',
      connectionTimeoutMillis: HEARTBEAT_MS,
      ...WATCHED,
    });
    client.on('error', () => undefined);
    try {
      return await asked(async () => {
        await client.connect();
        await prepare(client);
        // What a session that is gone without a word held goes to the next.
        await client.query(`SET idle_session_timeout = ${6 * HEARTBEAT_MS}`);
        for (;;) {
          const { rows } = await client.query<{ held: boolean }>('SELECT pg_try_advisory_lock($1) AS held', [LOCK]);
          if (rows[0]!.held) return new HeldPostgresLedger(client, await ledgerOf(client));
          if (signal.aborted) throw new ReadStoreUnavailable('stopped while waiting for another notifier');
          await new Promise((resolve) => setTimeout(resolve, LOCK_PAUSE_MS));
        }
      });
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
  }
}

class HeldPostgresLedger implements HeldLedger {
  /** The last of the works in hand: the connection has one transaction at a time. */
  #turn: Promise<unknown> = Promise.resolve();
  readonly #heartbeat: NodeJS.Timeout;

  constructor(
    private readonly client: Client,
    readonly ledger: Ledger,
  ) {
    this.#heartbeat = setInterval(
      () => void this.#inTurn(() => client.query('SELECT 1')).catch(() => undefined),
      HEARTBEAT_MS,
    );
    this.#heartbeat.unref();
  }

  async find(ids: readonly string[]): Promise<readonly Alert[]> {
    const { rows } = await this.#inTurn(() =>
      this.client.query<Omit<Alert, 'at' | 'dueAt'> & { at: Date; due_at: Date | null }>(
        `SELECT id, recipient, rule, kind, severity, view, key, fact, at, due_at FROM ${SCHEMA}.inbox WHERE id = ANY ($1::uuid[])`,
        [ids],
      ),
    );
    return rows.map(({ at, due_at: dueAt, ...alert }) => ({
      ...alert,
      at: at.toISOString() as Instant,
      ...(dueAt && { dueAt: dueAt.toISOString() as Instant }),
    }));
  }

  async commit(step: Step): Promise<void> {
    await this.#inTransaction(async () => {
      const isNews = (await this.#alerts(step)) + (await this.#takings(step)) > 0;
      await this.#rest(step);
      if (isNews || step.position !== null) await this.client.query(`NOTIFY ${NEWS}`);
    });
  }

  /** @returns how many are new */
  async #alerts({ alerts, mails, position, clock }: Step): Promise<number> {
    const { rows } = await this.client.query<{ id: string }>(
      `WITH given AS (SELECT * FROM jsonb_to_recordset($1) AS a(id uuid, recipient text, rule text, kind text, severity text,
           view text, key text, fact text, at timestamptz, "dueAt" timestamptz, place bigint)),
         fresh AS (SELECT given.*, row_number() OVER (ORDER BY place) AS nth FROM given
           WHERE NOT EXISTS (SELECT FROM ${SCHEMA}.inbox known WHERE known.id = given.id))
       INSERT INTO ${SCHEMA}.inbox (number, id, recipient, rule, kind, severity, view, key, fact, at, due_at)
       SELECT progress.number + nth, id, recipient, rule, kind, severity, view, key, fact, fresh.at, "dueAt" FROM fresh, ${SCHEMA}.progress RETURNING id`,
      [JSON.stringify(distinct(alerts).map((alert, place) => ({ ...alert, place })))],
    );
    await this.client.query(
      `UPDATE ${SCHEMA}.progress SET number = number + $1, position = greatest(position, $2), clock = greatest(clock, $3)`,
      [rows.length, position, clock],
    );
    const fresh = new Set(rows.map(({ id }) => id));
    for (const { alert, recipient, sendAt } of mails.filter((each) => fresh.has(each.alert)))
      await this.client.query(
        `INSERT INTO ${SCHEMA}.waiting (alert, recipient, send_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
        [alert, recipient, sendAt],
      );
    return rows.length;
  }

  async #takings({ takings }: Step): Promise<number> {
    let taken = 0;
    for (const { alerts, recipients, person, answer, at } of takings) {
      const { rowCount } = await this.client.query(
        `INSERT INTO ${SCHEMA}.takings (alert, person, answer, at)
         SELECT id, $3, $4, $5 FROM ${SCHEMA}.inbox WHERE id = ANY ($1::uuid[]) AND recipient = ANY ($2) ON CONFLICT DO NOTHING`,
        [alerts, recipients, person, answer, at],
      );
      taken += rowCount ?? 0;
    }
    return taken;
  }

  async #rest({ facts, kept, dues }: Step): Promise<void> {
    if (facts.length > 0)
      await this.client.query(
        `INSERT INTO ${SCHEMA}.facts (kind, view, key, fact, at, due_at, parties)
         SELECT kind, view, key, fact, at, "dueAt", parties FROM jsonb_to_recordset($1)
           AS f(kind text, view text, key text, fact text, at timestamptz, "dueAt" timestamptz, parties text[]) ON CONFLICT DO NOTHING`,
        [JSON.stringify(facts)],
      );
    for (const [id, one] of kept)
      await (one === null
        ? this.client.query(`DELETE FROM ${SCHEMA}.kept WHERE id = $1`, [id])
        : this.client.query(
            `INSERT INTO ${SCHEMA}.kept (id, category, body) VALUES ($1, $2, $3)
             ON CONFLICT (id) DO UPDATE SET body = excluded.body`,
            [id, one.category, JSON.stringify(one.body)],
          ));
    for (const [record, open] of dues) {
      await this.client.query(`DELETE FROM ${SCHEMA}.dues WHERE record = $1`, [record]);
      for (const { kind, view, key, due, at } of open)
        await this.client.query(
          `INSERT INTO ${SCHEMA}.dues (kind, view, key, due, at, record) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
          [kind, view, key, due, at, record],
        );
    }
  }

  async forget(before: Instant): Promise<void> {
    await this.#inTransaction(async () => {
      const { rows } = await this.client.query<{ last: string | null }>(
        `WITH gone AS (DELETE FROM ${SCHEMA}.inbox WHERE at < $1 RETURNING number) SELECT max(number) AS last FROM gone`,
        [before],
      );
      await this.client.query(`UPDATE ${SCHEMA}.progress SET since = greatest(since, $1::bigint)`, [
        rows[0]?.last ?? 0,
      ]);
      for (const table of ['facts', 'deliveries'])
        await this.client.query(`DELETE FROM ${SCHEMA}.${table} WHERE at < $1`, [before]);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#heartbeat);
    await this.client.end().catch(() => undefined);
  }

  async #inTransaction(work: () => Promise<void>): Promise<void> {
    await this.#inTurn(async () => {
      try {
        await this.client.query('BEGIN');
        await work();
        await this.client.query('COMMIT');
      } catch (error) {
        await this.client.query('ROLLBACK').catch(() => undefined);
        throw error;
      }
    });
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(() => asked(work));
    this.#turn = mine.catch(() => undefined);
    return await mine;
  }
}

const distinct = <T extends { readonly id: string }>(all: readonly T[]): readonly T[] => [
  ...new Map(all.map((each) => [each.id, each])).values(),
];

const ledgerOf = async (client: Client): Promise<Ledger> => {
  const progress = await client.query<{ position: string | null; clock: Date | null }>(
    `SELECT position, clock FROM ${SCHEMA}.progress`,
  );
  const kept = await client.query<{ id: string; category: string; body: object }>(`SELECT * FROM ${SCHEMA}.kept`);
  const dues = await client.query<Omit<OpenDue, 'at'> & { at: Date; record: string }>(`SELECT * FROM ${SCHEMA}.dues`);
  const { position, clock } = progress.rows[0]!;
  return {
    position: position === null ? null : BigInt(position),
    clock: clock && (clock.toISOString() as Instant),
    kept: new Map(kept.rows.map(({ id, category, body }) => [id, { category, body }])),
    dues: Map.groupBy(
      dues.rows.map(({ at, ...due }) => ({ ...due, at: at.toISOString() as Instant })),
      ({ record }) => record,
    ),
  };
};
