import {
  accept,
  dayOf,
  reject,
  type Command,
  type Day,
  type Decider,
  type Party,
  type PersonRef,
  type RecordId,
} from '@kernel';
import type { ReadingEvent, RecallCause, Subject, Way } from './reading.events.js';

/** The platform notes that somebody was given a row. */
export type NoteReading = Command<'NoteReading'> &
  Subject & { readonly how: Way; readonly delegate?: Party; readonly person?: PersonRef };
/** The platform asks a reader to give back what it had. */
export type IssueRecall = Command<'IssueRecall'> & Subject & { readonly cause: RecallCause };
/** The reader has heard. */
export type AcknowledgeRecall = Command<'AcknowledgeRecall'> & { readonly id: RecordId; readonly note?: string };
export type ReadingCommand = NoteReading | IssueRecall | AcknowledgeRecall;

export const readingRefusals = {
  'RECALLS.NOT_FOUND': 'There is no such recall notice, or it is not addressed to you.',
} as const;
export type ReadingRefusal = keyof typeof readingRefusals;

export type ReadingState = {
  readonly reader: Party | null;
  /** What was noted on the latest day, since the last recall. */
  readonly day: Day | null;
  readonly noted: readonly string[];
  /** Whether the row was read since the last recall, if any. */
  readonly isHeld: boolean;
  readonly recall: 'NONE' | 'OPEN' | 'ACKNOWLEDGED';
};

export const readingDecider: Decider<ReadingCommand, ReadingEvent, ReadingState, ReadingRefusal> = {
  initial: { reader: null, day: null, noted: [], isHeld: false, recall: 'NONE' },

  evolve: (state, { type, data }) => {
    switch (type) {
      case 'sharing.RecordRead.v1':
        return {
          ...state,
          reader: data.reader,
          day: data.day,
          noted: [...(state.day === data.day ? state.noted : []), wayOf(data)],
          isHeld: true,
        };
      case 'sharing.RecallIssued.v1':
        return { ...state, reader: data.reader, day: null, noted: [], isHeld: false, recall: 'OPEN' };
      case 'sharing.RecallAcknowledged.v1':
        return { ...state, recall: 'ACKNOWLEDGED' };
    }
  },

  decide: (command, state, { now, marking }) => {
    switch (command.type) {
      case 'NoteReading': {
        const day = dayOf(now);
        if (state.day === day && state.noted.includes(wayOf(command))) return accept();
        const { record, kind, reader, how, delegate, person } = command;
        const by = { ...(delegate && { delegate }), ...(person && { person }) };
        return accept({ type: 'sharing.RecordRead.v1', data: { record, kind, reader, how, day, ...by, marking } });
      }
      case 'IssueRecall': {
        if (!state.isHeld) return accept();
        const { record, kind, reader, cause } = command;
        return accept({ type: 'sharing.RecallIssued.v1', data: { record, kind, reader, cause, marking } });
      }
      case 'AcknowledgeRecall': {
        if (state.recall === 'NONE') return reject('RECALLS.NOT_FOUND');
        if (state.recall === 'ACKNOWLEDGED') return accept();
        const { note } = command;
        return accept({ type: 'sharing.RecallAcknowledged.v1', data: { ...(note && { note }) } });
      }
    }
  },
};

const wayOf = ({ how, delegate, person }: Pick<NoteReading, 'how' | 'delegate' | 'person'>): string =>
  [how, delegate ?? '', person ?? ''].join(' ');
