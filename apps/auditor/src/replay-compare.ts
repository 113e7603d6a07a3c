import { isDeepStrictEqual } from 'node:util';
import { Refolded, type EventStore } from '@foundation/eventing';
import type { AnyView, Marked } from '@kernel';
import { between } from './replay.js';

/** The rows that the platform answers from. */
export interface Rows {
  positions(views: readonly AnyView[]): Promise<ReadonlyMap<AnyView, bigint>>;
  of(view: AnyView): AsyncIterable<{ readonly key: string; readonly row: Marked }>;
}

/** A row that is not what the history makes of it. Null: there is none. */
export type Difference = {
  readonly view: string;
  readonly key: string;
  readonly live: Marked | null;
  readonly folded: Marked | null;
};

export type Comparison = {
  readonly events: number;
  readonly views: number;
  readonly rows: number;
  /** Views whose live rows are not there. */
  readonly missing: readonly string[];
  /** The first in the order of views and keys. */
  readonly difference: Difference | null;
};

/**
 * Folds every view anew from the beginning of the history, each as far as its live rows have come, and compares.
 * What the two hold is held in memory.
 */
export const compared = async (events: EventStore, live: Rows, views: readonly AnyView[]): Promise<Comparison> => {
  const positions = await live.positions(views);
  const present = views.filter((view) => positions.has(view));
  const missing = views.filter((view) => !positions.has(view)).map(({ name }) => name);
  const folded = new Map(present.map((view) => [view, new Refolded([view])]));
  const end = [...positions.values()].reduce((most, each) => (each > most ? each : most), 0n);
  const counts = { events: 0, views: present.length, rows: 0 };
  for await (const stored of between(events, undefined, end)) {
    counts.events++;
    for (const [view, rows] of folded) if (stored.position <= positions.get(view)!) rows.take(stored);
  }
  for (const [view, rows] of folded) {
    const expected = new Map(rows.rows(view));
    for await (const { key, row } of live.of(view)) {
      counts.rows++;
      const should = expected.get(key) ?? null;
      expected.delete(key);
      if (should === null || !isDeepStrictEqual(asJson(should), row))
        return { ...counts, missing, difference: { view: view.name, key, live: row, folded: should } };
    }
    for (const [key, row] of expected)
      return { ...counts, missing, difference: { view: view.name, key, live: null, folded: row } };
  }
  return { ...counts, missing, difference: null };
};

/** As it is stored: members that are undefined are not there. */
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
