import {
  actsFor,
  hasRole,
  usualHandling,
  type Access,
  type Audience,
  type CountryCode,
  type Marking,
  type Party,
  type RecordId,
} from '@kernel';
import type { GroupCommand, GroupState } from './group.decider.js';
import type { Disclosure } from './group.events.js';

/** A delegate founds groups in its own country's name and alone decides who is in them. */
export const groupAccess: Access<GroupCommand, GroupState> = {
  mayIssue: (command, who) => {
    if (who.country === null || !hasRole(who, 'DELEGATE')) return false;
    return command.type !== 'FoundGroup' || (command.country ?? who.country) === who.country;
  },
  mayAct: (_, who, __, { owner }) => actsFor(who, owner, 'DELEGATE'),
};

/** Whoever is in a group may read what was released to it. */
export const groupAudience = (group: RecordId): Audience => `group:${group}`;

/**
 * Who may know that a country is in the group: the owner and that country; the whole group where its members are
 * visible to each other. That the owner is in is no secret from those who see the group.
 */
export const membershipMarking = (group: RecordId, country: CountryCode, of: Disclosure): Marking => {
  const releaseTo: readonly Audience[] =
    of.membersVisible || country === of.owner ? [groupAudience(group)] : [`country:${country}`];
  return { owner: of.owner, releaseTo, handling: usualHandling(releaseTo) };
};

/**
 * Who may know that a group is in another: the owner of the outer one, and the inner one. Whether the members of the
 * outer group see each other does not matter here, because the inner one's existence is no business of theirs.
 */
export const subgroupMarking = (inner: RecordId, owner: Party): Marking => {
  const releaseTo = [groupAudience(inner)];
  return { owner, releaseTo, handling: usualHandling(releaseTo) };
};
