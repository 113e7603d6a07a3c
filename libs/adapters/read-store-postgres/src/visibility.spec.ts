import type { Total } from '@foundation/eventing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  heightOf,
  instant,
  LEVELS,
  mayRead,
  ownerAudience,
  recordId,
  SECRETARIAT,
  view,
  type AnyView,
  type Audience,
  type DomainEvent,
  type GroupAudience,
  type Instant,
  type Marked,
  type Marking,
  type Party,
  type Principal,
  type RecordId,
} from '@kernel';
import { EU, JP, markedFor, person, US } from '@kernel/testing';
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
import { admits, readerAsParameters, settingsOf } from './visibility.js';

type Whole = Marked & { name: string };
type Part = Marked & { whole: string };
const wholes: AnyView = view<DomainEvent, Whole>({
  name: 'test.wholes',
  version: 1,
  events: [],
  fields: { name: { kind: 'text', filter: true, sort: true } },
  project: (row) => row,
});
const parts: AnyView = view<DomainEvent, Part>({
  name: 'test.parts',
  version: 1,
  events: [],
  fields: { whole: { kind: 'text', filter: true } },
  parent: { view: 'test.wholes', field: 'whole' },
  project: (row) => row,
});
/** Each stands on a whole or on a part. */
const notes: AnyView = {
  ...parts,
  name: 'test.notes',
  parent: { view: ['test.wholes', 'test.parts'], field: 'whole' },
};
const VIEWS = [wholes, parts, notes];
const [WHOLES, PARTS, NOTES] = VIEWS.map(({ name }) => `lodestone."${name}/1"`);

let database: StartedDatabase;
let readerUrl: string;
let owner: Client;
/** A connection of the reading login. */
let guarded: Client;
let news: ChangeNotifications;
let store: PostgresProjectionStore;
let reads: PostgresReadModels;
/** The read gateway as the owner of the tables, whom row-level security lets see everything: the first line of defence alone. */
let unguarded: PostgresReadModels;

beforeAll(async () => {
  database = await startDatabase();
  store = new PostgresProjectionStore(database.url);
  await store.prepare(VIEWS);
  readerUrl = await admitReader(database.url, 'secret');
  news = new ChangeNotifications(readerUrl);
  reads = new PostgresReadModels(readerUrl, VIEWS, news);
  unguarded = new PostgresReadModels(database.url, VIEWS, news);
  owner = new Client({ connectionString: database.url });
  guarded = new Client({ connectionString: readerUrl });
  await Promise.all([owner.connect(), guarded.connect()]);
});
afterAll(async () => {
  await guarded?.end();
  await owner?.end();
  await reads?.close();
  await unguarded?.close();
  await news?.close();
  await database?.stop();
});

let position = 0n;
/** Makes these the only rows, the way the projector does. */
const keep = async (...tables: [AnyView, ReadonlyMap<string, Marked>][]): Promise<void> => {
  await using held = await store.hold(
    tables.map(([of]) => of),
    AbortSignal.timeout(10_000),
  );
  await held.publish(tables.map(([of]) => of));
  for (const [of, rows] of tables) {
    const { rows: before } = await owner.query<{ key: string }>(`SELECT key FROM lodestone."${of.name}/1"`);
    const gone = before.map(({ key }): [string, null] => [key, null]);
    await held.commit(++position, new Map([[of, new Map<string, Marked | null>([...gone, ...rows])]]));
  }
};
/** What a connection of the reading login gets, statement by statement; the rows of the last. */
const asReader = async <T extends object>(...statements: string[]): Promise<T[]> => {
  const client = new Client({ connectionString: readerUrl });
  await client.connect();
  try {
    for (const each of statements.slice(0, -1)) await client.query(each);
    return (await client.query<T>(statements.at(-1)!)).rows;
  } finally {
    await client.end();
  }
};
/** What row-level security alone leaves of a table for a reader. */
const secondNet = async (who: Principal, table: string): Promise<string[]> => {
  await guarded.query(`BEGIN; ${settingsOf(who)}`);
  const { rows } = await guarded.query<{ key: string }>(`SELECT key FROM ${table}`);
  await guarded.query('COMMIT');
  return rows.map(({ key }) => key);
};
/** A count that was not cut short. */
const exactly = (rows: number): Total => ({ rows, isCapped: false });
const keysOf = (rows: readonly { key: string }[]): string[] => rows.map(({ key }) => key).sort();
const hours = (count: number): Instant => instant(new Date(Date.now() + count * 3_600_000).toISOString());
const id = (index: number): RecordId => recordId(`00000000-0000-5000-8000-${String(index).padStart(12, '0')}`);
const groups: readonly GroupAudience[] = [1, 2, 3].map((index): GroupAudience => `group:${id(index)}`);

