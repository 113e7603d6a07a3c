import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readerFor, view, type AnyView, type DomainEvent, type Marked } from '@kernel';
import { EU, JP, markedFor, person, US } from '@kernel/testing';
import type { Filter, Order } from '@foundation/eventing';
import { Client } from 'pg';
import { startDatabase, type StartedDatabase } from '../../../../test/support/database.js';
import {
  admitReader,
  ChangeNotifications,
  PostgresChangeFeed,
  PostgresProjectionStore,
  PostgresReadModels,
} from './index.js';

/* How much the server reads for an answer is what the answer's time can tell. It is counted here, not timed. */

type Mine = Marked & { readonly name: string };
const fields = {
  name: { kind: 'text', filter: true, sort: true },
  title: { kind: 'prose', filter: true, sort: true },
  country: { kind: 'text', filter: true },
  materials: { kind: 'texts', filter: true },
  tonnes: { kind: 'decimal', filter: true, sort: true },
  year: { kind: 'integer', filter: true, sort: true },
  shafts: { kind: 'integer', filter: true },
} as const;
const mines: AnyView = view<DomainEvent, Mine>({
  name: 'test.mines',
  version: 1,
  events: [],
  fields: fields as never,
  project: (row) => row,
});
const TABLE = `lodestone."test.mines/1"`;
const HIDDEN = 20_000;

/** A value that only hidden rows have, and one that none has: of one shape and length. */
const values: Readonly<Record<keyof typeof fields, readonly [hidden: Filter[string], unknown: Filter[string]]>> = {
  name: ['hidden', 'nowher'],
  title: ['Hidden 9', 'Nowher 9'],
  country: ['KZ', 'ZA'],
  materials: [['gallium'], ['wolfram']],
  tonnes: [
    { from: '7', to: '7' },
    { from: '8', to: '8' },
  ],
  year: [2007, 2008],
  shafts: [7, 8],
};
const columns = Object.keys(fields).map((name) => `"f_${name}"`);
const hiddenRow = `'hidden', 'Hidden 9', 'KZ', ARRAY['gallium'], 7, 2007, 7`;
const visibleRow = `'shown', 'Shown 9', 'AU', ARRAY['copper'], 1, 2001, 1`;

let owner: Client;

/** Rows and index entries of a table that the server has read so far. */
const readSoFar = async (table: string): Promise<number> => {
  await owner.query('SELECT pg_stat_clear_snapshot()');
  const { rows } = await owner.query<{ read: number }>(
    `SELECT (SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_user_tables WHERE relid = $1::regclass)::int
       + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relid = $1::regclass)::int AS read`,
    [table],
  );
  return rows[0]!.read;
};
/** A server process tells what it has done when it ends. */
const ended = async (application: string): Promise<void> => {
  const still = 'SELECT FROM pg_stat_activity WHERE application_name = $1';
  while ((await owner.query(still, [application])).rowCount! > 0);
};

describe('What the server reads for an answer', () => {
  let database: StartedDatabase;
  let readerUrl: string;
  let news: ChangeNotifications;
  const america = person(US, 'DELEGATE');

  beforeAll(async () => {
    database = await startDatabase();
    owner = new Client({ connectionString: database.url });
    await owner.connect();
    const store = new PostgresProjectionStore(database.url);
    await store.prepare([mines]);
    readerUrl = await admitReader(database.url, 'secret');
    news = new ChangeNotifications(readerUrl);
    await using held = await store.hold([mines], AbortSignal.timeout(10_000));
    await held.publish([mines]);
    const row = (...audience: Parameters<typeof markedFor>[1][]): Marked => ({
      ...{ name: 'x', title: 'X', country: 'AU', materials: [], tonnes: '1', year: 1, shafts: 1 },
      marking: markedFor(JP, ...audience),
    });
    const samples = new Map([
      ['shown', row(`country:${US}`)],
      ['hidden', row(`country:${EU}`)],
    ]);
    await held.commit(1n, new Map([[mines, samples]]));
    const filled = (sample: string, values: string, count: number): Promise<unknown> =>
      owner.query(
        `INSERT INTO ${TABLE} (key, marking, row, ${columns.join(', ')})
         SELECT gen_random_uuid()::text, s.marking, s.row, ${values} FROM ${TABLE} s, generate_series(1, ${count}) WHERE key = '${sample}'`,
      );
    await filled('hidden', hiddenRow, HIDDEN);
    await filled('shown', visibleRow, 100);
    await owner.query(`VACUUM ANALYZE ${TABLE}`);
  });
  afterAll(async () => {
    await news?.close();
    await owner?.end();
    await database?.stop();
  });

  /** Rows and index entries that a question made the server read. */
  const readFor = async (ask: (reads: PostgresReadModels) => Promise<unknown>): Promise<number> => {
    const before = await readSoFar(TABLE);
    const reads = new PostgresReadModels(readerUrl, [mines], news);
    await ask(reads);
    await reads.close();
    await ended('lodestone-api');
    return (await readSoFar(TABLE)) - before;
  };

  const orders: readonly (Order | undefined)[] = [
    undefined,
    ...['name', 'title', 'tonnes', 'year'].map((field) => ({ field, direction: 'DESC' as const })),
  ];
  const questions: readonly [string, (reads: PostgresReadModels, filter: Filter) => Promise<unknown>][] = [
    ...orders.map((order) => [
      `a page${order ? ` by ${order.field}` : ''}`,
      (reads: PostgresReadModels, filter: Filter) => reads.page(mines, america, { filter, order, first: 50 }),
    ]),
    ['a count', (reads: PostgresReadModels, filter: Filter) => reads.count(mines, america, filter)],
    ['a list', (reads: PostgresReadModels, filter: Filter) => reads.list(mines, america, filter, 50)],
    [
      'sums',
      (reads: PostgresReadModels, filter: Filter) => reads.sums(mines, america, filter, ['country'], ['tonnes']),
    ],
  ] as never;

  it.each(Object.keys(values) as (keyof typeof values)[])(
    'is the same for a value of %s that only hidden rows have as for one that none has',
    async (field) => {
      const [hidden, unknown] = values[field];
      for (const [name, ask] of questions) {
        // The first time, the planner looks at the ends of the indexes as well.
        await readFor((reads) => ask(reads, {}));
        // Now and then the planner looks at the ends again: what counts is the least of a few tries.
        const read = { hidden: Infinity, unknown: Infinity };
        for (let tries = 5; tries > 0 && (read.hidden !== read.unknown || tries === 5); tries--) {
          read.hidden = Math.min(read.hidden, await readFor((reads) => ask(reads, { [field]: hidden })));
          read.unknown = Math.min(read.unknown, await readFor((reads) => ask(reads, { [field]: unknown })));
        }
        expect([name, read]).toEqual([name, { hidden: read.unknown, unknown: read.unknown }]);
        // And no more than what the reader sees, many times over.
        expect([name, read.hidden < HIDDEN / 4]).toEqual([name, true]);
      }
    },
  );

  it('is one row for each class that the reader sees, where a whole list is counted', async () => {
    await readFor((reads) => reads.count(mines, america, {}));
    expect(await readFor((reads) => reads.count(mines, america, {}))).toBe(0);
  });

  it('is entered class by class: no index but that of the keys begins with anything but the marking', async () => {
    const { rows } = await owner.query<{ made: string }>(
      `SELECT pg_get_indexdef(indexrelid, 1, false) AS made FROM pg_index WHERE indrelid = '${TABLE}'::regclass AND NOT indisprimary`,
    );
    expect(rows.length).toBeGreaterThan(5);
    expect(new Set(rows.map(({ made }) => made))).toEqual(new Set(['marking']));
  });
});

