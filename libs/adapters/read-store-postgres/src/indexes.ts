import { createHash } from 'node:crypto';
import { ViewLocked } from '@foundation/eventing';
import type { AnyView } from '@kernel';
import { DatabaseError, escapeIdentifier, type Client } from 'pg';
import { asOutage } from './outage.js';
import { fieldsOf, orderOf, SCHEMA, tableOf } from './tables.js';

/** How long an index of a table in use may wait for the transactions before it. The next start tries again. */
const PATIENCE = '10s';

/**
 * The indexes of a view's table, as lists of columns. Each begins with the marking class: what a question reads is what
 * its reader sees, whatever it asks for. Under row-level security the server enters an index only by comparisons that
 * cannot leak, which those of arrays and of `numeric` are not: conditions on these are checked on the rows that the
 * reader sees, and have no index.
 */
export const indexesOf = (view: AnyView): readonly string[] => [
  'marking, key',
  ...fieldsOf(view).flatMap(([name, field]) => {
    const isEntered = field.sort || (field.filter && field.kind !== 'texts' && field.kind !== 'decimal');
    return isEntered ? [['marking', ...orderOf(name, field), 'key'].join(', ')] : [];
  }),
];

/** Creates the indexes of a table that is new. */
export const createIndexes = async (client: Client, view: AnyView): Promise<void> => {
  for (const columns of indexesOf(view))
    await client.query(`CREATE INDEX ${nameOf(view, columns)} ON ${tableOf(view.name, view.version)} (${columns})`);
};

/**
 * Gives a table in use the indexes that it should have, and takes away all others. Readers and writers go on meanwhile.
 * Stands outside a transaction.
 */
export const renewIndexes = async (client: Client, view: AnyView): Promise<void> => {
  const table = tableOf(view.name, view.version);
  const { rows } = await client.query<{ name: string; whole: boolean }>(
    `SELECT relname AS name, indisvalid AS whole FROM pg_index JOIN pg_class ON oid = indexrelid
     WHERE indrelid = $1::regclass AND NOT indisprimary`,
    [table],
  );
  const wanted = new Map(indexesOf(view).map((columns) => [nameOf(view, columns), columns]));
  const kept = new Set(rows.filter(({ whole }) => whole).map(({ name }) => escapeIdentifier(name)));
  const unwanted = rows.filter(({ name, whole }) => !whole || !wanted.has(escapeIdentifier(name)));
  const missing = [...wanted].filter(([name]) => !kept.has(name));
  if (missing.length + unwanted.length === 0) return;
  try {
    await client.query(`SET lock_timeout = '${PATIENCE}'`);
    for (const { name } of unwanted.filter(({ whole }) => !whole)) await dropped(client, name);
    for (const [name, columns] of missing)
      await client.query(`CREATE INDEX CONCURRENTLY ${name} ON ${table} (${columns})`);
    // Only now: until the new ones are there, lists go by the old ones.
    for (const { name } of unwanted.filter(({ whole }) => whole)) await dropped(client, name);
  } catch (error) {
    if (!mayWait(error)) throw error;
  } finally {
    await client.query('RESET lock_timeout');
  }
};

/** Takes the statistics of a table. They can wait, where somebody else holds the table. */
export const analyze = async (client: Client, view: AnyView): Promise<void> => {
  await client.query(`ANALYZE ${tableOf(view.name, view.version)}`).catch((error: unknown) => {
    if (!(asOutage(error) instanceof ViewLocked)) throw error;
  });
};

const dropped = (client: Client, name: string): Promise<unknown> =>
  client.query(`DROP INDEX CONCURRENTLY IF EXISTS ${SCHEMA}.${escapeIdentifier(name)}`);

/** An index of other columns has another name, so that a change of them is seen. */
const nameOf = (view: AnyView, columns: string): string => {
  const whole = `${tableOf(view.name, view.version)} (${columns})`;
  return escapeIdentifier(`by_${createHash('sha256').update(whole).digest('hex').slice(0, 24)}`);
};

/** PostgreSQL's lock_not_available, and duplicate_table: another projector is at it. */
const mayWait = (error: unknown): boolean =>
  error instanceof DatabaseError && (error.code === '55P03' || error.code === '42P07');