const everyone = fc.constantFrom<Audience>(
  'PUBLIC',
  'MEMBERS',
  SECRETARIAT,
  'country:JP' as Audience,
  'country:US' as Audience,
  ...groups,
  `person:${id(9)}` as Audience,
);
const some = (maxLength: number) => fc.uniqueArray(everyone, { maxLength });
const marking: fc.Arbitrary<Marking> = fc.record(
  {
    owner: fc.constantFrom<Party>(JP, US, EU, SECRETARIAT),
    releaseTo: some(3),
    handling: fc.constant('AMBER'),
    displayOnlyTo: some(1),
    denyTo: some(1),
    needToKnow: fc.subarray([...groups], { maxLength: 2 }),
    level: fc.constantFrom(...LEVELS),
    embargoUntil: fc.constantFrom(hours(-1), hours(1)),
    expiresAt: fc.constantFrom(hours(-1), hours(1), hours(10_000)),
    aggregateOnly: fc.boolean(),
  },
  { requiredKeys: ['owner', 'releaseTo', 'handling'] },
);
const KEYS = Array.from({ length: 100 }, (_, index) => id(index));
const principal: fc.Arbitrary<Principal> = fc
  .record({
    audiences: some(5),
    deniedAs: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: some(3) }),
    clearance: fc.constantFrom(...LEVELS),
    breakGlassRecords: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.subarray(KEYS, { maxLength: 3 }) },
    ),
  })
  .map((reader) => ({ ...person(null, []), ...reader }));
const world = fc.record({
  wholes: fc.array(marking, { minLength: KEYS.length, maxLength: KEYS.length }),
  parts: fc.array(fc.tuple(marking, fc.nat(KEYS.length + 5)), { minLength: KEYS.length, maxLength: KEYS.length }),
  notes: fc.array(fc.tuple(marking, fc.nat(KEYS.length + 5)), { minLength: KEYS.length, maxLength: KEYS.length }),
  readers: fc.array(principal, { minLength: 20, maxLength: 20 }),
});

