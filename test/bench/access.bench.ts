import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@adapters/postgres-embedded';
import {
  admitReader,
  ChangeNotifications,
  PostgresProjectionStore,
  PostgresReadModels,
} from '@adapters/read-store-postgres';
import type { Filter, Order, Place } from '@foundation/eventing';
import { SECRETARIAT, view, type Audience, type AnyView, type DomainEvent, type Marked, type Principal } from '@kernel';
import { Client } from 'pg';

/**
 * `npm run bench:access`: what it costs a reader that there is much which it may not see. A page of 50 out of
 * BENCH_ROWS rows, for one who sees all and for one who sees one in a hundred; and a filter by a value that only rows have
 * which this one does not see, and by one that none has. Read the ratios, not the figures.
 */
const ROWS = Number(process.env['BENCH_ROWS'] ?? 1_000_000);
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 200);
const PAGE = 50;
const LATEST: Order = { field: 'reportedOn', direction: 'DESC' };

type Row = Marked & { reportedOn: string; tonnes: string; host: string; materials: string[] };
const records: AnyView = view<DomainEvent, Row>({
  name: 'bench.records',
  version: 1,
  events: [],
  fields: {
    reportedOn: { kind: 'text', filter: true, sort: true },
    tonnes: { kind: 'decimal', filter: true, sort: true },
    host: { kind: 'text', filter: true },
    materials: { kind: 'texts', filter: true },
  },
  project: (row) => row,
});
const TABLE = 'lodestone."bench.records/1"';

const group = (index: number): Audience =>
  `group:00000000-0000-5000-8000-${String(index).padStart(12, '0')}` as Audience;
const reader = (...audiences: Audience[]): Principal => ({
  person: '00000000-0000-5000-8000-00000000000a' as Principal['person'],
  country: null,
  roles: [],
  isMember: true,
  audiences,
  deniedAs: [],
  clearance: 'OPEN',
  breakGlassRecords: [],
  mandate: null,
});

/** Who holds what: the share of the rows that each marking class has. All belong to the secretariat. */
type Layout = {
  readonly title: string;
  readonly shares: readonly number[];
  readonly few: readonly Audience[];
  readonly isOld?: true;
};
const layouts: readonly Layout[] = [
  {
    title: '40 marking classes; 1 % of the rows is in 5 of them, and is older than all others',
    shares: Array.from({ length: 40 }, (_, index) => (index < 5 ? 0.01 / 5 : 0.99 / 35)),
    few: Array.from({ length: 5 }, (_, index) => group(index)),
    isOld: true,
  },
  {
    title: '1,000 marking classes of equal size; 1 % of the rows is in 10 of them',
    shares: Array.from({ length: 1_000 }, () => 1 / 1_000),
    few: Array.from({ length: 10 }, (_, index) => group(index * 100)),
  },
];

const load = async (owner: Client, store: PostgresProjectionStore, { shares, few, isOld }: Layout): Promise<void> => {
  await using held = await store.hold([records], AbortSignal.timeout(10_000));
  const samples = shares.map((_, index): [string, Row] => [
    `sample-${index}`,
    {
      marking: { owner: SECRETARIAT, releaseTo: [group(index)], handling: 'AMBER' },
      reportedOn: '',
      tonnes: '0',
      host: '',
      materials: [],
    },
  ]);
  await owner.query(`TRUNCATE ${TABLE}`);
  await held.commit(1n, new Map([[records, new Map(samples)]]));
  const { rows } = await owner.query<{ key: string; marking: number }>(`SELECT key, marking FROM ${TABLE}`);
  const classOf = new Map(rows.map(({ key, marking }) => [key, marking]));
  await owner.query(`TRUNCATE ${TABLE}`);
  // A table is filled faster than its indexes are kept.
  const { rows: indexes } = await owner.query<{ name: string; made: string }>(
    `SELECT indexrelid::regclass AS name, pg_get_indexdef(indexrelid) AS made FROM pg_index
     WHERE indrelid = '${TABLE}'::regclass AND NOT indisprimary`,
  );
  for (const { name } of indexes) await owner.query(`DROP INDEX ${name}`);
  const ends = shares.map((_, index) => shares.slice(0, index + 1).reduce((sum, each) => sum + each, 0));
  // What the reader of a few classes sees: their values are not those of all other rows.
  const open = shares.flatMap((_, index) => (few.includes(group(index)) ? [classOf.get(`sample-${index}`)] : []));
  await owner.query(
    `INSERT INTO ${TABLE} (key, marking, row, "f_reportedOn", f_tonnes, f_host, f_materials)
     SELECT key, class,
       jsonb_build_object('marking', jsonb_build_object('owner', 'SECRETARIAT', 'releaseTo', '[]'::jsonb, 'handling', 'AMBER'),
         'title', repeat('x', 300), 'reportedOn', day, 'tonnes', tonnes::text), day,
       CASE WHEN class = ANY ($4) THEN tonnes ELSE tonnes + 2000 END,
       CASE WHEN class = ANY ($4) THEN 'AU' ELSE 'KZ' END, CASE WHEN class = ANY ($4) THEN ARRAY['copper'] ELSE ARRAY['gallium'] END
     FROM (SELECT gen_random_uuid()::text AS key, random() AS chance, random(0, 9999)::numeric / 10 AS tonnes,
             random(0, 3650) AS age FROM generate_series(1, $3)) drawn,
       LATERAL (SELECT ($1::integer[])[least(width_bucket(chance, $2::float8[]) + 1, cardinality($1::integer[]))] AS class) classed,
       LATERAL (SELECT to_char(date '2016-01-01' + age, 'YYYY-MM-DD') AS day) dated`,
    [samples.map(([key]) => classOf.get(key)), ends, ROWS, open],
  );
  if (isOld)
    await owner.query(
      `UPDATE ${TABLE} SET "f_reportedOn" = to_char("f_reportedOn"::date - interval '20 years', 'YYYY-MM-DD') WHERE marking = ANY ($1)`,
      [few.map((_, index) => classOf.get(`sample-${index}`))],
    );
  for (const { made } of indexes) await owner.query(made);
  await owner.query(`VACUUM ANALYZE ${TABLE}`);
};

