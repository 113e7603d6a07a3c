import { defineRecordType, reject, type Command } from '@kernel';
import type { RejectionEvent } from './rejection.events.js';

/** Nobody gives it: the platform records refusals as they happen, beside the pipeline. */
export type NoteRejection = Command<'NoteRejection'>;

export const rejectionRejections = {
  'REFUSALS.NOT_FOUND': 'There is no such refusal, or it is not your party’s.',
} as const;

/** Whether it is recorded. */
export type RejectionState = { readonly isRecorded: boolean };

export const rejectionRecordType = defineRecordType({
  category: 'refusal',
  events: ['audit.CommandRefused.v1'],
  decider: {
    initial: { isRecorded: false },
    evolve: (_: RejectionState, __: RejectionEvent): RejectionState => ({ isRecorded: true }),
    decide: (_: NoteRejection) => reject('REFUSALS.NOT_FOUND'),
  },
  access: { mayIssue: () => false, mayAct: () => false },
  rejections: rejectionRejections,
  notFound: 'REFUSALS.NOT_FOUND',
  targetOf: () => ({ fresh: true }),
  isMarkingFixed: true,
  encrypted: false,
});
