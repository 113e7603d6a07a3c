import { stream, type Capability } from '@kernel';
import { groupAccess, groupAudience } from './group/group.access.js';
import { groupDecider, groupRefusals } from './group/group.decider.js';
import { groupMembersView } from './group/group-members.view.js';
import { groupsView } from './group/groups.view.js';
import { memberAccess } from './member/member.access.js';
import { memberDecider, memberRefusals } from './member/member.decider.js';
import { membersView } from './member/members.view.js';
import { personAccess } from './person/person.access.js';
import { personDecider, personRefusals } from './person/person.decider.js';

export const memberStream = stream({
  category: 'member',
  decider: memberDecider,
  access: memberAccess,
  refusals: memberRefusals,
  notFound: 'MEMBERS.NOT_FOUND',
  targetOf: ({ country }) => ({ key: country, mayCreate: true }),
  defaultMarking: () => ({ releaseTo: ['PUBLIC'] }),
});

export const groupStream = stream({
  category: 'group',
  decider: groupDecider,
  access: groupAccess,
  refusals: groupRefusals,
  notFound: 'GROUPS.NOT_FOUND',
  targetOf: (command) => (command.type === 'FoundGroup' ? { fresh: true } : { id: command.id }),
  defaultMarking: (_, recordId) => ({ releaseTo: [groupAudience(recordId)] }),
});

export const personStream = stream({
  category: 'person',
  decider: personDecider,
  access: personAccess,
  refusals: personRefusals,
  notFound: 'ROLES.NOT_FOUND',
  // A record for each party that speaks of a person: what one says is no other's business, nor that it said it.
  targetOf: ({ person }, party) => ({ key: `${party} ${person}`, mayCreate: true }),
});

/** Who belongs to the alliance, who shares with whom, and who may act for whom. */
export const access: Capability = {
  name: 'access',
  streams: [memberStream, groupStream, personStream],
  views: [membersView, groupsView, groupMembersView],
};
