import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { view, type AnyView, type DomainEvent, type Marked, type Principal } from '@kernel';
import { JP, markedFor, person } from '@kernel/testing';
import { Client } from 'pg';
import { startDatabase, type StartedDatabase } from '../../../../test/support/database.js';
import { until } from '../../../../test/support/waiting.js';
import { admitReader, ChangeNotifications, PostgresProjectionStore, PostgresReadModels } from './index.js';
import { ReaderQuery } from './reader-query.js';

const sites: AnyView = view<DomainEvent, Marked>({
  name: 'test.sites',
  version: 1,
  events: [],
  fields: {},
  project: (row) => row,
});
const TABLE = 'lodestone."test.sites/1"';
const SEEN = `SELECT key FROM ${TABLE}`;
const japan = person(JP, 'DELEGATE');
const nobody: Principal = { ...japan, audiences: [] };

let database: StartedDatabase;
let readerUrl: string;
let owner: Client;
/** A connection of the reading login. */
let client: Client;

beforeAll(async () => {
  database = await startDatabase();
  const store = new PostgresProjectionStore(database.url);
  await store.prepare([sites]);
  await using held = await store.hold([sites], AbortSignal.timeout(10_000));
  await held.publish([sites]);
  await held.commit(1n, new Map([[sites, new Map([['a', { marking: markedFor(JP) }]])]]));
  readerUrl = await admitReader(database.url, 'secret');
  owner = new Client({ connectionString: database.url });
  client = new Client({ connectionString: readerUrl, application_name: 'asking' });
  await Promise.all([owner.connect(), client.connect()]);
});
afterAll(async () => {
  await client?.end();
  await owner?.end();
  await database?.stop();
});

const ask = <T extends object>(who: Principal, text: string, values: unknown[] = []): Promise<T[]> => {
  const question = new ReaderQuery<T>(who, text, values);
  void client.query(question);
  return question.answer;
};

describe('A question of a reader', () => {
  it('is one transaction, in which its reader reads, and nobody afterwards', async () => {
    expect(await ask(japan, SEEN)).toEqual([{ key: 'a' }]);
    expect((await client.query(SEEN)).rows).toEqual([]);
    expect(await ask(nobody, SEEN)).toEqual([]);
    expect(await ask(japan, SEEN)).toEqual([{ key: 'a' }]);
  });

  it('writes nothing, whatever its login may', async () => {
    await owner.query(`GRANT DELETE ON ${TABLE} TO lodestone_reader`);
    await expect(ask(japan, `DELETE FROM ${TABLE}`)).rejects.toThrow('read-only transaction');
    await owner.query(`REVOKE DELETE ON ${TABLE} FROM lodestone_reader`);
  });

  it('that fails leaves nobody’s rights behind', async () => {
    for (const failing of ['SELECT 1 / 0', 'SELECT FROM nowhere', `SELECT key FROM ${TABLE} WHERE key = $1`]) {
      await expect(ask(japan, failing)).rejects.toThrow();
      expect((await client.query(SEEN)).rows).toEqual([]);
    }
  });

  it('is planned once, and of many only the latest stay prepared', async () => {
    const prepared = async (): Promise<{ statement: string; plans: number }[]> =>
      (
        await client.query<{ statement: string; plans: number }>(
          'SELECT statement, (generic_plans + custom_plans)::int AS plans FROM pg_prepared_statements',
        )
      ).rows;
    const texts = Array.from({ length: 300 }, (_, index) => `${SEEN} LIMIT ${index + 1}`);
    for (const text of [...texts, texts.at(-1)!]) expect(await ask(japan, text)).toEqual([{ key: 'a' }]);
    const kept = await prepared();
    expect(kept.length).toBeLessThanOrEqual(101);
    expect(kept).toContainEqual({ statement: texts.at(-1), plans: 2 });
    expect(kept.some(({ statement }) => statement === texts[0])).toBe(false);
    expect(await ask(japan, texts[0]!)).toEqual([{ key: 'a' }]);
  });

  it('waits for whoever changes who may read while it holds no table that they may come to', async () => {
    const news = new ChangeNotifications(readerUrl);
    const reads = new PostgresReadModels(readerUrl, [sites], news);
    try {
      const asked = () => reads.find(sites, japan, ['a']);
      await asked();
      await owner.query('BEGIN; LOCK TABLE lodestone.markings');
      const waiting = asked();
      await until('a reader waits for the markings', async () => {
        const { rowCount } = await owner.query('SELECT FROM pg_locks WHERE NOT granted');
        return rowCount === 1;
      });
      await owner.query(`LOCK TABLE ${TABLE} NOWAIT`);
      await owner.query('COMMIT');
      expect((await waiting).size).toBe(1);
    } finally {
      await owner.query('ROLLBACK');
      await reads.close();
      await news.close();
    }
  });

  it('is answered as ever while a projector restarts and makes the policies anew', async () => {
    const news = new ChangeNotifications(readerUrl);
    const reads = new PostgresReadModels(readerUrl, [sites], news);
    try {
      let isOver = false;
      const asking = Array.from({ length: 4 }, async () => {
        while (!isOver) expect((await reads.find(sites, japan, ['a'])).size).toBe(1);
      });
      for (let restarts = 0; restarts < 10; restarts++) {
        await owner.query(
          `COMMENT ON POLICY reader ON lodestone.markings IS NULL; COMMENT ON POLICY reader ON ${TABLE} IS NULL`,
        );
        await until('the policies are made anew', () => new PostgresProjectionStore(database.url).prepare([sites]));
      }
      isOver = true;
      await Promise.all(asking);
    } finally {
      await reads.close();
      await news.close();
    }
  });
});
