import {
  accept,
  actsFor,
  country,
  many,
  recordType,
  newOwners,
  optional,
  owners,
  platform,
  recordId,
  reject,
  required,
  text,
  type CountryCode,
  type Given,
  type Grant,
  type RecordId,
} from '@kernel';
import { charter, groupAudience, type Disclosure, type GroupEvent } from './group.events.js';

export const groupRejections = {
  'GROUPS.NOT_FOUND': 'There is no such group, or it was not released to you.',
  'GROUPS.OWNER_STAYS': 'The country that rules the group is always in it and cannot be removed.',
  'GROUPS.UNKNOWN_SUBGROUP': 'There is no such group to admit, or it was not released to you.',
  'GROUPS.OWN_SUBGROUP': 'A group cannot be in itself.',
  'GROUPS.ENDED':
    'The country that ruled the group has left the alliance, and nobody was in it to follow. Found another.',
} as const;

/** The countries and the groups in the group, in the order in which they came, the owner among them; null before it is founded. */
export type GroupState =
  | (Disclosure & {
      readonly members: ReadonlySet<CountryCode>;
      readonly subgroups: ReadonlySet<RecordId>;
      readonly isEnded: boolean;
    })
  | null;

const group = recordType<GroupEvent, GroupState>()({
  category: 'group',
  rejections: groupRejections,
  notFound: 'GROUPS.NOT_FOUND',
  isMarkingFixed: true,
  encrypted: false,
  endsWith: ['access.GroupEnded.v1'],
  closed: { if: (state) => state?.isEnded ?? false, rejection: 'GROUPS.ENDED' },
  // Whom it passed to owns it.
  markingIn: (state, marking) => (state ? { ...marking, owner: state.owner } : marking),
  initial: null,
  evolve: {
    'access.GroupFounded.v1': (_, { marking, members, membersVisible }) => ({
      owner: marking.owner,
      membersVisible,
      members: new Set([marking.owner as CountryCode, ...members]),
      subgroups: new Set(),
      isEnded: false,
    }),
    'access.AdmittedToGroup.v1': (state, data) =>
      state && { ...state, members: new Set(state.members).add(data.country) },
    'access.RemovedFromGroup.v1': (state, data) => state && { ...state, members: without(state.members, data.country) },
    'access.SubgroupAdmitted.v1': (state, data) =>
      state && { ...state, subgroups: new Set(state.subgroups).add(data.group) },
    'access.SubgroupRemoved.v1': (state, data) =>
      state && { ...state, subgroups: without(state.subgroups, data.group) },
    'access.GroupPassedOn.v1': (state, data) =>
      state && { ...state, owner: data.to, members: new Set([...data.members, data.to]) },
    'access.GroupEnded.v1': (state) => state && { ...state, members: new Set(), subgroups: new Set(), isEnded: true },
  },
});

const without = <T>(all: ReadonlySet<T>, one: T): ReadonlySet<T> => new Set([...all].filter((each) => each !== one));

export const foundGroup = group.create({
  type: 'FoundGroup',
  description: 'Found a sharing group in the name of your country. For delegates.',
  input: {
    description: 'A sharing group to found: your country owns it, and is always in it.',
    of: { country: optional(country, 'The owner; your own country, and no other, where given.'), ...charter },
  },
  marking: 'Who may see that the group exists. Left out: its owner and its members.',
  defaultMarking: (_, id) => ({ releaseTo: [groupAudience(id)] }),
  may: [newOwners('DELEGATE')],
  decide: ({ country: _, ...given }, { marking }) => {
    const members = [...new Set(given.members)].filter((each) => each !== marking.owner);
    return accept({ type: 'access.GroupFounded.v1', data: { ...given, members, marking } });
  },
});

/** Delegates of the country that rules the group, unless it has left the alliance. */
const rulers: Grant<object, GroupState> = {
  mayIssue: (who, given) => !who.hasLeft && owners('DELEGATE').mayIssue(who, given),
  mayAct: (who, state) => state !== null && actsFor(who, state.owner, 'DELEGATE'),
};

const whichCountry = { country: required(country, 'The country to admit or remove.') };
const whichGroup = { group: required(recordId, 'Id of the group to take in or out.') };
const reason = { reason: optional(text(2000), 'Why, for the record.') };