describe('The access policy', () => {
  let pairs = 0;

  it('is the same in the kernel, in the first line of defence, in the second line of defence and in both together', async () => {
    await fc.assert(
      fc.asyncProperty(world, async ({ wholes: markings, parts: marked, notes: noted, readers }) => {
        const whole = new Map(markings.map((each, index) => [KEYS[index]!, { marking: each, name: String(index) }]));
        const within = (some: typeof marked) =>
          new Map(some.map(([each, of], index) => [KEYS[index]!, { marking: each, whole: KEYS[of] ?? 'gone' }]));
        const [part, note] = [within(marked), within(noted)];
        await keep([wholes, whole], [parts, part], [notes, note]);
        for (const who of readers) {
          const sees = (row: Marked): boolean => mayRead(row.marking, who, hours(0));
          const isOpened = (key: string): boolean => who.breakGlassRecords.includes(key as RecordId);
          const seen = keysOf([...whole].filter(([key, row]) => sees(row) || isOpened(key)).map(([key]) => ({ key })));
          const seenWithin = (some: typeof part, among: readonly string[]) =>
            keysOf(
              [...some]
                .filter(
                  ([key, row]) =>
                    isOpened(key) ||
                    (sees(row) &&
                      (who.audiences.includes(ownerAudience(row.marking.owner)) || among.includes(row.whole))),
                )
                .map(([key]) => ({ key })),
            );
          const seenParts = seenWithin(part, seen);
          for (const [of, table, expected] of [
            [wholes, WHOLES, seen],
            [parts, PARTS, seenParts],
            // A note on what is both a whole’s key and a part’s stands on either.
            [notes, NOTES, seenWithin(note, [...seen, ...seenParts])],
          ] as const) {
            expect(keysOf(await unguarded.list(of, who, {}, 1_000))).toEqual(expected);
            expect((await secondNet(who, table!)).sort()).toEqual(expected);
            expect(keysOf((await reads.page(of, who, { first: 200 })).items)).toEqual(expected);
            pairs += KEYS.length;
          }
        }
      }),
      // Smaller worlds are not worth the time that it takes to look for them.
      { numRuns: 3, endOnFailure: true },
    );
    expect(pairs).toBeGreaterThanOrEqual(10_000);
  });

  it('opens and closes at the very instant, by the clock of the database', async () => {
    const anyone: Principal = { ...person(null, []), audiences: ['PUBLIC'], clearance: 'OPEN' };
    const times = [-1, 0, 1].flatMap((ms) => [`opens ${ms}`, `closes ${ms}`]);
    const markings = times.map((name) => {
      const [column, ms] = [name.split(' ')[0]!, Number(name.split(' ')[1])];
      return `(${times.indexOf(name) + 1}, '${name}', 'country:JP', '{country:JP,PUBLIC}', '{}', '{}', 0,
        ${['opens', 'closes'].map((each) => (each === column ? `now() + interval '${ms} ms'` : 'NULL')).join(', ')})`;
    });
    await owner.query('GRANT lodestone_reader TO lodestone_owner WITH SET TRUE');
    await owner.query('BEGIN');
    try {
      await owner.query(`INSERT INTO lodestone.markings VALUES ${markings.join(', ')}`);
      await owner.query(
        `INSERT INTO ${WHOLES} SELECT digest, id, '{}', digest FROM lodestone.markings WHERE id <= ${times.length}`,
      );
      const values: unknown[] = [];
      const reader = readerAsParameters(anyone, (value) => `$${values.push(value)}`);
      const first = await owner.query<{ key: string }>(
        `SELECT digest AS key FROM lodestone.markings m WHERE id <= ${times.length} AND ${admits('m', reader)}`,
        values,
      );
      await owner.query('SET LOCAL ROLE lodestone_reader');
      await owner.query(settingsOf(anyone));
      const second = await owner.query<{ key: string }>(
        `SELECT key FROM ${WHOLES} WHERE key LIKE ANY ('{opens%,closes%}')`,
      );
      const open = ['closes 1', 'opens -1', 'opens 0'];
      expect([keysOf(first.rows), keysOf(second.rows)]).toEqual([open, open]);
    } finally {
      await owner.query('ROLLBACK');
      await owner.query('REVOKE lodestone_reader FROM lodestone_owner');
    }
  });

  it('shows a part within a whole that is seen or opened, and always to its owner, in each net', async () => {
    const open = { marking: markedFor(JP, 'PUBLIC') };
    await keep(
      [
        wholes,
        new Map([
          ['seen', { ...open, name: 'a' }],
          ['hidden', { marking: markedFor(JP), name: 'b' }],
          ['opened', { marking: markedFor(JP), name: 'c' }],
        ]),
      ],
      [
        parts,
        new Map([
          ...['seen', 'hidden', 'opened', 'gone'].map((whole) => [`of ${whole}`, { ...open, whole }] as const),
          ['own', { marking: markedFor(US), whole: 'hidden' }],
        ]),
      ],
    );
    const who = { ...person(US, 'LIAISON'), breakGlassRecords: ['opened' as RecordId] };
    const expected = ['of opened', 'of seen', 'own'];
    expect(keysOf(await unguarded.list(parts, who, {}, 9))).toEqual(expected);
    expect((await secondNet(who, PARTS!)).sort()).toEqual(expected);
  });

  it('reads outside the subjects of a mandate only what is public', async () => {
    await keep([
      wholes,
      new Map([
        ['open', { marking: markedFor(JP, 'PUBLIC'), name: 'a' }],
        ['released', { marking: markedFor(JP, 'MEMBERS'), name: 'b' }],
      ]),
    ]);
    const under = (...subjects: string[]): Principal => ({
      ...person(US, 'DELEGATE'),
      breakGlassRecords: ['released' as RecordId],
      mandate: { id: id(1), delegate: EU, subjects, mayCommand: false },
    });
    expect(await reads.count(wholes, under('test'), {})).toEqual(exactly(2));
    expect(await reads.count(wholes, under('other'), {})).toEqual(exactly(1));
  });

  it('shuts out of what is denied to a delegate also whoever acts under its mandate, in each net', async () => {
    const denied = { denyTo: ['country:EU' as Audience] };
    await keep([
      wholes,
      new Map(
        Object.entries({
          denied: { ...markedFor(JP, 'country:US' as Audience), ...denied },
          open: { ...markedFor(JP, 'PUBLIC'), ...denied },
          own: { ...markedFor(US), ...denied },
          released: markedFor(JP, 'country:US' as Audience),
        }).map(([key, each]) => [key, { marking: each, name: key }]),
      ),
    ]);
    const america = person(US, 'DELEGATE');
    const under = (...subjects: string[]): Principal => ({
      ...america,
      deniedAs: person(EU, 'DELEGATE').audiences,
      mandate: { id: id(1), delegate: EU, subjects, mayCommand: false },
    });
    for (const net of [unguarded, reads]) {
      expect(keysOf(await net.list(wholes, america, {}, 9))).toEqual(['denied', 'open', 'own', 'released']);
      expect(keysOf(await net.list(wholes, under('test'), {}, 9))).toEqual(['released']);
      expect(await net.count(wholes, under('other'), {})).toEqual(exactly(0));
    }
    expect(await secondNet(under('test'), WHOLES!)).toEqual(['released']);
  });
});

