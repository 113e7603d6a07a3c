import {
  NotCaughtUp,
  ReadModels,
  ReadStoreUnavailable,
  type Filter,
  type Found,
  type Page,
  type PageRequest,
  type Place,
  type Range,
  type Sum,
} from '@foundation/eventing';
import type { AnyView, Decimal, Field, Marked, Principal } from '@kernel';
import { DatabaseError, escapeLiteral, Pool, type PoolClient, type QueryResultRow } from 'pg';
import type { News } from './news.js';
import { asOutage } from './outage.js';
import { AUDIENCES_SETTING, columnOf, fieldsOf, SCHEMA, tableOf, visibility } from './tables.js';

/** How long a reader waits for its own write to show, in milliseconds. */
const CATCH_UP_MS = 5_000;
const CONNECTIONS = 10;
const STATEMENT_MS = 10_000;

/**
 * The read door in PostgreSQL. Every question carries the reader's audiences twice: compiled into the query, and as the
 * transaction's setting that forced row-level security checks. Connects as a login that owns and inherits nothing.
 */
export class PostgresReadModels extends ReadModels {
  readonly #pool: Pool;
  readonly #news: News;
  readonly #views: ReadonlyMap<string, AnyView>;
  /** Versions open to readers, by view; asked anew when one turns out to be gone. */
  #versions: Promise<ReadonlyMap<string, number>> | null = null;

  constructor(url: string, views: readonly AnyView[], news: News) {
    super();
    this.#pool = new Pool({
      connectionString: url,
      max: CONNECTIONS,
      connectionTimeoutMillis: 3_000,
      statement_timeout: STATEMENT_MS,
      application_name: 'lodestone-api',
    });
    // A connection that breaks while idle must not end the process; the next question opens another.
    this.#pool.on('error', () => undefined);
    this.#views = new Map(views.map((view) => [view.name, view]));
    this.#news = news;
  }

  async page<Row extends Marked>(
    view: AnyView,
    who: Principal,
    { filter = {}, order, first, after }: PageRequest,
  ): Promise<Page<Row>> {
    const field = order && declared(view, order.field, 'sort');
    const sorted = field ? `t.${columnOf(order.field)}` : null;
    const direction = order?.direction ?? 'ASC';
    const rows = await this.#answer<{ key: string; row: Row; value: string | number | null }>(
      view,
      who,
      filter,
      (question) => {
        if (after) {
          const beyond = direction === 'ASC' ? '>' : '<';
          question.where.push(
            sorted
              ? `(${sorted}, t.key) ${beyond} (${question.parameter(after.value)}, ${question.parameter(after.key)})`
              : `t.key ${beyond} ${question.parameter(after.key)}`,
          );
        }
        return `SELECT t.key, t.row, ${sorted ?? 'NULL'} AS value ${question.readable}
              ORDER BY ${sorted ? `${sorted} ${direction}, ` : ''}t.key ${direction} LIMIT ${question.parameter(first + 1)}`;
      },
    );
    const items = rows
      .slice(0, first)
      .map(({ key, row, value }) => ({ key, row, place: { value, key } satisfies Place }));
    return { items, hasNext: rows.length > first };
  }

  async count(view: AnyView, who: Principal, filter: Filter): Promise<number> {
    const [row] = await this.#answer<{ count: string }>(
      view,
      who,
      filter,
      (question) => `SELECT count(*) ${question.readable}`,
    );
    return Number(row!.count);
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

  async list<Row extends Marked>(
    view: AnyView,
    who: Principal,
    filter: Filter,
    limit: number,
  ): Promise<readonly Found<Row>[]> {
    return await this.#answer<Found<Row>>(
      view,
      who,
      filter,
      (question) => `SELECT t.key, t.row ${question.readable} ORDER BY t.key LIMIT ${question.parameter(limit)}`,
    );
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

  async reached(view: AnyView, position: bigint): Promise<void> {
    const deadline = Date.now() + CATCH_UP_MS;
    for (;;) {
      const news = this.#news.next();
      const version = (await this.#readable()).get(view.name);
      const [row] = await this.#plain<{ position: string | null }>(
        `SELECT position FROM ${SCHEMA}.views WHERE name = $1 AND version = $2`,
        [view.name, version ?? view.version],
      );
      if (version !== undefined && row?.position != null && BigInt(row.position) >= position) return;
      // A version that is gone from the catalogue has a successor.
      if (row === undefined) this.#versions = null;
      const left = deadline - Date.now();
      if (left <= 0)
        throw new NotCaughtUp(`${view.name} has not reached the position asked for within ${CATCH_UP_MS} ms`);
      // The channel may be down while the database is up: look again at least every half second.
      await Promise.race([news, new Promise((resolve) => setTimeout(resolve, Math.min(left, 500)))]);
    }
  }

  /** Throws ReadStoreUnavailable when the database does not answer. */
  async ping(): Promise<void> {
    await this.#plain('SELECT 1', []);
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  /** The rows that answer a question; it is put anew where another version of the view was published meanwhile. */
  async #answer<T extends QueryResultRow>(
    view: AnyView,
    who: Principal,
    filter: Filter,
    compose: (question: Question) => string,
  ): Promise<T[]> {
    for (let attempt = 1; ; attempt++) {
      const question = await this.#question(view, who, filter);
      const text = compose(question);
      try {
        return await this.#ask<T>(who, { text, values: question.values });
      } catch (error) {
        if (!isOfAnotherVersion(error)) throw error;
        if (attempt === 2)
          throw new ReadStoreUnavailable(`the read model ${view.name} is being rebuilt`, { cause: error });
      }
    }
  }

  async #question(view: AnyView, who: Principal, filter: Filter): Promise<Question> {
    const versions = await this.#readable();
    const tableFor = (name: string): string => {
      const version = versions.get(name);
      if (version === undefined) throw new ReadStoreUnavailable(`the read model ${name} is being built`);
      return tableOf(name, version);
    };
    const question = new Question(tableFor(view.name));
    const audiences = `${question.parameter(who.audiences)}::text[]`;
    question.where.push(visibility(view, 't', audiences, view.within ? tableFor(view.within.view) : null));
    const whole = view.within && this.#views.get(view.within.view);
    if (whole?.within) throw new Error(`${view.name} is part of a part, which the read door does not follow`);
    for (const [name, wanted] of Object.entries(filter)) {
      if (wanted !== null && wanted !== undefined)
        question.where.push(condition(question, name, declared(view, name, 'filter'), wanted));
    }
    return question;
  }

  async #readable(): Promise<ReadonlyMap<string, number>> {
    if (this.#versions === null) {
      const reading = this.#plain<{ name: string; version: number }>(
        `SELECT name, max(version) AS version FROM ${SCHEMA}.views WHERE published GROUP BY name`,
        [],
      ).then((rows) => {
        const versions = new Map(rows.map(({ name, version }) => [name, version]));
        // A catalogue that lacks a view is asked again, until the projector has built it.
        if ([...this.#views.keys()].some((name) => !versions.has(name))) this.#versions = null;
        return versions;
      });
      this.#versions = reading;
      reading.catch(() => (this.#versions = null));
    }
    return await this.#versions;
  }

  /** One question under the reader's audiences. The setting ends with the transaction. */
  async #ask<T extends QueryResultRow>(who: Principal, query: { text: string; values: unknown[] }): Promise<T[]> {
    const setting = `SELECT set_config(${escapeLiteral(AUDIENCES_SETTING)}, ${escapeLiteral(who.audiences.join(','))}, true)`;
    return await this.#connected(async (client) => {
      await client.query(`BEGIN READ ONLY; ${setting}`);
      const { rows } = await client.query<T>(query);
      await client.query('COMMIT');
      return rows;
    });
  }

  async #plain<T extends QueryResultRow>(text: string, values: unknown[]): Promise<T[]> {
    return await this.#connected(async (client) => (await client.query<T>(text, values)).rows);
  }

  async #connected<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    let client: PoolClient | undefined;
    try {
      client = await this.#pool.connect();
      const result = await work(client);
      client.release();
      return result;
    } catch (error) {
      // Never hand a connection on that may still be inside somebody's transaction.
      client?.release(true);
      this.#versions = null;
      throw asOutage(error);
    }
  }
}

