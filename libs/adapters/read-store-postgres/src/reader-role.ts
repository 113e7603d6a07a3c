import { Client, escapeIdentifier, escapeLiteral } from 'pg';

/** Name of the login that may read, in the database a URL names: one per database, because roles belong to the whole server. */
export const readerRoleOf = (database: string): string => `${database}_reader`;

/**
 * Gives the reading login a password, making the login where it is missing.
 * @param ownerUrl connection of the database's owner, who may create roles
 * @returns the URL with which the API connects
 */
export const admitReader = async (ownerUrl: string, password: string): Promise<string> => {
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const role = readerRoleOf(await databaseOf(client));
    await createReader(client, role);
    await client.query(`ALTER ROLE ${escapeIdentifier(role)} LOGIN PASSWORD ${escapeLiteral(password)}`);
    const url = new URL(ownerUrl);
    url.username = role;
    url.password = password;
    return url.toString();
  } finally {
    await client.end();
  }
};

/** A login that inherits nothing, bypasses nothing and owns nothing. */
export const createReader = async (client: Pick<Client, 'query'>, role: string): Promise<void> => {
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
  if (rowCount === 0) await client.query(`CREATE ROLE ${escapeIdentifier(role)} NOINHERIT`);
};

export const databaseOf = async (client: Pick<Client, 'query'>): Promise<string> =>
  (await client.query<{ name: string }>('SELECT current_database() AS name')).rows[0]!.name;
