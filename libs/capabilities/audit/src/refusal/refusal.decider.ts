import { reject, type Command, type Decider } from '@kernel';
import type { RefusalEvent } from './refusal.events.js';

/** Nobody gives it: the platform records refusals as they happen, beside the pipeline. */
export type NoteRefusal = Command<'NoteRefusal'>;

export const refusalRefusals = {
  'REFUSALS.NOT_FOUND': 'There is no such refusal, or it is not your party’s.',
} as const;

/** Whether it is recorded. */
export type RefusalState = { readonly isRecorded: boolean };

export const refusalDecider: Decider<NoteRefusal, RefusalEvent, RefusalState, keyof typeof refusalRefusals> = {
  initial: { isRecorded: false },
  evolve: () => ({ isRecorded: true }),
  decide: () => reject('REFUSALS.NOT_FOUND'),
};
