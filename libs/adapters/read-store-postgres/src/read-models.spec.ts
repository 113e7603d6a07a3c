import {
  FeedExpired,
  isSeen,
  ReadStoreUnavailable,
  type Filter,
  type Order,
  type Page,
  type Place,
  type Total,
} from '@foundation/eventing';
import { Connections, OpaqueTokens, type Caller } from '@foundation/graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  compare,
  decimal,
  mayRead,
  readerFor,
  sum,
  view,
  type AnyView,
  type Audience,
  type Decimal,
  type DomainEvent,
  type Instant,
  type Marked,
  type Marking,
  type Principal,
} from '@kernel';
import { EU, JP, markedFor, NOW, person, secretariat, US } from '@kernel/testing';
import fc from 'fast-check';
import { Client } from 'pg';
import { startDatabase, type StartedDatabase } from '../../../../test/support/database.js';
import {
  admitReader,
  ChangeNotifications,
  PostgresChangeFeed,
  PostgresProjectionStore,
  PostgresReadModels,
} from './index.js';

type Site = Marked & {
  name: string;
  title?: string;
  stage: string;
  materials: string[];
  tonnes: Decimal;
  year?: number;
};
type Part = Marked & { site: string; tonnes: Decimal };

const sites: AnyView = view<DomainEvent, Site>({
  name: 'test.sites',
  version: 1,
  events: [],
  fields: {
    name: { kind: 'text', filter: true, sort: true },
    title: { kind: 'prose', filter: true, sort: true },
    stage: { kind: 'text', filter: true },
    materials: { kind: 'texts', filter: true },
    tonnes: { kind: 'decimal', filter: true, sort: true },
    year: { kind: 'integer', filter: true, sort: true },
  },
  project: (row) => row,
});
const parts: AnyView = view<DomainEvent, Part>({
  name: 'test.parts',
  version: 1,
  events: [],
  fields: { site: { kind: 'text', filter: true }, tonnes: { kind: 'decimal', filter: true } },
  parent: { view: 'test.sites', field: 'site' },
  project: (row) => row,
});
/** Each stands on a site or on a part of one. */
const notes: AnyView = {
  ...parts,
  name: 'test.notes',
  parent: { view: ['test.sites', 'test.parts'], field: 'site' },
};
const VIEWS = [sites, parts, notes];

const japan = person(JP, 'DELEGATE');
const america = person(US, 'DELEGATE');
const readers: readonly Principal[] = [
  japan,
  america,
  person(EU, 'LIAISON'),
  secretariat,
  { ...japan, audiences: ['PUBLIC'] },
  { ...japan, audiences: [] },
];
const to = (...audiences: string[]): Audience[] => audiences as Audience[];
const site = (name: string, marking: Marking, more: Partial<Site> = {}): Site => ({
  marking,
  name,
  stage: 'MINING',
  materials: ['gallium'],
  tonnes: decimal('1'),
  ...more,
});

/** A count that was not cut short. */
const exactly = (rows: number): Total => ({ rows, isCapped: false });

let database: StartedDatabase;
let readerUrl: string;
let news: ChangeNotifications;
let reads: PostgresReadModels;
let feed: PostgresChangeFeed;
let store: PostgresProjectionStore;

beforeAll(async () => {
  database = await startDatabase();
  store = new PostgresProjectionStore(database.url);
  await store.prepare(VIEWS);
  readerUrl = await admitReader(database.url, 'secret');
  news = new ChangeNotifications(readerUrl);
  reads = new PostgresReadModels(readerUrl, VIEWS, news);
  feed = new PostgresChangeFeed(readerUrl, news);
});
afterAll(async () => {
  await reads?.close();
  await feed?.close();
  await news?.close();
  await database?.stop();
});

/** One question of a connection of one's own. */
const ask = async <T extends object>(url: string, ...statements: string[]): Promise<T[]> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const each of statements.slice(0, -1)) await client.query(each);
    return (await client.query<T>(statements.at(-1)!)).rows;
  } finally {
    await client.end();
  }
};
const asOwner = <T extends object>(...statements: string[]): Promise<T[]> => ask<T>(database.url, ...statements);
const asReader = <T extends object>(...statements: string[]): Promise<T[]> => ask<T>(readerUrl, ...statements);

let position = 0n;
/** Makes these the only rows of a view, the way the projector does. */
const keep = async (of: AnyView, rows: ReadonlyMap<string, Marked>): Promise<void> => {
  await using held = await store.hold([of], AbortSignal.timeout(10_000));
  await held.publish([of]);
  const gone = (await asOwner<{ key: string }>(`SELECT key FROM lodestone."${of.name}/${of.version}"`)).map(
    ({ key }): [string, null] => [key, null],
  );
  await held.commit(++position, new Map([[of, new Map<string, Marked | null>([...gone, ...rows])]]));
};

/* What the door must answer, by plain comparisons over an array. */
const bytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
type Value = string | number;
const valueOf = (row: Site, field: string): Value =>
  (row as unknown as Record<string, Value>)[field] ?? (field === 'title' ? '' : 0);
/** As people read, and what that holds equal by code point. */
const read = new Intl.Collator('und', { numeric: true });
const order = (field: string, a: Value, b: Value): number =>
  field === 'tonnes'
    ? compare(a as Decimal, b as Decimal)
    : typeof a === 'number'
      ? a - (b as number)
      : (field === 'title' && read.compare(a, b as string)) || bytes(a, b as string);
