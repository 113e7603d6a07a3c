import {
  evolveRecord,
  isContentWithheld,
  isRecordEvent,
  NO_RECORD,
  type AnyRecordType,
  type Instant,
  type Marking,
  type RecordId,
  type RecordState,
} from '@kernel';
import type { Appended, Metadata, NewEvent, SaltedDigest, Standing, StoredEvent } from './event-store.js';
import { leafFor } from './metadata.js';
import type { Recording } from './receipt.js';

/** What is known of one record: its folded state, and the commands that made it. */
export type RecordSnapshot = {
  readonly state: unknown;
  readonly record: RecordState;
  readonly revision: bigint;
  readonly position: bigint;
  /** The stamp of its last event: none that follows bears an earlier one. */
  readonly recordedAt: Instant | null;
  /** How many of its events are not about its content. */
  readonly unlistedEvents: bigint;
  /** Shared by the folds of one record and only ever added to: copying it would make a long history cost more with each command. */
  readonly commands: Map<string, Carried>;
  /** In whose names they were given; shared like them. */
  readonly parties: Set<string>;
  /** When the store last confirmed it, on the process's monotonic clock. */
  readonly readAt: number;
};

/** A command that is in a record. */
export type Carried = { readonly digest: SaltedDigest; readonly leaves: readonly Recording[] } & Appended;

export const ABSENT: bigint = -1n;

/** A record that does not exist. */
export const absentRecord = (recordType: AnyRecordType): RecordSnapshot => ({
  state: recordType.decider.initial,
  record: NO_RECORD,
  revision: ABSENT,
  unlistedEvents: 0n,
  position: ABSENT,
  recordedAt: null,
  commands: new Map(),
  parties: new Set(),
  readAt: 0,
});

export const nameOf = (recordType: AnyRecordType, id: RecordId): string => `${recordType.category}-${id}`;
export const commandOf = ({ party, commandId }: Metadata): string => `${party} ${commandId}`;

/** The marking as the state of the record lets it be in force. */
export const inForce = (recordType: AnyRecordType, state: unknown, marking: Marking): Marking =>
  recordType.access.markingIn?.(state, marking) ?? marking;

/**
 * The clock's time, or the stamp of the event before where the clock is behind it: the clocks of two nodes differ, and
 * the events of a record are in the order of their stamps. The append at the expected revision holds it between nodes.
 */
export const notBefore = <At extends Instant | null>(before: Instant | null, now: At): Instant | At =>
  before !== null && (now === null || before > now) ? before : now;

/** How the record will stand when these events are in it. */
export const standingAfter = (
  recordType: AnyRecordType,
  before: RecordSnapshot,
  events: readonly NewEvent[],
): Standing => {
  const { state, record } = events.reduce<RecordSnapshot>(
    (so, { event }) => withEvent(recordType, so, { ...so, event }),
    before,
  );
  return {
    marking: record.marking && !record.isErased ? inForce(recordType, state, record.marking) : null,
    parties: [...new Set([...before.parties, ...events.map(({ metadata }) => metadata.party)])].toSorted(),
  };
};

/** A revision as clients are told it: a change of audience, or a request to erase, is its owner's business and leaves no gap. */
export const publicRevision = ({ revision, unlistedEvents }: RecordSnapshot): bigint => revision - unlistedEvents;

export const withEvent = (
  recordType: AnyRecordType,
  folded: RecordSnapshot,
  {
    event,
    revision,
    position,
    recordedAt,
  }: Pick<StoredEvent, 'event'> & Pick<RecordSnapshot, 'revision' | 'position' | 'recordedAt'>,
): RecordSnapshot => ({
  ...folded,
  state:
    isRecordEvent(event) || isContentWithheld(event) ? folded.state : recordType.decider.evolve(folded.state, event),
  record: evolveRecord(folded.record, event),
  revision,
  unlistedEvents: folded.unlistedEvents + (isRecordEvent(event) ? 1n : 0n),
  position,
  recordedAt: notBefore(folded.recordedAt, recordedAt),
});

export const withAppended = (
  recordType: AnyRecordType,
  id: RecordId,
  before: RecordSnapshot,
  events: readonly NewEvent[],
  appended: Appended,
): RecordSnapshot => {
  const first = before.revision + 1n;
  const folded = events.reduce<RecordSnapshot>(
    (so, { event, metadata: { recordedAt } }, index) =>
      withEvent(recordType, so, { event, revision: first + BigInt(index), position: appended.position, recordedAt }),
    before,
  );
  // What was due stands before the facts of the command, each under its own.
  for (const [name, its] of Map.groupBy(events.entries(), ([, { metadata }]) => commandOf(metadata))) {
    const [[, { metadata }]] = its as [[number, NewEvent]];
    folded.parties.add(metadata.party);
    folded.commands.set(name, {
      digest: metadata.commandDigest,
      leaves: its.map(([index, each]) => leafFor(recordType, id, each, first + BigInt(index))),
      revision: publicRevision(folded),
      position: appended.position,
    });
  }
  return { ...folded, readAt: performance.now() };
};
