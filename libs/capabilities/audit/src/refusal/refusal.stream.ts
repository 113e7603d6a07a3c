import { reject, stream, type Command } from '@kernel';
import type { RefusalEvent } from './refusal.events.js';

/** Nobody gives it: the platform records refusals as they happen, beside the pipeline. */
export type NoteRefusal = Command<'NoteRefusal'>;

export const refusalRefusals = {
  'REFUSALS.NOT_FOUND': 'There is no such refusal, or it is not your party’s.',
} as const;

/** Whether it is recorded. */
export type RefusalState = { readonly isRecorded: boolean };

export const refusalStream = stream({
  category: 'refusal',
  decider: {
    initial: { isRecorded: false },
    evolve: (_: RefusalState, __: RefusalEvent): RefusalState => ({ isRecorded: true }),
    decide: (_: NoteRefusal) => reject('REFUSALS.NOT_FOUND'),
  },
  access: { mayIssue: () => false, mayAct: () => false },
  refusals: refusalRefusals,
  notFound: 'REFUSALS.NOT_FOUND',
  targetOf: () => ({ fresh: true }),
  isMarkingFixed: true,
  isOpen: true,
});
