import { createHash } from 'node:crypto';
import {
  ProjectionStore,
  ReadStoreUnavailable,
  type ChangedRows,
  type HeldViews,
  type Withholding,
} from '@foundation/eventing';
import type { AnyView, Marked } from '@kernel';
import { Client, escapeIdentifier, escapeLiteral, type ClientConfig } from 'pg';
import { Announcements, CREATE_CHANGES } from './announcements.js';
import { ANSWERED, END_WHEN_SILENT, ended, WATCHED } from './connection.js';
import { countRows, COUNTS, countsSeen, CREATE_COUNTS } from './counts.js';
import { createIndexes, renewIndexes } from './indexes.js';
import { CREATE_MARKINGS, MarkingClasses, type ClassIds } from './markings.js';
import { asOutage } from './outage.js';
import { createReader, databaseOf, readerRoleOf } from './reader-role.js';
import {
  approximationOf,
  AS_READ,
  bareTableOf,
  columnOf,
  columnValue,
  fieldsOf,
  LAYOUT,
  NEWS,
  SCHEMA,
  sqlTypeOf,
  tableOf,
} from './tables.js';
import { admits, MARKINGS, nobodyReads, readerFromSettings, sightFromSettings, visible } from './visibility.js';

const LOCK_PAUSE_MS = 500;
/** Rows after which the statistics of a table are first taken. */
const FIRST_ANALYZE = 100;
const LOCK_SPACE = 0x10de;
/** A change of tables in use waits for their readers, and new readers for it: it gives up, and is tried again. */
const LOCK_BRIEFLY = "SET LOCAL lock_timeout = '500ms'";

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
      await client.query(LOCK_BRIEFLY);
      await createCatalogue(client);
      for (const view of views) await createTable(client, view);
      for (const view of views) await countRows(client, view);
      await applyPolicies(client, this.#known);
      const positions = await positionsOf(client, views);
      await client.query('COMMIT');
      for (const view of views) await renewIndexes(client, view);
      return positions;
    });
  }

  async hold(views: readonly AnyView[], signal: AbortSignal): Promise<HeldViews> {
    const { client } = await connect(this.#url, ANSWERED);
    try {
      return await guarded(async () => {
        await client.query(END_WHEN_SILENT);
        for (const view of views) await lock(client, view, signal);
        return new HeldPostgresViews(
          client,
          this.#known,
          await positionsOf(client, views),
          await withheldOf(client, views),
          await publishedOf(client, views),
        );
      });
    } catch (error) {
      await ended(client);
      throw error;
    }
  }
}

class HeldPostgresViews implements HeldViews {
  /** The last of the works in hand: the connection has one transaction at a time. */
  #turn: Promise<unknown> = Promise.resolve();
  /** Resolves when the next instant may be another one than was thought. */
  #sooner = Promise.withResolvers<void>();
  readonly #classes: MarkingClasses;
  readonly #announcements: Announcements;
  /** Views that have been published since they are held. */
  readonly #published = new Set<AnyView>();
  /** Rows written to a view until its statistics are taken again: twice as many each time. */
  readonly #untilAnalyzed = new Map<AnyView, { left: number; next: number }>();

  /** @param open views whose readers hear of every change */
  constructor(
    private readonly client: Client,
    private readonly known: ReadonlyMap<string, AnyView>,
    readonly positions: ReadonlyMap<string, bigint | null>,
    readonly withheld: ReadonlyMap<AnyView, Set<string>>,
    private readonly open: Set<AnyView>,
  ) {
    this.#classes = new MarkingClasses(client);
    this.#announcements = new Announcements(client, known, open);
  }

