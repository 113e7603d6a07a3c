export { access, groupStream, memberStream, personStream } from './access.manifest.js';
export { accessRegister, principalOf, type AccessRegister, type Asserted } from './access.register.js';
export { groupMembers } from './group/group-members.view.js';
export { groups } from './group/groups.view.js';
export { members } from './member/members.view.js';