export const admitToGroup = group.change({
  type: 'AdmitToGroup',
  description: 'Take a country into a group. For delegates of its owner.',
  input: { description: 'A country to take into a group.', of: whichCountry },
  may: [rulers],
  again: (given, { members }) => members.has(given.country),
  decide: (given, { owner, membersVisible }) =>
    accept({ type: 'access.AdmittedToGroup.v1', data: { ...given, owner, membersVisible } }),
});

export const removeFromGroup = group.change({
  type: 'RemoveFromGroup',
  description: 'Take a country out of a group. For delegates of its owner.',
  input: {
    description: 'A country to take out of a group: at once it no longer reads what went to the group.',
    of: { ...whichCountry, ...reason },
  },
  may: [rulers],
  again: (given, { members }) => !members.has(given.country),
  decide: (given, { owner }) =>
    given.country === owner
      ? reject('GROUPS.OWNER_STAYS', { field: 'country' })
      : accept({ type: 'access.RemovedFromGroup.v1', data: given }),
});

/** All countries of another group come into this one, and those that the other one admits later. */
export const admitSubgroup = group.change({
  type: 'AdmitSubgroup',
  description:
    'Take a group that you may see into a group of your country, with all its countries. For delegates of the outer group’s owner.',
  input: {
    description:
      'A group to take into another: its countries, and those that it takes in later, read what goes to the outer one.',
    of: whichGroup,
  },
  refersTo: (given) => [
    {
      category: 'group',
      at: { id: given.group },
      missing: reject('GROUPS.UNKNOWN_SUBGROUP', { field: 'group' }),
    },
  ],
  may: [rulers],
  again: (given, { subgroups }) => subgroups.has(given.group),
  decide: (given, { owner }, { recordId: outer }) =>
    // Longer circles are not known here, and do no harm: whoever is in one of their groups is in all of them.
    given.group === outer
      ? reject('GROUPS.OWN_SUBGROUP', { field: 'group' })
      : accept({ type: 'access.SubgroupAdmitted.v1', data: { ...given, owner } }),
});

export const removeSubgroup = group.change({
  type: 'RemoveSubgroup',
  description: 'Take a group out of a group of your country. For delegates of the outer group’s owner.',
  input: {
    description: 'A group to take out of another: at once its countries no longer read what went there.',
    of: { ...whichGroup, ...reason },
  },
  may: [rulers],
  again: (given, { subgroups }) => !subgroups.has(given.group),
  decide: (given) => accept({ type: 'access.SubgroupRemoved.v1', data: given }),
});

const HAS_LEFT = 'It has left the alliance.';

/**
 * Notes in a group who has left it with the alliance. Where its owner has, it passes to the oldest remaining member: of
 * the countries that are in the group, the one that came first; among those that were in it from the start, the one that
 * its founder named first. Whoever came again counts from then.
 */
export const noteDepartures = group.change({
  type: 'NoteDepartures',
  description: 'Note who has left a group with the alliance, and pass it on where its owner has. For the platform.',
  input: {
    description: 'Who has left a group with the alliance.',
    of: {
      left: many(country, 'The countries that have left the alliance since they came into the group.'),
      outside: many(country, 'Those in it that came when they had left the alliance already: they do not rule.'),
      otherwise: optional(country, 'Who rules it where no country in it can: the ruler of the oldest group in it.'),
    },
  },
  may: [platform],
  again: ({ left }, { members }) => !left.some((each) => members.has(each)),
  decide: ({ left, outside, otherwise: other }, { owner, members, membersVisible, subgroups }) => {
    const from = owner as CountryCode;
    const gone = left.filter((each) => members.has(each));
    const removed = gone
      .filter((each) => each !== owner)
      .map((each): GroupEvent => ({ type: 'access.RemovedFromGroup.v1', data: { country: each, reason: HAS_LEFT } }));
    if (!gone.includes(from)) return accept(...removed);
    const remaining = [...members].filter((each) => !gone.includes(each));
    const rest = { members: remaining, subgroups: [...subgroups] };
    const to = remaining.find((each) => !outside.includes(each)) ?? other;
    return to === undefined
      ? accept(...removed, { type: 'access.GroupEnded.v1', data: { from, ...rest } })
      : accept(...removed, { type: 'access.GroupPassedOn.v1', data: { from, to, membersVisible, ...rest } });
  },
});

export const groupRecordType = group.withCommands(
  foundGroup,
  admitToGroup,
  removeFromGroup,
  admitSubgroup,
  removeSubgroup,
  noteDepartures,
);
export type NoteDepartures = Given<typeof noteDepartures>;
export type FoundGroup = Given<typeof foundGroup>;
