import type { Instant } from './calendar.js';
import {
  LEVELS,
  ownerAudience,
  personAudience,
  type Audience,
  type GroupAudience,
  type Level,
  type Marking,
} from './marking.js';
import type { RecordId } from './values.js';

/**
 * What a marking asks of its reader: the one form in which the policy is checked for a record, compiled to SQL for a
 * list and applied to a stream. Rows with equal terms have equal readers.
 */
export type Terms = {
  readonly owner: Audience;
  /** One of these lets in, the owner's first. */
  readonly readers: readonly Audience[];
  /** One of these shuts out. */
  readonly denied: readonly Audience[];
  /** All of these are needed. */
  readonly needed: readonly GroupAudience[];
  /** Place in LEVELS. */
  readonly level: number;
  readonly opensAt: Instant | null;
  readonly closesAt: Instant | null;
};

/** What the policy needs to know of who reads. */
export type Reader = {
  readonly audiences: readonly Audience[];
  /**
   * Further audiences that denials are asked of, and nothing else: those of a delegate, when it acts for another under a
   * mandate.
   */
  readonly deniedAs: readonly Audience[];
  readonly clearance: Level;
  /** Records opened to this person by an emergency access: two persons, a reason, for a time. */
  readonly breakGlassRecords: readonly RecordId[];
};

/** The place of a level among LEVELS, by which levels are compared. */
export const heightOf = (level: Level): number => LEVELS.indexOf(level);

export const termsOf = (marking: Marking): Terms => {
  const owner = marking.ownerPerson ? personAudience(marking.ownerPerson) : ownerAudience(marking.owner);
  const shared = marking.aggregateOnly ? [] : [...marking.releaseTo, ...(marking.displayOnlyTo ?? [])];
  return {
    owner,
    readers: [...new Set([owner, ...shared])],
    denied: marking.denyTo ?? [],
    needed: marking.needToKnow ?? [],
    level: heightOf(marking.level ?? 'OPEN'),
    opensAt: marking.embargoUntil ?? null,
    closesAt: marking.expiresAt ?? null,
  };
};

/**
 * The access policy for reading. The level binds everybody, the owner's own people too, and a denial binds whoever acts
 * for the owner without being of its people; the rest is for others: released to one of the reader's audiences, denied to
 * none of them, every group that is needed, and the time is right.
 */
export const admits = (
  terms: Terms,
  { audiences, deniedAs, clearance }: Omit<Reader, 'breakGlassRecords'>,
  now: Instant,
): boolean => {
  if (heightOf(clearance) < terms.level) return false;
  if (terms.denied.some((one) => deniedAs.includes(one))) return false;
  if (audiences.includes(terms.owner)) return true;
  return (
    terms.readers.some((one) => audiences.includes(one)) &&
    !terms.denied.some((one) => audiences.includes(one)) &&
    terms.needed.every((one) => audiences.includes(one)) &&
    (terms.opensAt === null || terms.opensAt <= now) &&
    (terms.closesAt === null || now < terms.closesAt)
  );
};

export const mayRead = (marking: Marking, who: Omit<Reader, 'breakGlassRecords'>, now: Instant): boolean =>
  admits(termsOf(marking), who, now);

/** Whether a reader may take the record out of the platform or pass it on: not if it is only shown to them. */
export const mayExport = (marking: Marking, who: Omit<Reader, 'breakGlassRecords'>, now: Instant): boolean =>
  mayRead({ ...marking, displayOnlyTo: [] }, who, now);

/**
 * Whether everybody whom `marking` admits, the two owners' own people aside, is admitted by `source` as well, whoever
 * belongs to which group: only then may a record with this marking hold what stands in the source. Sound, not complete:
 * a country is not known to be among MEMBERS.
 */
export const isWithin = (marking: Marking, source: Marking): boolean => {
  const [own, from] = [termsOf(marking), termsOf(source)];
  return (
    own.readers.every((one) => one === own.owner || isCovered(one, from.readers)) &&
    from.denied.every((one) => own.denied.includes(one)) &&
    from.needed.every((one) => own.needed.includes(one)) &&
    own.level >= from.level &&
    (from.opensAt === null || (own.opensAt !== null && own.opensAt >= from.opensAt)) &&
    (from.closesAt === null || (own.closesAt !== null && own.closesAt <= from.closesAt))
  );
};

const isCovered = (one: Audience, by: readonly Audience[]): boolean =>
  by.includes(one) || by.includes('PUBLIC') || (one === 'SECRETARIAT' && by.includes('MEMBERS'));