describe('What the server reads for a subscription that goes on', () => {
  let database: StartedDatabase;
  let readerUrl: string;
  let news: ChangeNotifications;
  const readers = [readerFor(person(US, 'DELEGATE'), 'test')];
  /** Places of the feed: between the first two 20 changes are visible and many hidden, between the last two 20 alone. */
  let places: readonly [bigint, bigint, bigint];

  beforeAll(async () => {
    database = await startDatabase();
    owner = new Client({ connectionString: database.url });
    await owner.connect();
    const store = new PostgresProjectionStore(database.url);
    await store.prepare([mines]);
    readerUrl = await admitReader(database.url, 'secret');
    news = new ChangeNotifications(readerUrl);
    await using held = await store.hold([mines], AbortSignal.timeout(60_000));
    await held.publish([mines]);
    let position = 0n;
    const write = (key: string, name: string, isShown: boolean): Promise<unknown> => {
      const row: Marked = {
        ...{ name, title: 'X', country: 'AU', materials: [], tonnes: '1', year: 1, shafts: 1 },
        marking: markedFor(JP, ...(isShown ? [`country:${US}` as const] : [])),
      };
      return held.commit(++position, new Map([[mines, new Map([[key, row]])]]));
    };
    const feed = new PostgresChangeFeed(readerUrl, news);
    const hidden = async (): Promise<void> => {
      const { rows } = await owner.query<{ marking: number; after: object }>(
        `SELECT marking, after FROM lodestone.changes WHERE key = 'hidden' LIMIT 1`,
      );
      // Of many rows, of one, and of those that are shown before and after.
      for (const key of [`gen_random_uuid()::text`, `'hidden'`, `'key ' || n % 20`])
        await owner.query(
          `WITH head AS (UPDATE lodestone.change_head SET number = number + $1 RETURNING number)
           INSERT INTO lodestone.changes (number, view, key, position, marking, before, after)
           SELECT number - $1 + n, 'test.mines', ${key}, 1, $2, $3, $3 FROM head, generate_series(1, $1::bigint) n`,
          [HIDDEN, rows[0]!.marking, rows[0]!.after],
        );
    };
    const shown = async (name: string): Promise<void> => {
      for (let at = 0; at < 20; at++) await write(`key ${at}`, name, true);
    };
    await write('hidden', 'hidden', false);
    await shown('first');
    const first = await feed.latest();
    await hidden();
    await shown('second');
    const second = await feed.latest();
    await shown('third');
    places = [first, second, await feed.latest()];
    await feed.close();
    await owner.query('VACUUM ANALYZE lodestone.changes');
  });
  afterAll(async () => {
    await news?.close();
    await owner?.end();
    await database?.stop();
  });

  const readFor = async (number: bigint, to: bigint): Promise<number> => {
    const before = await readSoFar('lodestone.changes');
    const feed = new PostgresChangeFeed(readerUrl, news);
    expect(await feed.firstOfEach(mines.name, { number, to, from: number, readers }, 500)).toHaveLength(20);
    await feed.close();
    await ended('lodestone-api-feed');
    return (await readSoFar('lodestone.changes')) - before;
  };

  it('is the same whether much that is hidden was announced meanwhile or nothing', async () => {
    const [first, second, last] = places;
    expect(second - first).toBe(BigInt(3 * HIDDEN + 20));
    const read = { much: Infinity, nothing: Infinity };
    // Now and then the planner looks at the ends of an index: what counts is the least of a few tries.
    for (let tries = 0; tries === 0 || (tries < 5 && read.much !== read.nothing); tries++) {
      read.much = Math.min(read.much, await readFor(first, second));
      read.nothing = Math.min(read.nothing, await readFor(second, last));
    }
    expect(read.much).toBe(read.nothing);
    expect(read.much).toBeLessThan(500);
  });
});
