import { type CountryCode, isCountry, type PersonRef, type Role } from '@kernel';
import { type JWTPayload } from 'jose';
import { v5 } from 'uuid';
import { isRole, mayLackCountry } from './roles.js';
import { type TrustedIssuer } from './trusted-issuer.js';

/** Who the token says is asking. Nothing here is a right: rights come from the platform's own registers. */
export type Identity = {
  /** UUIDv5 of `issuer|sub`: a stable pseudonym. It hides `sub` only from those who cannot guess it. */
  readonly person: PersonRef;
  /** ISO 3166-1 alpha-2 or EU; null for a person of the alliance itself. */
  readonly country: CountryCode | null;
  readonly roles: readonly Role[];
  readonly expiresAt: Date;
};

/** Reads an identity from claims whose signature, issuer, audience and times already hold. Throws the reason for a refusal, as text. */
export function identityOf(claims: JWTPayload, by: TrustedIssuer): Identity {
  const { sub, exp } = claims;
  if (typeof sub !== 'string' || sub === '') throw new Error('sub must be a text that is not empty');
  const expiresAt = new Date((exp ?? NaN) * 1000);
  if (Number.isNaN(expiresAt.getTime())) throw new Error('exp is not an instant');
  const roles = rolesOf(claims, by);
  return { person: personOf(by.issuer, sub), country: countryOf(claims, roles, by), roles, expiresAt };
}

function rolesOf({ roles = [] }: JWTPayload & { roles?: unknown }, by: TrustedIssuer): readonly Role[] {
  if (!Array.isArray(roles)) throw new Error('roles must be an array');
  for (const role of roles) {
    if (!isRole(role)) throw new Error(`roles holds ${quoted(role)}, which is not a role`);
    if (by.roles !== '*' && !by.roles.includes(role)) throw new Error(`${by.issuer} may not assert the role ${role}`);
  }
  if (new Set(roles).size !== roles.length) throw new Error('roles names a role twice');
  return Object.freeze([...roles] as Role[]);
}

function countryOf(
  { country }: JWTPayload & { country?: unknown },
  roles: readonly string[],
  by: TrustedIssuer,
): CountryCode | null {
  if (country === undefined) {
    if (mayLackCountry(roles)) return null;
    throw new Error('country is missing, and the roles are not those of the alliance itself');
  }
  if (typeof country !== 'string' || !isCountry(country))
    throw new Error(`country ${quoted(country)} is not one country code`);
  if (by.countries !== '*' && !by.countries.includes(country))
    throw new Error(`${by.issuer} may not speak for ${country}`);
  return country as CountryCode;
}

// The project's own namespace, so that no other system derives the same pseudonyms.
const PERSONS = '6f1d2c1b-0c9e-4b7f-9c55-7c0d5f0a4e21';

/** An issuer holds no `|`, so no two pairs share a name. */
const personOf = (issuer: string, sub: string): PersonRef => v5(`${issuer}|${sub}`, PERSONS) as PersonRef;

/** A claim as it may stand in a log: one line, ASCII, short. */
export const quoted = (value: unknown): string =>
  (JSON.stringify(value) ?? String(value))
    .replace(/[^ -~]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .slice(0, 200);
