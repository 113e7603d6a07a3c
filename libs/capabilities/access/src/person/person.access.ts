import { hasRole, NATIONAL_ROLES, partyOf, type Access } from '@kernel';
import type { PersonCommand, PersonState } from './person.decider.js';

/**
 * The secretariat grants and revokes every role; a delegate those in which persons act for its own country. Each clears
 * its own people: what a party says of the clearance of another's counts for nothing (see the register).
 */
export const personAccess: Access<PersonCommand, PersonState> = {
  mayIssue: (command, who) => {
    if (hasRole(who, 'SECRETARIAT')) return true;
    if (who.country === null || !hasRole(who, 'DELEGATE')) return false;
    if (command.type === 'GrantClearance' || command.type === 'RevokeClearance') return true;
    if (!NATIONAL_ROLES.includes(command.role)) return false;
    return command.type !== 'GrantRole' || (command.country ?? who.country) === who.country;
  },
  // The record is the party's own: see the stream's key.
  mayAct: (_, who, __, { owner }) => owner === partyOf(who),
};
