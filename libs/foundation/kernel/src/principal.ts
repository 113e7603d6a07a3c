import type { Audience } from './marking.js';
import type { Reader } from './policy.js';
import { oneOf } from './shape.js';
import { SECRETARIAT, type CountryCode, type Party, type PersonRef, type RecordId } from './values.js';

/**
 * LIAISON reads and proposes; DELEGATE commits its country; APPROVER is the second pair of eyes; SECRETARIAT runs the
 * register; AUDITOR proves the record; OBSERVER sees what is public.
 */
export const ROLES = ['LIAISON', 'DELEGATE', 'APPROVER', 'SECRETARIAT', 'AUDITOR', 'OBSERVER'] as const;
export type Role = (typeof ROLES)[number];
export const role = oneOf<Role>('Role', 'In what capacity a person acts.', {
  LIAISON: 'Reads and proposes for a country.',
  DELEGATE: 'Commits a country.',
  APPROVER: 'Confirms, for a country, what another person prepared.',
  SECRETARIAT: 'Keeps the registers of the alliance; acts for no country.',
  AUDITOR: 'Proves the record.',
  OBSERVER: 'Sees what is public.',
});

/** Roles in which a person acts for a country and reads what was released to it. */
export const NATIONAL_ROLES: readonly Role[] = ['LIAISON', 'DELEGATE', 'APPROVER'];

/** Who asks: a person, acting for a country or for the secretariat, with what that capacity lets them see. */
export type Principal = Reader & {
  readonly person: PersonRef;
  /** The country acted for; null for the secretariat, auditors and observers. */
  readonly country: CountryCode | null;
  readonly roles: readonly Role[];
  /** Whether the country is a member of the alliance now. */
  readonly isMember: boolean;
  /** The country was a member and has left the alliance. */
  readonly hasLeft?: true;
  /** Under which mandate a person of another party acts for the country; null for its own people. */
  readonly mandate: Mandate | null;
  /** Whether what is read now is to leave the platform. */
  readonly exports?: true;
};

/** One party lets another act for it, within subject areas. It is not passed on. */
export type Mandate = {
  readonly id: RecordId;
  /** Whose person acts. */
  readonly delegate: Party;
  /** Names of capabilities. */
  readonly subjects: readonly string[];
  readonly mayCommand: boolean;
};

/**
 * The reader that a principal is in one capability: outside the subjects of a mandate, only what is public, and of that
 * nothing that is denied to either party.
 */
export const readerFor = (who: Principal, capability: string): Reader =>
  who.mandate === null || who.mandate.subjects.includes(capability)
    ? who
    : {
        audiences: who.audiences.filter((one): one is Audience => one === 'PUBLIC'),
        deniedAs: [...who.audiences, ...who.deniedAs],
        clearance: 'OPEN',
        breakGlassRecords: [],
      };

export const hasRole = (who: Principal, ...roles: readonly Role[]): boolean =>
  roles.some((role) => who.roles.includes(role));

/** The party whose records this person writes; null when the person may write none. */
export const partyOf = (who: Principal): Party | null =>
  who.country ?? (who.roles.includes('SECRETARIAT') ? SECRETARIAT : null);

/** A person of this country in one of these roles. */
export const actsFor = (who: Principal, country: Party, ...roles: readonly Role[]): boolean =>
  who.country === country && hasRole(who, ...roles);
