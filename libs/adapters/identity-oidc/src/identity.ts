import { type CountryCode, isCountry, type PersonRef, type Role } from '@kernel';
import { type JWTPayload } from 'jose';
import { v5 } from 'uuid';
import { namedIn, nameOf, valueAt } from './claims.js';
import { isRole, mayLackCountry } from './roles.js';
import { clockToleranceOf, type CountryForm, type TrustedIssuer } from './trusted-issuer.js';

/** Who the token says is asking. Nothing here is a right: rights come from the platform's own registers. */
export type Identity = {
  /** UUIDv5 of issuer and subject: a stable pseudonym. It hides the subject only from those who cannot guess it. */
  readonly person: PersonRef;
  /** ISO 3166-1 alpha-2 or EU; null for a person of the alliance itself. */
  readonly country: CountryCode | null;
  readonly roles: readonly Role[];
  /** When the token ends, the issuer's clock tolerance added. */
  readonly expiresAt: Date;
};

/**
 * Reads an identity from claims whose signature, issuer, audience and times already hold.
 * @param remark hears of what was left aside although it looks like ours
 * @throws Error that names the claim that is wrong, and never what it holds
 */
export function identityOf(claims: JWTPayload, by: TrustedIssuer, remark: (text: string) => void): Identity {
  refuseWeakLogIn(claims, by);
  const { subjectClaim = 'sub' } = by;
  const subject = valueAt(claims, subjectClaim);
  if (typeof subject !== 'string' || subject === '')
    throw new Error(`${nameOf(subjectClaim)} must be a text that is not empty`);
  const expiresAt = new Date(((claims.exp ?? NaN) + clockToleranceOf(by)) * 1000);
  if (Number.isNaN(expiresAt.getTime())) throw new Error('exp is not an instant');
  const roles = rolesOf(claims, by, remark);
  return { person: personOf(by.issuer, subject), country: countryOf(claims, roles, by), roles, expiresAt };
}

function refuseWeakLogIn({ acr }: JWTPayload & { acr?: unknown }, { acrValues }: TrustedIssuer): void {
  if (acrValues && !(typeof acr === 'string' && acrValues.includes(acr)))
    throw new Error(`acr is ${acr === undefined ? 'missing' : 'none that acrValues lists'}`);
}

/** What is not a role of ours is left aside; a role of ours that the issuer may not assert is left aside too, with a remark. */
function rolesOf(claims: JWTPayload, by: TrustedIssuer, remark: (text: string) => void): readonly Role[] {
  const { rolesClaim = 'roles', roleNames } = by;
  const said = valueAt(claims, rolesClaim) ?? [];
  if (typeof said !== 'string' && !Array.isArray(said))
    throw new Error(`${nameOf(rolesClaim)} must be a text or a list of texts`);
  const named = [said]
    .flat()
    .filter((name) => typeof name === 'string')
    .map((name) => (roleNames ? namedIn(roleNames, name) : name))
    .filter(isRole);
  const roles = named.filter((role) => by.roles === '*' || by.roles.includes(role));
  if (roles.length < named.length)
    remark(`${nameOf(rolesClaim)} names a role that this issuer may not assert: ignored`);
  return Object.freeze([...new Set(roles)]);
}

function countryOf(claims: JWTPayload, roles: readonly string[], by: TrustedIssuer): CountryCode | null {
  if (by.country !== undefined) return by.country as CountryCode;
  const { countryClaim = 'country', countryForm = 'code', countryNames = {} } = by;
  const name = nameOf(countryClaim);
  const said = valueAt(claims, countryClaim);
  if (said === undefined) {
    if (mayLackCountry(roles)) return null;
    throw new Error(`${name} is missing, and the roles are not those of the alliance itself`);
  }
  const country = FORMS[countryForm](said, (text) => namedIn(countryNames, text));
  if (country === undefined || !isCountry(country)) throw new Error(`${name} is not one country code`);
  if (by.countries !== '*' && !by.countries.includes(country))
    throw new Error(`${name} is a country that this issuer may not speak for`);
  return country as CountryCode;
}

type Form = (said: unknown, named: (text: string) => string | undefined) => string | undefined;

const textOf = (said: unknown): string | undefined => {
  const only: unknown = Array.isArray(said) && said.length === 1 ? said[0] : said;
  return typeof only === 'string' ? only : undefined;
};

/** ASCII alone: there are other letters whose capitals are ASCII. */
const inCapitals = (text: string): string => (/^[A-Za-z]{2}$/.test(text) ? text.toUpperCase() : text);

/** For each form: the code in a claim, or undefined. */
const FORMS: Readonly<Record<CountryForm, Form>> = {
  code: (said, named) => (typeof said === 'string' ? (named(said) ?? said) : undefined),
  lenient: (said, named) => {
    const text = textOf(said);
    return text && (named(text) ?? inCapitals(text));
  },
  // eIDAS SAML attribute profile 1.2, section 2.2.3: country of origin / country of destination / identifier.
  eidas: (said, named) => {
    const origin = /^([A-Z]{2})\/[A-Z]{2}\/\S+$/.exec(textOf(said) ?? '')?.[1];
    return origin && (named(origin) ?? origin);
  },
};

// The project's own namespace, so that no other system derives the same pseudonyms.
const PERSONS = '6f1d2c1b-0c9e-4b7f-9c55-7c0d5f0a4e21';

/** An issuer holds no `|`, so no two pairs share a name. */
const personOf = (issuer: string, subject: string): PersonRef => v5(`${issuer}|${subject}`, PERSONS) as PersonRef;

/** A text as it may stand in a log: one line, ASCII, short. */
export const quoted = (value: unknown): string =>
  (JSON.stringify(value) ?? String(value))
    .replace(/[^ -~]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .slice(0, 200);
