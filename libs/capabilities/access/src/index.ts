export * from './access.manifest.js';
export { accessRegister, principalOf, type AccessRegister, type Asserted } from './access.register.js';
export { groupMembersView, type GroupMemberRow } from './group/group-members.view.js';
export { groupsView, type GroupRow } from './group/groups.view.js';
export { membersView, type MemberRow } from './member/members.view.js';