  async rows(view: AnyView, keys: readonly string[]): Promise<ReadonlyMap<string, Marked>> {
    const { rows } = await this.#inTurn(() =>
      this.client.query<{ key: string; row: Marked }>(
        `SELECT key, row FROM ${tableOf(view.name, view.version)} WHERE key = ANY($1)`,
        [keys],
      ),
    );
    return new Map(rows.map(({ key, row }) => [key, row]));
  }

  async commit(
    position: bigint,
    changes: ReadonlyMap<AnyView, ChangedRows>,
    withholding: ReadonlyMap<AnyView, Withholding> = new Map(),
  ): Promise<void> {
    const markings = [...changes.values()].flatMap((rows) =>
      [...rows.values()].flatMap((row) => (row === null ? [] : [row.marking])),
    );
    const isTimed = await this.#inTurn(async () => {
      const { classes, isTimed } = await this.#inTransaction(async () => {
        const ids = await this.#classes.idsOf(markings);
        const isTimed = await this.#announcements.of(changes, position, async () => {
          for (const [view, rows] of changes) {
            await writeRows(this.client, view, rows, ids);
            const own = withholding.get(view);
            if (own) await writeWithholding(this.client, view, own);
          }
        });
        await this.client.query(
          `UPDATE ${SCHEMA}.views v SET position = $1 FROM unnest($2::text[], $3::int[]) AS done(name, version)
           WHERE v.name = done.name AND v.version = done.version`,
          [position, [...changes.keys()].map((view) => view.name), [...changes.keys()].map((view) => view.version)],
        );
        await this.client.query(`NOTIFY ${NEWS}`);
        return { classes: ids, isTimed };
      });
      this.#classes.remember(classes);
      for (const [view, rows] of changes) await this.#analyze(view, rows.size);
      return isTimed;
    });
    if (isTimed) this.#sooner.resolve();
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
    await this.#inTurn(async () => {
      await this.#inTransaction(async () => {
        await this.client.query('SELECT pg_advisory_xact_lock($1, 0)', [LOCK_SPACE]);
        await this.client.query(LOCK_BRIEFLY);
        for (const view of views) {
          await this.client.query(
            `UPDATE ${SCHEMA}.views SET published = true, failure = NULL WHERE name = $1 AND version = $2`,
            [view.name, view.version],
          );
        }
        await applyPolicies(this.client, this.known);
        for (const view of views) await dropOlder(this.client, view);
        await this.client.query(`NOTIFY ${NEWS}`);
      });
      for (const view of views) await this.client.query(`ANALYZE ${tableOf(view.name, view.version)}`);
    });
    for (const view of views) {
      this.#published.add(view);
      this.open.add(view);
    }
    this.#sooner.resolve();
  }

  async fail(view: AnyView, reason: string): Promise<void> {
    await this.#inTurn(() =>
      this.client.query(`UPDATE ${SCHEMA}.views SET failure = $3 WHERE name = $1 AND version = $2`, [
        view.name,
        view.version,
        reason,
      ]),
    );
  }

  async keepTime(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.#sooner.resolve(), { once: true });
    while (!signal.aborted) {
      this.#sooner = Promise.withResolvers<void>();
      const wait = await this.#inTurn(() =>
        this.#inTransaction(async () => {
          await this.#announcements.passed();
          return await this.#announcements.untilNextInstant();
        }),
      );
      if (!signal.aborted) await sleep(wait, this.#sooner.promise);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await ended(this.client);
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(() => guarded(work));
    this.#turn = mine.catch(() => undefined);
    return await mine;
  }

  async #inTransaction<T>(work: () => Promise<T>): Promise<T> {
    try {
      await this.client.query('BEGIN');
      const result = await work();
      await this.client.query('COMMIT');
      return result;
    } catch (error) {
      await this.client.query('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }
}

/** Resolves after the time, or when there is news. */
const sleep = async (ms: number, news: Promise<void>): Promise<void> => {
  const over = Promise.withResolvers<void>();
  const timer = setTimeout(over.resolve, ms);
  await Promise.race([over.promise, news]);
  clearTimeout(timer);
};

const connect = async (url: string, config: ClientConfig = WATCHED): Promise<{ client: Client } & AsyncDisposable> => {
  const client = new Client({
    connectionString: url,
    application_name: 'lodestone-projector',
    connectionTimeoutMillis: 5_000,
    ...config,
  });
  // A connection that breaks while idle must not end the process; the next query reports it.
  client.on('error', () => undefined);
  await guarded(() => client.connect());
  return { client, [Symbol.asyncDispose]: () => ended(client) };
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
  await secure(client, `${SCHEMA}.changes`, reader);
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
const createTable = async (client: Client, view: AnyView): Promise<void> => {
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
 * The second net: the same rule as the read door's, kept by the database for whoever gets past the first. A part that
 * is read in an older version for a while keeps to the whole as it is read now.
 */
const applyPolicies = async (client: Client, views: ReadonlyMap<string, AnyView>): Promise<void> => {
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
     FROM ${SCHEMA}.views WINDOW of_name AS (PARTITION BY name)`,
  );
  const readable = new Map(rows.map((each) => [each.name, each.readable]));
  for (const { name, version, columns } of rows) {
    const view = views.get(name);
    if (view === undefined) continue;
    const whole =
      view.within && readable.has(view.within.view) ? tableOf(view.within.view, readable.get(view.within.view)!) : null;
    if (view.within && (whole === null || !columns.includes(`f_${view.within.field}`))) continue;
    await open(tableOf(name, version), visible(view, bareTableOf(name, version), sightFromSettings(), whole));
  }
  // In the order in which writers come to them, so that neither waits for the other: markings, rows, counts, changes.
  await open(COUNTS, countsSeen);
  // Keys of hidden rows stand here too; the API reads them for all subscribers at once, on behalf of none.
  await open(`${SCHEMA}.changes`, nobodyReads);
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

const withheldOf = async (client: Client, views: readonly AnyView[]): Promise<Map<AnyView, Set<string>>> => {
  const { rows } = await client.query<{ view: string; version: number; stream: string }>(
    `SELECT view, version, stream FROM ${SCHEMA}.unreadable`,
  );
  return new Map(
    views.map((view) => [
      view,
      new Set(rows.flatMap((row) => (row.view === view.name && row.version === view.version ? [row.stream] : []))),
    ]),
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
    `WITH noted AS (DELETE FROM ${SCHEMA}.unreadable WHERE view = $1 AND version < $2)
     DELETE FROM ${SCHEMA}.views WHERE name = $1 AND version < $2 RETURNING version`,
    [view.name, view.version],
  );
  await client.query(`DELETE FROM ${COUNTS} WHERE name = $1 AND version < $2`, [view.name, view.version]);
  // With it goes a policy that still refers to it: rows without a policy are closed.
  for (const { version } of rows) await client.query(`DROP TABLE ${tableOf(view.name, version)} CASCADE`);
};

const writeRows = async (client: Client, view: AnyView, rows: ChangedRows, classes: ClassIds): Promise<void> => {
  const table = tableOf(view.name, view.version);
  const fields = fieldsOf(view);
  const gone = [...rows].filter(([, row]) => row === null).map(([key]) => key);
  const kept = [...rows].flatMap(([key, row]) => (row === null ? [] : [record(view, key, row, classes)]));
  if (gone.length > 0) await client.query(`DELETE FROM ${table} WHERE key = ANY($1)`, [gone]);
  if (kept.length === 0) return;
  const columns = fields.map(([name]) => columnOf(name));
  await client.query(
    `INSERT INTO ${table} (key, marking, row${columns.map((column) => `, ${column}`).join('')})
     SELECT * FROM jsonb_to_recordset($1::jsonb) AS given(key text, marking integer, row jsonb${fields.map(([name, field]) => `, ${columnOf(name)} ${sqlTypeOf(field)}`).join('')})
     ON CONFLICT (key) DO UPDATE SET marking = excluded.marking, row = excluded.row${columns.map((column) => `, ${column} = excluded.${column}`).join('')}`,
    [JSON.stringify(kept)],
  );
};

/** Which records are withheld, and why, for whoever runs the system. */
const writeWithholding = async (client: Client, view: AnyView, { from, noMore }: Withholding): Promise<void> => {
  if (from.length > 0) {
    const noted = from.map(({ stream, position, id: event, type, problem }) => ({
      ...{ view: view.name, version: view.version, stream, position: position.toString(), event, type, problem },
    }));
    await client.query(
      `INSERT INTO ${SCHEMA}.unreadable (view, version, stream, position, event, type, problem)
       SELECT view, version, stream, position, event, type, problem FROM jsonb_to_recordset($1::jsonb) AS noted(view text,
         version integer, stream text, position bigint, event text, type text, problem text) ON CONFLICT DO NOTHING`,
      [JSON.stringify(noted)],
    );
  }
  if (noMore.length > 0)
    await client.query(`DELETE FROM ${SCHEMA}.unreadable WHERE view = $1 AND version = $2 AND stream = ANY ($3)`, [
      view.name,
      view.version,
      noMore,
    ]);
};

const record = (view: AnyView, key: string, row: Marked, classes: ClassIds): Record<string, unknown> => ({
  key,
  marking: classes.of(row.marking),
  row,
  ...Object.fromEntries(
    fieldsOf(view).map(([name, field]) => [
      `f_${name}`,
      columnValue(row as unknown as Record<string, unknown>, name, field),
    ]),
  ),
});
