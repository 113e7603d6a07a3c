import { reject, type Rejected } from './decision.js';
import {
  handlingAllows,
  ownerAudience,
  usualHandling,
  type Audience,
  type Marking,
  type MarkingRequest,
} from './marking.js';
import { partyOf, type Principal } from './principal.js';
import type { Party, RecordId } from './values.js';

/** The marking asked for, with what it leaves out; limits that limit nothing are left out. */
export const completedMarking = (asked: MarkingRequest, party: Party): Marking => {
  const releaseTo = asked.releaseTo ?? [];
  const { owner = party, handling = usualHandling(releaseTo) } = asked;
  const limits = Object.entries(asked).filter(
    ([, limit]) =>
      limit !== undefined && limit !== false && limit !== 'OPEN' && !(Array.isArray(limit) && limit.length === 0),
  );
  return { ...Object.fromEntries(limits), owner, releaseTo, handling };
};

/**
 * What is wrong with a marking that somebody asks for, in the same words whether a group that it names exists unseen or
 * not; null when nothing is.
 * @param marking the one asked for, completed
 * @param id the record's own: a group may be released to itself
 */
export const unfitMarking = (
  asked: MarkingRequest,
  marking: Marking,
  who: Principal,
  id: RecordId | null,
): Rejected | null => {
  if (asked.owner !== undefined && asked.owner !== partyOf(who)) return reject('ACCESS.DENIED');
  const { owner, releaseTo, displayOnlyTo = [], denyTo = [], needToKnow = [], embargoUntil, expiresAt } = marking;
  const isStrange = (one: Audience): boolean =>
    one.startsWith('group:') && one !== `group:${id}` && !who.audiences.includes(one);
  for (const [field, named] of Object.entries({ releaseTo, displayOnlyTo, denyTo, needToKnow })) {
    if (named.some(isStrange)) return reject('MARKING.UNKNOWN_AUDIENCE', { field: `marking.${field}` });
  }
  if (!handlingAllows(marking.handling, [...releaseTo, ...displayOnlyTo]))
    return reject('MARKING.HANDLING_CONFLICT', { field: 'marking.handling' });
  if (denyTo.includes(ownerAudience(owner))) return reject('MARKING.CONTRADICTION', { field: 'marking.denyTo' });
  if (embargoUntil !== undefined && expiresAt !== undefined && embargoUntil >= expiresAt)
    return reject('MARKING.CONTRADICTION', { field: 'marking.expiresAt' });
  return null;
};
