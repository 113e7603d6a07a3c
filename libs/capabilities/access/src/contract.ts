export type { MemberAdmitted } from './member/member.events.js';
export type { AdmittedToGroup, GroupFounded, RemovedFromGroup } from './group/group.events.js';
export type { RoleGranted, RoleRevoked } from './person/person.events.js';
