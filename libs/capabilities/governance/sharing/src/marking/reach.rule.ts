import {
  admits,
  mayExport,
  oneOf,
  termsOf,
  type Audience,
  type GroupAudience,
  type Instant,
  type Marking,
  type Party,
} from '@kernel';

/** A party, with the audiences of its people as far as the asker may know them. */
export type KnownParty = { readonly party: Party; readonly isMember: boolean; readonly audiences: readonly Audience[] };

/** What a marking means for somebody. */
export const verdict = oneOf('AudienceVerdict', 'What a marking means for somebody who is cleared for its level.', {
  READS: 'May read it, and export it.',
  DISPLAY_ONLY: 'May look at it here, but neither export nor forward it.',
  NOT_YET: 'Will read it when the embargo ends.',
  NO_LONGER: 'Could read it until it expired.',
  DEPENDS: 'On groups whose members you may not know.',
  HIDDEN: 'Does not learn that it exists.',
});
export type Verdict = ReturnType<typeof verdict>;

export type Reach = {
  readonly verdict: Verdict;
  /** Which of the audiences that it is released to let them in. */
  readonly because: readonly Audience[];
  /** Which of their audiences shut them out. */
  readonly deniedBy: readonly Audience[];
  /** Groups that readers must belong to and they are not known to. */
  readonly lacks: readonly GroupAudience[];
};

/**
 * How far a record under this marking reaches people with these audiences, if they are cleared for its level: the
 * kernel's own policy, asked once for what is known of them and once for each way in which the rest could be.
 * @param unknown groups of which it is not known whether they belong to them
 */
export const reachOf = (
  marking: Marking,
  audiences: readonly Audience[],
  unknown: readonly GroupAudience[],
  now: Instant,
): Reach => {
  const terms = termsOf(marking);
  const open = unknown.filter((one) => !audiences.includes(one));
  const atAnyTime = { ...terms, opensAt: null, closesAt: null };
  const sees = (more: readonly Audience[]): boolean =>
    admits(atAnyTime, { audiences: [...audiences, ...more], deniedAs: [], clearance: 'SECRET' }, now);
  // The more groups the better, but for those that are denied.
  const atBest = open.filter((one) => !terms.denied.includes(one));
  const atWorst = open.filter((one) => terms.denied.includes(one));
  const judged = (): Verdict => {
    if (!sees(atBest)) return 'HIDDEN';
    if (!sees(atWorst)) return 'DEPENDS';
    if (audiences.includes(terms.owner)) return 'READS';
    if (terms.closesAt !== null && terms.closesAt <= now) return 'NO_LONGER';
    if (terms.opensAt !== null && now < terms.opensAt) return 'NOT_YET';
    return mayExport(marking, { audiences, deniedAs: [], clearance: 'SECRET' }, now) ? 'READS' : 'DISPLAY_ONLY';
  };
  return {
    verdict: judged(),
    because: terms.readers.filter((one) => audiences.includes(one)),
    deniedBy: terms.denied.filter((one) => audiences.includes(one)),
    lacks: terms.needed.filter((one) => !audiences.includes(one)),
  };
};

/** The groups that a marking names, in whichever part. */
export const groupsIn = ({ releaseTo, displayOnlyTo = [], denyTo = [], needToKnow = [] }: Marking): GroupAudience[] => [
  ...new Set([...releaseTo, ...displayOnlyTo, ...denyTo, ...needToKnow].filter(isGroup)),
];

const isGroup = (one: Audience): one is GroupAudience => one.startsWith('group:');
