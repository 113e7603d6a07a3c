import type { Party, PersonRef, RecordId } from '@kernel';
import type { Prepared } from './act.events.js';
import { carriedOutIn } from './act.reaction.js';
import { actRecordType, type ActCommand, type ActState } from './act.record.js';

/** How the pipeline keeps commands that take two persons: in records of this kind. */
export const actRecords = {
  recordType: actRecordType,
  prepare: (prepared: Prepared): ActCommand => ({ type: 'PrepareAct', ...prepared }),
  isApproval: ({ type }: { readonly type: string }): boolean => type === ('ApproveAct' satisfies ActCommand['type']),
  carriedOut: (id: RecordId, approvedBy: PersonRef | null): ActCommand => ({
    type: 'CarryOutAct',
    id,
    ...(approvedBy && { approvedBy }),
  }),
  keptIn: (state: unknown, party: Party) => {
    const act = state as ActState;
    return act && { ...act, party, isCarriedOut: act.state === 'CARRIED_OUT' };
  },
  /** Of this the name alone is used: under it the first fact of an act is answered. */
  reaction: carriedOutIn([]),
};
