export * from './access.manifest.js';
export {
  accessRegister,
  emergencyAccessesOf,
  mandatedPrincipalOf,
  principalOf,
  type AccessRegister,
  type Asserted,
  type EmergencyAccess,
} from './access.register.js';
export { emergencyAccessesView, type EmergencyAccessRow } from './emergency-access/emergency-accesses.view.js';
export { groupMembersView, type GroupMemberRow } from './group/group-members.view.js';
export { groupsView, type GroupRow } from './group/groups.view.js';
export { subgroupsView, type SubgroupRow } from './group/subgroups.view.js';
export { SUBJECTS, type Subject } from './mandate/mandate.events.js';
export { mandatesView, type MandateRow } from './mandate/mandates.view.js';
export { membersView, type MemberRow } from './member/members.view.js';
