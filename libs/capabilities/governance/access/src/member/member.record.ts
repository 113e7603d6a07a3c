import {
  accept,
  day,
  hasBegun,
  recordType,
  many,
  omittable,
  optional,
  reject,
  required,
  secretariat,
  text,
  type Given,
} from '@kernel';
import { memberProfile, membership, type MemberEvent, type Membership } from './member.events.js';

export const memberRejections = {
  'MEMBERS.NOT_FOUND': 'This country is not in the roster of members.',
  'MEMBERS.SINCE_IN_FUTURE':
    'A country is admitted when its membership has begun: give a day that has begun anywhere on Earth (UTC+14).',
  'MEMBERS.ALREADY_ADMITTED':
    'The country is in the roster already, with another day or profile: what the roster says stands. Read it there.',
} as const;

/** Null before the country was ever admitted. */
export type MemberState = Membership | 'LEFT' | null;

export const isMember = (state: MemberState): state is Membership => state !== null && state !== 'LEFT';

const member = recordType<MemberEvent, MemberState>()({
  category: 'member',
  endsWith: ['access.MemberWithdrawn.v1'],
  rejections: memberRejections,
  notFound: 'MEMBERS.NOT_FOUND',
  defaultMarking: () => ({ releaseTo: ['PUBLIC'] }),
  isMarkingFixed: true,
  encrypted: false,
  initial: null,
  evolve: {
    'access.MemberAdmitted.v1': (_, { marking: __, ...admitted }) => admitted,
    'access.MemberWithdrawn.v1': () => 'LEFT',
  },
});

export const admitMember = member.upsert({
  type: 'AdmitMember',
  description: 'Enter a country in the roster of members. For the secretariat.',
  input: {
    description: 'A country to enter in the roster of members.',
    of: {
      ...membership,
      since: required(day, 'The day since which it is a member: one that has begun anywhere on Earth (UTC+14).'),
      profile: omittable(many(memberProfile, 'What it brings; several at once are common.', { distinct: true })),
    },
  },
  marking: 'Who may see it in the roster. Left out: everybody.',
  target: ({ country }) => ({ key: country, mayCreate: true }),
  may: [secretariat],
  decide: (wanted, state, { now, marking }) => {
    if (isMember(state)) {
      // To admit a member again changes nothing: either all of it is so already, or the roster says otherwise.
      if (wanted.since !== state.since) return reject('MEMBERS.ALREADY_ADMITTED', { field: 'since' });
      if (listed(wanted) !== listed(state)) return reject('MEMBERS.ALREADY_ADMITTED', { field: 'profile' });
      return accept();
    }
    if (!hasBegun(wanted.since, now)) return reject('MEMBERS.SINCE_IN_FUTURE', { field: 'since' });
    return accept({ type: 'access.MemberAdmitted.v1', data: { ...wanted, marking } });
  },
});

export const withdrawMember = member.upsert({
  type: 'WithdrawMember',
  description: 'Take a country that has left the alliance off the roster. For the secretariat.',
  input: {
    description: 'A country to take off the roster: at once it no longer reads what went to MEMBERS.',
    of: { country: membership.country, reason: optional(text(2000), 'Why, for the record.') },
  },
  target: ({ country }) => ({ key: country, mayCreate: false }),
  may: [secretariat],
  decide: (given, state) => (isMember(state) ? accept({ type: 'access.MemberWithdrawn.v1', data: given }) : accept()),
});

export const memberRecordType = member.withCommands(admitMember, withdrawMember);
export type AdmitMember = Given<typeof admitMember>;
export type MemberCommand = Given<(typeof memberRecordType.commands)[number]>;

/** A profile in one order: which comes first says nothing. */
const listed = ({ profile = [] }: Membership): string => [...profile].sort().join();
