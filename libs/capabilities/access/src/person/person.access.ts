import {
  actsFor,
  hasRole,
  NATIONAL_ROLES,
  SECRETARIAT,
  type Access,
  type Audience,
  type MarkingRequest,
} from '@kernel';
import type { PersonCommand, PersonState } from './person.decider.js';

/** The secretariat grants and revokes every role; a delegate those in which persons act for its own country. */
export const personAccess: Access<PersonCommand, PersonState> = {
  mayIssue: (command, who) => {
    if (hasRole(who, 'SECRETARIAT')) return true;
    if (who.country === null || !hasRole(who, 'DELEGATE') || !NATIONAL_ROLES.includes(command.role)) return false;
    return command.type !== 'GrantRole' || (command.country ?? who.country) === who.country;
  },
  mayAct: (_, who, { country }) =>
    hasRole(who, 'SECRETARIAT') || (country !== null && actsFor(who, country, 'DELEGATE')),
};

/** A person's roles concern the country acted for, and the secretariat, which can always step in. */
export const personMarking = (command: PersonCommand): MarkingRequest => {
  const country = command.type === 'GrantRole' ? command.country : undefined;
  const releaseTo: readonly Audience[] = country ? [SECRETARIAT, `country:${country}`] : [SECRETARIAT];
  return { releaseTo };
};
