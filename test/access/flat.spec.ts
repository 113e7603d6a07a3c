import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AnyView } from '@kernel';
import type { PostgresReadModels } from '@adapters/read-store-postgres';
import { HiddenRows, tableOf, type Contrast } from './worlds/hidden-rows.js';

/* What takes time is counted here, and not timed: `timing.spec.ts` takes the time, in `npm run test:access`. */

const [SHOWN, HIDDEN] = [20, 1_000];

describe('What lists read for a filter', () => {
  let rows: HiddenRows;
  beforeAll(async () => {
    rows = await HiddenRows.laid(SHOWN, HIDDEN);
  });
  afterAll(() => rows?.stop());

  /** Rows and index entries of a view that questions made the server read. */
  const readFor = async (view: AnyView, ask: (reads: PostgresReadModels) => Promise<unknown>): Promise<number> => {
    const before = await readSoFar(view);
    const reads = rows.reads();
    await ask(reads);
    await reads.close();
    // A server process tells what it has done when it ends.
    const still = `SELECT FROM pg_stat_activity WHERE application_name = 'lodestone-api'`;
    while ((await rows.owner.query(still)).rowCount! > 0);
    return (await readSoFar(view)) - before;
  };
  const readSoFar = async (view: AnyView): Promise<number> => {
    await rows.owner.query('SELECT pg_stat_clear_snapshot()');
    const { rows: found } = await rows.owner.query<{ read: number }>(
      `SELECT (SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_user_tables WHERE relid = $1::regclass)::int
         + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relid = $1::regclass)::int AS read`,
      [tableOf(view)],
    );
    return found[0]!.read;
  };

  const contrasts = HiddenRows.contrasts();
  const filters = Map.groupBy(contrasts, ({ view, name }) => `${view.name} by ${name.split(' where ')[1]!}`);
  const all = (of: readonly Contrast[], which: 'hidden' | 'unknown') => async (reads: PostgresReadModels) => {
    for (const each of of) await each[which](reads);
  };

  it('covers every field that some list can be filtered by', () => expect(filters.size).toBeGreaterThan(40));

  it.each([...filters])(
    'is the same for a value that only hidden rows have as for one that none has: %s',
    async (_, of) => {
      const [{ view }] = of as [Contrast];
      // Now and then the planner looks at the ends of an index: what counts is the least of a few tries.
      const read = { hidden: Infinity, unknown: Infinity };
      for (let tries = 0; tries === 0 || (tries < 5 && read.hidden !== read.unknown); tries++) {
        read.unknown = Math.min(read.unknown, await readFor(view, all(of, 'unknown')));
        read.hidden = Math.min(read.hidden, await readFor(view, all(of, 'hidden')));
      }
      expect(read.hidden).toBe(read.unknown);
      // No question goes through what is hidden on its way.
      expect(read.unknown).toBeLessThan(of.length * SHOWN * 4);
    },
  );

  it.each(HiddenRows.views.map((view): [string, AnyView] => [view.name, view]))(
    'begins with the marking: the indexes of %s',
    async (_, view) => {
      const { rows: found } = await rows.owner.query<{ first: string }>(
        `SELECT DISTINCT pg_get_indexdef(indexrelid, 1, false) AS first FROM pg_index WHERE indrelid = $1::regclass AND NOT indisprimary`,
        [tableOf(view)],
      );
      expect(found).toEqual([{ first: 'marking' }]);
    },
  );
});
