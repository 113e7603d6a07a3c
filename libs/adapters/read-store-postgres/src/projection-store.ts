import {
  ProjectionStore,
  ReadStoreUnavailable,
  ViewLocked,
  type ChangedRows,
  type HeldViews,
  type Prepared,
  type Withholding,
} from '@foundation/eventing';
import type { AnyView, Marked } from '@kernel';
import { Client, type ClientConfig } from 'pg';
import { Announcements } from './announcements.js';
import { ANSWERED, END_WHEN_SILENT, ended, savedFrom, WATCHED } from './connection.js';
import { countRows } from './counts.js';
import { analyze, renewIndexes } from './indexes.js';
import { lock, LOCK_SPACE, unlock } from './locks.js';
import { MarkingClasses } from './markings.js';
import { asOutage } from './outage.js';
import { writeRows, writeWithholding } from './rows.js';
import { applyPolicies, createCatalogue, createTable, dropOlder } from './schema.js';
import { NEWS, SCHEMA, tableOf } from './tables.js';
import { noteFailure, positionsOf, publishedOf, withheldOf } from './view-states.js';

/** Rows after which the statistics of a table are first taken. */
const FIRST_ANALYZE = 100;
/** A change of tables in use waits for their readers, and new readers for it: it gives up, and is tried again. */
const LOCK_BRIEFLY = "SET LOCAL lock_timeout = '500ms'";
/** How long rows wait for whoever holds a lock on their table, before their view is left to wait alone. */
const WAIT_FOR_ROWS = "SET lock_timeout = '2s'";

/** The read models in PostgreSQL, as the projector writes them. Connects as the owner of the database. */
export class PostgresProjectionStore extends ProjectionStore {
  readonly #url: string;
  readonly #known = new Map<string, AnyView>();

  constructor(url: string) {
    super();
    this.#url = url;
  }

  async prepare(views: readonly AnyView[]): Promise<Prepared> {
    for (const view of views) this.#known.set(view.name, view);
    await using connection = await connect(this.#url);
    const { client } = connection;
    const failed = new Map<AnyView, unknown>();
    /** Work for one view: its failure is that view's, unless the server is gone. */
    const forEach = async (work: (view: AnyView) => Promise<void>): Promise<void> => {
      for (const view of views.filter((each) => !failed.has(each))) {
        await guarded(() => work(view)).catch((reason: unknown) => {
          if (reason instanceof ReadStoreUnavailable && !(reason instanceof ViewLocked)) throw reason;
          failed.set(view, reason);
        });
      }
    };
    return await guarded(async () => {
      await client.query('BEGIN');
      await client.query('SELECT pg_advisory_xact_lock($1, 0)', [LOCK_SPACE]);
      await client.query(LOCK_BRIEFLY);
      await createCatalogue(client);
      await forEach((view) =>
        savedFrom(client, async () => {
          await createTable(client, view);
          await countRows(client, view);
        }),
      );
      await applyPolicies(client, this.#known);
      const positions = await positionsOf(client, views);
      await client.query('COMMIT');
      await forEach((view) => renewIndexes(client, view));
      for (const [view, reason] of failed) await noteFailure(client, view, reason);
      return { positions, failed };
    });
  }

  async hold(views: readonly AnyView[], signal: AbortSignal): Promise<HeldViews> {
    const { client } = await connect(this.#url, ANSWERED);
    try {
      return await guarded(async () => {
        await client.query(`${END_WHEN_SILENT}; ${WAIT_FOR_ROWS}`);
        await lock(client, views, signal);
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
    this.#untilAnalyzed.set(view, { left: next * 2, next: next * 2 });
    await analyze(this.client, view);
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
      for (const view of views) await analyze(this.client, view);
    });
    for (const view of views) {
      this.#published.add(view);
      this.open.add(view);
    }
    this.#sooner.resolve();
  }

  async release(view: AnyView): Promise<void> {
    await this.#inTurn(async () => {
      this.open.delete(view);
      await unlock(this.client, [view]);
    });
  }

  async fail(view: AnyView, reason: string): Promise<void> {
    await this.#inTurn(() => noteFailure(this.client, view, reason));
  }

  async keepTime(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.#sooner.resolve(), { once: true });
    while (!signal.aborted) {
      this.#sooner = Promise.withResolvers<void>();
      for (const view of this.open) {
        // One whose table is locked or broken is announced when it can be read again, by its own holder.
        await this.#inTurn(() => this.#inTransaction(() => this.#announcements.passed([view]))).catch(
          (error: unknown) => {
            if (error instanceof ReadStoreUnavailable && !(error instanceof ViewLocked)) throw error;
          },
        );
      }
      const wait = await this.#inTurn(() => this.#announcements.untilNextInstant());
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
