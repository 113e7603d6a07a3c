import {
  level,
  without,
  type CountryCode,
  type DomainEvent,
  type Level,
  type Marked,
  type PersonRef,
  type Role,
} from '@kernel';

/** What a person can be cleared for; OPEN needs no clearance. */
export const clearanceLevel = without(level, 'OPEN');
export type ClearanceLevel = Exclude<Level, 'OPEN'>;

/**
 * Stream `person-<id>`, one per person and party that speaks of it: the roles and the clearance that the party gave the
 * person, or took away.
 */
export type PersonEvent = RoleGranted | RoleRevoked | ClearanceGranted | ClearanceRevoked;

/** Each of these facts, but a clearance’s revocation, can be the first of its stream, and then carries the marking. */
export type RoleGranted = DomainEvent<'access.RoleGranted.v1', RoleOf & Partial<Marked>>;
export type RoleRevoked = DomainEvent<'access.RoleRevoked.v1', RoleOf & { readonly reason?: string } & Partial<Marked>>;

export type RoleOf = {
  readonly person: PersonRef;
  readonly role: Role;
  /**
   * Granted: the country that the person acts for in this role, absent for a role of the alliance.
   * Revoked: the country that took the role from its own person, absent where the secretariat did.
   */
  readonly country?: CountryCode;
};

/** How far the party that says it lets its own person read; a later grant takes the place of an earlier one. */
export type ClearanceGranted = DomainEvent<
  'access.ClearanceGranted.v1',
  ClearanceOf & { readonly level: ClearanceLevel } & Partial<Marked>
>;
export type ClearanceRevoked = DomainEvent<'access.ClearanceRevoked.v1', ClearanceOf & { readonly reason?: string }>;

export type ClearanceOf = {
  readonly person: PersonRef;
  /** The country whose person it is, absent for the secretariat's. */
  readonly country?: CountryCode;
};
