/** Every role a token may assert. */
export const ROLES = ['LIAISON', 'DELEGATE', 'APPROVER', 'SECRETARIAT', 'AUDITOR', 'OBSERVER'] as const;

/** Roles a person can hold for the alliance as a whole, without speaking for a country. */
export const ALLIANCE_ROLES = ['SECRETARIAT', 'AUDITOR', 'OBSERVER'] as const;

export const isRole = (role: unknown): role is string => (ROLES as readonly unknown[]).includes(role);

/** True if a person may hold exactly these roles and speak for no country: at least one role, and none that speaks for one. */
export const mayLackCountry = (roles: readonly string[]): boolean =>
  roles.length > 0 && roles.every((role) => (ALLIANCE_ROLES as readonly string[]).includes(role));

/** True for the spelling of an ISO 3166-1 alpha-2 code, or EU: two ASCII capitals. Whether a state has the code is not asked here. */
export const hasCountryShape = (country: unknown): country is string =>
  typeof country === 'string' && /^[A-Z]{2}$/.test(country);
