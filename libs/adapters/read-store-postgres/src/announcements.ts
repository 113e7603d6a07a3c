import { isDeepStrictEqual } from 'node:util';
import { digestsOf, type ChangedRows, type RowState, type Within } from '@foundation/eventing';
import { wholesOf, type AnyView, type Instant, type Marked, type Marking } from '@kernel';
import type { Client } from 'pg';
import { HEARTBEAT_MS } from './connection.js';
import { hasInstants } from './markings.js';
import { columnOf, NEWS, SCHEMA, tableOf } from './tables.js';
import { MARKINGS } from './visibility.js';

/** Announcements kept for clients that resume. */
const KEPT = '7 days';
/** Commits after which old announcements are looked for. */
const COMMITS_KEPT = 1_000;
/** The longest sleep until an instant, so that a clock that is set meanwhile is noticed, and a server that is gone. */
const LONGEST_SLEEP_MS = HEARTBEAT_MS;
/** Rows that are read at a time, where many open or close at one instant. */
const AT_A_TIME = 1_000;

/** A row's state, with the class that its marking is of. */
type Classed = { readonly state: RowState; readonly class: number };
type States = ReadonlyMap<string, Classed>;
type Part = { readonly view: string; readonly key: string; readonly row: Classed };
type Announcement = {
  readonly view: string;
  readonly key: string;
  readonly before: Classed | null;
  readonly after: Classed | null;
};

export const CHANGES = `${SCHEMA}.changes`;
/** The classes that announcements name, for who asks on behalf of a reader and is none itself. */
export const ANNOUNCED = `${SCHEMA}.announced_markings`;

/**
 * An announcement is found by the class that its row is of, or was: what a reader does not see is not gone through on the
 * way to what it sees. `place` is the number once more, which no index has that goes through all classes.
 */
export const CREATE_CHANGES = `
  CREATE TABLE IF NOT EXISTS ${CHANGES} (
    number bigint PRIMARY KEY, place bigint NOT NULL GENERATED ALWAYS AS (number) STORED,
    view text COLLATE "C" NOT NULL, key text COLLATE "C" NOT NULL, position bigint NOT NULL,
    marking integer NOT NULL, was integer, before jsonb, after jsonb, announced_at timestamptz NOT NULL DEFAULT now());
  CREATE INDEX IF NOT EXISTS changes_announced_at ON ${CHANGES} USING brin (announced_at);
  CREATE INDEX IF NOT EXISTS changes_of_class ON ${CHANGES} (view, marking, place);
  CREATE INDEX IF NOT EXISTS changes_of_class_before ON ${CHANGES} (view, was, place) WHERE was IS NOT NULL;
  CREATE INDEX IF NOT EXISTS changes_of_row ON ${CHANGES} (view, key, marking, place);
  CREATE INDEX IF NOT EXISTS changes_of_row_before ON ${CHANGES} (view, key, was, place) WHERE was IS NOT NULL;
  CREATE TABLE IF NOT EXISTS ${ANNOUNCED} (LIKE ${MARKINGS} INCLUDING INDEXES);`;

/**
 * What the projector tells of its rows, on its connection. A row is announced with what it was and what it is, and so are
 * the parts of a whole that is for others now: they come and go with it.
 */
export class Announcements {
  #commits = 0;

  /** @param open views whose readers hear of every change */
  constructor(
    private readonly client: Client,
    private readonly known: ReadonlyMap<string, AnyView>,
    private readonly open: ReadonlySet<AnyView>,
  ) {}

