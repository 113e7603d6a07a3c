import {
  accept,
  dayOf,
  hasRole,
  isPlatform,
  recordType,
  optional,
  partyOf,
  platform,
  reject,
  required,
  text,
  type Day,
  type Given,
  type Grant,
  type Of,
  type Party,
} from '@kernel';
import { reading as read, recallCause, subject, type ReadingEvent, type Subject } from './reading.events.js';

export const readingRejections = {
  'RECALLS.NOT_FOUND': 'There is no such recall notice, or it is not addressed to you.',
} as const;

export type ReadingState = {
  readonly reader: Party | null;
  /** What was noted on the latest day, since the last recall. */
  readonly day: Day | null;
  readonly noted: readonly string[];
  /** Whether the row was read since the last recall, if any. */
  readonly isHeld: boolean;
  readonly recall: 'NONE' | 'OPEN' | 'ACKNOWLEDGED';
};

/** People of the party that had the record. */
const addressees: Grant<unknown, ReadingState> = {
  mayIssue: (who) => hasRole(who, 'DELEGATE', 'SECRETARIAT') && !isPlatform(who),
  mayAct: (who, { reader }) => reader !== null && partyOf(who) === reader,
};

const reading = recordType<ReadingEvent, ReadingState>()({
  name: 'notice',
  category: 'reading',
  rejections: readingRejections,
  notFound: 'RECALLS.NOT_FOUND',
  isMarkingFixed: true,
  encrypted: false,
  initial: { reader: null, day: null, noted: [], isHeld: false, recall: 'NONE' },
  evolve: {
    'sharing.RecordRead.v1': (state, data) => ({
      ...state,
      reader: data.reader,
      day: data.day,
      noted: [...(state.day === data.day ? state.noted : []), wayOf(data)],
      isHeld: true,
    }),
    'sharing.RecallIssued.v1': (state, data) => ({
      ...state,
      reader: data.reader,
      day: null,
      noted: [],
      isHeld: false,
      recall: 'OPEN',
    }),
    'sharing.RecallAcknowledged.v1': (state) => ({ ...state, recall: 'ACKNOWLEDGED' }),
  },
});

const keyOf = ({ kind, record, reader }: Subject): string => `${kind} ${record} ${reader ?? ''}`;

export const noteReading = reading.upsert({
  type: 'NoteReading',
  description: 'Note that somebody was given a row. For the platform.',
  input: { description: 'Which row, and who read it.', of: read },
  target: (given) => ({ key: keyOf(given), mayCreate: true }),
  may: [platform],
  decide: (given, state, { now, marking }) => {
    const day = dayOf(now);
    if (state.day === day && state.noted.includes(wayOf(given))) return accept();
    return accept({ type: 'sharing.RecordRead.v1', data: { ...given, day, marking } });
  },
});

export const issueRecall = reading.upsert({
  type: 'IssueRecall',
  description: 'Ask a reader to give back what it had. For the platform.',
  input: {
    description: 'Which row, who read it, and why it is recalled.',
    of: { ...subject, cause: required(recallCause, 'Why.') },
  },
  target: (given) => ({ key: keyOf(given), mayCreate: false }),
  may: [platform],
  decide: (given, { isHeld }, { marking }) =>
    isHeld ? accept({ type: 'sharing.RecallIssued.v1', data: { ...given, marking } }) : accept(),
});

export const acknowledgeRecall = reading.change({
  type: 'AcknowledgeRecall',
  description: 'Tell the owner that its recall notice was heard. For delegates of the country that got it.',
  input: {
    description: 'A recall notice to acknowledge.',
    of: { note: optional(text(2000), 'What you did about your copies; the owner of the record reads it.') },
  },
  may: [addressees],
  again: (_, { recall }) => recall === 'ACKNOWLEDGED',
  decide: (given, { recall }) =>
    recall === 'NONE' ? reject('RECALLS.NOT_FOUND') : accept({ type: 'sharing.RecallAcknowledged.v1', data: given }),
});

export const readingRecordType = reading.withCommands(noteReading, issueRecall, acknowledgeRecall);
export type NoteReading = Given<typeof noteReading>;
export type IssueRecall = Given<typeof issueRecall>;

const wayOf = ({ how, delegate, person }: Pick<Of<typeof read>, 'how' | 'delegate' | 'person'>): string =>
  [how, delegate ?? '', person ?? ''].join(' ');
