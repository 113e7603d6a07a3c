import { readModel, type Marked } from '@kernel';
import { membership, type MemberEvent, type Membership } from './member.events.js';

export type MemberRow = Membership & Marked;

/** The roster of the alliance, by country code. */
export const membersView = readModel<MemberEvent, MemberRow>({
  name: 'access.members',
  version: 1,
  of: membership,
  node: {
    name: 'Member',
    description: 'A member state of the alliance.',
    marking: 'Who may know of it: the roster is public.',
  },
  list: { name: 'members', description: 'The members of the alliance.' },
  filter: { country: 'Countries.' },
  sort: ['country', 'since'],
  key: 'country',
  on: {
    'access.MemberAdmitted.v1': (_, { event }) => event.data,
    'access.MemberWithdrawn.v1': () => null,
  },
});
