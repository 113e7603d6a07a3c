import {
  isContentWithheld,
  isRecordEvent,
  withRecordEvent,
  type AnyView,
  type DomainEvent,
  type Marked,
  type RecordEvent,
  type Recorded,
} from '@kernel';
import { isDeepStrictEqual } from 'node:util';
import type { Unreadable } from './event-store.js';
import { asWithheld, isUnreadable, streamOf } from './unreadable.js';

/* What one event makes of one view's rows: the one rule for the projector, which keeps them, and for a replay, which
   folds them anew. */

/** A view that is made of such facts reads them as its own; the rows of all others change with their record. */
const isAboutRow = (view: AnyView, event: DomainEvent): event is RecordEvent =>
  isRecordEvent(event) && !view.events.includes(event.type);

/** Whether an event may change rows of the view. */
export const concerns = (view: AnyView, event: DomainEvent): boolean =>
  isRecordEvent(event) || view.events.includes(isContentWithheld(event) ? event.data.of : event.type);

/**
 * The rows that an event may change. Every kind of record keeps the row that its marking covers under its own id; the
 * kinds that do not are never sealed or re-marked.
 */
export const keysTouched = (view: AnyView, recorded: Recorded): readonly string[] => {
  const { event, recordId } = recorded;
  if (!isAboutRow(view, event) && !isContentWithheld(event)) return view.keysOf?.(recorded) ?? [recordId];
  const isErased = event.type === ('access.ContentErased.v1' satisfies RecordEvent['type']);
  return isErased ? (view.keysToErase?.(recorded) ?? [recordId]) : [recordId];
};

/** The row with that key after the event; null where there is none. */
export const rowAfter = (view: AnyView, row: Marked | null, recorded: Recorded, key: string): Marked | null => {
  const { event } = recorded;
  if (isContentWithheld(event)) return null;
  return isAboutRow(view, event)
    ? withRecordEvent(view, row, event)
    : (view.project(row, recorded, key) as Marked | null);
};

/**
 * The rows of a record that go when an event of it cannot be read, as they would with its content. Where only a content
 * tells which rows are a record's, they stay as they were.
 */
export const keysWithheld = (view: AnyView, unreadable: Unreadable): readonly string[] =>
  view.keysToErase?.(asWithheld(unreadable)) ?? [unreadable.recordId];

/** A row that an event changed. */
export type RowChange = {
  readonly view: AnyView;
  readonly key: string;
  readonly before: Marked | null;
  readonly after: Marked | null;
};

/** Views folded from the beginning, in memory. A record is folded until an event of it cannot be read, and is gone from then on. */
export class Refolded {
  readonly #rows: ReadonlyMap<AnyView, Map<string, Marked>>;
  readonly #withheld = new Set<string>();

  constructor(private readonly views: readonly AnyView[]) {
    this.#rows = new Map(views.map((view) => [view, new Map<string, Marked>()]));
  }

  /** The rows of a view as they stand, by key. */
  rows(view: AnyView): ReadonlyMap<string, Marked> {
    return this.#rows.get(view)!;
  }

  /** Takes the next event in; what leaves a row as it was is no change. */
  take(item: Recorded | Unreadable): readonly RowChange[] {
    const stream = streamOf(item);
    if (this.#withheld.has(stream)) return [];
    if (isUnreadable(item)) this.#withheld.add(stream);
    const changes: RowChange[] = [];
    for (const view of this.views.filter((each) => isUnreadable(item) || concerns(each, item.event))) {
      const rows = this.#rows.get(view)!;
      for (const key of isUnreadable(item) ? keysWithheld(view, item) : keysTouched(view, item)) {
        const before = rows.get(key) ?? null;
        const after = isUnreadable(item) ? null : rowAfter(view, before, item, key);
        if (isDeepStrictEqual(before, after)) continue;
        if (after === null) rows.delete(key);
        else rows.set(key, after);
        changes.push({ view, key, before, after });
      }
    }
    return changes;
  }
}
