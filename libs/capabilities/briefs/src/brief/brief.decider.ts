import { accept, reject, type Command, type Decider, type RecordId } from '@kernel';
import type { BriefEvent, Cited, Content } from './brief.events.js';

export type WriteBrief = Command<'WriteBrief'> & Content;
/** Says the whole of it anew, sources and approvals too: what no longer may be quoted cannot stay by being left out. */
export type ReviseBrief = Command<'ReviseBrief'> & Content & { readonly id: RecordId };
export type WithdrawBrief = Command<'WithdrawBrief'> & { readonly id: RecordId; readonly reason: string };
export type BriefCommand = WriteBrief | ReviseBrief | WithdrawBrief;

/** The refusal of every command that quotes a record. */
export const sourceNotFound = {
  'BRIEFS.SOURCE_NOT_FOUND': 'There is no such record to quote, or it was not released to you. Check its kind and id.',
} as const;

export const briefRefusals = {
  ...sourceNotFound,
  'BRIEFS.NOT_FOUND': 'There is no such brief, or it was not released to you.',
  'BRIEFS.APPROVAL_NEEDED':
    'The owner of a source decides what is derived from it. Ask with requestUse, and name the approved request in approvals.',
  'BRIEFS.APPROVAL_NOT_FOUND': 'There is no such use request of yours. Check the ids in approvals.',
  'BRIEFS.WITHDRAWN': 'The brief is withdrawn and stays as it is. Write a new one.',
} as const;
export type BriefRefusal = keyof typeof briefRefusals;

/** Null before it is written. */
export type BriefState = (Content & { readonly isWithdrawn: boolean }) | null;

export const briefDecider: Decider<BriefCommand, BriefEvent, BriefState, BriefRefusal> = {
  initial: null,

  evolve: (state, event) => {
    switch (event.type) {
      case 'briefs.BriefWritten.v1':
        return { ...contentOf(event.data), isWithdrawn: false };
      case 'briefs.BriefRevised.v1':
        return state && { ...state, ...contentOf(event.data) };
      case 'briefs.BriefWithdrawn.v1':
        return state && { ...state, isWithdrawn: true };
    }
  },

  decide: (command, state, { marking, recordId }) => {
    switch (command.type) {
      case 'WriteBrief':
        return accept({ type: 'briefs.BriefWritten.v1', data: { ...contentOf(command), marking } });
      case 'ReviseBrief': {
        if (state === null) return reject('BRIEFS.NOT_FOUND');
        if (state.isWithdrawn) return reject('BRIEFS.WITHDRAWN');
        if (command.sources.some(({ id }) => id === recordId))
          return reject('BRIEFS.SOURCE_NOT_FOUND', { field: 'sources', value: recordId });
        const content = contentOf(command);
        return isSame(content, state) ? accept() : accept({ type: 'briefs.BriefRevised.v1', data: content });
      }
      case 'WithdrawBrief': {
        if (state === null) return reject('BRIEFS.NOT_FOUND');
        if (state.isWithdrawn) return accept();
        return accept({ type: 'briefs.BriefWithdrawn.v1', data: { reason: command.reason } });
      }
    }
  },
};

const contentOf = ({ title, text, sources, approvals }: Content): Content => ({ title, text, sources, approvals });

const isSame = (one: Content, other: Content): boolean =>
  one.title === other.title &&
  one.text === other.text &&
  isSameList(one.sources.map(nameOf), other.sources.map(nameOf)) &&
  isSameList(one.approvals, other.approvals);

const nameOf = ({ kind, id }: Cited): string => `${kind} ${id}`;

const isSameList = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((each, index) => each === other[index]);
