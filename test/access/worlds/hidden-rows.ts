import {
  admitReader,
  ChangeNotifications,
  PostgresProjectionStore,
  PostgresReadModels,
} from '@adapters/read-store-postgres';
import type { Filter, Order, ReadModels } from '@foundation/eventing';
import { audience, country, type AnyView, type Field, type Marked, type Marking, type Principal } from '@kernel';
import { Client } from 'pg';
import { capabilities } from '../../../apps/api/src/capabilities.js';
import { startDatabase, type StartedDatabase } from '../../support/database.js';

/** A question that names a value which only hidden rows have, and the same with one that no row has. */
export type Contrast = {
  readonly name: string;
  readonly view: AnyView;
  readonly hidden: (reads: ReadModels) => Promise<unknown>;
  readonly unknown: (reads: ReadModels) => Promise<unknown>;
};

const [KEEPER, READER] = [country('JP'), country('US')];
const reader = {
  person: 'reader',
  country: READER,
  roles: ['DELEGATE'],
  isMember: true,
  audiences: ['PUBLIC', 'MEMBERS', READER].map(audience),
  deniedAs: [],
  clearance: 'OPEN',
  breakGlassRecords: [],
  mandate: null,
} as unknown as Principal;
const marked = (...releaseTo: string[]): Marking => ({
  owner: KEEPER,
  releaseTo: releaseTo.map(audience),
  handling: 'AMBER',
});

/** Of each kind of field: what visible rows have, what hidden ones have, and what none has. */
const VALUES = {
  text: ['AU', 'KZ', 'ZA'],
  prose: ['AU', 'KZ', 'ZA'],
  texts: [['AU'], ['KZ'], ['ZA']],
  integer: [1, 7, 8],
  decimal: ['1', '7', '8'],
} as const satisfies Record<Field['kind'], readonly [unknown, unknown, unknown]>;
const SHOWN = 'shown';

const literal = (value: string | number | readonly string[]): string =>
  Array.isArray(value)
    ? `ARRAY['${value.join("','")}']`
    : typeof value === 'number'
      ? String(value)
      : `'${String(value)}'`;

/**
 * Every view of the platform in a database, with few rows that a reader sees and many that it does not, whose every field
 * to filter by has a value of its own.
 */
export class HiddenRows {
  private constructor(
    private readonly database: StartedDatabase,
    readonly owner: Client,
    private readonly readerUrl: string,
    private readonly news: ChangeNotifications,
  ) {}

  static readonly views: readonly AnyView[] = capabilities.flatMap((each) => each.views);

  static async laid(shown: number, hidden: number): Promise<HiddenRows> {
    const { views } = HiddenRows;
    const database = await startDatabase();
    const owner = new Client({ connectionString: database.url });
    await owner.connect();
    const store = new PostgresProjectionStore(database.url);
    await store.prepare(views);
    await using held = await store.hold(views, AbortSignal.timeout(30_000));
    await held.publish(views);
    const samples = new Map<string, Marked>([
      [SHOWN, { marking: marked(READER) }],
      ['hidden', { marking: marked() }],
    ]);
    await held.commit(1n, new Map(views.map((view) => [view, samples])));
    const readerUrl = await admitReader(database.url, 'secret');
    const rows = new HiddenRows(database, owner, readerUrl, new ChangeNotifications(readerUrl));
    for (const view of views) {
      await rows.#fill(view, SHOWN, shown, 0);
      await rows.#fill(view, 'hidden', hidden, 1);
      await owner.query(`VACUUM ANALYZE ${tableOf(view)}`);
    }
    return rows;
  }

  async #fill(view: AnyView, sample: string, count: number, which: 0 | 1): Promise<void> {
    const fields = Object.entries(view.fields as Record<string, Field>);
    // A part that is shown stands in a whole that is shown.
    const values = fields.map(([name, { kind }]) =>
      which === 0 && name === view.parent?.field ? `'${SHOWN}'` : literal(VALUES[kind][which] as never),
    );
    const columns = fields.map(([name]) => `"f_${name}"`);
    await this.owner.query(
      `INSERT INTO ${tableOf(view)} (${['key', 'marking', 'row', ...columns].join(', ')})
       SELECT ${['gen_random_uuid()::text', 's.marking', 's.row', ...values].join(', ')}
       FROM ${tableOf(view)} s, generate_series(1, ${count}) WHERE key = '${sample}'`,
    );
  }

  /** A read gateway of its own. */
  reads(): PostgresReadModels {
    return new PostgresReadModels(this.readerUrl, HiddenRows.views, this.news);
  }

  /** Each field that lists can be filtered by, in each order that they can have, counted and as a nested list. */
  static contrasts(): readonly Contrast[] {
    return HiddenRows.views.flatMap((view) => {
      const fields = Object.entries(view.fields as Record<string, Field>);
      const sorted = fields.filter(([, { sort }]) => sort);
      const orders: (Order | undefined)[] = [
        undefined,
        ...sorted.map(([field]) => ({ field, direction: 'ASC' as const })),
      ];
      const ways: [string, (reads: ReadModels, filter: Filter) => Promise<unknown>][] = [
        ...orders.map((order): (typeof ways)[number] => [
          `a page${order ? ` by ${order.field}` : ''}`,
          (reads, filter) => reads.page(view, reader, { filter, order, first: 50 }),
        ]),
        ['a count', (reads, filter) => reads.count(view, reader, filter)],
        ['a list', (reads, filter) => reads.list(view, reader, filter, 50)],
      ];
      return fields
        .filter(([, { filter }]) => filter)
        .flatMap(([name, { kind }]) =>
          ways.map(([way, ask]) => {
            const asking = (which: 1 | 2) => (reads: ReadModels) => ask(reads, { [name]: wanted(kind, which) });
            return { name: `${view.name}, ${way} where ${name}`, view, hidden: asking(1), unknown: asking(2) };
          }),
        );
    });
  }

  async stop(): Promise<void> {
    await this.news.close();
    await this.owner.end();
    await this.database.stop();
  }
}

const wanted = (kind: Field['kind'], which: 1 | 2): Filter[string] => {
  const value = VALUES[kind][which];
  return kind === 'decimal' ? { from: value as string, to: value as string } : (value as Filter[string]);
};

export const tableOf = ({ name, version }: AnyView): string => `lodestone."${name}/${version}"`;
