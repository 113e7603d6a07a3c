import { accept, reject, type Command, type Decider, type Party, type RecordId } from '@kernel';
import type { AccessRequestEvent, Answer, Wish } from './access-request.events.js';

export type RequestAccess = Command<'RequestAccess'> & Wish;
export type AnswerAccessRequest = Command<'AnswerAccessRequest'> & {
  readonly id: RecordId;
  readonly answer: Answer;
  readonly note?: string;
};
export type AccessRequestCommand = RequestAccess | AnswerAccessRequest;

export const accessRequestRefusals = {
  'REQUESTS.NOT_FOUND': 'There is no such access request, or it is between other parties.',
  'REQUESTS.OWN_PARTY': 'You read your own party’s records already. Name the party that is to let you in.',
} as const;
export type AccessRequestRefusal = keyof typeof accessRequestRefusals;

/** Who is asked, and what it said last; null before it is asked. */
export type AccessRequestState = {
  readonly of: Party;
  readonly said: { readonly answer: Answer; readonly note?: string } | null;
} | null;

export const accessRequestDecider: Decider<
  AccessRequestCommand,
  AccessRequestEvent,
  AccessRequestState,
  AccessRequestRefusal
> = {
  initial: null,

  evolve: (state, event) => {
    switch (event.type) {
      case 'briefs.AccessRequested.v1':
        return { of: event.data.of, said: null };
      case 'briefs.AccessRequestAnswered.v1':
        return state && { ...state, said: event.data };
    }
  },

  decide: (command, state, { marking }) => {
    if (command.type === 'RequestAccess') {
      const { type: _, marking: __, ...wish } = command;
      if (wish.of === marking.owner) return reject('REQUESTS.OWN_PARTY', { field: 'of' });
      return accept({ type: 'briefs.AccessRequested.v1', data: { ...wish, marking } });
    }
    if (state === null) return reject('REQUESTS.NOT_FOUND');
    const { answer, note } = command;
    if (state.said?.answer === answer && state.said.note === note) return accept();
    return accept({ type: 'briefs.AccessRequestAnswered.v1', data: { answer, ...(note && { note }) } });
  },
};
