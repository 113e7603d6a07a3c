import type { CountryCode, Day, DomainEvent, Marked } from '@kernel';

/** Stream `member-<id>`, one per country: that a country belongs to the alliance. */
export type MemberEvent = MemberAdmitted | MemberWithdrawn;

export type MemberAdmitted = DomainEvent<'access.MemberAdmitted.v1', Membership & Marked>;

/** The country belongs to the alliance no longer; it may be admitted again. */
export type MemberWithdrawn = DomainEvent<
  'access.MemberWithdrawn.v1',
  { readonly country: CountryCode; readonly reason?: string }
>;

/** What a member brings: it digs, it refines, it uses; several at once are common. */
export const PROFILES = ['PRODUCER', 'REFINER', 'CONSUMER'] as const;
export type Profile = (typeof PROFILES)[number];

export type Membership = {
  readonly country: CountryCode;
  /** The day from which the country is a member: of the instrument it signed, not of the entry here. */
  readonly since: Day;
  readonly profile?: readonly Profile[];
};
