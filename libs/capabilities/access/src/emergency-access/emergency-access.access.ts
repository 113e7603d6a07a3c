import { actsFor, hasRole, type Access } from '@kernel';
import type { EmergencyAccessCommand, EmergencyAccessState } from './emergency-access.decider.js';

/** The secretariat asks; a delegate or approver of the member state that it names decides. */
export const emergencyAccessAccess: Access<EmergencyAccessCommand, EmergencyAccessState> = {
  mayIssue: (command, who) =>
    command.type === 'RequestEmergencyAccess'
      ? hasRole(who, 'SECRETARIAT')
      : who.mandate === null && who.isMember && hasRole(who, 'DELEGATE', 'APPROVER'),
  mayAct: (_, who, state) => state !== null && actsFor(who, state.approver, 'DELEGATE', 'APPROVER'),
};
