import type { AnyView, Marked } from '@kernel';
import { Client } from 'pg';
import { SCHEMA, tableOf } from './tables.js';

const AT_A_TIME = 1_000;

/** The rows as they stand, for whoever compares them with the history: all of one moment, and nothing of it is changed. */
export class LiveRows implements AsyncDisposable {
  private constructor(private readonly client: Client) {}

  /** @param url of the database, as its owner */
  static async open(url: string): Promise<LiveRows> {
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    return new LiveRows(client);
  }

  /** Up to which position of the history each view has come; views that are not there, or have not begun, are left out. */
  async positions(views: readonly AnyView[]): Promise<ReadonlyMap<AnyView, bigint>> {
    const { rows } = await this.client.query<{ name: string; version: number; position: string | null }>(
      `SELECT name, version, position FROM ${SCHEMA}.views`,
    );
    const known = new Map(rows.map(({ name, version, position }) => [`${name}/${version}`, position]));
    return new Map(
      views.flatMap((view) => {
        const position = known.get(`${view.name}/${view.version}`) ?? null;
        return position === null ? [] : [[view, BigInt(position)] as const];
      }),
    );
  }

  /** The rows of a view, in the order of their keys. */
  async *of(view: AnyView): AsyncGenerator<{ readonly key: string; readonly row: Marked }> {
    for (let after = ''; ;) {
      const { rows } = await this.client.query<{ key: string; row: Marked }>(
        `SELECT key, row FROM ${tableOf(view.name, view.version)} WHERE key > $1 COLLATE "C" ORDER BY key COLLATE "C" LIMIT ${AT_A_TIME}`,
        [after],
      );
      yield* rows;
      if (rows.length < AT_A_TIME) return;
      after = rows.at(-1)!.key;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.end();
  }
}
