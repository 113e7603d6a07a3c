import { actsFor, hasRole, type Access } from '@kernel';
import type { MandateCommand, MandateState } from './mandate.decider.js';

/** A delegate says who may act for its own country. Whoever acts under a mandate can grant none. */
export const mandateAccess: Access<MandateCommand, MandateState> = {
  mayIssue: (_, who) => who.mandate === null && who.country !== null && hasRole(who, 'DELEGATE'),
  mayAct: (_, who, __, { owner }) => actsFor(who, owner, 'DELEGATE'),
};
