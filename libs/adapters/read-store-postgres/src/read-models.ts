import {
  NotCaughtUp,
  ReadModels,
  ReadStoreUnavailable,
  type Filter,
  type Found,
  type Page,
  type PageRequest,
  type Place,
  type Sum,
  type Total,
} from '@foundation/eventing';
import { readerFor, wholesOf, type AnyView, type Decimal, type Marked, type Principal } from '@kernel';
import type { QueryResultRow } from 'pg';
import type { ChangeNotifications } from './change-notifications.js';
import { isOfAnotherVersion } from './outage.js';
import { beyond, condition, declared, kindOf, Question, type Tables } from './question.js';
import { ReaderSessions } from './reader-sessions.js';
import { capabilityOf, columnOf, orderOf, SCHEMA, tableOf } from './tables.js';
import type { ViewStanding } from './view-states.js';
import type { Whole } from './visibility.js';

/** How long a reader waits for its own write to show, in milliseconds. */
const CATCH_UP_MS = 5_000;
/** Where rows are counted one by one, no further than this. */
const COUNTED_UP_TO = 1_000;

/**
 * The read gateway in PostgreSQL. Every question is put under the reader's rights twice: compiled into the query, and as
 * settings of the transaction that forced row-level security checks. Connects as a login that owns and inherits nothing.
 */
export class PostgresReadModels extends ReadModels {
  readonly #sessions: ReaderSessions;
  readonly #news: ChangeNotifications;
  readonly #views: ReadonlyMap<string, AnyView>;
  /** Versions open to readers, by view; asked anew when one turns out to be gone. */
  #versions: Promise<ReadonlyMap<string, number>> | null = null;

  constructor(url: string, views: readonly AnyView[], news: ChangeNotifications) {
    super();
    this.#sessions = new ReaderSessions(url);
    this.#views = new Map(views.map((view) => [view.name, view]));
    this.#news = news;
  }