const fits = (row: Site, filter: Filter): boolean =>
  Object.entries(filter).every(([field, wanted]) => {
    if (wanted === null || wanted === undefined) return true;
    if (field === 'materials') return [wanted].flat().some((one) => row.materials.includes(one as string));
    const value = valueOf(row, field);
    const same = (one: unknown): boolean => order(field, value, one as Value) === 0;
    if (Array.isArray(wanted)) return wanted.some(same);
    if (typeof wanted !== 'object') return same(wanted);
    const { from, to: end } = wanted as { from?: Value | null; to?: Value | null };
    return (from == null || order(field, value, from) >= 0) && (end == null || order(field, value, end) <= 0);
  });
const expected = (rows: ReadonlyMap<string, Site>, who: Principal, filter: Filter, by?: Order): string[] => {
  const sign = by?.direction === 'DESC' ? -1 : 1;
  return [...rows]
    .filter(([, row]) => mayRead(row.marking, who, NOW) && fits(row, filter))
    .sort(
      ([a, one], [b, other]) =>
        sign * ((by ? order(by.field, valueOf(one, by.field), valueOf(other, by.field)) : 0) || bytes(a, b)),
    )
    .map(([key]) => key);
};

const audiences = fc.constantFrom<Audience>('PUBLIC', 'MEMBERS', 'SECRETARIAT', ...to('country:JP', 'country:US'));
const marking = fc
  .tuple(fc.constantFrom<Marking['owner']>(JP, US, EU, 'SECRETARIAT'), fc.array(audiences, { maxLength: 2 }))
  .map(([owner, releaseTo]) => markedFor(owner, ...releaseTo));
const names = fc.constantFrom('a', 'B', 'é', '', 'a b', "o'hara", '%', 'a\\', '😀', '\uffee', 'ß');
const titles = fc.constantFrom(
  ...[
    'zinc slag',
    'Zinc ore',
    'aluminium',
    'Aluminium',
    'Project 10',
    'Project 9',
    'project 9',
    'Éire',
    'Eire',
    'eire',
  ],
  ...[
    '',
    'Łódź',
    'Øksfjord',
    'İzmir',
    'ırmak',
    'Straße',
    'Strasse',
    'α-Al2O3',
    'Al2O3',
    '中国',
    'Café',
    'Cafe',
    '09',
    '9',
  ],
);
const amounts = fc.constantFrom('0', '2', '10', '9.5', '10.000001', '999999999999999.999999').map(decimal);
const years = fc.integer({ min: 2020, max: 2023 });
const materials = fc.uniqueArray(fc.constantFrom('gallium', 'cobalt', 'a,b', '"x"'), { maxLength: 3 });
const stages = fc.constantFrom('MINING', 'REFINING');
const row: fc.Arbitrary<Site> = fc.record(
  { marking, name: names, title: titles, stage: stages, materials, tonnes: amounts, year: years },
  { requiredKeys: ['marking', 'name', 'stage', 'materials', 'tonnes'] },
);
const table = fc
  .dictionary(fc.stringMatching(/^[a-zA-Z0-9_:-]{1,3}$/), row, { maxKeys: 25 })
  .map((rows) => new Map(Object.entries(rows)));
const range = <T extends Value>(of: fc.Arbitrary<T>) =>
  fc.record({ from: fc.option(of), to: fc.option(of) }, { requiredKeys: [] });
const oneOrMore = <T extends Value>(of: fc.Arbitrary<T>) => fc.oneof(of, fc.array(of, { maxLength: 2 }));
const filters: fc.Arbitrary<Filter> = fc.oneof(
  fc.constant({}),
  fc.record(
    {
      name: fc.option(fc.oneof(oneOrMore(names), range(names))),
      title: oneOrMore(titles),
      stage: oneOrMore(stages),
      materials: oneOrMore(fc.constantFrom('gallium', 'cobalt', 'a,b', '"x"', 'none')),
      tonnes: fc.oneof(oneOrMore(amounts), range(amounts)),
      year: fc.oneof(oneOrMore(years), range(years)),
    },
    { requiredKeys: [] },
  ),
) as never;
const orders = fc.option(
  fc.record({
    field: fc.constantFrom('name', 'title', 'tonnes', 'year'),
    direction: fc.constantFrom<'ASC' | 'DESC'>('ASC', 'DESC'),
  }),
  { nil: undefined },
);
const question = fc.record({
  who: fc.constantFrom(...readers),
  filter: filters,
  order: orders,
  first: fc.integer({ min: 1, max: 6 }),
});

