import { hasRole, partyOf, type Access } from '@kernel';
import type { AuditMandateCommand, AuditMandateState } from './audit-mandate.decider.js';

/** A delegate says who may audit its own party's records, and nobody whom it lets act for it. */
export const auditMandateAccess: Access<AuditMandateCommand, AuditMandateState> = {
  mayIssue: (_, who) => who.mandate === null && partyOf(who) !== null && hasRole(who, 'DELEGATE', 'SECRETARIAT'),
  mayAct: (_, who, __, { owner }) => partyOf(who) === owner && hasRole(who, 'DELEGATE', 'SECRETARIAT'),
};
