import { capability } from '@kernel';
import { emergencyAccessRecordType } from './emergency-access/emergency-access.record.js';
import { emergencyAccessesView } from './emergency-access/emergency-accesses.view.js';
import { groupAlerts } from './group/group.alerts.js';
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
export const access = capability({
  name: 'access',
  recordTypes: [memberRecordType, groupRecordType, personRecordType, mandateRecordType, emergencyAccessRecordType],
  views: [membersView, groupsView, groupMembersView, subgroupsView, mandatesView, emergencyAccessesView],
  alerts: [...groupAlerts],
});