  /**
   * Does the work, and announces what it made of the rows. Stands in a transaction of the caller's.
   * @returns whether the readers of some row change with time
   */
  async of(changes: ReadonlyMap<AnyView, ChangedRows>, position: bigint, work: () => Promise<void>): Promise<boolean> {
    const touched = [...changes].filter(([view, rows]) => this.open.has(view) && rows.size > 0);
    const now = await this.#now();
    const before = new Map<AnyView, States>();
    for (const [view, rows] of touched) before.set(view, await this.#states(view, [...rows.keys()], now));
    const markings = [
      ...[...before.values()].flatMap((states) => [...states.values()].map(({ state }) => state.marking)),
      ...[...changes.values()].flatMap((rows) => [...rows.values()].flatMap((row) => row?.marking ?? [])),
    ];
    const isTimed = markings.some(hasInstants);
    // What has opened by now is announced before it is written again, so that no row is announced for both.
    if (isTimed) await this.passed(this.#familyOf(touched.map(([view]) => view)));
    await work();

    const made: Announcement[] = [];
    for (const [view, rows] of touched) {
      const after = await this.#states(view, [...rows.keys()], now);
      for (const key of rows.keys())
        made.push({ view: view.name, key, before: before.get(view)!.get(key) ?? null, after: after.get(key) ?? null });
    }
    const itself = new Set(made.map(nameOf));
    const moved = made.filter(({ before, after }) => !isSame(before?.state.marking, after?.state.marking));
    const wholes = new Map(moved.map(({ key, before }) => [key, before?.state.marking ?? null]));
    const parts = new Map<string, Part>();
    for (const [view] of touched) {
      const keys = moved.filter((each) => each.view === view.name).map(({ key }) => key);
      for (const part of await this.#partsOf(view, keys, now)) parts.set(nameOf(part), part);
    }
    for (const [name, { view, key, row }] of parts) {
      const was: Classed = { ...row, state: { ...row.state, ...withWholesAs(wholes, row.state) } };
      if (!itself.has(name)) made.push({ view, key, before: was, after: row });
    }
    await this.#announce(
      made.filter(({ before, after }) => !isSame(before?.state, after?.state)),
      position,
    );
    return isTimed;
  }

  /**
   * Announces the rows of some views whose classes opened or closed since the last time, and notes, view by view, up to which
   * instant that is done: an instant that passes while no projector runs is announced by the next one.
   */
  async passed(views: readonly AnyView[]): Promise<void> {
    const open = views.filter((view) => this.open.has(view));
    const { rows } = await this.client.query<{ name: string; clock: Date; position: string; classes: number[] }>(
      `SELECT v.name, v.clock, coalesce(v.position, 0) AS position, array_agg(m.id) AS classes
       FROM unnest($1::text[], $2::int[]) AS open(name, version) JOIN ${SCHEMA}.views v USING (name, version)
       JOIN ${MARKINGS} m ON m.opens_at > v.clock AND m.opens_at <= now() OR m.closes_at > v.clock AND m.closes_at <= now()
       GROUP BY v.name, v.version ORDER BY v.name`,
      [open.map(({ name }) => name), open.map(({ version }) => version)],
    );
    if (rows.length === 0) return;
    const now = await this.#now();
    for (const { name, clock, position, classes } of rows) {
      const view = open.find((each) => each.name === name)!;
      const at = clock.toISOString() as Instant;
      const then = ({ state, ...of }: Classed): Classed => ({ ...of, state: { ...state, at } });
      const { rows: passed } = await this.client.query<{ key: string }>(
        `SELECT key FROM ${tableOf(name, view.version)} WHERE marking = ANY ($1) ORDER BY key`,
        [classes],
      );
      for (let from = 0; from < passed.length; from += AT_A_TIME) {
        const keys = passed.slice(from, from + AT_A_TIME).map(({ key }) => key);
        const states = await this.#states(view, keys, now);
        const parts = await this.#partsOf(view, keys, now);
        await this.#announce(
          [
            ...[...states].map(([key, row]) => ({ view: name, key, before: then(row), after: row })),
            ...parts.map(({ view, key, row }) => ({ view, key, before: then(row), after: row })),
          ],
          BigInt(position),
        );
      }
      await this.client.query(`UPDATE ${SCHEMA}.views SET clock = now() WHERE name = $1 AND version = $2`, [
        name,
        view.version,
      ]);
    }
    await this.client.query(`NOTIFY ${NEWS}`);
  }

  /** Some views with their wholes and parts, and those of these: they come and go together. */
  #familyOf(views: readonly AnyView[]): readonly AnyView[] {
    const family = new Set(views.map(({ name }) => name));
    for (let size = -1; size < family.size;) {
      size = family.size;
      for (const view of this.known.values()) {
        const related = [view.name, ...wholesOf(view)];
        if (related.some((name) => family.has(name))) for (const name of related) family.add(name);
      }
    }
    return [...this.known.values()].filter(({ name }) => family.has(name));
  }

  /** Milliseconds, by the database's clock. */
  async untilNextInstant(): Promise<number> {
    const { rows } = await this.client.query<{ ms: number | null }>(
      `SELECT ceil(extract(epoch FROM min(at) - clock_timestamp()) * 1000)::float8 AS ms
       FROM (SELECT opens_at AS at FROM ${MARKINGS} UNION ALL SELECT closes_at FROM ${MARKINGS}) instants WHERE at > now()`,
    );
    return Math.min(Math.max(rows[0]?.ms ?? LONGEST_SLEEP_MS, 0), LONGEST_SLEEP_MS);
  }

