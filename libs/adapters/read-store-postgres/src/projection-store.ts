import { ProjectionStore, ReadStoreUnavailable, type ChangedRows, type HeldViews } from '@foundation/eventing';
import { audiencesOf, type AnyView, type Marked } from '@kernel';
import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import { asOutage } from './outage.js';
import { createReader, databaseOf, readerRoleOf } from './reader-role.js';
import {
  AUDIENCES_SETTING,
  bareTableOf,
  columnOf,
  columnValue,
  fieldsOf,
  NEWS,
  SCHEMA,
  sqlTypeOf,
  tableOf,
  visibility,
} from './tables.js';

/** Announcements kept for clients that resume. */
const ANNOUNCEMENTS_KEPT = 1_000_000;
const LOCK_PAUSE_MS = 500;
/** Rows after which the statistics of a table are first taken. */
const FIRST_ANALYZE = 100;
const LOCK_SPACE = 0x10de;

/** The read models in PostgreSQL, as the projector writes them. Connects as the owner of the database. */
export class PostgresProjectionStore extends ProjectionStore {
  readonly #url: string;
  readonly #known = new Map<string, AnyView>();

  constructor(url: string) {
    super();
    this.#url = url;
  }

  async prepare(views: readonly AnyView[]): Promise<ReadonlyMap<string, bigint | null>> {
    for (const view of views) this.#known.set(view.name, view);
    await using connection = await connect(this.#url);
    const { client } = connection;
    return await guarded(async () => {
      await client.query('BEGIN');
      await client.query('SELECT pg_advisory_xact_lock($1, 0)', [LOCK_SPACE]);
      await createCatalogue(client);
      for (const view of views) await createTable(client, view);
      await applyPolicies(client, this.#known);
      const positions = await positionsOf(client, views);
      await client.query('COMMIT');
      return positions;
    });
  }

  async hold(views: readonly AnyView[], signal: AbortSignal): Promise<HeldViews> {
    const { client } = await connect(this.#url);
    try {
      return await guarded(async () => {
        for (const view of views) await lock(client, view, signal);
        return new HeldPostgresViews(
          client,
          this.#known,
          await positionsOf(client, views),
          await publishedOf(client, views),
        );
      });
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
  }
}

class HeldPostgresViews implements HeldViews {
  #commits = 0;
  /** Views that have been published since they are held. */
  readonly #published = new Set<AnyView>();
  /** Rows written to a view until its statistics are taken again: twice as many each time. */
  readonly #untilAnalyzed = new Map<AnyView, { left: number; next: number }>();

  /** @param open views whose readers hear of every change */
  constructor(
    private readonly client: Client,
    private readonly known: ReadonlyMap<string, AnyView>,
    readonly positions: ReadonlyMap<string, bigint | null>,
    private readonly open: Set<AnyView>,
  ) {}

  async rows(view: AnyView, keys: readonly string[]): Promise<ReadonlyMap<string, Marked>> {
    const { rows } = await guarded(() =>
      this.client.query<{ key: string; row: Marked }>(
        `SELECT key, row FROM ${tableOf(view.name, view.version)} WHERE key = ANY($1)`,
        [keys],
      ),
    );
    return new Map(rows.map(({ key, row }) => [key, row]));
  }

  async commit(position: bigint, changes: ReadonlyMap<AnyView, ChangedRows>): Promise<void> {
    await guarded(async () => {
      try {
        await this.client.query('BEGIN');
        for (const [view, rows] of changes) await writeRows(this.client, view, rows);
        await this.#announce(changes, position);
        await this.client.query(
          `UPDATE ${SCHEMA}.views v SET position = $1 FROM unnest($2::text[], $3::int[]) AS done(name, version)
           WHERE v.name = done.name AND v.version = done.version`,
          [position, [...changes.keys()].map((view) => view.name), [...changes.keys()].map((view) => view.version)],
        );
        await this.client.query(`NOTIFY ${NEWS}`);
        await this.client.query('COMMIT');
      } catch (error) {
        await this.client.query('ROLLBACK').catch(() => undefined);
        throw error;
      }
      for (const [view, rows] of changes) await this.#analyze(view, rows.size);
    });
  }

  /**
   * Takes the statistics of a table that has grown: without them the server sorts all that a reader may see for every
   * page, and its own rounds come only once a minute.
   */
  async #analyze(view: AnyView, written: number): Promise<void> {
    const { left, next } = this.#untilAnalyzed.get(view) ?? { left: FIRST_ANALYZE, next: FIRST_ANALYZE };
    if (left > written) {
      this.#untilAnalyzed.set(view, { left: left - written, next });
      return;
    }
    await this.client.query(`ANALYZE ${tableOf(view.name, view.version)}`);
    this.#untilAnalyzed.set(view, { left: next * 2, next: next * 2 });
  }

  async publish(views: readonly AnyView[]): Promise<void> {
    const names = views.filter((view) => !this.#published.has(view)).map((view) => view.name);
    if (names.length === 0) return;
    await guarded(async () => {
      await this.client.query('BEGIN');
      await this.client.query('SELECT pg_advisory_xact_lock($1, 0)', [LOCK_SPACE]);
      for (const view of views) {
        await this.client.query(
          `UPDATE ${SCHEMA}.views SET published = true, failure = NULL WHERE name = $1 AND version = $2`,
          [view.name, view.version],
        );
      }
      await applyPolicies(this.client, this.known);
      for (const view of views) await dropOlder(this.client, view);
      await this.client.query(`NOTIFY ${NEWS}`);
      await this.client.query('COMMIT');
      for (const view of views) await this.client.query(`ANALYZE ${tableOf(view.name, view.version)}`);
    });
    for (const view of views) {
      this.#published.add(view);
      this.open.add(view);
    }
  }

  async fail(view: AnyView, reason: string): Promise<void> {
    await guarded(() =>
      this.client.query(`UPDATE ${SCHEMA}.views SET failure = $3 WHERE name = $1 AND version = $2`, [
        view.name,
        view.version,
        reason,
      ]),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.end().catch(() => undefined);
  }

  /** Numbers are given under a row lock, so that they are without gaps and in the order of the commits. */
  async #announce(changes: ReadonlyMap<AnyView, ChangedRows>, position: bigint): Promise<void> {
    const touched = [...changes]
      .filter(([view]) => this.open.has(view))
      .flatMap(([view, rows]) => [...rows.keys()].map((key) => [view.name, key] as const));
    if (touched.length === 0) return;
    await this.client.query(
      `WITH head AS (UPDATE ${SCHEMA}.change_head SET number = number + cardinality($1::text[]) RETURNING number)
       INSERT INTO ${SCHEMA}.changes (number, view, key, position)
       SELECT head.number - cardinality($1::text[]) + changed.ordinal, changed.view, changed.key, $3
       FROM head, unnest($1::text[], $2::text[]) WITH ORDINALITY AS changed(view, key, ordinal)`,
      [touched.map(([view]) => view), touched.map(([, key]) => key), position],
    );
    if (++this.#commits % 1_000 === 0) {
      await this.client.query(
        `WITH kept AS (UPDATE ${SCHEMA}.change_head SET since = greatest(since, number - $1) RETURNING since)
         DELETE FROM ${SCHEMA}.changes USING kept WHERE changes.number <= kept.since`,
        [ANNOUNCEMENTS_KEPT],
      );
    }
  }
}

const connect = async (url: string): Promise<{ client: Client } & AsyncDisposable> => {
  const client = new Client({
    connectionString: url,
    application_name: 'lodestone-projector',
    connectionTimeoutMillis: 5_000,
  });
  // A connection that breaks while idle must not end the process; the next query reports it.
  client.on('error', () => undefined);
  await guarded(() => client.connect());
  return { client, [Symbol.asyncDispose]: () => client.end().catch(() => undefined) };
};

const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    throw asOutage(error);
  }
};

/** Numbers begin at the time, in microseconds: a feed that is begun anew goes on above the one before, whose cursors have expired. */
const createCatalogue = async (client: Client): Promise<void> => {
  const reader = readerRoleOf(await databaseOf(client));
  await createReader(client, reader);
  await client.query(`
    CREATE SCHEMA IF NOT EXISTS ${SCHEMA};
    CREATE TABLE IF NOT EXISTS ${SCHEMA}.views (
      name text, version integer, position bigint, published boolean NOT NULL DEFAULT false, failure text,
      PRIMARY KEY (name, version));
    CREATE TABLE IF NOT EXISTS ${SCHEMA}.changes (
      number bigint PRIMARY KEY, view text NOT NULL, key text NOT NULL, position bigint NOT NULL);
    CREATE TABLE IF NOT EXISTS ${SCHEMA}.change_head (number bigint NOT NULL, since bigint NOT NULL);
    INSERT INTO ${SCHEMA}.change_head SELECT start, start FROM (SELECT (extract(epoch FROM now()) * 1e6)::bigint AS start) begun
      WHERE NOT EXISTS (SELECT FROM ${SCHEMA}.change_head);
    GRANT USAGE ON SCHEMA ${SCHEMA} TO ${escapeIdentifier(reader)};
    GRANT SELECT ON ${SCHEMA}.views, ${SCHEMA}.changes, ${SCHEMA}.change_head TO ${escapeIdentifier(reader)};
  `);
};

const createTable = async (client: Client, view: AnyView): Promise<void> => {
  const { rowCount } = await client.query(
    `INSERT INTO ${SCHEMA}.views (name, version) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
    [view.name, view.version],
  );
  if (rowCount === 0) return;
  const table = tableOf(view.name, view.version);
  const fields = fieldsOf(view);
  const columns = fields.map(([name, field]) => `, ${columnOf(name)} ${sqlTypeOf(field)} NOT NULL`).join('');
  await client.query(
    `CREATE TABLE ${table} (key text COLLATE "C" PRIMARY KEY, audience text[] NOT NULL, row jsonb NOT NULL${columns})`,
  );
  await client.query(`CREATE INDEX ON ${table} USING gin (audience)`);
  for (const [name, field] of fields) {
    await client.query(
      field.kind === 'texts'
        ? `CREATE INDEX ON ${table} USING gin (${columnOf(name)})`
        : `CREATE INDEX ON ${table} (${columnOf(name)}, key)`,
    );
  }
  const reader = escapeIdentifier(readerRoleOf(await databaseOf(client)));
  await client.query(`
    ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
    ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
    CREATE POLICY keeper ON ${table} TO CURRENT_USER USING (true) WITH CHECK (true);
    GRANT SELECT ON ${table} TO ${reader};
  `);
};

/**
 * The second net: the same rule as the read door's, kept by the database for whoever gets past the first. A part that
 * is read in an older version for a while keeps to the whole as it is read now.
 */
const applyPolicies = async (client: Client, views: ReadonlyMap<string, AnyView>): Promise<void> => {
  const reader = escapeIdentifier(readerRoleOf(await databaseOf(client)));
  const audiences = `string_to_array(current_setting(${escapeLiteral(AUDIENCES_SETTING)}, true), ',')`;
  const { rows } = await client.query<{ name: string; version: number; readable: number; columns: string[] }>(
    `SELECT name, version, coalesce(max(version) FILTER (WHERE published) OVER of_name, max(version) OVER of_name) AS readable,
       array(SELECT attname::text FROM pg_attribute WHERE attrelid = format('${SCHEMA}.%I', name || '/' || version)::regclass) AS columns
     FROM ${SCHEMA}.views WINDOW of_name AS (PARTITION BY name)`,
  );
  const readable = new Map(rows.map((each) => [each.name, each.readable]));
  for (const { name, version, columns } of rows) {
    const view = views.get(name);
    if (view === undefined) continue;
    const whole =
      view.within && readable.has(view.within.view) ? tableOf(view.within.view, readable.get(view.within.view)!) : null;
    if (view.within && (whole === null || !columns.includes(`f_${view.within.field}`))) continue;
    const table = tableOf(name, version);
    const rule = visibility(view, bareTableOf(name, version), audiences, whole);
    await client.query(`DROP POLICY IF EXISTS reader ON ${table}`);
    await client.query(`CREATE POLICY reader ON ${table} FOR SELECT TO ${reader} USING (${rule})`);
  }
};

const positionsOf = async (client: Client, views: readonly AnyView[]): Promise<ReadonlyMap<string, bigint | null>> => {
  const { rows } = await client.query<{ name: string; version: number; position: string | null }>(
    `SELECT name, version, position FROM ${SCHEMA}.views`,
  );
  const stored = new Map(rows.map(({ name, version, position }) => [`${name}/${version}`, position]));
  return new Map(
    views.map((view) => {
      const position = stored.get(`${view.name}/${view.version}`) ?? null;
      return [view.name, position === null ? null : BigInt(position)];
    }),
  );
};

const publishedOf = async (client: Client, views: readonly AnyView[]): Promise<Set<AnyView>> => {
  const { rows } = await client.query<{ name: string; version: number }>(
    `SELECT name, version FROM ${SCHEMA}.views WHERE published`,
  );
  return new Set(
    views.filter((view) => rows.some(({ name, version }) => name === view.name && version === view.version)),
  );
};

const lock = async (client: Client, view: AnyView, signal: AbortSignal): Promise<void> => {
  for (;;) {
    const { rows } = await client.query<{ held: boolean }>('SELECT pg_try_advisory_lock($1, hashtext($2)) AS held', [
      LOCK_SPACE,
      view.name,
    ]);
    if (rows[0]!.held) return;
    if (signal.aborted) throw new ReadStoreUnavailable('stopped while waiting for another projector');
    await new Promise((resolve) => setTimeout(resolve, LOCK_PAUSE_MS));
  }
};

const dropOlder = async (client: Client, view: AnyView): Promise<void> => {
  const { rows } = await client.query<{ version: number }>(
    `DELETE FROM ${SCHEMA}.views WHERE name = $1 AND version < $2 RETURNING version`,
    [view.name, view.version],
  );
  // With it goes a policy that still refers to it: rows without a policy are closed.
  for (const { version } of rows) await client.query(`DROP TABLE ${tableOf(view.name, version)} CASCADE`);
};

const writeRows = async (client: Client, view: AnyView, rows: ChangedRows): Promise<void> => {
  const table = tableOf(view.name, view.version);
  const fields = fieldsOf(view);
  const gone = [...rows].filter(([, row]) => row === null).map(([key]) => key);
  const kept = [...rows].flatMap(([key, row]) => (row === null ? [] : [record(view, key, row)]));
  if (gone.length > 0) await client.query(`DELETE FROM ${table} WHERE key = ANY($1)`, [gone]);
  if (kept.length === 0) return;
  const columns = fields.map(([name]) => columnOf(name));
  await client.query(
    `INSERT INTO ${table} (key, audience, row${columns.map((column) => `, ${column}`).join('')})
     SELECT * FROM jsonb_to_recordset($1::jsonb) AS given(key text, audience text[], row jsonb${fields.map(([name, field]) => `, ${columnOf(name)} ${sqlTypeOf(field)}`).join('')})
     ON CONFLICT (key) DO UPDATE SET audience = excluded.audience, row = excluded.row${columns.map((column) => `, ${column} = excluded.${column}`).join('')}`,
    [JSON.stringify(kept)],
  );
};

const record = (view: AnyView, key: string, row: Marked): Record<string, unknown> => ({
  key,
  audience: audiencesOf(row.marking),
  row,
  ...Object.fromEntries(
    fieldsOf(view).map(([name, field]) => [
      `f_${name}`,
      columnValue(row as unknown as Record<string, unknown>, name, field),
    ]),
  ),
});
