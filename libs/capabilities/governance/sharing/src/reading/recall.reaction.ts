import {
  isContentWithheld,
  type Capability,
  type Marking,
  type OfItself,
  type Party,
  type Recorded,
  type RecordEvent,
  type RecordId,
} from '@kernel';
import type { IssueRecall } from './reading.record.js';
import type { ReadingEvent, Subject } from './reading.events.js';
import { recallOf } from './reading.reaction.js';

/** A row that a party has read and was not asked to give up since. */
export type Held = {
  readonly subject: Subject;
  readonly position: bigint;
  /** Of the reading: the owner's, released to the party. */
  readonly marking: Marking;
  /** Whether it was read otherwise than through an emergency. */
  readonly isShared: boolean;
};
/** A record that holds no longer, from a position on. */
type Ended = { readonly category: string; readonly at: bigint };

/** What a look at a row that was read has shown, by the rights of now. */
export type Look = {
  /** Whether any person of the party is shown it. */
  readonly isSeen: boolean;
  /** As its owner sees it; null where it is not there. */
  readonly marking: Marking | null;
  /** Whether the marking in force lets the party read the record, where it has ended and its row is gone. */
  readonly mayRead: boolean;
};

/** What was read, and of what somebody may have to be told. */
export class HeldReadings {
  readonly #held = new Map<string, Map<RecordId, Held>>();
  readonly #ended = new Map<string, Ended>();
  /** Records that were given another audience at some time. */
  readonly #onMarkingChanged = new Set<string>();
  readonly #ends: ReadonlySet<string>;
  /** Readings that are to be looked at. */
  readonly suspects = new Set<Held>();

  constructor(capabilities: readonly Capability[]) {
    this.#ends = new Set(endsOf(capabilities));
  }

  note(recorded: Recorded): void {
    if (isContentWithheld(recorded.event)) return;
    const { event, recordId, category, position } = recorded as Recorded<ReadingEvent>;
    switch (event.type) {
      case 'sharing.RecordRead.v1': {
        const { record, kind, reader, how, marking } = event.data;
        const readings = this.#held.get(record) ?? new Map<RecordId, Held>();
        const before = readings.get(recordId);
        if (before) this.suspects.delete(before);
        const held: Held = {
          subject: { record, kind, reader },
          position: before?.position ?? position,
          marking,
          isShared: how !== 'EMERGENCY' || before?.isShared === true,
        };
        this.#held.set(record, readings.set(recordId, held));
        // It may be noted after what took it out of sight.
        this.suspects.add(held);
        return;
      }
      case 'sharing.RecallIssued.v1': {
        const readings = this.#held.get(event.data.record);
        const held = readings?.get(recordId);
        if (held) this.suspects.delete(held);
        readings?.delete(recordId);
        return;
      }
      case 'sharing.RecallAcknowledged.v1':
        return;
      default: {
        if (this.#ends.has((recorded.event as { type: string }).type))
          this.#ended.set(recordId, { category, at: position });
        else this.#onMarkingChanged.add(recordId);
        this.noteRow(recordId);
      }
    }
  }

  /** The row is another, or for others. */
  noteRow(key: string): void {
    for (const held of this.#held.get(key)?.values() ?? []) this.suspects.add(held);
  }

  /** The rights of the parties are others. */
  noteParties(parties: ReadonlySet<Party | null>): void {
    for (const readings of this.#held.values())
      for (const held of readings.values()) if (parties.has(held.subject.reader)) this.suspects.add(held);
  }

  /** The parties that have read something. */
  get parties(): ReadonlySet<Party | null> {
    return new Set([...this.#held.values()].flatMap((each) => [...each.values()].map(({ subject }) => subject.reader)));
  }

  /** In what category and from when on a record that was read holds no longer; null where it holds. */
  endOf({ subject, position }: Held): Ended | null {
    const ended = this.#ended.get(subject.record);
    return ended !== undefined && position < ended.at ? ended : null;
  }

  /**
   * The recall that is due: where the party that has read it is not shown it any more, or where it read it before it ended
   * and may know that it did. What a person or an emergency alone was shown is recalled when its audience changes.
   */
  due(held: Held, { isSeen, marking, mayRead }: Look): OfItself<IssueRecall> | null {
    const { subject } = held;
    if (subject.reader === held.marking.owner) return null;
    const hasEnded = this.endOf(held) !== null;
    if (hasEnded && (isSeen || mayRead)) return recallOf(subject, 'WITHDRAWN', held.marking);
    if (isSeen) return null;
    const isLost =
      this.#onMarkingChanged.has(subject.record) || (held.isShared && marking !== null && !namesPersons(marking));
    return hasEnded || isLost ? recallOf(subject, 'NARROWED', marking ?? held.marking) : null;
  }
}

const namesPersons = ({ releaseTo, displayOnlyTo = [] }: Marking): boolean =>
  [...releaseTo, ...displayOnlyTo].some((one) => one.startsWith('person:'));

/** The facts that end a record: those that its stream declares, and the erasure of its content. */
const endsOf = (capabilities: readonly Capability[]): readonly string[] => [
  'access.ContentErased.v1' satisfies RecordEvent['type'],
  ...capabilities.flatMap(({ recordTypes }) =>
    recordTypes.flatMap(({ endsWith = [] }) => endsWith as readonly string[]),
  ),
];

/** The facts that are followed: readings, recalls, changes of audience, and what ends a record. */
export const recallCausingFacts = (capabilities: readonly Capability[]): readonly string[] => [
  'access.MarkingChanged.v1' satisfies RecordEvent['type'],
  'sharing.RecordRead.v1' satisfies ReadingEvent['type'],
  'sharing.RecallIssued.v1' satisfies ReadingEvent['type'],
  ...endsOf(capabilities),
];