  /** The transaction's instant. */
  async #now(): Promise<Instant> {
    const { rows } = await this.client.query<{ now: Date }>('SELECT now()');
    return rows[0]!.now.toISOString() as Instant;
  }

  /** The version of a view that is read now: this process's own, or that of whoever published it; null where there is none. */
  async #versionOf(view: AnyView): Promise<number | null> {
    if (this.open.has(view)) return view.version;
    const { rows } = await this.client.query<{ version: number | null }>(
      `SELECT max(version) AS version FROM ${SCHEMA}.views WHERE name = $1 AND published`,
      [view.name],
    );
    return rows[0]?.version ?? null;
  }

  async #states(view: AnyView, keys: readonly string[], at: Instant): Promise<States> {
    const version = await this.#versionOf(view);
    if (version === null || keys.length === 0) return new Map();
    const { rows } = await this.client.query<{ key: string; row: Marked; class: number }>(
      `SELECT key, row, marking AS class FROM ${tableOf(view.name, version)} WHERE key = ANY ($1)`,
      [keys],
    );
    const wholeOf = ({ row }: { readonly row: Marked }): string =>
      (row as unknown as Record<string, string>)[view.parent!.field]!;
    const wholes = view.parent ? await this.#wholes(view, new Set(rows.map(wholeOf)), at) : null;
    return new Map(
      rows.map((each): [string, Classed] => [
        each.key,
        {
          class: each.class,
          state: {
            marking: each.row.marking,
            ...(wholes && { within: wholes.get(wholeOf(each)) ?? { key: wholeOf(each), marking: null } }),
            ...digestsOf(view, each.row),
            at,
          },
        },
      ]),
    );
  }

  /** The wholes of some rows, each with what it is a part of. */
  async #wholes(of: AnyView, keys: ReadonlySet<string>, at: Instant): Promise<ReadonlyMap<string, Within>> {
    const found = new Map<string, Within>();
    for (const name of wholesOf(of)) {
      const view = this.known.get(name);
      for (const [key, { state }] of view ? await this.#states(view, [...keys], at) : [])
        found.set(key, { key, marking: state.marking, ...(state.within && { within: state.within }) });
    }
    return found;
  }

  /** The parts of some rows, and theirs in turn, in every view that is open to readers. */
  async #partsOf(of: AnyView, keys: readonly string[], at: Instant): Promise<readonly Part[]> {
    if (keys.length === 0) return [];
    const parts = [...this.known.values()].filter((view) => wholesOf(view).includes(of.name));
    const found: Part[] = [];
    for (const view of parts) {
      const version = await this.#versionOf(view);
      if (version === null) continue;
      const { rows } = await this.client.query<{ key: string }>(
        `SELECT key FROM ${tableOf(view.name, version)} WHERE ${columnOf(view.parent!.field)} = ANY ($1) ORDER BY key`,
        [keys],
      );
      const states = await this.#states(
        view,
        rows.map(({ key }) => key),
        at,
      );
      found.push(...[...states].map(([key, row]) => ({ view: view.name, key, row })));
      found.push(...(await this.#partsOf(view, [...states.keys()], at)));
    }
    return found;
  }

  /** Numbers are given under a row lock, so that they are without gaps and in the order of the commits. */
  async #announce(made: readonly Announcement[], position: bigint): Promise<void> {
    if (made.length === 0) return;
    const written = (row: Classed | null): string | null => row && JSON.stringify(row.state);
    const classes = made.map(({ before, after }) => [before?.class ?? null, after?.class ?? null] as const);
    await this.client.query(
      `WITH head AS (UPDATE ${SCHEMA}.change_head SET number = number + cardinality($1::text[]) RETURNING number),
         terms AS (INSERT INTO ${ANNOUNCED} SELECT * FROM ${MARKINGS} WHERE id = ANY ($6::integer[] || $7::integer[]) ON CONFLICT DO NOTHING)
       INSERT INTO ${CHANGES} (number, view, key, position, before, after, marking, was)
       SELECT head.number - cardinality($1::text[]) + made.ordinal, made.view, made.key, $3, made.before, made.after,
         coalesce(made.class, made.was), CASE WHEN made.was <> made.class THEN made.was END
       FROM head, unnest($1::text[], $2::text[], $4::jsonb[], $5::jsonb[], $6::integer[], $7::integer[])
         WITH ORDINALITY AS made(view, key, before, after, was, class, ordinal)`,
      [
        made.map(({ view }) => view),
        made.map(({ key }) => key),
        position,
        made.map(({ before }) => written(before)),
        made.map(({ after }) => written(after)),
        classes.map(([was]) => was),
        classes.map(([, is]) => is),
      ],
    );
    if (++this.#commits % COMMITS_KEPT === 0) {
      await this.client.query(
        `WITH gone AS (DELETE FROM ${CHANGES} WHERE announced_at < now() - $1::interval RETURNING number)
         UPDATE ${SCHEMA}.change_head SET since = greatest(since, (SELECT max(number) FROM gone))`,
        [KEPT],
      );
    }
  }
}

const nameOf = ({ view, key }: { readonly view: string; readonly key: string }): string => `${view} ${key}`;

/** A part as it was while its wholes had these markings. */
const withWholesAs = (
  markings: ReadonlyMap<string, Marking | null>,
  { within }: { readonly within?: Within },
): { readonly within?: Within } =>
  within
    ? {
        within: {
          ...within,
          ...(markings.has(within.key) && { marking: markings.get(within.key)! }),
          ...withWholesAs(markings, within),
        },
      }
    : {};

const isSame = (one: unknown, other: unknown): boolean => isDeepStrictEqual(one ?? null, other ?? null);
