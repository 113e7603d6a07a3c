import type { Capability } from '@kernel';
import { emergencyAccessRecordType } from './emergency-access/emergency-access.record.js';
import { emergencyAccessesView } from './emergency-access/emergency-accesses.view.js';
import { groupMembersView } from './group/group-members.view.js';
import { groupRecordType } from './group/group.record.js';
import { groupsView } from './group/groups.view.js';
import { subgroupsView } from './group/subgroups.view.js';
import { mandateRecordType } from './mandate/mandate.record.js';
import { mandatesView } from './mandate/mandates.view.js';
import { memberRecordType } from './member/member.record.js';
import { membersView } from './member/members.view.js';
import { personRecordType } from './person/person.record.js';

export { emergencyAccessRecordType, groupRecordType, mandateRecordType, memberRecordType, personRecordType };

/** Who belongs to the alliance, who shares with whom, and who may act for whom. */
export const access: Capability = {
  name: 'access',
  recordTypes: [memberRecordType, groupRecordType, personRecordType, mandateRecordType, emergencyAccessRecordType],
  events: [
    'access.AdmittedToGroup.v1',
    'access.ClearanceGranted.v1',
    'access.ClearanceRevoked.v1',
    'access.EmergencyAccessApproved.v1',
    'access.EmergencyAccessRefused.v1',
    'access.EmergencyAccessRequested.v1',
    'access.GroupEnded.v1',
    'access.GroupFounded.v1',
    'access.GroupPassedOn.v1',
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
