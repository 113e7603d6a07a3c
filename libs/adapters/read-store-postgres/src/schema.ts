import { createHash } from 'node:crypto';
import { wholesOf, type AnyView } from '@kernel';
import { escapeIdentifier, escapeLiteral, type Client } from 'pg';
import { ANNOUNCED, CHANGES, CREATE_CHANGES } from './announcements.js';
import { COUNTS, countsSeen, CREATE_COUNTS } from './counts.js';
import { createIndexes } from './indexes.js';
import { CREATE_MARKINGS } from './markings.js';
import { createReader, databaseOf, readerRoleOf } from './reader-role.js';
import {
  approximationOf,
  AS_READ,
  bareTableOf,
  columnOf,
  fieldsOf,
  LAYOUT,
  SCHEMA,
  sqlTypeOf,
  tableOf,
} from './tables.js';
import {
  admits,
  MARKINGS,
  nobodyReads,
  readerFromSettings,
  sightFromSettings,
  visible,
  type Whole,
} from './visibility.js';

/** Numbers begin at the time, in microseconds: a feed that is begun anew goes on above the one before, whose cursors have expired. */
export const createCatalogue = async (client: Client): Promise<void> => {
  const role = readerRoleOf(await databaseOf(client));
  await createReader(client, role);
  const reader = escapeIdentifier(role);
  const { rows } = await client.query<{ layout: string | null }>(
    `SELECT obj_description(oid, 'pg_namespace') AS layout FROM pg_namespace WHERE nspname = $1`,
    [SCHEMA],
  );
  const layout = `${LAYOUT} ${await collationVersionOf(client)}`;
  if (rows[0] && rows[0].layout !== layout) await client.query(`DROP SCHEMA ${SCHEMA} CASCADE`);
  await client.query(`
    CREATE SCHEMA IF NOT EXISTS ${SCHEMA};
    COMMENT ON SCHEMA ${SCHEMA} IS ${escapeLiteral(layout)};
    CREATE COLLATION IF NOT EXISTS ${AS_READ} (provider = icu, locale = 'und-u-kn');
    CREATE TABLE IF NOT EXISTS ${SCHEMA}.views (
      name text, version integer, position bigint, published boolean NOT NULL DEFAULT false, failure text,
      clock timestamptz NOT NULL, PRIMARY KEY (name, version));
    ${CREATE_MARKINGS}
    ${CREATE_COUNTS}
    CREATE TABLE IF NOT EXISTS ${SCHEMA}.unreadable (
      view text, version integer, stream text, position bigint NOT NULL, event text NOT NULL, type text NOT NULL,
      problem text NOT NULL, noted_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (view, version, stream));
    ${CREATE_CHANGES}
    CREATE TABLE IF NOT EXISTS ${SCHEMA}.change_head (number bigint NOT NULL, since bigint NOT NULL);
    INSERT INTO ${SCHEMA}.change_head SELECT start, start FROM (SELECT (extract(epoch FROM now()) * 1e6)::bigint AS start) begun
      WHERE NOT EXISTS (SELECT FROM ${SCHEMA}.change_head);
    GRANT USAGE ON SCHEMA ${SCHEMA} TO ${reader};
    GRANT SELECT ON ${SCHEMA}.views, ${SCHEMA}.change_head TO ${reader};
  `);
  await secure(client, MARKINGS, reader);
  await secure(client, COUNTS, reader);
  await secure(client, CHANGES, reader);
  await secure(client, ANNOUNCED, reader);
};

/** The version of the rules by which texts are in order. Where it changes, indexes and pages would no longer agree. */
const collationVersionOf = async (client: Client): Promise<string> => {
  const { rows } = await client.query<{ version: string }>(
    `SELECT pg_collation_actual_version(oid) AS version FROM pg_collation WHERE collprovider = 'i' AND collname = 'und-x-icu'`,
  );
  if (!rows[0])
    throw new Error('this PostgreSQL was built without ICU, by which lists are sorted: use one that has it');
  return rows[0].version;
};

/** Closes a table to everybody but its owner; a policy opens rows of it to readers. */
const secure = async (client: Client, table: string, reader: string): Promise<void> => {
  const { rowCount } = await client.query(
    `SELECT FROM pg_class WHERE oid = $1::regclass AND relrowsecurity AND relforcerowsecurity
       AND EXISTS (SELECT FROM pg_policy WHERE polrelid = pg_class.oid AND polname = 'keeper')
       AND has_table_privilege($2, oid, 'SELECT')`,
    [table, reader.replaceAll('"', '')],
  );
  if (rowCount === 1) return;
  await client.query(`
    ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
    ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
    DROP POLICY IF EXISTS keeper ON ${table};
    CREATE POLICY keeper ON ${table} TO CURRENT_USER USING (true) WITH CHECK (true);
    GRANT SELECT ON ${table} TO ${reader};
  `);
};

