import {
  country,
  day,
  many,
  omittable,
  oneOf,
  required,
  type CountryCode,
  type DomainEvent,
  type Marked,
  type Of,
} from '@kernel';

/** It digs, it refines, it uses; several at once are common. */
export const memberProfile = oneOf('MemberProfile', 'What a member brings to the alliance.', {
  PRODUCER: 'Mines raw materials.',
  REFINER: 'Refines or processes them.',
  CONSUMER: 'Uses them.',
});

export const membership = {
  country: required(country, 'The country.'),
  /** Of the instrument it signed, not of the entry here. */
  since: required(day, 'The day since which it is a member.'),
  profile: omittable(many(memberProfile, 'What it brings.', { distinct: true })),
};
export type Membership = Of<typeof membership>;

/** Stream `member-<id>`, one per country: that a country belongs to the alliance. */
export type MemberEvent = MemberAdmitted | MemberWithdrawn;

export type MemberAdmitted = DomainEvent<'access.MemberAdmitted.v1', Membership & Marked>;
/** The country belongs to the alliance no longer; it may be admitted again. */
export type MemberWithdrawn = DomainEvent<
  'access.MemberWithdrawn.v1',
  { readonly country: CountryCode; readonly reason?: string }
>;
