export { access, groupStream, memberStream, personStream } from './access.manifest.js';
export { accessRegister, principalOf, type AccessRegister, type Asserted } from './access.register.js';
export { groupMembersView } from './group/group-members.view.js';
export { groupsView } from './group/groups.view.js';
export { membersView } from './member/members.view.js';
