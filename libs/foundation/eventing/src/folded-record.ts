import type { AnyRecordType, RecordId } from '@kernel';
import type { EventStore } from './event-store.js';
import { absentRecord, withEvent, type RecordSnapshot } from './record-snapshot.js';
import { wholly } from './unreadable.js';

/** A record folded from its stream; null where there is none, or an event of it cannot be read. */
export const foldedRecord = async (
  events: EventStore,
  recordType: AnyRecordType,
  id: RecordId,
): Promise<RecordSnapshot | null> => {
  const all = wholly(await Array.fromAsync(events.read(recordType.category, id)));
  return all?.length ? all.reduce((so, each) => withEvent(recordType, so, each), absentRecord(recordType)) : null;
};
