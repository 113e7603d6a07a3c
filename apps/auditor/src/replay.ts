import { columnChanges, columnsOf, type ColumnChange } from '@capabilities/audit';
import {
  eventsUntil,
  type EventStore,
  type Moment,
  Refolded,
  type StoredEvent,
  type Unreadable,
} from '@foundation/eventing';
import { type AnyView, type Capability, type Day, hasBegun, type Marked, type RecordId } from '@kernel';

/** One record with its whole history. */
export type ReplayedRecord = {
  readonly category: string;
  readonly views: readonly AnyView[];
  readonly events: readonly (StoredEvent | Unreadable)[];
};

/** A row of a record in one of its lists. */
export type KnownRow = {
  readonly list: string;
  readonly key: string;
  readonly fields: Readonly<Record<string, unknown>>;
};

/** The record with this id, whatever its kind; null where there is none. */
export const recordOf = async (
  events: EventStore,
  capabilities: readonly Capability[],
  id: RecordId,
): Promise<ReplayedRecord | null> => {
  for (const { recordTypes, views } of capabilities) {
    for (const { category } of recordTypes) {
      const found = await Array.fromAsync(events.read(category, id));
      if (found.length > 0) return { category, views, events: found };
    }
  }
  return null;
};

/** The record as it was known at a moment. */
export const knownAt = ({ views, events }: ReplayedRecord, moment: Moment): readonly KnownRow[] =>
  rowsIn(views, refolded(views, eventsUntil(events, moment)));

/** The record as it is known now of the day of that moment: null where it is for no day, or for a later one. */
export const knownNowOf = ({ views, events }: ReplayedRecord, moment: Moment): readonly KnownRow[] | null => {
  const at = 'time' in moment ? moment.time : eventsUntil(events, moment).at(-1)?.recordedAt;
  const rows = rowsIn(views, refolded(views, events)).filter(({ fields }) => {
    const { asOf } = fields as { readonly asOf?: Day };
    return at !== undefined && asOf !== undefined && hasBegun(asOf, at);
  });
  return rows.length > 0 ? rows : null;
};

/** What became otherwise between two moments, by list and key. */
export const differences = (
  { views, events }: ReplayedRecord,
  from: Moment,
  to: Moment,
): readonly (ColumnChange & { readonly list: string; readonly key: string })[] => {
  const [old, young] = [from, to].map((moment) => refolded(views, eventsUntil(events, moment)));
  return views.flatMap((view) => {
    const [before, after] = [old!.rows(view), young!.rows(view)];
    return [...new Set([...before.keys(), ...after.keys()])].flatMap((key) =>
      columnChanges(view, before.get(key) ?? null, after.get(key) ?? null).map((change) => ({
        list: view.name,
        key,
        ...change,
      })),
    );
  });
};

/** The events of the platform from one position to another, both included, in their order. */
export async function* between(
  events: EventStore,
  from: bigint | undefined,
  to: bigint | undefined,
): AsyncGenerator<StoredEvent | Unreadable> {
  const over = new AbortController();
  try {
    const after = from === undefined || from === 0n ? null : from - 1n;
    for await (const item of events.follow({ after, signal: over.signal })) {
      if (item === 'caughtUp' || (to !== undefined && item.position > to)) return;
      yield item;
    }
  } finally {
    over.abort();
  }
}

const refolded = (views: readonly AnyView[], events: readonly (StoredEvent | Unreadable)[]): Refolded => {
  const rows = new Refolded(views);
  for (const stored of events) rows.take(stored);
  return rows;
};

const rowsIn = (views: readonly AnyView[], rows: Refolded): readonly KnownRow[] =>
  views.flatMap((view) =>
    [...rows.rows(view)].map(([key, row]: [string, Marked]) => ({
      list: view.name,
      key,
      fields: Object.fromEntries(columnsOf(view, row)),
    })),
  );
