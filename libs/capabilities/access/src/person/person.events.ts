import type { CountryCode, DomainEvent, Marked, PersonRef, Role } from '@kernel';

/** Stream `person-<id>`, one per person and party that speaks of it: the roles that the party gave the person, or took away. */
export type PersonEvent = RoleGranted | RoleRevoked;

/** Either fact can be the first of its stream, and then carries the marking. */
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