/** The parts of a query under construction. */
class Question {
  readonly where: string[] = [];
  readonly values: unknown[] = [];
  constructor(private readonly table: string) {}

  /** The part of the query that names the rows, when all conditions are in. */
  get readable(): string {
    return `FROM ${this.table} t WHERE ${this.where.join(' AND ')}`;
  }

  parameter(value: unknown): string {
    return `$${this.values.push(value)}`;
  }
}

/** The table, or a column of it, is not there: PostgreSQL's undefined_table and undefined_column. */
const isOfAnotherVersion = (error: unknown): boolean =>
  error instanceof DatabaseError && (error.code === '42P01' || error.code === '42703');

const declared = (view: AnyView, name: string, use: 'filter' | 'sort'): Field => {
  const field = (view.fields as Record<string, Field>)[name];
  if (!field?.[use]) throw new Error(`${view.name} does not declare ${name} as a field to ${use} by`);
  return field;
};

const kindOf = (view: AnyView, name: string, kind: Field['kind']): void => {
  if (!fieldsOf(view).some(([each, field]) => each === name && field.kind === kind))
    throw new Error(`${view.name} has no ${kind} field ${name}`);
};

const condition = (question: Question, name: string, field: Field, wanted: NonNullable<Filter[string]>): string => {
  const column = `t.${columnOf(name)}`;
  if (field.kind === 'texts')
    return `${column} && ${question.parameter(Array.isArray(wanted) ? wanted : [wanted])}::text[]`;
  if (Array.isArray(wanted)) return `${column} = ANY(${question.parameter(wanted)})`;
  if (typeof wanted !== 'object') return `${column} = ${question.parameter(wanted)}`;
  const { from, to } = wanted as Range;
  const ends = [
    from == null ? [] : [`${column} >= ${question.parameter(from)}`],
    to == null ? [] : [`${column} <= ${question.parameter(to)}`],
  ].flat();
  return ends.length === 0 ? 'true' : ends.join(' AND ');
};
