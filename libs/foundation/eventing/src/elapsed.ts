import {
  commandIdOfDue,
  inDueOrder,
  platformFor,
  type AnyRecordType,
  type Due,
  type DomainEvent,
  type Instant,
  type NoteTime,
  type RecordId,
} from '@kernel';
import type { NewEvent } from './event-store.js';
import { withMetadata } from './metadata.js';
import { withEvent, type RecordSnapshot } from './record-snapshot.js';
import { commitTo } from './salted-digest.js';

/** Dues of one record that may pass at once: more is a record type whose facts do not end what they follow from. */
const MOST = 1_000;

/** A record at an instant: what time alone has changed by then, and the dues that changed it, which nobody has recorded. */
export type Elapsed = { readonly record: RecordSnapshot; readonly passed: readonly Passed[] };
type Passed = { readonly due: Due; readonly facts: readonly DomainEvent[] };

/** What time will change of a record, in order; nothing of one that is absent or erased. */
export const duesOf = (
  { dueOf }: AnyRecordType,
  recordId: RecordId,
  { state, record: { marking, isErased } }: RecordSnapshot,
): readonly Due[] =>
  dueOf === undefined || marking === null || isErased ? [] : dueOf(state, { recordId, marking }).toSorted(inDueOrder);

/**
 * The record as it stands at `now`: dues take effect one after the other, and what the next one is, is asked of the state
 * that the one before it has left.
 */
export const elapsed = (recordType: AnyRecordType, id: RecordId, before: RecordSnapshot, now: Instant): Elapsed => {
  const passed: Passed[] = [];
  for (let record = before; ;) {
    const next = duesOf(recordType, id, record).find((due) => 'facts' in due && due.at <= now);
    if (next === undefined || !('facts' in next)) return { record, passed };
    if (passed.push({ due: next, facts: next.facts }) > MOST)
      throw new Error(`the dues of a ${recordType.category} never end: ${next.key}`);
    record = next.facts.reduce(
      (so: RecordSnapshot, event: DomainEvent) => withEvent(recordType, so, { ...so, event }),
      record,
    );
  }
};

/** What has passed, as it is recorded: each due under a command of the platform's own, the same on every node. */
export const asNoted = (
  recordType: AnyRecordType,
  id: RecordId,
  passed: readonly Passed[],
  { record: { marking } }: RecordSnapshot,
  now: Instant,
): readonly NewEvent[] =>
  passed.flatMap(({ due, facts }) => {
    const command: NoteTime = { type: 'NoteTime', id };
    const commandId = commandIdOfDue(id, due);
    const { owner } = marking!;
    const issued = { recordType, command, who: platformFor(owner), commandId, correlationId: commandId };
    return withMetadata(facts, issued, owner, now, commitTo({ category: recordType.category, command }));
  });