describe('Each of the two nets', () => {
  const japan = person(JP, 'DELEGATE');
  /** A reader of whom the compiled query is told one thing and the transaction's settings another. */
  const told = (query: readonly Audience[], settings: readonly Audience[]): Principal => ({
    ...japan,
    audiences: Object.assign([...query], { join: () => settings.join(',') }),
  });

  it('holds for the counts of classes', async () => {
    await keep([
      wholes,
      new Map([
        ['a', { marking: markedFor(JP), name: 'a' }],
        ['b', { marking: markedFor(JP, 'PUBLIC'), name: 'b' }],
      ]),
    ]);
    const counted = async (...audiences: Audience[]) =>
      asReader<{ rows: string }>(
        `BEGIN; ${settingsOf(told([], audiences))}`,
        `SELECT rows FROM lodestone.counts WHERE name = 'test.wholes' AND marking > 0 AND rows > 0`,
      );
    expect(await counted(...japan.audiences)).toHaveLength(2);
    expect(await counted('PUBLIC')).toHaveLength(1);
    expect(await counted()).toEqual([]);
  });

  it('holds when the other one lets everything through', async () => {
    await keep([wholes, new Map([['a', { marking: markedFor(JP), name: 'a' }]])]);
    const own = japan.audiences;
    expect(await reads.count(wholes, told(own, own), {})).toEqual(exactly(1));
    for (const other of [[], ['PUBLIC'], ['country:US' as Audience]] as Audience[][]) {
      expect(await reads.count(wholes, told(own, other), {})).toEqual(exactly(0));
      expect(await reads.count(wholes, told(other, own), {})).toEqual(exactly(0));
      expect(await unguarded.count(wholes, told(own, other), {})).toEqual(exactly(1));
    }
    expect(await secondNet(told([], own), WHOLES!)).toEqual(['a']);
  });
});

