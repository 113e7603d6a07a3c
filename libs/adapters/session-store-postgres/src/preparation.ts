import { Client, escapeIdentifier, escapeLiteral } from 'pg';

export const SCHEMA = 'lodestone_sessions';
export const SESSIONS = `${SCHEMA}.sessions`;

/**
 * Makes the schema of the sessions, and the login that may use it and nothing else, where they are missing.
 * @param ownerUrl connection of the database's owner, who may create roles
 * @param password given to the login; it keeps the one it has where left out
 * @returns the URL with which the API connects; with the password, where one is given
 */
export const admitSessionKeeper = async (ownerUrl: string, password?: string): Promise<string> => {
  const client = new Client({ connectionString: ownerUrl, connectionTimeoutMillis: 5_000, query_timeout: 30_000 });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>('SELECT current_database() AS name');
    const keeper = `${rows[0]!.name}_sessions`;
    const role = escapeIdentifier(keeper);
    // In one transaction, and one after the other: two programs may come here at the same time.
    await client.query(`
      BEGIN;
      SELECT pg_advisory_xact_lock(hashtext('${SCHEMA}'));
      DO $$ BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = ${escapeLiteral(keeper)}) THEN
          CREATE ROLE ${role} NOINHERIT;
        END IF;
      END $$;
      CREATE SCHEMA IF NOT EXISTS ${SCHEMA};
      CREATE TABLE IF NOT EXISTS ${SESSIONS} (
        id bytea PRIMARY KEY, person uuid NOT NULL, issuer text NOT NULL, sid bytea, country text, roles text[] NOT NULL,
        began_at timestamptz NOT NULL DEFAULT now(), used_at timestamptz NOT NULL DEFAULT now(), ends_at timestamptz NOT NULL);
      GRANT USAGE ON SCHEMA ${SCHEMA} TO ${role};
      GRANT SELECT, INSERT, UPDATE, DELETE ON ${SESSIONS} TO ${role};
      COMMIT;
    `);
    const url = new URL(ownerUrl);
    url.username = keeper;
    url.password = password ?? '';
    if (password !== undefined) await client.query(`ALTER ROLE ${role} LOGIN PASSWORD ${escapeLiteral(password)}`);
    return url.toString();
  } finally {
    await client.end();
  }
};