/** A new version begins at the instant up to which the one that is read now has been announced. */
export const createTable = async (client: Client, view: AnyView): Promise<void> => {
  const { rowCount } = await client.query(
    `INSERT INTO ${SCHEMA}.views (name, version, clock)
     SELECT $1, $2, coalesce(max(clock) FILTER (WHERE published), now()) FROM ${SCHEMA}.views WHERE name = $1
     ON CONFLICT DO NOTHING`,
    [view.name, view.version],
  );
  if (rowCount === 0) return;
  const table = tableOf(view.name, view.version);
  const fields = fieldsOf(view);
  const sorted = fields.filter(([, field]) => field.sort);
  const columns = [
    'key text COLLATE "C" PRIMARY KEY',
    'marking integer NOT NULL',
    'row jsonb NOT NULL',
    ...fields.map(([name, field]) => `${columnOf(name)} ${sqlTypeOf(field)} NOT NULL`),
    ...sorted
      .filter(([, field]) => field.kind === 'decimal')
      .map(
        ([name]) =>
          `${approximationOf(name)} double precision NOT NULL GENERATED ALWAYS AS (${columnOf(name)}::double precision) STORED`,
      ),
  ];
  await client.query(`CREATE TABLE ${table} (${columns.join(', ')})`);
  await createIndexes(client, view);
  await secure(client, table, escapeIdentifier(readerRoleOf(await databaseOf(client))));
};

/**
 * The second line of defence: the same rule as the read gateway's, kept by the database for whoever gets past the first. A part that
 * is read in an older version for a while keeps to the whole as it is read now.
 */
export const applyPolicies = async (client: Client, views: ReadonlyMap<string, AnyView>): Promise<void> => {
  const reader = escapeIdentifier(readerRoleOf(await databaseOf(client)));
  const open = async (table: string, rule: string): Promise<void> => {
    // Each change of a policy waits for every reader, and every reader for it: only where the rule is another.
    const digest = createHash('sha256').update(`${reader} ${rule}`).digest('hex');
    const { rowCount } = await client.query(
      `SELECT FROM pg_policy WHERE polrelid = $1::regclass AND polname = 'reader' AND obj_description(oid, 'pg_policy') = $2`,
      [table, digest],
    );
    if (rowCount === 1) return;
    await client.query(`DROP POLICY IF EXISTS reader ON ${table}`);
    await client.query(`CREATE POLICY reader ON ${table} FOR SELECT TO ${reader} USING (${rule})`);
    await client.query(`COMMENT ON POLICY reader ON ${table} IS ${escapeLiteral(digest)}`);
  };
  await open(MARKINGS, admits('markings', readerFromSettings()));
  const { rows } = await client.query<{ name: string; version: number; readable: number; columns: string[] }>(
    `SELECT name, version, coalesce(max(version) FILTER (WHERE published) OVER of_name, max(version) OVER of_name) AS readable,
       array(SELECT attname::text FROM pg_attribute WHERE attrelid = format('${SCHEMA}.%I', name || '/' || version)::regclass) AS columns
     FROM ${SCHEMA}.views WHERE to_regclass(format('${SCHEMA}.%I', name || '/' || version)) IS NOT NULL
     WINDOW of_name AS (PARTITION BY name)`,
  );
  const readable = new Map(rows.map((each) => [each.name, each.readable]));
  const wholesIn = (part: AnyView): readonly Whole[] =>
    wholesOf(part).flatMap((name) => {
      const [view, version] = [views.get(name), readable.get(name)];
      return view && version !== undefined ? [{ view, table: tableOf(name, version), wholes: wholesIn(view) }] : [];
    });
  for (const { name, version, columns } of rows) {
    const view = views.get(name);
    if (view === undefined) continue;
    // What stands in a whole that cannot be read is not shown, so one that is not built yet keeps back its parts alone.
    const wholes = wholesIn(view);
    if (view.parent && (wholes.length === 0 || !columns.includes(`f_${view.parent.field}`))) continue;
    await open(tableOf(name, version), visible(view, bareTableOf(name, version), sightFromSettings(), wholes));
  }
  // In the order in which writers come to them, so that neither waits for the other: markings, rows, counts, changes.
  await open(COUNTS, countsSeen);
  // Keys of hidden rows stand here too; the API reads them for all subscribers at once, on behalf of none.
  await open(CHANGES, nobodyReads);
  await open(ANNOUNCED, nobodyReads);
};

export const dropOlder = async (client: Client, view: AnyView): Promise<void> => {
  const { rows } = await client.query<{ version: number }>(
    `WITH noted AS (DELETE FROM ${SCHEMA}.unreadable WHERE view = $1 AND version < $2)
     DELETE FROM ${SCHEMA}.views WHERE name = $1 AND version < $2 RETURNING version`,
    [view.name, view.version],
  );
  await client.query(`DELETE FROM ${COUNTS} WHERE name = $1 AND version < $2`, [view.name, view.version]);
  // With it goes a policy that still refers to it: rows without a policy are closed.
  for (const { version } of rows) await client.query(`DROP TABLE ${tableOf(view.name, version)} CASCADE`);
};