describe('A list', () => {
  it('is what a plain comparison over the readable rows gives: filtered, in order, page by page', () =>
    fc.assert(
      fc.asyncProperty(table, fc.array(question, { minLength: 6, maxLength: 6 }), async (rows, questions) => {
        await keep(sites, rows);
        for (const { who, filter, order: by, first } of questions) {
          const walked: string[] = [];
          const wanted = expected(rows, who, filter, by);
          let after: Place | undefined;
          for (;;) {
            const page: Page<Site> = await reads.page<Site>(sites, who, { filter, order: by, first, after });
            expect(page.items.length).toBeLessThanOrEqual(first);
            for (const { key, row: found } of page.items) expect(found).toEqual(rows.get(key));
            walked.push(...page.items.map(({ key }) => key));
            if (!page.hasNext) break;
            expect(page.items).toHaveLength(first);
            after = page.items.at(-1)!.place;
          }
          expect(walked).toEqual(wanted);
          expect(await reads.count(sites, who, filter)).toEqual(exactly(wanted.length));
          expect((await reads.list(sites, who, filter, 3)).map(({ key }) => key)).toEqual(
            expected(rows, who, filter).slice(0, 3),
          );
          expect([...(await reads.find(sites, who, [...rows.keys(), 'absent'])).keys()].sort()).toEqual(
            expected(rows, who, {}).sort(),
          );
        }
      }),
      { numRuns: 20 },
    ));

  it('is in the order in which people look for words: capitals and accents aside, numbers by their value', async () => {
    const sorted = [
      'aluminium',
      'Éire',
      'Łódź',
      'Project 9',
      'Project 10',
      'Øksfjord',
      'zinc slag',
      'Zinc ore',
      'α-Al2O3',
      '中国',
    ];
    const given = sorted.toReversed().map((title, index) => [`${index}`, site('a', markedFor(JP), { title })] as const);
    await keep(sites, new Map(given));
    const by = { field: 'title', direction: 'ASC' } as const;
    const { items } = await reads.page<Site>(sites, japan, { order: by, first: 50 });
    expect(items.map(({ row: { title } }) => title)).toEqual(sorted.toSorted(read.compare));
    expect(items.map(({ row: { title } }) => title).indexOf('aluminium')).toBe(0);
  });

  it('sums over the rows that the reader may see, and no others', () =>
    fc.assert(
      fc.asyncProperty(table, question, async (rows, { who, filter }) => {
        await keep(sites, rows);
        const groups = Map.groupBy(
          expected(rows, who, filter).map((key) => rows.get(key)!),
          (each) => each.stage,
        );
        expect(await reads.sums(sites, who, filter, ['stage'], ['tonnes'])).toEqual(
          [...groups]
            .sort(([a], [b]) => bytes(a, b))
            .map(([stage, all]) => ({
              by: { stage },
              sums: { tonnes: sum(all.map(({ tonnes }) => tonnes)) },
              count: all.length,
            })),
        );
      }),
      { numRuns: 20 },
    ));

  it('asks only by what its view declares', async () => {
    await expect(reads.page(sites, japan, { filter: { marking: 'x' }, first: 1 })).rejects.toThrow(
      'does not declare marking',
    );
    await expect(reads.page(sites, japan, { order: { field: 'stage', direction: 'ASC' }, first: 1 })).rejects.toThrow(
      'does not declare stage as a field to sort by',
    );
    await expect(reads.sums(sites, japan, {}, ['stage'], ['name'])).rejects.toThrow('has no decimal field name');
  });

  it('hides a part whose whole is hidden, whatever its own release says, but not from its owner', async () => {
    await keep(
      sites,
      new Map([
        ['open', site('o', markedFor(JP, 'PUBLIC'))],
        ['closed', site('c', markedFor(JP))],
      ]),
    );
    const part = (of: string, ...releaseTo: Audience[]): Part => ({
      site: of,
      tonnes: decimal('2'),
      marking: markedFor(JP, ...releaseTo),
    });
    await keep(
      parts,
      new Map(
        Object.entries({
          a: part('open', 'PUBLIC'),
          b: part('closed', 'PUBLIC'),
          c: part('open'),
          d: part('gone', 'PUBLIC'),
          e: { ...part('closed', 'PUBLIC'), marking: markedFor(US, 'PUBLIC') },
        }),
      ),
    );
    const seen = async (who: Principal): Promise<string[]> =>
      (await reads.list(parts, who, {}, 9)).map(({ key }) => key);
    expect(await seen(america)).toEqual(['a', 'e']);
    expect(await seen(japan)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(await seen(person(EU, 'LIAISON'))).toEqual(['a']);
    expect(await reads.count(parts, america, {})).toEqual(exactly(2));
    expect(await reads.sums(parts, america, {}, ['site'], ['tonnes'])).toEqual([
      { by: { site: 'closed' }, sums: { tonnes: '2' }, count: 1 },
      { by: { site: 'open' }, sums: { tonnes: '2' }, count: 1 },
    ]);
    expect([...(await reads.find(parts, america, ['a', 'b', 'c', 'd'])).keys()]).toEqual(['a']);
  });
});

describe('Cursors', () => {
  const lists = (): Connections => new Connections(reads, new OpaqueTokens(Buffer.alloc(32, 1)));
  const caller = (who: Principal): Caller => ({ who, said: {} }) as Caller;
  const named = ({ name }: Site): string => name;

  it('lead through a list, and hold for that list in that order alone', async () => {
    await keep(sites, new Map(['a', 'b', 'c', 'd', 'e'].map((name) => [name, site(name, markedFor(JP, 'MEMBERS'))])));
    await keep(parts, new Map());
    const orderBy = { field: 'name', direction: 'DESC' } as const;
    const page = await lists().page(sites, caller(america), { first: 2, orderBy }, named);
    expect([page.nodes, page.pageInfo.hasNextPage, page.pageInfo.hasPreviousPage, await page.totalCount]).toEqual([
      ['e', 'd'],
      true,
      false,
      5,
    ]);
    const after = page.pageInfo.endCursor!;
    const next = await lists().page(sites, caller(america), { first: 9, orderBy, after }, named);
    expect([next.nodes, next.pageInfo.hasNextPage, next.pageInfo.hasPreviousPage]).toEqual([
      ['c', 'b', 'a'],
      false,
      true,
    ]);

    const bad = expect.objectContaining({ extensions: expect.objectContaining({ code: 'BAD_CURSOR' }) });
    await expect(lists().page(sites, caller(america), { after }, named)).rejects.toEqual(bad);
    await expect(lists().page(sites, caller(america), { after, orderBy: { field: 'name' } }, named)).rejects.toEqual(
      bad,
    );
    await expect(
      lists().page(sites, caller(america), { after, orderBy: { field: 'tonnes', direction: 'DESC' } }, named),
    ).rejects.toEqual(bad);
    await expect(lists().page(parts, caller(america), { after, orderBy }, named as never)).rejects.toEqual(bad);
    await expect(lists().page(sites, caller(america), { after: `${after}x` }, named)).rejects.toThrow();
  });

  it('say nothing of a row that they were not given for', async () => {
    const first = (who: Principal): Promise<readonly string[]> =>
      lists()
        .page(sites, caller(who), { first: 1 }, named)
        .then(({ nodes }) => nodes);
    await keep(
      sites,
      new Map([
        ['a', site('hidden', markedFor(JP))],
        ['b', site('shown', markedFor(JP, 'MEMBERS'))],
      ]),
    );
    const whole = async (): Promise<object> => {
      const page = await lists().page(sites, caller(america), { first: 1 }, named);
      return { ...page, totalCount: await page.totalCount };
    };
    const beside = await whole();
    await keep(sites, new Map([['b', site('shown', markedFor(JP, 'MEMBERS'))]]));
    expect(await whole()).toEqual(beside);
    expect(await first(japan)).toEqual(['shown']);
  });

  it('ask for at least one item and at most two hundred', async () => {
    for (const first of [0, -1, 201])
      await expect(lists().page(sites, caller(japan), { first }, named)).rejects.toThrow('first must be from 1 to 200');
  });
});

describe('The second line of defence', () => {
  const TABLE = 'lodestone."test.sites/1"';
  const names_ = (rows: { name: string }[]): string[] => rows.map(({ name }) => name).sort();
  const everything = `SELECT row->>'name' AS name FROM ${TABLE}`;
  const as = (...audiences: string[]): string =>
    `SELECT set_config('lodestone.audiences', '${audiences.join(',')}', false), set_config('lodestone.denied_as', '', false),
       set_config('lodestone.clearance', '3', false)`;

  beforeEach(() =>
    keep(
      sites,
      new Map(
        Object.entries({
          j: site('japan', markedFor(JP)),
          u: site('america', markedFor(US)),
          m: site('members', markedFor(EU, 'MEMBERS')),
        }),
      ),
    ),
  );

  it('shows nothing to a reader who has not said who it is', async () => {
    expect(await asReader(everything)).toEqual([]);
    expect(await asReader(as(''), everything)).toEqual([]);
    expect(await asReader(as(), `SELECT count(*)::int AS count FROM ${TABLE}`)).toEqual([{ count: 0 }]);
  });

  it('shows a reader what its audiences may see and nothing else, whatever it asks', async () => {
    expect(names_(await asReader(as('country:US'), everything))).toEqual(['america']);
    expect(names_(await asReader(as('country:US', 'MEMBERS'), everything))).toEqual(['america', 'members']);
    expect(names_(await asReader(as('country:U'), everything))).toEqual([]);
    expect(names_(await asReader(as('country:US'), `${everything} WHERE key = 'j' OR true`))).toEqual(['america']);
    expect(
      names_(await asReader(as('country:US'), `WITH all_rows AS MATERIALIZED (${everything}) SELECT * FROM all_rows`)),
    ).toEqual(['america']);
  });

  it('shows the same as the access policy, for any rows and any audiences', () =>
    fc.assert(
      fc.asyncProperty(table, fc.constantFrom(...readers), async (rows, who) => {
        await keep(sites, rows);
        const keys = await asReader<{ key: string }>(as(...who.audiences), `SELECT key FROM ${TABLE}`);
        expect(keys.map(({ key }) => key).sort()).toEqual(
          [...rows]
            .filter(([, { marking: m }]) => mayRead(m, who, NOW))
            .map(([key]) => key)
            .sort(),
        );
      }),
      { numRuns: 15 },
    ));

  it('holds for the parts of a hidden whole', async () => {
    await keep(parts, new Map([['p', { site: 'j', tonnes: decimal('1'), marking: markedFor(JP, 'PUBLIC') }]]));
    expect(await asReader(as('PUBLIC'), 'SELECT key FROM lodestone."test.parts/1"')).toEqual([]);
    expect(await asReader(as('country:JP'), 'SELECT key FROM lodestone."test.parts/1"')).toEqual([{ key: 'p' }]);
  });

  it('holds when the first one is not there: rows that the compiled query would give are still kept back', async () => {
    // The audiences that go into the query say Japan; those that go into the transaction's setting say nobody.
    const forged = Object.assign([...japan.audiences], { join: () => '' });
    const who = { ...japan, audiences: forged };
    expect(await reads.count(sites, japan, {})).toEqual(exactly(2));
    expect(await reads.count(sites, who, {})).toEqual(exactly(0));
    expect(await reads.list(sites, who, {}, 9)).toEqual([]);
  });

  it.each([
    ['write a row', `INSERT INTO ${TABLE} (key, marking, row) SELECT key, marking, row FROM ${TABLE}`],
    ['change a row', `UPDATE ${TABLE} SET marking = 1`],
    ['take a row away', `DELETE FROM ${TABLE}`],
    ['empty the table', `TRUNCATE ${TABLE}`],
    ['change the policy', `ALTER POLICY reader ON ${TABLE} USING (true)`],
    ['switch row security off', `ALTER TABLE ${TABLE} DISABLE ROW LEVEL SECURITY`],
    ['take the table over', `ALTER TABLE ${TABLE} OWNER TO CURRENT_USER`],
    ['read without policies', `SET row_security = off; SELECT * FROM ${TABLE}`],
    ['become the owner', 'SET ROLE lodestone_owner'],
    ['become the superuser', 'SET ROLE postgres'],
    ['make a role', 'CREATE ROLE another'],
    ['make a table in the schema', 'CREATE TABLE lodestone.mine ()'],
    ['write an announcement', 'INSERT INTO lodestone.changes DEFAULT VALUES'],
    ['open a version to readers', 'UPDATE lodestone.views SET published = true'],
    ['copy to a file', `COPY ${TABLE} TO '/tmp/lodestone-rows'`],
    ['run a program', `COPY ${TABLE} TO PROGRAM 'cat'`],
  ])('does not let a reader %s', (_, statement) =>
    expect(asReader(as('country:JP'), statement)).rejects.toThrow(
      /permission denied|must be owner|must have|row-level security/,
    ),
  );

  it('binds readers and owner alike: neither is a superuser, and neither bypasses it', async () => {
    const roles = await asOwner(
      `SELECT rolname, rolsuper, rolbypassrls, rolinherit, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles WHERE rolname IN ('lodestone_owner', 'lodestone_reader') ORDER BY 1`,
    );
    const bound = { rolsuper: false, rolbypassrls: false, rolcreatedb: false, rolreplication: false };
    expect(roles).toEqual([
      { rolname: 'lodestone_owner', ...bound, rolinherit: true, rolcreaterole: true },
      { rolname: 'lodestone_reader', ...bound, rolinherit: false, rolcreaterole: false },
    ]);
    const tables = await asOwner(
      `SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname LIKE 'test.%/1' AND relkind = 'r'`,
    );
    expect(tables).toEqual(VIEWS.map(() => ({ relrowsecurity: true, relforcerowsecurity: true })));
  });
});

describe('The pool of connections', () => {
  it('answers many readers at once, each with its own', async () => {
    await keep(
      sites,
      new Map(
        Object.entries({ JP: site('JP', markedFor(JP)), US: site('US', markedFor(US)), EU: site('EU', markedFor(EU)) }),
      ),
    );
    const questions = Array.from({ length: 120 }, (_, index) => readers[index % 3]!);
    const answers = await Promise.all(questions.map((who) => reads.list<Site>(sites, who, {}, 9)));
    expect(answers.map((rows) => rows.map(({ key }) => key))).toEqual(questions.map(({ country }) => [country]));
  });

  it('carries no reader’s audiences beyond the question', async () => {
    // The catalogue, which is read outside of any reader’s transaction, shows itself only to who has no audiences.
    await asOwner(
      `ALTER TABLE lodestone.views ENABLE ROW LEVEL SECURITY`,
      `CREATE POLICY probe ON lodestone.views TO lodestone_reader USING (coalesce(current_setting('lodestone.audiences', true), '') = '')`,
    );
    try {
      await Promise.all(Array.from({ length: 40 }, () => reads.count(sites, japan, {})));
      const fresh = Array.from({ length: 40 }, () => reads.reached(sites, 0n));
      await expect(Promise.all(fresh)).resolves.toHaveLength(40);
    } finally {
      await asOwner('DROP POLICY probe ON lodestone.views', 'ALTER TABLE lodestone.views DISABLE ROW LEVEL SECURITY');
    }
  });

  it('counts the whole list of each reader, whatever becomes of rows and their markings', () =>
    fc.assert(
      fc.asyncProperty(fc.array(table, { minLength: 1, maxLength: 3 }), async (states) => {
        await using held = await store.hold([sites], AbortSignal.timeout(10_000));
        for (const rows of states) await held.commit(++position, new Map([[sites, rows]]));
        const counts = await asOwner<{ marking: number; rows: string }>(
          `SELECT marking, rows FROM lodestone.counts WHERE name = 'test.sites' AND marking > 0 AND rows <> 0 ORDER BY 1`,
        );
        expect(counts).toEqual(
          await asOwner(`SELECT marking, count(*) AS rows FROM lodestone."test.sites/1" GROUP BY 1 ORDER BY 1`),
        );
      }),
      { numRuns: 10 },
    ));

  it('counts what a filter fits up to a thousand, and says so', async () => {
    const rows = new Map(
      Array.from({ length: 1_001 }, (_, at) => [`${at}`, site(at < 1_000 ? 'many' : 'one', markedFor(JP))]),
    );
    await keep(sites, rows);
    expect(await reads.count(sites, japan, {})).toEqual(exactly(1_001));
    expect(await reads.count(sites, japan, { name: 'many' })).toEqual(exactly(1_000));
    expect(await reads.count(sites, japan, { stage: 'MINING' })).toEqual({ rows: 1_000, isCapped: true });
  });

  it('counts what was opened to a person, once', async () => {
    await keep(
      sites,
      new Map([
        ['own', site('a', markedFor(US))],
        ['opened', site('b', markedFor(JP))],
      ]),
    );
    for (const opened of [['opened'], ['opened', 'own']])
      expect(await reads.count(sites, { ...america, breakGlassRecords: opened as never }, {})).toEqual(exactly(2));
  });

  it('does not hand on a connection on which a question failed', async () => {
    await keep(sites, new Map([['a', site('a', markedFor(JP))]]));
    const failing = Array.from({ length: 20 }, () => reads.count(sites, japan, { tonnes: 'not a number' }));
    expect((await Promise.allSettled(failing)).every(({ status }) => status === 'rejected')).toBe(true);
    expect(await Promise.all(Array.from({ length: 20 }, () => reads.count(sites, japan, {})))).toEqual(
      Array<Total>(20).fill(exactly(1)),
    );
    const renamed = (from: string, to: string) => `ALTER TABLE lodestone."test.sites/1" RENAME ${from} TO ${to}`;
    const named = () => reads.count(sites, japan, { name: 'a' });
    await asOwner(renamed('f_name', 'f_gone'));
    await expect(named()).rejects.toThrow(ReadStoreUnavailable);
    await asOwner(renamed('f_gone', 'f_name'));
    expect(await named()).toEqual(exactly(1));
  });

  it('asks anew where a table has been made anew with other columns', async () => {
    const typed = (type: string) => `ALTER TABLE lodestone."test.sites/1" ALTER f_year TYPE ${type}`;
    const order = { field: 'year', direction: 'ASC' } as const;
    await keep(sites, new Map([['a', site('a', markedFor(JP))]]));
    for (const type of ['bigint', 'integer']) {
      expect((await reads.page(sites, japan, { first: 1, order })).items).toHaveLength(1);
      await asOwner(typed(type));
    }
    expect((await reads.page(sites, japan, { first: 1, order })).items).toHaveLength(1);
  });
});

describe('The change feed', () => {
  const rowsOf = (count: number): Map<string, Site> =>
    new Map(Array.from({ length: count }, (_, index) => [`k${index}`, site(`s${index}`, markedFor(JP))]));

  it('numbers without gaps, in the order in which changes can be seen, however many write', async () => {
    const start = await feed.latest();
    const stop = new AbortController();
    const seen: bigint[] = [];
    const following = (async () => {
      for (let last = start; !stop.signal.aborted || seen.length === 0;) {
        const changes = await feed.after(last, 7);
        seen.push(...changes.map(({ number }) => number));
        last = changes.at(-1)?.number ?? last;
      }
    })();
    await Promise.all(
      VIEWS.map(async (of) => {
        await using held = await store.hold([of], AbortSignal.timeout(10_000));
        await held.publish([of]);
        for (let turn = 1; turn <= 25; turn++) {
          const rows =
            of === sites
              ? rowsOf((turn % 4) + 1)
              : new Map([['p', { site: 'k0', tonnes: decimal(String(turn)), marking: markedFor(JP) }]]);
          await held.commit(++position, new Map([[of, rows]]));
        }
      }),
    );
    const last = await feed.latest();
    while (seen.at(-1) !== last) await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort();
    await following;
    expect(seen).toEqual(Array.from({ length: Number(last - start) }, (_, index) => start + BigInt(index) + 1n));
  });

  it('tells that it has news', async () => {
    const told = Promise.withResolvers<void>();
    const stop = new AbortController();
    feed.listen(() => told.resolve(), stop.signal);
    await keep(sites, rowsOf(1));
    await told.promise;
    stop.abort();
  });

  it('takes back a number that nothing was announced under', async () => {
    const before = await feed.latest();
    await using held = await store.hold([sites], AbortSignal.timeout(10_000));
    await held.publish([sites]);
    const unfit = { marking: markedFor(JP), name: '\u0000', stage: '', materials: [], tonnes: '1' };
    await expect(
      held.commit(++position, new Map([[sites, new Map<string, Marked>([['a', unfit]])]])),
    ).rejects.toThrow();
    expect(await feed.latest()).toBe(before);
    await held.commit(++position, new Map([[sites, new Map([['a', site(`as of ${position}`, markedFor(JP))]])]]));
    expect((await feed.after(before, 9)).map(({ number }) => number)).toEqual([before + 1n]);
  });

  it('says so when what a cursor asks for is no longer kept', async () => {
    await keep(sites, rowsOf(3));
    const last = await feed.latest();
    await asOwner(`DELETE FROM lodestone.changes WHERE number < ${last}`);
    await asOwner(`UPDATE lodestone.change_head SET since = ${last - 1n}`);
    await expect(feed.after(last - 2n, 9)).rejects.toThrow(FeedExpired);
    expect(await feed.after(last - 1n, 9)).toHaveLength(1);
    expect(await feed.after(last, 9)).toEqual([]);
  });

  const write = async (of: AnyView, rows: readonly (readonly [string, Marked | null])[]): Promise<void> => {
    await using held = await store.hold([of], AbortSignal.timeout(10_000));
    await held.publish([of]);
    await held.commit(++position, new Map([[of, new Map(rows)]]));
  };
  const part = (of: string, marking: Marking): Part => ({ site: of, tonnes: decimal('1'), marking });

  it('tells what a row was and is, and nothing of one that stays as it was', async () => {
    await keep(sites, new Map([['a', site('one', markedFor(JP))]]));
    const before = await feed.latest();
    await write(sites, [['a', site('one', markedFor(JP))]]);
    expect(await feed.latest()).toBe(before);
    await write(sites, [['a', site('one', markedFor(JP, 'MEMBERS'))]]);
    await write(sites, [['a', site('two', markedFor(JP, 'MEMBERS'))]]);
    await write(sites, [['a', null]]);
    const [wider, other, gone, ...more] = await feed.after(before, 9);
    expect(more).toEqual([]);
    expect(wider).toMatchObject({ before: { marking: markedFor(JP) }, after: { marking: markedFor(JP, 'MEMBERS') } });
    expect(wider!.before!.content).toBe(wider!.after!.content);
    expect(other!.before).toEqual({ ...wider!.after, at: other!.before!.at });
    expect(other!.after!.content).not.toBe(other!.before!.content);
    expect(gone!.after).toBeNull();
  });

  it('tells of the parts of a whole that is for others now, or gone, and of no others', async () => {
    await keep(sites, new Map(['a', 'b'].map((key) => [key, site(key, markedFor(US, 'MEMBERS'))])));
    await keep(parts, new Map([['of a', part('a', markedFor(US, 'MEMBERS'))], ['of b', part('b', markedFor(US))]])); // prettier-ignore
    const before = await feed.latest();
    await write(sites, [['a', site('other words', markedFor(US, 'MEMBERS'))]]);
    await write(sites, [['a', site('other words', markedFor(US))]]);
    await write(sites, [['a', null]]);
    const told = await feed.after(before, 9);
    expect(told.map(({ view, key }) => [view, key])).toEqual([
      ['test.sites', 'a'],
      ['test.sites', 'a'],
      ['test.parts', 'of a'],
      ['test.sites', 'a'],
      ['test.parts', 'of a'],
    ]);
    expect(told[2]).toMatchObject({
      before: { within: { key: 'a', marking: markedFor(US, 'MEMBERS') } },
      after: { within: { key: 'a', marking: markedFor(US) } },
    });
    expect(told[4]).toMatchObject({
      before: { within: { marking: markedFor(US) } },
      after: { within: { marking: null } },
    });
  });

  it('tells of what stands on a part when its whole is for others now, as it was before', async () => {
    await keep(sites, new Map([['a', site('a', markedFor(US, 'MEMBERS'))]]));
    await keep(parts, new Map([['part', part('a', markedFor(US, 'MEMBERS'))]]));
    await keep(notes, new Map(['a', 'part', 'gone'].map((on) => [`on ${on}`, part(on, markedFor(US, 'MEMBERS'))])));
    const before = await feed.latest();
    await using held = await store.hold(VIEWS, AbortSignal.timeout(10_000));
    await held.publish(VIEWS);
    // Both its whole and the whole of that: told once, as it was before either.
    await held.commit(
      ++position,
      new Map<AnyView, ReadonlyMap<string, Marked>>([
        [sites, new Map([['a', site('a', markedFor(US))]])],
        [parts, new Map([['part', part('a', markedFor(US, 'country:JP' as Audience))]])],
      ]),
    );
    const told = await feed.after(before, 9);
    expect(told.map(({ key }) => key).sort()).toEqual(['a', 'on a', 'on part', 'part']);
    const onPart = told.find(({ key }) => key === 'on part')!;
    const [was, is] = [markedFor(US, 'MEMBERS'), markedFor(US, 'country:JP' as Audience)];
    expect(onPart.before!.within).toEqual({ key: 'part', marking: was, within: { key: 'a', marking: was } });
    expect(onPart.after!.within).toEqual({ key: 'part', marking: is, within: { key: 'a', marking: markedFor(US) } });
    for (const each of told) expect([isSeen(each.key, each.before!, japan), isSeen(each.key, each.after!, japan)]).toEqual([true, false]); // prettier-ignore
  });

  it('tells the first change of each row between two numbers', async () => {
    const readers = [readerFor(japan, 'test')];
    await keep(sites, new Map());
    const before = await feed.latest();
    for (const [key, name] of [
      ['x', '1'],
      ['y', '2'],
      ['x', '3'],
      ['z', '4'],
      ['y', '5'],
    ] as const)
      // prettier-ignore
      await write(sites, [[key, site(name, markedFor(JP))]]);
    const firsts = async (to: bigint, from: bigint, limit = 9): Promise<[string, bigint][]> =>
      (await feed.firstOfEach(sites.name, { number: before, to, from, readers }, limit)).map((each) => [
        each.key,
        each.number - before,
      ]);
    expect(await firsts(before + 9n, before)).toEqual([
      ['x', 1n],
      ['y', 2n],
      ['z', 4n],
    ]);
    expect(await firsts(before + 9n, before + 1n, 1)).toEqual([['y', 2n]]);
    expect(await firsts(before + 3n, before + 2n)).toEqual([]);
    const range = { number: before, to: before + 9n, from: before, readers };
    expect(await feed.firstOfEach(parts.name, range, 9)).toEqual([]);
    await expect(feed.firstOfEach(sites.name, { ...range, number: 0n, to: before, from: 0n }, 9)).rejects.toThrow(
      FeedExpired,
    );
  });
});

describe('The first change of each row that concerns a reader', () => {
  const audiences = to('PUBLIC', `country:${US}`);
  const steps = fc.array(
    fc.record({
      key: fc.constantFrom('a', 'b', 'c'),
      // A row that is taken away, or written for one, the other, both or nobody.
      seenBy: fc.option(fc.subarray(audiences)),
      expires: fc.boolean(),
    }),
    { minLength: 1, maxLength: 12 },
  );

  it('is the first of those in whose before or after it may see the row, whatever lies between', () =>
    fc.assert(
      fc.asyncProperty(steps, fc.nat(), async (made, cut) => {
        await keep(sites, new Map());
        const begin = await feed.latest();
        for (const [index, { key, seenBy, expires }] of made.entries()) {
          const marking = seenBy && {
            ...markedFor(JP, ...seenBy),
            ...(expires && { expiresAt: '2999-01-01T00:00:00.000Z' as Instant }),
          };
          await using held = await store.hold([sites], AbortSignal.timeout(10_000));
          await held.publish([sites]);
          await held.commit(++position, new Map([[sites, new Map([[key, marking && site(`${index}`, marking)]])]]));
        }
        const all = await feed.after(begin, 100);
        const number = all.length === 0 ? begin : begin + BigInt(cut % (all.length + 1));
        const range = { number, to: begin + BigInt(all.length), from: number };
        for (const readers of [[america], [japan], [japan, america]].map((some) =>
          some.map((who) => readerFor(who, 'test')),
        )) {
          const concerning = all.filter(
            ({ number: each, view: of, key, before, after }) =>
              of === sites.name &&
              each > number &&
              [before, after].some((state) => state && readers.some((reader) => isSeen(key, state, reader))),
          );
          const firsts = concerning.filter(({ key }, at) => concerning.findIndex((each) => each.key === key) === at);
          const told = await feed.firstOfEach(sites.name, { ...range, readers }, 100);
          expect(told).toEqual(firsts);
          // Page by page it is the same.
          const paged = [];
          for (let from = number; ;) {
            const [one] = await feed.firstOfEach(sites.name, { ...range, from, readers }, 1);
            if (!one) break;
            paged.push(one);
            from = one.number;
          }
          expect(paged).toEqual(firsts);
        }
      }),
      { numRuns: 40 },
    ));

  it('is any of a row that was opened to it', async () => {
    await keep(sites, new Map());
    const number = await feed.latest();
    for (const name of ['1', '2']) await keep(sites, new Map([['k', site(name, markedFor(JP))]]));
    const to = await feed.latest();
    const of = (who: Principal) =>
      feed.firstOfEach(sites.name, { number, to, from: number, readers: [readerFor(who, 'test')] }, 9);
    expect(await of(america)).toEqual([]);
    const opened = await of({ ...america, breakGlassRecords: ['k'] as never });
    expect(opened.map(({ key, before }) => [key, before])).toEqual([['k', null]]);
  });
});

describe('What one reader may see and another may not', () => {
  it('is what each of them finds, one without the other', async () => {
    const audiences = fc.uniqueArray(
      fc.constantFrom(...to('PUBLIC', 'MEMBERS', `country:${JP}`, `country:${US}`, 'group:x')),
      { maxLength: 2 },
    );
    const markings: fc.Arbitrary<Marking> = fc.record({
      owner: fc.constantFrom(JP, US),
      releaseTo: audiences,
      handling: fc.constant('AMBER' as const),
      denyTo: audiences,
      level: fc.constantFrom('OPEN' as const, 'SECRET' as const),
    });
    const who = fc
      .record({
        audiences,
        clearance: fc.constantFrom('OPEN' as const, 'SECRET' as const),
        breakGlassRecords: fc.constantFrom([], ['s0'], ['p1']),
      })
      .map((reader): Principal => ({ ...japan, ...(reader as object) }));
    await fc.assert(
      fc.asyncProperty(fc.array(markings, { minLength: 4, maxLength: 4 }), who, who, async (given, one, other) => {
        const [s0, s1, p0, p1] = given as [Marking, Marking, Marking, Marking];
        await keep(sites, new Map([['s0', site('s0', s0)], ['s1', site('s1', s1)]])); // prettier-ignore
        const on = (site: string, marking: Marking): Part => ({ site, tonnes: decimal('1'), marking });
        await keep(parts, new Map([['p0', on('s0', p0)], ['p1', on('s0', p1)]])); // prettier-ignore
        await keep(notes, new Map([['n0', on('s1', p0)], ['n1', on('p0', p1)]])); // prettier-ignore
        for (const each of VIEWS) {
          const seen = async (reader: Principal) => [
            ...(await reads.find(each, reader, ['s0', 's1', 'p0', 'p1', 'n0', 'n1'])).keys(),
          ];
          const both = await seen(other);
          expect(await reads.onlyFor(each, one, other)).toEqual((await seen(one)).filter((key) => !both.includes(key)).sort()); // prettier-ignore
        }
      }),
      { numRuns: 40 },
    );
  });
});