describe('A page', () => {
  const SEVERAL = 600;
  const inMany = new Map(
    Array.from({ length: SEVERAL }, (_, index): [string, Whole] => [
      id(index),
      { marking: { ...markedFor(JP, 'PUBLIC'), embargoUntil: hours(-1 - index) }, name: String(index % 7) },
    ]),
  );
  const anyone = { ...person(null, []), audiences: ['PUBLIC' as const] };
  const walk = async (who: Principal, field?: string): Promise<string[]> => {
    const walked: string[] = [];
    for (let after; ;) {
      const order = field === undefined ? undefined : ({ field, direction: 'DESC' } as const);
      const page: Awaited<ReturnType<typeof reads.page>> = await reads.page(wholes, who, { first: 90, after, order });
      walked.push(...page.items.map(({ key }) => key));
      if (!page.hasNext) return walked;
      after = page.items.at(-1)!.place;
    }
  };

  it('is in order over however many marking classes', async () => {
    await keep([wholes, inMany]);
    const { rows } = await owner.query<{ key: string }>(`SELECT key FROM ${WHOLES} ORDER BY f_name DESC, key DESC`);
    expect(await walk(anyone)).toEqual([...inMany.keys()]);
    expect(await walk(anyone, 'name')).toEqual(rows.map(({ key }) => key));
  });

  it('shows what was opened to the reader once and in its place, whether its class admits the reader or not', async () => {
    const rows = new Map(
      ['a', 'b', 'c', 'd'].map((key): [string, Whole] => [
        key,
        { marking: key < 'c' ? markedFor(JP) : markedFor(JP, 'PUBLIC'), name: key },
      ]),
    );
    await keep([wholes, rows]);
    const opened = ['b', 'd', 'none'] as RecordId[];
    expect(await walk({ ...anyone, breakGlassRecords: opened }, 'name')).toEqual(['d', 'c', 'b']);
    expect(await walk({ ...anyone, breakGlassRecords: opened })).toEqual(['b', 'c', 'd']);
    expect(await walk({ ...anyone, breakGlassRecords: opened, audiences: [] })).toEqual(['b', 'd']);
  });

  it('is read from indexes, never by reading through the table', async () => {
    const rows = Array.from({ length: 5_000 }, (_, index): [string, Whole] => [
      id(index),
      { marking: index % 100 === 0 ? markedFor(JP, 'PUBLIC') : markedFor(JP), name: String(index % 1_000) },
    ]);
    await keep([wholes, new Map(rows)]);
    const scans = async (): Promise<{ seq: string; idx: string }> => {
      const { rows: counted } = await owner.query<{ seq: string; idx: string }>(
        `SELECT seq_scan AS seq, idx_scan AS idx FROM pg_stat_user_tables WHERE relid = '${WHOLES}'::regclass`,
      );
      return counted[0]!;
    };
    const own = new PostgresReadModels(readerUrl, [wholes], news);
    // What a server process has done shows once it has ended; the earlier works of this one and the writer's must not count.
    await owner.query('SELECT pg_stat_force_next_flush()');
    for (let isWriting = true; isWriting;) {
      const { rowCount } = await owner.query(
        `SELECT FROM pg_stat_activity WHERE application_name = 'lodestone-projector'`,
      );
      isWriting = rowCount !== 0;
    }
    const before = await scans();
    for (const audiences of [['PUBLIC'], ['country:JP'], ['PUBLIC', 'country:JP']] as Audience[][]) {
      const who = { ...anyone, audiences };
      for (const order of [undefined, { field: 'name', direction: 'DESC' }] as const)
        for (const after of [undefined, { key: id(2_500), value: '5' }])
          expect((await own.page(wholes, who, { first: 50, order, after })).items.length).toBeGreaterThan(20);
    }
    await own.close();
    let after = await scans();
    while (after.idx === before.idx) after = await scans();
    expect(after.seq).toBe(before.seq);
  });
});

describe('A marking class', () => {
  const classes = async (): Promise<{ key: string; marking: number }[]> =>
    (await owner.query<{ key: string; marking: number }>(`SELECT key, marking FROM ${WHOLES} ORDER BY key`)).rows;

  it('is one for all markings that ask the same of their readers', async () => {
    const asks = (more: Partial<Marking>): Whole => ({ marking: { ...markedFor(JP), ...more }, name: '' });
    await keep([
      wholes,
      new Map(
        Object.entries({
          a: asks({ releaseTo: ['MEMBERS', 'country:US' as Audience] }),
          b: asks({ releaseTo: ['country:US' as Audience, 'MEMBERS'], handling: 'GREEN', originatorControl: true }),
          c: asks({ releaseTo: ['MEMBERS'], displayOnlyTo: ['country:US' as Audience] }),
          d: asks({ releaseTo: ['MEMBERS', 'country:US' as Audience], level: 'SECRET' }),
          e: asks({ releaseTo: ['MEMBERS', 'country:US' as Audience], denyTo: ['country:US' as Audience] }),
        }),
      ),
    ]);
    const [a, b, c, d, e] = (await classes()).map(({ marking: each }) => each);
    expect([b, c]).toEqual([a, a]);
    expect(new Set([a, d, e]).size).toBe(3);
  });

  it('keeps its id for ever, and gets the same from whoever writes at the same time', async () => {
    const rows = new Map(
      Array.from({ length: 30 }, (_, index): [string, Marked & { name: string; whole: string }] => [
        id(index),
        { marking: { ...markedFor(JP), embargoUntil: hours(500 + index) }, name: '', whole: '' },
      ]),
    );
    await Promise.all([keep([wholes, rows]), keep([parts, rows])]);
    const before = await classes();
    const { rows: others } = await owner.query(`SELECT key, marking FROM ${PARTS} ORDER BY key`);
    expect(others).toEqual(before);
    await keep([wholes, rows]);
    expect(await classes()).toEqual(before);
  });
});

