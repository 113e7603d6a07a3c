import {
  isContentWithheld,
  type Capability,
  type Marking,
  type Party,
  type Recorded,
  type RecordEvent,
  type RecordId,
} from '@kernel';
import type { IssueRecall } from './reading.stream.js';
import type { ReadingEvent, Subject } from './reading.events.js';
import { recallOf, type OfItself } from './reading.reaction.js';

/** What was read and not recalled since, of records that changed after that. */
export type HeldReadings = {
  readonly held: Map<string, Map<RecordId, Held>>;
  /** Records that were re-marked or withdrawn. */
  readonly moved: Map<string, Moved>;
  /** Of those, the ones of which somebody may have to be told. */
  readonly suspects: Set<string>;
  /** Types of the facts that end a record. */
  readonly ends: ReadonlySet<string>;
};
type Held = { readonly subject: Subject; readonly position: bigint };
type Moved = { readonly category: string; readonly withdrawnAt: bigint | null };

export const noReadings = (capabilities: readonly Capability[]): HeldReadings => ({
  held: new Map(),
  moved: new Map(),
  suspects: new Set(),
  ends: new Set(endsOf(capabilities)),
});

/** The facts that end a record: those that its stream declares, and the erasure of its content. */
const endsOf = (capabilities: readonly Capability[]): readonly string[] => [
  'access.ContentErased.v1' satisfies RecordEvent['type'],
  ...capabilities.flatMap(({ streams }) => streams.flatMap(({ endsWith = [] }) => endsWith as readonly string[])),
];

/** The facts after which somebody may have to be told: readings, changes of audience, and what ends a record. */
export const recallCausingFacts = (capabilities: readonly Capability[]): readonly string[] => [
  'access.MarkingChanged.v1' satisfies RecordEvent['type'],
  'sharing.RecordRead.v1' satisfies ReadingEvent['type'],
  'sharing.RecallIssued.v1' satisfies ReadingEvent['type'],
  ...endsOf(capabilities),
];

/** Takes a fact in; the state grows in place. */
export const noteFact = ({ held, moved, suspects, ends }: HeldReadings, recorded: Recorded): void => {
  if (isContentWithheld(recorded.event)) return;
  const { event, recordId, category, position } = recorded as Recorded<ReadingEvent>;
  switch (event.type) {
    case 'sharing.RecordRead.v1': {
      const { record, kind, reader } = event.data;
      const readings = held.get(record) ?? new Map<RecordId, Held>();
      if (!readings.has(recordId)) readings.set(recordId, { subject: { record, kind, reader }, position });
      held.set(record, readings);
      if (moved.has(record)) suspects.add(record);
      return;
    }
    case 'sharing.RecallIssued.v1':
      held.get(event.data.record)?.delete(recordId);
      return;
    case 'sharing.RecallAcknowledged.v1':
      return;
    default: {
      const isEnd = ends.has((recorded.event as { type: string }).type);
      moved.set(recordId, {
        category,
        withdrawnAt: isEnd ? position : (moved.get(recordId)?.withdrawnAt ?? null),
      });
      suspects.add(recordId);
    }
  }
};

/**
 * The recalls that are due of a record: to each party that has read it and may not any more, and to each that read it
 * before it was withdrawn and may know that it was.
 * @param marking in force now
 * @param mayStillRead whether any person of the party could
 */
export const recallsDue = (
  { held, moved }: HeldReadings,
  record: string,
  marking: Marking,
  mayStillRead: (party: Party | null) => boolean,
): readonly OfItself<IssueRecall>[] => {
  const withdrawnAt = moved.get(record)?.withdrawnAt ?? null;
  return [...(held.get(record)?.values() ?? [])].flatMap(({ subject, position }) => {
    if (subject.reader === marking.owner) return [];
    if (!mayStillRead(subject.reader)) return [recallOf(subject, 'NARROWED', marking)];
    return withdrawnAt !== null && position < withdrawnAt ? [recallOf(subject, 'WITHDRAWN', marking)] : [];
  });
};
