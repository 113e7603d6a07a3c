import {
  country,
  instant,
  readModel,
  recordId,
  required,
  usualHandling,
  type Audience,
  type CountryCode,
  type Marking,
  type Recorded,
  type RecordId,
  type RowOf,
} from '@kernel';
import {
  groupAudience,
  type AdmittedToGroup,
  type Disclosure,
  type GroupEnded,
  type GroupFounded,
  type GroupPassedOn,
  type RemovedFromGroup,
} from './group.events.js';

const shown = {
  country: required(country, 'The country.'),
  admittedAt: required(instant, 'When it was taken in.'),
};
const row = { ...shown, group: required(recordId, 'Id of the group.') };
export type GroupMemberRow = RowOf<typeof row>;

type MembershipEvent = GroupFounded | AdmittedToGroup | RemovedFromGroup | GroupPassedOn | GroupEnded;

const keyOf = (group: RecordId, of: string): string => `${group}:${of}`;
const countryIn = (key: string, group: RecordId): CountryCode => key.slice(keyOf(group, '').length) as CountryCode;

/** Which country is in which group: a row of its own each, because a group may hide its members from each other. */
export const groupMembersView = readModel<MembershipEvent, GroupMemberRow>({
  name: 'access.groupMembers',
  version: 1,
  of: row,
  node: { name: 'GroupMember', description: 'A country in a sharing group.', of: shown },
  nested: {
    name: 'members',
    description:
      'The countries in it, of those that you may know to be: all for its owner, and where members see each other.',
    // Every country in every group of the longest page.
    most: 50_000,
  },
  filter: {},
  internal: ['group', 'country'],
  sort: ['country'],
  parent: { view: 'access.groups', field: 'group' },
  keysOf: ({ event, recordId: group }) => countriesIn(event).map((each) => keyOf(group, each)),
  on: {
    'access.GroupFounded.v1': (_, { event, recordId: group, recordedAt: admittedAt }, key) => {
      const { marking, membersVisible } = event.data;
      const disclosure = { owner: marking.owner, membersVisible };
      const member = countryIn(key, group);
      return { group, country: member, admittedAt, marking: membershipMarking(group, member, disclosure) };
    },
    'access.AdmittedToGroup.v1': (_, { event: { data }, recordId: group, recordedAt: admittedAt }) => ({
      group,
      country: data.country,
      admittedAt,
      marking: membershipMarking(group, data.country, data),
    }),
    'access.RemovedFromGroup.v1': () => null,
    'access.GroupPassedOn.v1': (row, { event: { data }, recordId: group, recordedAt }, key) => {
      const member = countryIn(key, group);
      if (member === data.from) return null;
      const marking = membershipMarking(group, member, { owner: data.to, membersVisible: data.membersVisible });
      return { group, country: member, admittedAt: row?.admittedAt ?? recordedAt, marking };
    },
    'access.GroupEnded.v1': () => null,
  },
});

const countriesIn = (event: Recorded<MembershipEvent>['event']): readonly string[] => {
  switch (event.type) {
    case 'access.GroupFounded.v1':
      return [event.data.marking.owner, ...event.data.members];
    case 'access.GroupPassedOn.v1':
      return [...new Set([event.data.from, event.data.to, ...event.data.members])];
    case 'access.GroupEnded.v1':
      return [event.data.from, ...event.data.members];
    case 'access.AdmittedToGroup.v1':
    case 'access.RemovedFromGroup.v1':
      return [event.data.country];
  }
};

/**
 * Who may know that a country is in the group: the owner and that country; the whole group where its members are
 * visible to each other. That the owner is in is no secret from those who see the group.
 */
export const membershipMarking = (group: RecordId, member: CountryCode, of: Disclosure): Marking => {
  const releaseTo: readonly Audience[] =
    of.membersVisible || member === of.owner ? [groupAudience(group)] : [`country:${member}`];
  return { owner: of.owner, releaseTo, handling: usualHandling(releaseTo) };
};