describe('The reading login', () => {
  const as = (who: Principal): string => settingsOf(who).replaceAll(', true)', ', false)');
  const america = person(US, 'DELEGATE');
  const secret = { marking: markedFor(JP, groups[0]!), name: 'secret' };

  beforeEach(() =>
    keep([
      wholes,
      new Map([
        ['hidden', secret],
        ['shown', { marking: markedFor(JP, 'MEMBERS'), name: 'shown' }],
      ]),
    ]),
  );

  it('learns of no marking class that does not admit its reader, nor how many there are', async () => {
    expect(await asReader('SELECT id FROM lodestone.markings')).toEqual([]);
    const seen = await asReader<{ readers: string[]; level: number }>(as(america), 'SELECT * FROM lodestone.markings');
    expect(seen.length).toBeGreaterThan(0);
    for (const { readers, level } of seen) {
      expect(readers.some((one) => america.audiences.includes(one as Audience))).toBe(true);
      expect(level).toBeLessThanOrEqual(heightOf(america.clearance));
    }
    // Counted ids would tell by their gaps how many lie between, and a sequence by its state how many there are.
    const { rows } = await owner.query<{ id: number }>('SELECT id FROM lodestone.markings');
    expect(Math.max(...rows.map((each) => each.id))).toBeGreaterThan(1_000_000);
    expect(
      (await owner.query(`SELECT FROM pg_class WHERE relkind = 'S' AND relnamespace = 'lodestone'::regnamespace`))
        .rowCount,
    ).toBe(0);
  });

  it('does not read on a reader’s behalf which rows have changed', async () => {
    const feed = `SELECT key FROM lodestone.changes WHERE key = 'hidden' LIMIT 1`;
    expect(await asReader(as(america), feed)).toEqual([]);
    expect(await asReader(feed)).toEqual([{ key: 'hidden' }]);
    const classes = 'SELECT id FROM lodestone.announced_markings';
    expect(await asReader(as(america), classes)).toEqual([]);
    expect(await asReader(classes)).not.toEqual([]);
    const changes = new PostgresChangeFeed(readerUrl, news);
    expect((await changes.after((await changes.latest()) - 1n, 9)).length).toBe(1);
    await changes.close();
  });

  const everything = `SELECT key FROM ${WHOLES}`;
  it.each<[string, string[]]>([
    ['whose transaction with the settings is over', ['BEGIN', settingsOf(america), 'COMMIT']],
    ['that has been cleared for nothing', [as(america), `SELECT set_config('lodestone.clearance', '', false)`]],
    [
      'that has not said what else denials are asked of',
      [`SELECT set_config('lodestone.audiences', 'country:US', false), set_config('lodestone.clearance', '3', false)`],
    ],
    ['that has no audience', [as(america), `SELECT set_config('lodestone.audiences', '', false)`]],
    ['that was reset', [as(america), 'DISCARD ALL']],
  ])('shows nothing on a connection %s', async (_, before) => {
    expect(await asReader(...before, everything)).toEqual([]);
    expect(await asReader(...before, 'SELECT id FROM lodestone.markings')).toEqual([]);
  });

  it.each<[string, string[]]>([
    ['going back to the role of its login', ['RESET ROLE', everything]],
    ['a view of its own', [`CREATE TEMP VIEW mine AS ${everything}`, 'SELECT * FROM mine']],
    [
      'a condition that fails on what is hidden',
      [`${everything} WHERE 1 / (CASE row->>'name' WHEN 'secret' THEN 0 ELSE 1 END) = 1`],
    ],
    ['a join with the classes', [`SELECT t.key FROM ${WHOLES} t LEFT JOIN lodestone.markings m ON m.id = t.marking`]],
    ['a cursor', [`BEGIN`, `DECLARE c CURSOR FOR ${everything}`, 'FETCH ALL FROM c']],
  ])('sees no more by %s', async (_, statements) => {
    expect(await asReader(as(america), ...statements)).toEqual([{ key: 'shown' }]);
  });

  it('finds no view, materialised view or function that would read with its owner’s rights', async () => {
    const others = await owner.query(
      `SELECT relname FROM pg_class WHERE relnamespace = 'lodestone'::regnamespace AND relkind NOT IN ('r', 'i')
       UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'lodestone'::regnamespace AND prosecdef`,
    );
    expect(others.rows).toEqual([]);
  });

  it('reads no statistics of what it may not see in full', async () => {
    await owner.query('ANALYZE');
    const tables = await asReader(
      as(america),
      `SELECT DISTINCT tablename FROM pg_stats WHERE schemaname = 'lodestone' ORDER BY 1`,
    );
    expect(tables).toEqual([{ tablename: 'change_head' }, { tablename: 'views' }]);
  });
});
