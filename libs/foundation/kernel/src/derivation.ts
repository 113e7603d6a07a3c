import type { Instant } from './calendar.js';
import type { Audience, Marking } from './marking.js';
import { isWithin, mayExport, type Reader } from './policy.js';
import type { Party, RecordId } from './values.js';

/** What the owner of a record lets one other party do with it beyond its marking: derive a record of its own, for these audiences too. */
export type DerivationApproval = {
  readonly source: RecordId;
  readonly to: Party;
  readonly audience: readonly Audience[];
  /** Null: until it is taken back. */
  readonly until: Instant | null;
};

/** A record from which another one is derived. */
export type Source = { readonly id: RecordId; readonly marking: Marking };

/** Whether nobody but its owner gains by another marking: nobody more may read the record, take it out or derive from it freely. */
export const isNarrower = (marking: Marking, than: Marking): boolean =>
  isWithin(marking, than) &&
  isWithin(withoutShown(marking), withoutShown(than)) &&
  (!than.originatorControl || marking.originatorControl === true);

/**
 * What stands between a record with this marking and the source that it is derived from: nothing; that the owner of the
 * source has not approved; or that more would learn of it than may. The approval of the owner lifts the first, and the
 * second as far as the audiences that it names: denials, need to know, level, embargo and expiry stay.
 *
 * An approval is needed where the owner controls what is derived, and where the source is not the party's to pass on to
 * its own people: it is only shown to them, released to this one person, or opened in an emergency.
 */
export const derivationObstacle = (
  marking: Marking,
  source: Source,
  approvals: readonly DerivationApproval[],
  reader: Reader,
  now: Instant,
): 'UNAPPROVED' | 'TOO_WIDE' | null => {
  const isOwn = source.marking.owner === marking.owner;
  const given = approvals.filter(
    ({ source: of, to, until }) => of === source.id && to === marking.owner && (until === null || now < until),
  );
  const asParty = { ...reader, audiences: reader.audiences.filter((one) => !one.startsWith('person:')) };
  const isControlled = source.marking.originatorControl === true || !mayExport(source.marking, asParty, now);
  if (!isOwn && isControlled && given.length === 0) return 'UNAPPROVED';

  const allowed: Marking = {
    ...source.marking,
    releaseTo: [...source.marking.releaseTo, ...given.flatMap(({ audience }) => audience)],
    // Control binds others: the owner may give up its own.
    originatorControl: !isOwn && source.marking.originatorControl === true,
  };
  return isNarrower(marking, allowed) ? null : 'TOO_WIDE';
};

const withoutShown = (marking: Marking): Marking => ({ ...marking, displayOnlyTo: [] });
