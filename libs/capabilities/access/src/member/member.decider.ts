import { accept, dayOf, reject, type Command, type Decider } from '@kernel';
import type { MemberEvent, Membership } from './member.events.js';

/** The secretariat enters a country in the roster. */
export type AdmitMember = Command<'AdmitMember'> & Membership;
export type MemberCommand = AdmitMember;

export const memberRefusals = {
  'MEMBERS.NOT_FOUND': 'This country is not in the roster of members.',
  'MEMBERS.SINCE_IN_FUTURE':
    'A country is admitted when its membership has begun: give a day that is not in the future.',
} as const;
export type MemberRefusal = keyof typeof memberRefusals;

export type MemberState = { readonly isMember: boolean };

export const memberDecider: Decider<MemberCommand, MemberEvent, MemberState, MemberRefusal> = {
  initial: { isMember: false },

  evolve: () => ({ isMember: true }),

  decide: ({ type: _, marking: __, ...membership }, { isMember }, { now, marking }) => {
    if (isMember) return accept();
    if (membership.since > dayOf(now)) return reject('MEMBERS.SINCE_IN_FUTURE', { field: 'since' });
    return accept({ type: 'access.MemberAdmitted.v1', data: { ...membership, marking } });
  },
};
