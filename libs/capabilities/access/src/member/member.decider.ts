import { accept, dayOf, reject, type Command, type Decider, type Decision } from '@kernel';
import type { MemberEvent, Membership } from './member.events.js';

/** The secretariat enters a country in the roster. */
export type AdmitMember = Command<'AdmitMember'> & Membership;
export type MemberCommand = AdmitMember;

export const memberRefusals = {
  'MEMBERS.NOT_FOUND': 'This country is not in the roster of members.',
  'MEMBERS.SINCE_IN_FUTURE':
    'A country is admitted when its membership has begun: give a day that is not in the future.',
  'MEMBERS.ALREADY_ADMITTED':
    'The country is in the roster already, with another day or profile: what the roster says stands. Read it there.',
} as const;
export type MemberRefusal = keyof typeof memberRefusals;

/** Null before the country is admitted. */
export type MemberState = Membership | null;

export const memberDecider: Decider<MemberCommand, MemberEvent, MemberState, MemberRefusal> = {
  initial: null,

  evolve: (_, { data: { marking: _marking, ...membership } }) => membership,

  decide: ({ type: _, marking: __, ...membership }, state, { now, marking }) => {
    if (state) return admittedAgain(membership, state);
    if (membership.since > dayOf(now)) return reject('MEMBERS.SINCE_IN_FUTURE', { field: 'since' });
    return accept({ type: 'access.MemberAdmitted.v1', data: { ...membership, marking } });
  },
};

/** To admit a member again changes nothing: either all of it is so already, or the roster says otherwise. */
const admittedAgain = (wanted: Membership, recorded: Membership): Decision<MemberEvent, MemberRefusal> => {
  if (wanted.since !== recorded.since) return reject('MEMBERS.ALREADY_ADMITTED', { field: 'since' });
  if (listed(wanted) !== listed(recorded)) return reject('MEMBERS.ALREADY_ADMITTED', { field: 'profile' });
  return accept();
};

/** A profile in one order: which comes first says nothing. */
const listed = ({ profile = [] }: Membership): string => [...profile].sort().join();
