import { isDeepStrictEqual } from 'node:util';
import type { AnyView, Marked } from '@kernel';
import type { StoredEvent, Unreadable } from './event-store.js';
import { keysTouched, keysWithheld, rowAfter } from './projection.js';
import type { ChangedRows, HeldViews } from './projection-store.js';
import { isUnreadable, streamOf } from './unreadable.js';

/** The rows as they stand after the events, from the rows as they stood before; nothing of what is withheld. */
export const changesOf = async (
  view: AnyView,
  events: readonly (StoredEvent | Unreadable)[],
  held: HeldViews,
): Promise<{ readonly rows: ChangedRows; readonly withheld: readonly Unreadable[] }> => {
  if (events.length === 0) return { rows: new Map(), withheld: [] };
  const isWithheld = held.withheld.get(view)!;
  const withheld: Unreadable[] = [];
  const touched = events.flatMap((event): { event: StoredEvent | Unreadable; keys: readonly string[] }[] => {
    if (isWithheld.has(streamOf(event))) return [];
    if (!isUnreadable(event)) return [{ event, keys: keysTouched(view, event) }];
    isWithheld.add(event.stream);
    withheld.push(event);
    return [{ event, keys: keysWithheld(view, event) }];
  });
  const keys = [...new Set(touched.flatMap((each) => each.keys))];
  const rows = new Map<string, Marked | null>(await held.rows(view, keys));
  const changed = new Map<string, Marked | null>();
  for (const { event, keys: own } of touched) {
    for (const key of own) {
      const before = rows.get(key) ?? null;
      const row = isUnreadable(event) ? null : rowAfter(view, before, event, key);
      // What leaves a row as it was is not written; it may be about something that the row's readers may not know.
      if (isDeepStrictEqual(before, row)) continue;
      rows.set(key, row);
      changed.set(key, row);
    }
  }
  return { rows: changed, withheld };
};