  async page<Row extends Marked>(
    view: AnyView,
    who: Principal,
    { filter = {}, order, first, after }: PageRequest,
  ): Promise<Page<Row>> {
    const field = order && declared(view, order.field, 'sort');
    const columns = field ? orderOf(order.field, field).map((column) => `t.${column}`) : [];
    const direction = order?.direction ?? 'ASC';
    const inOrder = (by: readonly string[]): string =>
      `ORDER BY ${by.map((each) => `${each} ${direction}`).join(', ')}`;
    const rows = await this.#answer<{ key: string; row: Row; value: string | number | null }>(
      view,
      who,
      filter,
      (question) => {
        // Not a parameter: a generic plan would be made for a tenth of all rows.
        const limit = `LIMIT ${first + 1}`;
        if (after) question.where.push(...beyond(question, columns, direction === 'ASC' ? '>' : '<', field, after));
        // The places first, from indexes alone, and then the rows that belong to them.
        const places = question.firstOf(
          (rows) =>
            `SELECT t.key, ${columns.at(-1) ?? 'NULL'} AS value ${rows} ${inOrder([...columns, 't.key'])} ${limit}`,
        );
        // The limit of one keeps the server from reading all rows to find these.
        return `SELECT place.key, whole.row, place.value
          FROM (SELECT * FROM (${places}) found ${inOrder(['value', 'key'])} ${limit}) place
          CROSS JOIN LATERAL (SELECT t.row FROM ${question.table} t WHERE t.key = place.key LIMIT 1) whole
          ${inOrder(['place.value', 'place.key'])}`;
      },
    );
    const items = rows
      .slice(0, first)
      .map(({ key, row, value }) => ({ key, row, place: { value, key } satisfies Place }));
    return { items, hasNext: rows.length > first };
  }

  async count(view: AnyView, who: Principal, filter: Filter): Promise<Total> {
    const isWhole = !view.parent && Object.values(filter).every((wanted) => wanted == null);
    return (isWhole && (await this.#countOfClasses(view, who))) || (await this.#countOfRows(view, who, filter));
  }

  /** By the counts that the database keeps of each class; null of a table from before it did. */
  async #countOfClasses(view: AnyView, who: Principal): Promise<Total | null> {
    const [row] = await this.#answer<{ count: string; counted: boolean }>(view, who, {}, ({ counts }) => counts);
    return row!.counted ? { rows: Number(row!.count), isCapped: false } : null;
  }

  async #countOfRows(view: AnyView, who: Principal, filter: Filter): Promise<Total> {
    const [row] = await this.#answer<{ count: string }>(
      view,
      who,
      filter,
      (question) => `SELECT count(*) FROM (SELECT ${question.readable} LIMIT ${COUNTED_UP_TO + 1}) few`,
    );
    const rows = Number(row!.count);
    return { rows: Math.min(rows, COUNTED_UP_TO), isCapped: rows > COUNTED_UP_TO };
  }

  async find<Row extends Marked>(
    view: AnyView,
    who: Principal,
    keys: readonly string[],
  ): Promise<ReadonlyMap<string, Row>> {
    const rows = await this.#answer<Found<Row>>(view, who, {}, (question) => {
      question.where.push(`t.key = ANY(${question.parameter(keys)})`);
      return `SELECT t.key, t.row ${question.readable}`;
    });
    return new Map(rows.map(({ key, row }) => [key, row]));
  }

  async onlyFor(view: AnyView, one: Principal, other: Principal): Promise<readonly string[]> {
    const some = await this.#answer<{ key: string }>(view, one, {}, (question) => {
      question.hideFrom(readerFor(other, capabilityOf(view)));
      return `SELECT t.key ${question.readable} ORDER BY t.key`;
    });
    // Nobody's rights show what another sees of rows that were opened to that one alone; so the other is asked as well.
    const both = await this.#answer<{ key: string }>(view, other, {}, (question) => {
      question.where.push(`t.key = ANY(${question.parameter(some.map(({ key }) => key))})`);
      return `SELECT t.key ${question.readable}`;
    });
    const seen = new Set(both.map(({ key }) => key));
    return some.map(({ key }) => key).filter((key) => !seen.has(key));
  }

  async list<Row extends Marked>(
    view: AnyView,
    who: Principal,
    filter: Filter,
    limit: number,
  ): Promise<readonly Found<Row>[]> {
    return await this.#answer<Found<Row>>(view, who, filter, (question) => {
      const first = `ORDER BY key LIMIT ${limit}`;
      return `SELECT * FROM (${question.firstOf((rows) => `SELECT t.key, t.row ${rows} ${first}`)}) found ${first}`;
    });
  }

  async sums(
    view: AnyView,
    who: Principal,
    filter: Filter,
    by: readonly string[],
    fields: readonly string[],
  ): Promise<readonly Sum[]> {
    const groups = by.map((name) => (declared(view, name, 'filter'), columnOf(name)));
    const totals = fields.map((name) => (kindOf(view, name, 'decimal'), columnOf(name)));
    const selected = [
      ...groups.map((column) => `t.${column}`),
      ...totals.map((column) => `trim_scale(sum(t.${column}))::text AS ${column}`),
      'count(*)',
    ];
    const rows = await this.#answer<Record<string, string>>(
      view,
      who,
      filter,
      (question) =>
        `SELECT ${selected.join(', ')} ${question.readable} GROUP BY ${groups.join(', ')} ORDER BY ${groups.join(', ')}`,
    );
    return rows.map((row) => ({
      by: Object.fromEntries(by.map((name) => [name, row[`f_${name}`]!])),
      sums: Object.fromEntries(fields.map((name) => [name, row[`f_${name}`] as Decimal])),
      count: Number(row['count']),
    }));
  }

  async reached(view: AnyView | readonly AnyView[], position: bigint): Promise<void> {
    const [names, deadline] = [[view].flat().map(({ name }) => name), Date.now() + CATCH_UP_MS];
    for (;;) {
      const news = this.#news.next();
      const versions = await this.#readable();
      const rows = await this.#sessions.plain<{ name: string; version: number; position: string | null }>(
        `SELECT name, version, position FROM ${SCHEMA}.views WHERE name = ANY($1)`,
        [names],
      );
      const late = names.find((name) => {
        const row = rows.find((each) => each.name === name && each.version === versions.get(name));
        // A version that is gone from the catalogue has a successor.
        if (row === undefined) this.#versions = null;
        return row?.position == null || BigInt(row.position) < position;
      });
      if (late === undefined) return;
      const left = deadline - Date.now();
      if (left <= 0) throw new NotCaughtUp(`${late} has not reached the position asked for within ${CATCH_UP_MS} ms`);
      // The channel may be down while the database is up: look again at least every half second.
      await Promise.race([news, new Promise((resolve) => setTimeout(resolve, Math.min(left, 500)))]);
    }
  }

  /** Whether a reader met damage in the database within the last ten minutes. */
  get isDamaged(): boolean {
    return this.#sessions.isDamaged;
  }

  /** Throws ReadStoreUnavailable when the database does not answer. */
  async ping(): Promise<void> {
    await this.#sessions.plain('SELECT 1', []);
  }

  /**
   * How far each view is, in the version that readers have.
   * @throws ReadStoreUnavailable when the database does not answer
   */
  async standings(): Promise<readonly ViewStanding[]> {
    const rows = await this.#sessions.plain<{ name: string; position: string | null; failure: string | null }>(
      `SELECT name, (array_agg(position ORDER BY version DESC) FILTER (WHERE published))[1] AS position, max(failure) AS failure
       FROM ${SCHEMA}.views GROUP BY name`,
      [],
    );
    return [...this.#views.keys()].map((name) => {
      const row = rows.find((each) => each.name === name);
      return { name, position: row?.position == null ? null : BigInt(row.position), failure: row?.failure ?? null };
    });
  }

  /** The time by the database's clock, in milliseconds since 1970. */
  async time(): Promise<number> {
    const [row] = await this.#sessions.plain<{ ms: number }>(
      'SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS ms',
      [],
    );
    return row!.ms;
  }

  async close(): Promise<void> {
    await this.#sessions.close();
  }

  /** Called by Nest where it has made the adapter, after all that uses it has ended. */
  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }

  /** The rows that answer a question; it is put anew where another version of the view was published meanwhile. */
  async #answer<T extends QueryResultRow>(
    view: AnyView,
    who: Principal,
    filter: Filter,
    compose: (question: Question) => string,
  ): Promise<T[]> {
    const reader = readerFor(who, capabilityOf(view));
    const conditions = Object.entries(filter).flatMap(([name, wanted]) =>
      wanted === null || wanted === undefined ? [] : [{ name, field: declared(view, name, 'filter'), wanted }],
    );
    for (let attempt = 1; ; attempt++) {
      try {
        const tables = await this.#tablesOf(view);
        const question = new Question(view, tables, reader);
        for (const { name, field, wanted } of conditions) question.where.push(condition(question, name, field, wanted));
        return await this.#sessions.asReader<T>(reader, question.asked(compose(question)), question.values);
      } catch (error) {
        this.#versions = null;
        if (!isOfAnotherVersion(error)) throw error;
        if (attempt === 2)
          throw new ReadStoreUnavailable(`the read model ${view.name} is being rebuilt`, { cause: error });
      }
    }
  }

  async #tablesOf(view: AnyView): Promise<Tables> {
    const versions = await this.#readable();
    const tableFor = (name: string): string => {
      const version = versions.get(name);
      if (version === undefined) throw new ReadStoreUnavailable(`the read model ${name} is being built`);
      return tableOf(name, version);
    };
    const wholesFor = (part: AnyView): readonly Whole[] =>
      wholesOf(part).map((name) => {
        const whole = this.#views.get(name);
        if (whole === undefined) throw new Error(`${part.name} is part of ${name}, which is no view of this platform`);
        return { view: whole, table: tableFor(name), wholes: wholesFor(whole) };
      });
    return { own: tableFor(view.name), version: versions.get(view.name)!, wholes: wholesFor(view) };
  }

  async #readable(): Promise<ReadonlyMap<string, number>> {
    if (this.#versions === null) {
      const reading = this.#sessions
        .plain<{ name: string; version: number }>(
          `SELECT name, max(version) AS version FROM ${SCHEMA}.views WHERE published GROUP BY name`,
          [],
        )
        .then((rows) => {
          const versions = new Map(rows.map(({ name, version }) => [name, version]));
          // Asked again until the projector has built all.
          if ([...this.#views.keys()].some((name) => !versions.has(name))) this.#versions = null;
          return versions;
        });
      this.#versions = reading;
      reading.catch(() => (this.#versions = null));
    }
    return await this.#versions;
  }
}
