import { reject, stream, type Capability } from '@kernel';
import { emergencyAccessAccess } from './emergency-access/emergency-access.access.js';
import { emergencyAccessDecider, emergencyAccessRefusals } from './emergency-access/emergency-access.decider.js';
import { emergencyAccessesView } from './emergency-access/emergency-accesses.view.js';
import { groupAccess, groupAudience } from './group/group.access.js';
import { groupDecider, groupRefusals } from './group/group.decider.js';
import { groupMembersView } from './group/group-members.view.js';
import { groupsView } from './group/groups.view.js';
import { subgroupsView } from './group/subgroups.view.js';
import { mandateAccess } from './mandate/mandate.access.js';
import { mandateDecider, mandateRefusals } from './mandate/mandate.decider.js';
import { mandatesView } from './mandate/mandates.view.js';
import { memberAccess } from './member/member.access.js';
import { isMember, memberDecider, memberRefusals, type MemberState } from './member/member.decider.js';
import { membersView } from './member/members.view.js';
import { personAccess } from './person/person.access.js';
import { personDecider, personRefusals } from './person/person.decider.js';

const notMember = reject('EMERGENCIES.APPROVER_NOT_MEMBER', { field: 'approver' });

export const memberStream = stream({
  category: 'member',
  endsWith: ['access.MemberWithdrawn.v1'],
  decider: memberDecider,
  access: memberAccess,
  refusals: memberRefusals,
  notFound: 'MEMBERS.NOT_FOUND',
  targetOf: ({ type, country }) => ({ key: country, mayCreate: type === 'AdmitMember' }),
  defaultMarking: () => ({ releaseTo: ['PUBLIC'] }),
  isMarkingFixed: true,
  isOpen: true,
});

export const groupStream = stream({
  category: 'group',
  decider: groupDecider,
  access: groupAccess,
  refusals: groupRefusals,
  notFound: 'GROUPS.NOT_FOUND',
  targetOf: (command) => (command.type === 'FoundGroup' ? { fresh: true } : { id: command.id }),
  refersTo: (command) =>
    command.type === 'AdmitSubgroup'
      ? [
          {
            category: 'group',
            at: { id: command.group },
            missing: reject('GROUPS.UNKNOWN_SUBGROUP', { field: 'group' }),
          },
        ]
      : [],
  defaultMarking: (_, recordId) => ({ releaseTo: [groupAudience(recordId)] }),
  isMarkingFixed: true,
  isOpen: true,
});

export const personStream = stream({
  category: 'person',
  decider: personDecider,
  access: personAccess,
  refusals: personRefusals,
  notFound: 'ROLES.NOT_FOUND',
  // A record for each party that speaks of a person: what one says is no other's business, nor that it said it.
  targetOf: ({ person }, party) => ({ key: `${party} ${person}`, mayCreate: true }),
  isMarkingFixed: true,
  isOpen: true,
});

export const mandateStream = stream({
  category: 'mandate',
  endsWith: ['access.MandateRevoked.v1'],
  decider: mandateDecider,
  access: mandateAccess,
  refusals: mandateRefusals,
  notFound: 'MANDATES.NOT_FOUND',
  // One record for each pair: what the one last granted the other is all that holds.
  targetOf: (command, party) =>
    command.type === 'GrantMandate' ? { key: `${party} ${command.delegate}`, mayCreate: true } : { id: command.id },
  defaultMarking: (command) => (command.type === 'GrantMandate' ? { releaseTo: [`country:${command.delegate}`] } : {}),
  isMarkingFixed: true,
  isOpen: true,
});

export const emergencyAccessStream = stream({
  category: 'emergencyAccess',
  decider: emergencyAccessDecider,
  access: emergencyAccessAccess,
  refusals: emergencyAccessRefusals,
  notFound: 'EMERGENCIES.NOT_FOUND',
  targetOf: (command) => (command.type === 'RequestEmergencyAccess' ? { fresh: true } : { id: command.id }),
  // The record that is asked for is no reference: whether it exists must not show.
  refersTo: (command) =>
    command.type === 'RequestEmergencyAccess'
      ? [
          {
            category: 'member',
            at: { key: command.approver },
            missing: notMember,
            unfit: (member: MemberState) => (isMember(member) ? null : notMember),
          },
        ]
      : [],
  defaultMarking: (command) =>
    command.type === 'RequestEmergencyAccess' ? { releaseTo: [`country:${command.approver}`] } : {},
  isMarkingFixed: true,
  isOpen: true,
});

/** Who belongs to the alliance, who shares with whom, and who may act for whom. */
export const access: Capability = {
  name: 'access',
  streams: [memberStream, groupStream, personStream, mandateStream, emergencyAccessStream],
  views: [membersView, groupsView, groupMembersView, subgroupsView, mandatesView, emergencyAccessesView],
};
