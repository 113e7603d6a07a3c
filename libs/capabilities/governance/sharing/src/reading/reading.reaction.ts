import {
  mayRead,
  ownerAudience,
  partyOf,
  platformFor,
  readerFor,
  type Instant,
  type Marking,
  type OfItself,
  type Party,
  type Principal,
} from '@kernel';
import type { RecallCause, Subject, Way } from './reading.events.js';
import { readingRecordType, type IssueRecall, type NoteReading } from './reading.record.js';
import { readingsView } from './readings.view.js';

const capabilityOf = (view: string): string => view.slice(0, view.indexOf('.'));

/** A row as somebody is about to get it. */
export type Served = {
  /** Name of its view. */
  readonly view: string;
  readonly key: string;
  readonly marking: Marking;
  readonly who: Principal;
};

/**
 * What an owner is to know of a row that is served: nothing of its own people, nor of what everybody may read; all of
 * what only an emergency access opened. The read log itself is not logged.
 */
export const noteOf = ({ view, key: record, marking, who }: Served, now: Instant): OfItself<NoteReading> | null => {
  const capability = capabilityOf(view);
  if (capability === capabilityOf(readingsView.name)) return null;
  const reader = partyOf(who);
  const how: Way = !mayRead(marking, readerFor(who, capability), now) ? 'EMERGENCY' : who.exports ? 'EXPORT' : 'READ';
  if (how !== 'EMERGENCY' && (reader === marking.owner || isPublic(marking, now))) return null;
  const { person, mandate } = who;
  return {
    recordType: readingRecordType,
    who: platformFor(marking.owner),
    command: {
      type: 'NoteReading',
      record,
      kind: view,
      reader,
      how,
      ...(mandate && { delegate: mandate.delegate }),
      ...(how === 'EMERGENCY' && { person }),
      marking: addressed(marking, reader),
    },
  };
};

/** The recall of what a party has read. */
export const recallOf = (subject: Subject, cause: RecallCause, marking: Marking): OfItself<IssueRecall> => ({
  recordType: readingRecordType,
  who: platformFor(marking.owner),
  command: { type: 'IssueRecall', ...subject, cause, marking: addressed(marking, subject.reader) },
});

/** For the owner and whoever read, at the level of what was read. */
const addressed = ({ owner, level }: Marking, reader: Party | null): Marking => ({
  owner,
  releaseTo: reader === null || reader === owner ? [] : [ownerAudience(reader)],
  handling: 'AMBER',
  ...(level && { level }),
});

const isPublic = (marking: Marking, now: Instant): boolean =>
  mayRead(marking, { audiences: ['PUBLIC'], deniedAs: [], clearance: 'OPEN' }, now);
