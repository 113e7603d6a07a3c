import { NATIONAL_ROLES, type Role, ROLES } from '@kernel';

export const isRole = (role: unknown): role is Role => (ROLES as readonly unknown[]).includes(role);

/** True if a person may hold exactly these roles and speak for no country: at least one role, and none that acts for one. */
export const mayLackCountry = (roles: readonly string[]): boolean =>
  roles.length > 0 && !roles.some((role) => (NATIONAL_ROLES as readonly string[]).includes(role));
