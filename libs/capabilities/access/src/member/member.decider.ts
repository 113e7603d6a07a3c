import { accept, hasBegun, reject, type Command, type CountryCode, type Decider, type Decision } from '@kernel';
import type { MemberEvent, Membership } from './member.events.js';

/** The secretariat enters a country in the roster. */
export type AdmitMember = Command<'AdmitMember'> & Membership;
/** The secretariat takes a country off the roster: it has left the alliance. */
export type WithdrawMember = Command<'WithdrawMember'> & { readonly country: CountryCode; readonly reason?: string };
export type MemberCommand = AdmitMember | WithdrawMember;

export const memberRefusals = {
  'MEMBERS.NOT_FOUND': 'This country is not in the roster of members.',
  'MEMBERS.SINCE_IN_FUTURE':
    'A country is admitted when its membership has begun: give a day that has begun anywhere on Earth (UTC+14).',
  'MEMBERS.ALREADY_ADMITTED':
    'The country is in the roster already, with another day or profile: what the roster says stands. Read it there.',
} as const;
export type MemberRefusal = keyof typeof memberRefusals;

/** Null before the country was ever admitted. */
export type MemberState = Membership | 'LEFT' | null;

export const isMember = (state: MemberState): state is Membership => state !== null && state !== 'LEFT';

export const memberDecider: Decider<MemberCommand, MemberEvent, MemberState, MemberRefusal> = {
  initial: null,

  evolve: (_, event) => {
    if (event.type === 'access.MemberWithdrawn.v1') return 'LEFT';
    const { marking: __, ...membership } = event.data;
    return membership;
  },

  decide: (command, state, { now, marking }) => {
    if (command.type === 'WithdrawMember') {
      const { type: _, marking: __, ...withdrawal } = command;
      return isMember(state) ? accept({ type: 'access.MemberWithdrawn.v1', data: withdrawal }) : accept();
    }
    const { type: _, marking: __, ...membership } = command;
    if (isMember(state)) return admittedAgain(membership, state);
    if (!hasBegun(membership.since, now)) return reject('MEMBERS.SINCE_IN_FUTURE', { field: 'since' });
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
