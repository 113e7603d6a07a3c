import { hasRole, type Access } from '@kernel';
import type { MemberCommand, MemberState } from './member.decider.js';

/** The roster is the secretariat's to keep and everybody's to read. */
export const memberAccess: Access<MemberCommand, MemberState> = {
  mayIssue: (_, who) => hasRole(who, 'SECRETARIAT'),
  mayAct: (_, who) => hasRole(who, 'SECRETARIAT'),
};
