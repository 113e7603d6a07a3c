import { actsFor, hasRole, type Access } from '@kernel';
import type { BriefCommand, BriefState } from './brief.decider.js';

/** A country's liaisons and delegates write in its name, and see to what it has written. */
export const briefAccess: Access<BriefCommand, BriefState> = {
  mayIssue: (_, who) => who.country !== null && hasRole(who, 'LIAISON', 'DELEGATE'),
  mayAct: (_, who, __, { owner }) => actsFor(who, owner, 'LIAISON', 'DELEGATE'),
};
