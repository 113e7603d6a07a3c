import { childrenOf, recordsOf, commandsOf } from '@foundation/graphql';
import { emergencyAccessRecordType } from './emergency-access/emergency-access.record.js';
import { emergencyAccessesView } from './emergency-access/emergency-accesses.view.js';
import { groupMembersView } from './group/group-members.view.js';
import { groupCommands, groupRecordType } from './group/group.record.js';
import { groupsView } from './group/groups.view.js';
import { subgroupsView } from './group/subgroups.view.js';
import { mandateRecordType } from './mandate/mandate.record.js';
import { mandatesView } from './mandate/mandates.view.js';
import { memberRecordType } from './member/member.record.js';
import { membersView } from './member/members.view.js';
import { PersonResolver } from './person/person.resolver.js';
import { personRecordType } from './person/person.record.js';

export const accessResolvers = [
  commandsOf(memberRecordType),
  recordsOf(membersView, {
    list: {
      name: 'members',
      description: 'The members of the alliance.',
      orderBy: { COUNTRY: 'country', SINCE: 'since' },
    },
  }),
  // Who leaves a group with the alliance is noted by the platform.
  commandsOf(groupRecordType, groupCommands),
  recordsOf(groupsView, {
    list: {
      name: 'groups',
      description:
        'The sharing groups that you may see: as their markings say; left out, those that your country owns or is in.',
      orderBy: { NAME: 'name', FOUNDED_AT: 'foundedAt' },
    },
    alsoShows: [groupMembersView, subgroupsView],
  }),
  childrenOf(groupsView, groupMembersView, {
    name: 'members',
    description:
      'The countries in it, of those that you may know to be: all for its owner, and where members see each other.',
    by: 'group',
    // Every country in every group of the longest page.
    most: 50_000,
  }),
  childrenOf(groupsView, subgroupsView, {
    name: 'subgroups',
    description:
      'The groups in it, of those that you may know to be: all for its owner, otherwise those that you are in.',
    by: 'group',
    most: 10_000,
  }),
  commandsOf(personRecordType),
  PersonResolver,
  commandsOf(mandateRecordType),
  recordsOf(mandatesView, {
    list: {
      name: 'mandates',
      description: 'The mandates that your country granted or was granted, those that ended among them.',
      orderBy: { GRANTED_AT: 'grantedAt', UNTIL: 'until' },
    },
  }),
  commandsOf(emergencyAccessRecordType),
  recordsOf(emergencyAccessesView, {
    list: {
      name: 'emergencyAccesses',
      description: 'Emergency accesses: all for the secretariat, and those that your country was asked to approve.',
      orderBy: { REQUESTED_AT: 'requestedAt' },
    },
  }),
];
