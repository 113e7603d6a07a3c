import type { Reader } from '@kernel';
import { LRUCache } from 'lru-cache';
import { Query, type Connection, type QueryConfig, type QueryResult, type QueryResultRow } from 'pg';
import { MARKINGS, settingsValues, toldBy } from './visibility.js';

/** Statements that a connection keeps prepared: each holds its plan in the server's memory. */
const PREPARED = 100;
/**
 * Nobody writes. Statistics are taken over hidden rows too: a plan that goes by the values asked for would tell of them,
 * and one that reads the whole table would cost with them.
 */
const PLANS = { transaction_read_only: 'on', plan_cache_mode: 'force_generic_plan', enable_seqscan: 'off' };
/**
 * Locks the markings before any view, in the order of whoever changes a policy: a prepared statement locks its tables in
 * an order of the planner's.
 */
const LOCKS = `(SELECT id FROM ${MARKINGS} LIMIT 0)`;
const FIRST = {
  name: 'reader',
  text: `SELECT ${toldBy(['$1', '$2', '$3', '$4'])}, ${Object.entries(PLANS)
    .map(([name, value]) => `set_config('${name}', '${value}', true)`)
    .join(', ')}, ${LOCKS}`,
};

/** What pg calls of a query, and sends for it, that its types leave out. */
type Wire = Connection & {
  readonly parsedStatements: Record<string, string>;
  parse(statement: { name: string; text: string }): void;
  bind(values: { statement: string; values: readonly string[] }): void;
  execute(portal: { portal: string }): void;
  close(statement: { type: 'S'; name: string }): void;
};
type PgQuery = {
  readonly text: string;
  name: string | undefined;
  callback: (error: Error | null, result: QueryResult) => void;
  submit(connection: Wire): unknown;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: Wire): void;
};

/**
 * One statement under a reader's rights, in one round trip: who reads, and then what is asked. PostgreSQL takes all
 * messages up to the `Sync` behind them for one transaction, which ends with it and with it the reader's rights: protocol
 * flow, "Pipelining".
 */
export class ReaderQuery<T extends QueryResultRow> extends (Query as unknown as new (config: QueryConfig) => PgQuery) {
  readonly answer: Promise<T[]>;
  /** Whether the server has said that it knows who reads; what it answers from then on is the answer. */
  #isTold = false;

  constructor(
    private readonly reader: Reader,
    text: string,
    values: unknown[],
  ) {
    super({ text, values });
    const { promise, resolve, reject } = Promise.withResolvers<T[]>();
    this.answer = promise;
    this.callback = (error, result) => (error ? reject(error) : resolve(result.rows as T[]));
  }

  override submit(connection: Wire): unknown {
    connection.stream.cork();
    try {
      if (!(FIRST.name in connection.parsedStatements)) connection.parse(FIRST);
      connection.parsedStatements[FIRST.name] = FIRST.text;
      connection.bind({ statement: FIRST.name, values: settingsValues(this.reader) });
      connection.execute({ portal: '' });
      this.name = preparedBy(connection).nameOf(this.text);
      return super.submit(connection);
    } finally {
      connection.stream.uncork();
    }
  }

  override handleDataRow(message: unknown): void {
    if (this.#isTold) super.handleDataRow(message);
  }

  override handleCommandComplete(message: unknown, connection: Wire): void {
    if (this.#isTold) super.handleCommandComplete(message, connection);
    this.#isTold = true;
  }
}

/** The statements that a connection keeps prepared; those not asked for longest are closed. */
class Prepared {
  #made = 0;
  readonly #names: LRUCache<string, string>;

  constructor(connection: Wire) {
    this.#names = new LRUCache({
      max: PREPARED,
      dispose: (name) => {
        connection.close({ type: 'S', name });
        delete connection.parsedStatements[name];
      },
    });
  }

  nameOf(text: string): string {
    const known = this.#names.get(text);
    if (known !== undefined) return known;
    const name = `question ${++this.#made}`;
    this.#names.set(text, name);
    return name;
  }
}

const byConnection = new WeakMap<Wire, Prepared>();

const preparedBy = (connection: Wire): Prepared => {
  const known = byConnection.get(connection) ?? new Prepared(connection);
  byConnection.set(connection, known);
  return known;
};
