import { ReadStoreUnavailable } from '@foundation/eventing';
import type { AnyView, Instant, Marked } from '@kernel';
import { Client } from 'pg';
import {
  classesOf,
  columnsSelected,
  faultIn,
  type LiveClasses,
  type LiveFault,
  type StoredRow,
} from './live-columns.js';
import { shownOtherwise } from './live-readers.js';
import { SCHEMA, tableOf } from './tables.js';

const AT_A_TIME = 1_000;
/** Whoever changes the tables goes first, and is not waited for without end. */
const LOCK_MS = 10_000;

/** The read models as they stand, for whoever compares them with the history: all of one moment. */
export type LiveState = {
  /** Up to which position of the history each view has come; those that are not there, or have not begun, are left out. */
  readonly positions: ReadonlyMap<AnyView, bigint>;
  /** Views that readers are not answered from in the version that is known here, each with what they are answered from. */
  readonly unread: readonly string[];
  /** In the order of their keys. */
  readonly rows: ReadonlyMap<AnyView, ReadonlyMap<string, Marked>>;
  /** Where columns, marking classes or row-level security say something else than the rows themselves; null: nowhere. */
  readonly fault: LiveFault | null;
  /** Why readers could not be asked for; null: they were. */
  readonly unasked: string | null;
};

/**
 * Reads all of it in one short transaction, which changes nothing and has ended before anything is compared.
 *
 * @param url of the database, as its owner
 * @throws ReadStoreUnavailable
 */
export const liveState = async (url: string, views: readonly AnyView[]): Promise<LiveState> => {
  const client = new Client({
    connectionString: url,
    application_name: 'lodestone-auditor',
    connectionTimeoutMillis: 5_000,
    lock_timeout: LOCK_MS,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    return await stateIn(client, views);
  } catch (cause) {
    throw new ReadStoreUnavailable('the read models could not be read', { cause });
  } finally {
    await client.query('ROLLBACK').catch(() => undefined);
    await client.end().catch(() => undefined);
  }
};

const stateIn = async (client: Client, views: readonly AnyView[]): Promise<LiveState> => {
  const { positions, unread } = await catalogueOf(client, views);
  const classes = await classesOf(client);
  let fault = classes.fault;
  const rows = new Map<AnyView, ReadonlyMap<string, Marked>>();
  for (const view of positions.keys()) {
    const read = await rowsOf(client, view, classes);
    rows.set(view, read.rows);
    fault ??= read.fault;
  }
  const now = (await client.query<{ now: Date }>('SELECT now()')).rows[0]!.now.toISOString() as Instant;
  // What readers should be shown is taken from rows that say what their classes say.
  const asked = fault === null ? await shownOtherwise(client, rows, classes, now) : { fault, unasked: null };
  return { positions, unread, rows, fault: fault ?? asked.fault, unasked: asked.unasked };
};

const catalogueOf = async (
  client: Client,
  views: readonly AnyView[],
): Promise<Pick<LiveState, 'positions' | 'unread'>> => {
  const { rows } = await client.query<{ name: string; version: number; position: string | null; published: boolean }>(
    `SELECT name, version, position, published FROM ${SCHEMA}.views ORDER BY version`,
  );
  const positions = new Map<AnyView, bigint>();
  const unread: string[] = [];
  for (const view of views) {
    const own = rows.filter(({ name }) => name === view.name);
    const position = own.find(({ version }) => version === view.version)?.position ?? null;
    if (position !== null) positions.set(view, BigInt(position));
    const read = own.findLast(({ published }) => published)?.version;
    if (position === null || read !== view.version)
      unread.push(
        `${view.name} (version ${view.version}; readers are answered from ${read ? `version ${read}` : 'none'})`,
      );
  }
  return { positions, unread };
};

const rowsOf = async (
  client: Client,
  view: AnyView,
  classes: LiveClasses,
): Promise<{ rows: ReadonlyMap<string, Marked>; fault: LiveFault | null }> => {
  const all = new Map<string, Marked>();
  let fault: LiveFault | null = null;
  for (let after = ''; ;) {
    const { rows } = await client.query<StoredRow>(
      `SELECT key, row, marking${columnsSelected(view)} FROM ${tableOf(view.name, view.version)}
       WHERE key > $1 COLLATE "C" ORDER BY key COLLATE "C" LIMIT ${AT_A_TIME}`,
      [after],
    );
    for (const stored of rows) {
      all.set(stored.key, stored.row);
      fault ??= faultIn(view, stored, classes);
    }
    if (rows.length < AT_A_TIME) return { rows: all, fault };
    after = rows.at(-1)!.key;
  }
};
