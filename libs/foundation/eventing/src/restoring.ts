import type { AnyView, Marked, RecordId } from '@kernel';
import type { EventStore, StoredEvent } from './event-store.js';
import { Refolded } from './projection.js';
import type { ChangedRows } from './projection-store.js';
import { wholly } from './unreadable.js';

/** The events of a stream; null where one of them cannot be read. */
const readableEvents = async (events: EventStore, stream: string): Promise<readonly StoredEvent[] | null> => {
  const dash = stream.indexOf('-');
  return wholly(await Array.fromAsync(events.read(stream.slice(0, dash), stream.slice(dash + 1) as RecordId)));
};

/** Whether the whole stream can be read now. */
export const isReadable = async (events: EventStore, stream: string): Promise<boolean> =>
  (await readableEvents(events, stream)) !== null;

/** What a view shows of one record, as far as the view has come; null where the record cannot be read. */
export const restoredRows = async (
  events: EventStore,
  stream: string,
  view: AnyView,
  position: bigint,
): Promise<ChangedRows | null> => {
  const readable = await readableEvents(events, stream);
  if (readable === null) return null;
  const rows = new Refolded([view]);
  const changed = new Map<string, Marked | null>();
  for (const each of readable)
    if (each.position <= position) for (const { key, after } of rows.take(each)) changed.set(key, after);
  return changed;
};
