export { emergencyAccessesOf, type AccessRegister, type EmergencyAccess } from './access.register.js';
export type {
  EmergencyAccessApproved,
  EmergencyAccessRefused,
  EmergencyAccessRequested,
} from './emergency-access/emergency-access.events.js';
export type {
  AdmittedToGroup,
  GroupFounded,
  RemovedFromGroup,
  SubgroupAdmitted,
  SubgroupRemoved,
} from './group/group.events.js';
export type { MandateGranted, MandateRevoked } from './mandate/mandate.events.js';
export type { MemberAdmitted, MemberWithdrawn } from './member/member.events.js';
export type { ClearanceGranted, ClearanceRevoked, RoleGranted, RoleRevoked } from './person/person.events.js';
