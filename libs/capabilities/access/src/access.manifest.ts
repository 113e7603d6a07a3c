import type { Capability } from '@kernel';
import { emergencyAccessStream } from './emergency-access/emergency-access.stream.js';
import { emergencyAccessesView } from './emergency-access/emergency-accesses.view.js';
import { groupMembersView } from './group/group-members.view.js';
import { groupStream } from './group/group.stream.js';
import { groupsView } from './group/groups.view.js';
import { subgroupsView } from './group/subgroups.view.js';
import { mandateStream } from './mandate/mandate.stream.js';
import { mandatesView } from './mandate/mandates.view.js';
import { memberStream } from './member/member.stream.js';
import { membersView } from './member/members.view.js';
import { personStream } from './person/person.stream.js';

export { emergencyAccessStream, groupStream, mandateStream, memberStream, personStream };

/** Who belongs to the alliance, who shares with whom, and who may act for whom. */
export const access: Capability = {
  name: 'access',
  streams: [memberStream, groupStream, personStream, mandateStream, emergencyAccessStream],
  events: [
    'access.AdmittedToGroup.v1',
    'access.ClearanceGranted.v1',
    'access.ClearanceRevoked.v1',
    'access.EmergencyAccessApproved.v1',
    'access.EmergencyAccessRefused.v1',
    'access.EmergencyAccessRequested.v1',
    'access.GroupFounded.v1',
    'access.MandateGranted.v1',
    'access.MandateRevoked.v1',
    'access.MemberAdmitted.v1',
    'access.MemberWithdrawn.v1',
    'access.RemovedFromGroup.v1',
    'access.RoleGranted.v1',
    'access.RoleRevoked.v1',
    'access.SubgroupAdmitted.v1',
    'access.SubgroupRemoved.v1',
  ],
  views: [membersView, groupsView, groupMembersView, subgroupsView, mandatesView, emergencyAccessesView],
};
