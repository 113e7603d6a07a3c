import { AcknowledgedMark, eventFileOf } from '../../../apps/event-store/src/data-folder.js';
import type { RecordedEvent } from '../../../apps/event-store/src/event.js';
import { EventTable } from '../../../apps/event-store/src/event-table.js';

/* What whoever runs the event store can do to its file. The store must be stopped. */

/** Every event in the file, the store's own too. */
export const eventsIn = (folder: string): RecordedEvent[] => {
  const table = EventTable.openForReading(eventFileOf(folder));
  const events: RecordedEvent[] = [];
  for (let more = table.forward(0, 500); more.length > 0; more = table.forward(events.length, 500))
    events.push(...more);
  table.close();
  return events;
};

/**
 * Puts these events in the place of all. Positions are counted anew, every checksum is right, and so is the mark of what
 * was acknowledged: the store finds nothing wrong with the file.
 */
export const putEvents = (folder: string, events: readonly RecordedEvent[]): void => {
  const table = EventTable.openForWriting(eventFileOf(folder));
  table.database.exec('BEGIN; DELETE FROM events');
  events.forEach((event, position) => table.insert({ ...event, position }));
  table.database.exec('COMMIT');
  table.close();
  const mark = AcknowledgedMark.open(folder);
  mark.write(events.length - 1);
  mark.close();
};

type Json = Record<string, unknown>;

/** An event with its data or metadata put otherwise. */
export const rewritten = (
  event: RecordedEvent,
  { data = same, metadata = same }: { data?: (data: Json) => unknown; metadata?: (metadata: Json) => unknown },
): RecordedEvent => ({ ...event, data: put(event.data, data), metadata: put(event.metadata, metadata) });

const same = (value: Json): Json => value;
const put = (bytes: Uint8Array, change: (value: Json) => unknown): Uint8Array =>
  change === same ? bytes : Buffer.from(JSON.stringify(change(JSON.parse(Buffer.from(bytes).toString()) as Json)));