/** The medians of several questions, put in turn, so that what else the machine does falls on all alike. */
const p50 = async (...questions: (() => Promise<unknown>)[]): Promise<number[]> => {
  const took = questions.map((): number[] => []);
  for (let round = -20; round < ROUNDS; round++)
    for (const [index, question] of questions.entries()) {
      const start = performance.now();
      await question();
      if (round >= 0) took[index]!.push(performance.now() - start);
    }
  return took.map((each) => each.toSorted((a, b) => a - b)[Math.floor(each.length / 2)]!);
};

const print = (name: string, ...cells: (string | number)[]): void =>
  console.log(
    `${name.padEnd(46)}${cells.map((cell) => (typeof cell === 'number' ? cell.toFixed(2) : cell).padStart(12)).join('')}`,
  );

const dataFolder = mkdtempSync(join(tmpdir(), 'lodestone-bench-'));
const server = await startEmbeddedPostgres({ dataFolder });
const owner = new Client({ connectionString: server.url });
try {
  await owner.connect();
  const store = new PostgresProjectionStore(server.url);
  await store.prepare([records]);
  {
    await using held = await store.hold([records], AbortSignal.timeout(10_000));
    await held.publish([records]);
  }
  const readerUrl = await admitReader(server.url, 'secret');
  for (const layout of layouts) {
    await load(owner, store, layout);
    const news = new ChangeNotifications(readerUrl);
    const reads = new PostgresReadModels(readerUrl, [records], news);
    const [all, few] = [reader('SECRETARIAT'), reader(...layout.few)];
    const counting = new PostgresReadModels(readerUrl, [records], news);
    const seen = [await counting.count(records, all, {}), await counting.count(records, few, {})];
    await counting.close();
    await new Promise((resolve) => setTimeout(resolve, 500));
    const before = await sequentialScans(owner);
    console.log(`\nA page of ${PAGE} out of ${ROWS.toLocaleString('en')} rows: ${layout.title}`);
    print('', 'sees all', 'sees 1 %', 'ratio');
    print('rows that the reader sees', String(seen[0]!.rows), String(seen[1]!.rows));
    for (const [name, order, after] of [
      ['by key, first page', undefined, undefined],
      ['by key, from the middle', undefined, { key: '8', value: null }],
      ['by day, latest first', { field: 'reportedOn', direction: 'DESC' }, undefined],
      ['by day, from the middle', { field: 'reportedOn', direction: 'DESC' }, { key: '8', value: '2021-01-01' }],
      ['by amount, from the middle', { field: 'tonnes', direction: 'ASC' }, { key: '8', value: '500' }],
    ] as [string, Order | undefined, Place | undefined][]) {
      const of = (who: Principal) => () => reads.page(records, who, { order, after, first: PAGE });
      const [whole, part] = await p50(of(all), of(few));
      print(`${name}, p50 ms`, whole!, part!, part! / whole!);
    }
    const [whole, part] = await p50(
      () => reads.count(records, all, {}),
      () => reads.count(records, few, {}),
    );
    print('total, p50 ms', whole!, part!, part! / whole!);
    console.log('Filters, asked by the one who sees 1 %');
    print('', 'only hidden', 'of no row', 'ratio');
    for (const [name, hidden, unknown] of [
      ['host', 'KZ', 'ZA'],
      ['materials', ['gallium'], ['wolfram']],
      ['tonnes', { from: '2500', to: '2501' }, { from: '9500', to: '9501' }],
      ['reportedOn', { from: '2018-01-01', to: '2018-12-31' }, { from: '2118-01-01', to: '2118-12-31' }],
    ] as const) {
      if (name === 'reportedOn' && !layout.isOld) continue;
      for (const [way, ask] of [
        ['first page', (filter: Filter) => reads.page(records, few, { filter, first: PAGE })],
        ['by day', (filter: Filter) => reads.page(records, few, { filter, order: LATEST, first: PAGE })],
        ['count', (filter: Filter) => reads.count(records, few, filter)],
      ] as const) {
        const [ofHidden, ofNone] = await p50(
          () => ask({ [name]: hidden }),
          () => ask({ [name]: unknown }),
        );
        print(`${name}, ${way}, p50 ms`, ofHidden!, ofNone!, ofHidden! / ofNone!);
      }
    }
    await reads.close();
    await news.close();
    // A server process tells what it has done when it ends.
    await new Promise((resolve) => setTimeout(resolve, 500));
    const scans = (await sequentialScans(owner)) - before;
    print('sequential scans in these pages', String(scans));
    if (scans > 0) process.exitCode = 1;
  }
} finally {
  await owner.end();
  await server.stop();
  rmSync(dataFolder, { recursive: true, force: true });
}

async function sequentialScans(client: Client): Promise<number> {
  await client.query('SELECT pg_stat_clear_snapshot()');
  const { rows } = await client.query<{ count: string }>(
    `SELECT seq_scan AS count FROM pg_stat_user_tables WHERE relid = '${TABLE}'::regclass`,
  );
  return Number(rows[0]!.count);
}
