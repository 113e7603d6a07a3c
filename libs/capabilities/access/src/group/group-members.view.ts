import { view, type CountryCode, type Instant, type Marked, type RecordId, type Recorded } from '@kernel';
import { membershipMarking } from './group.access.js';
import type { AdmittedToGroup, GroupFounded, RemovedFromGroup } from './group.events.js';

export type GroupMemberRow = Marked & {
  readonly group: RecordId;
  readonly country: CountryCode;
  readonly admittedAt: Instant;
};

type MembershipEvent = GroupFounded | AdmittedToGroup | RemovedFromGroup;

const keyOf = (group: RecordId, country: string): string => `${group}:${country}`;

/** Which country is in which group: a row of its own each, because a group may hide its members from each other. */
export const groupMembersView = view<MembershipEvent, GroupMemberRow>({
  name: 'access.groupMembers',
  version: 1,
  events: ['access.GroupFounded.v1', 'access.AdmittedToGroup.v1', 'access.RemovedFromGroup.v1'],
  fields: {
    group: { kind: 'text', filter: true },
    country: { kind: 'text', filter: true, sort: true },
  },
  within: { view: 'access.groups', field: 'group' },
  keysOf: ({ event, recordId }) => countriesIn(event).map((country) => keyOf(recordId, country)),
  project: (_, recorded, key) => {
    const { event, recordId: group, recordedAt: admittedAt } = recorded;
    const country = key.slice(keyOf(group, '').length) as CountryCode;
    switch (event.type) {
      case 'access.GroupFounded.v1': {
        const { marking, membersVisible } = event.data;
        const disclosure = { owner: marking.owner, membersVisible };
        return { group, country, admittedAt, marking: membershipMarking(group, country, disclosure) };
      }
      case 'access.AdmittedToGroup.v1':
        return { group, country, admittedAt, marking: membershipMarking(group, country, event.data) };
      case 'access.RemovedFromGroup.v1':
        return null;
    }
  },
});

const countriesIn = (event: Recorded<MembershipEvent>['event']): readonly string[] =>
  event.type === 'access.GroupFounded.v1' ? [event.data.marking.owner, ...event.data.members] : [event.data.country];
