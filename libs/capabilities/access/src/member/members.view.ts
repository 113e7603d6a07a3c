import { view, type Marked } from '@kernel';
import type { MemberEvent, Membership } from './member.events.js';

export type MemberRow = Membership & Marked;

/** The roster of the alliance, by country code. */
export const membersView = view<MemberEvent, MemberRow>({
  name: 'access.members',
  version: 1,
  events: ['access.MemberAdmitted.v1', 'access.MemberWithdrawn.v1'],
  fields: {
    country: { kind: 'text', filter: true, sort: true },
    since: { kind: 'text', sort: true },
  },
  keysOf: ({ event }) => [event.data.country],
  project: (_, { event }) => (event.type === 'access.MemberAdmitted.v1' ? event.data : null),
});
