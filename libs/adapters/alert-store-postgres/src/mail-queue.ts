import { MailQueue, type Alert, type HeldMail, type Recipient } from '@foundation/alerting';
import type { Instant } from '@kernel';
import { Pool } from 'pg';
import { asked, SCHEMA } from './tables.js';

/** Alerts that one message speaks of; the rest is in the inbox. */
const AT_A_TIME = 200;

type Row = Omit<Alert, 'at'> & { at: Date; tries: number };

/** The e-mails that wait, in PostgreSQL. Connects as the owner of the database. */
export class PostgresMailQueue extends MailQueue {
  readonly #pool: Pool;

  constructor(url: string) {
    super();
    this.#pool = new Pool({
      connectionString: url,
      max: 2,
      connectionTimeoutMillis: 5_000,
      application_name: 'lodestone-notifier-mail',
    });
    this.#pool.on('error', () => undefined);
  }

  async next(now: Instant, pauseMs: number, work: (held: HeldMail) => Promise<void>): Promise<boolean> {
    return await asked(async () => {
      const client = await this.#pool.connect();
      try {
        await client.query('BEGIN');
        const { rows: due } = await client.query<{ recipient: Recipient }>(
          `SELECT w.recipient FROM ${SCHEMA}.waiting w JOIN ${SCHEMA}.inbox i ON i.id = w.alert
           WHERE w.send_at <= $1 AND (i.severity = 'CRITICAL' OR NOT EXISTS (SELECT FROM ${SCHEMA}.sent s
             WHERE s.recipient = w.recipient AND s.at > $1::timestamptz - $2 * interval '1 ms'))
           ORDER BY w.send_at LIMIT 1 FOR UPDATE OF w SKIP LOCKED`,
          [now, pauseMs],
        );
        if (!due[0]) {
          await client.query('COMMIT');
          client.release();
          return false;
        }
        const { recipient } = due[0];
        const { rows } = await client.query<Row>(
          `SELECT i.id, w.recipient, i.rule, i.kind, i.severity, i.view, i.key, i.fact, i.at, w.tries
           FROM ${SCHEMA}.waiting w JOIN ${SCHEMA}.inbox i ON i.id = w.alert
           WHERE w.recipient = $1 AND w.send_at <= $2 ORDER BY i.number LIMIT ${AT_A_TIME} FOR UPDATE OF w SKIP LOCKED`,
          [recipient, now],
        );
        const ids = rows.map(({ id }) => id);
        await work({
          recipient,
          alerts: rows.map(({ at, tries: _, ...alert }) => ({ ...alert, at: at.toISOString() as Instant })),
          tries: Math.max(...rows.map(({ tries }) => tries)),
          done: async (state, reason = '') => {
            await client.query(`DELETE FROM ${SCHEMA}.waiting WHERE recipient = $1 AND alert = ANY ($2::uuid[])`, [
              recipient,
              ids,
            ]);
            await client.query(`INSERT INTO ${SCHEMA}.deliveries (state, reason, alerts, at) VALUES ($1, $2, $3, $4)`, [
              state,
              reason,
              ids.length,
              now,
            ]);
            if (state === 'DELIVERED')
              await client.query(
                `INSERT INTO ${SCHEMA}.sent (recipient, at) VALUES ($1, $2) ON CONFLICT (recipient) DO UPDATE SET at = excluded.at`,
                [recipient, now],
              );
          },
          later: async (at, reason) => {
            await client.query(
              `UPDATE ${SCHEMA}.waiting SET send_at = $3, tries = tries + 1, reason = $4 WHERE recipient = $1 AND alert = ANY ($2::uuid[])`,
              [recipient, ids, at, reason],
            );
          },
        });
        await client.query('COMMIT');
        client.release();
        return true;
      } catch (error) {
        client.release(true);
        throw error;
      }
    });
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }
}
