import { ReadStoreUnavailable } from '@foundation/eventing';
import { escapeIdentifier, type Client } from 'pg';

/** Schema of the notifier, apart from the read models: these are emptied and filled anew, what was told is not. */
export const SCHEMA = 'lodestone_alerts';
/** On which it is announced that something was matched. Nothing travels on it but the fact. */
export const NEWS = 'lodestone_alerts_news';
/** The advisory lock of whoever matches. */
export const LOCK = 0x10df;

/** Who looks, as a transaction tells row-level security. */
export const RECIPIENTS = 'lodestone.recipients';
const setting = `coalesce(current_setting('${RECIPIENTS}', true), '')`;

/** Makes what is missing. Numbers begin at the time, in microseconds: after a loss, cursors of before are behind all. */
export const prepare = async (client: Client): Promise<void> => {
  await client.query('BEGIN');
  await client.query('SELECT pg_advisory_xact_lock(hashtext($1))', [SCHEMA]);
  const { rows } = await client.query<{ name: string }>('SELECT current_database() AS name');
  const role = `${rows[0]!.name}_reader`;
  const reader = escapeIdentifier(role);
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
  if (rowCount === 0) await client.query(`CREATE ROLE ${reader} NOINHERIT`);
  await client.query(`
    CREATE SCHEMA IF NOT EXISTS ${SCHEMA};
    CREATE TABLE IF NOT EXISTS ${SCHEMA}.progress (
      one boolean PRIMARY KEY DEFAULT true CHECK (one), position bigint, clock timestamptz, number bigint NOT NULL, since bigint NOT NULL);
    INSERT INTO ${SCHEMA}.progress (number, since) SELECT start, start FROM (SELECT (extract(epoch FROM now()) * 1e6)::bigint AS start) begun
      ON CONFLICT DO NOTHING;
    CREATE TABLE IF NOT EXISTS ${SCHEMA}.inbox (
      number bigint PRIMARY KEY, id uuid UNIQUE NOT NULL, recipient text COLLATE "C" NOT NULL, rule text NOT NULL, kind text COLLATE "C" NOT NULL,
      severity text NOT NULL, view text NOT NULL, key text COLLATE "C" NOT NULL, fact text NOT NULL, at timestamptz NOT NULL, due_at timestamptz);
    CREATE INDEX IF NOT EXISTS inbox_of_recipient ON ${SCHEMA}.inbox (recipient, number);
    CREATE INDEX IF NOT EXISTS inbox_at ON ${SCHEMA}.inbox (at);
    CREATE TABLE IF NOT EXISTS ${SCHEMA}.takings (
      alert uuid NOT NULL REFERENCES ${SCHEMA}.inbox (id) ON DELETE CASCADE, person text NOT NULL, answer text NOT NULL, at timestamptz NOT NULL,
      PRIMARY KEY (alert, person, answer));
    CREATE TABLE IF NOT EXISTS ${SCHEMA}.facts (
      number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kind text COLLATE "C" NOT NULL, view text NOT NULL, key text NOT NULL, fact text NOT NULL,
      at timestamptz NOT NULL, due_at timestamptz, parties text[] NOT NULL, UNIQUE (kind, view, key, fact));
    CREATE INDEX IF NOT EXISTS facts_of_kind ON ${SCHEMA}.facts (kind, number);
    CREATE TABLE IF NOT EXISTS ${SCHEMA}.kept (id text PRIMARY KEY, category text NOT NULL, body jsonb NOT NULL);
    CREATE TABLE IF NOT EXISTS ${SCHEMA}.dues (
      kind text NOT NULL, view text NOT NULL, key text NOT NULL, due text NOT NULL, at timestamptz NOT NULL, record text NOT NULL,
      PRIMARY KEY (kind, record, due, at));
    CREATE TABLE IF NOT EXISTS ${SCHEMA}.waiting (
      alert uuid NOT NULL REFERENCES ${SCHEMA}.inbox (id) ON DELETE CASCADE, recipient text COLLATE "C" NOT NULL, send_at timestamptz NOT NULL,
      tries integer NOT NULL DEFAULT 0, reason text, PRIMARY KEY (alert, recipient));
    CREATE INDEX IF NOT EXISTS waiting_until ON ${SCHEMA}.waiting (send_at);
    CREATE TABLE IF NOT EXISTS ${SCHEMA}.sent (recipient text PRIMARY KEY, at timestamptz NOT NULL);
    CREATE TABLE IF NOT EXISTS ${SCHEMA}.deliveries (
      number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, state text NOT NULL, reason text NOT NULL, alerts integer NOT NULL, at timestamptz NOT NULL);
    GRANT USAGE ON SCHEMA ${SCHEMA} TO ${reader};
    GRANT SELECT ON ${SCHEMA}.progress, ${SCHEMA}.inbox, ${SCHEMA}.takings, ${SCHEMA}.facts TO ${reader};
  `);
  // The second line of defence. On behalf of none, the API reads for whom something has come, and facts, to ask of each.
  const mine = `${setting} = '' OR recipient = ANY (string_to_array(${setting}, ','))`;
  for (const [table, rule] of [
    ['inbox', mine],
    ['takings', `EXISTS (SELECT FROM ${SCHEMA}.inbox WHERE id = alert)`],
    ['facts', `${setting} = ''`],
  ] as const) {
    await client.query(`
      ALTER TABLE ${SCHEMA}.${table} ENABLE ROW LEVEL SECURITY;
      ALTER TABLE ${SCHEMA}.${table} FORCE ROW LEVEL SECURITY;
      DROP POLICY IF EXISTS keeper ON ${SCHEMA}.${table};
      CREATE POLICY keeper ON ${SCHEMA}.${table} TO CURRENT_USER USING (true) WITH CHECK (true);
      DROP POLICY IF EXISTS reader ON ${SCHEMA}.${table};
      CREATE POLICY reader ON ${SCHEMA}.${table} FOR SELECT TO ${reader} USING (${rule});`);
  }
  await client.query('COMMIT');
};

/** A question, whose failure is an outage of the store. */
export const asked = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    throw error instanceof Error && error.name !== 'FeedExpired' && error.name !== 'NotCaughtUp'
      ? new ReadStoreUnavailable(`the alerts do not answer: ${error.message}`, { cause: error })
      : error;
  }
};
