import { isCountry } from '@kernel';
import { type ClaimPath } from './claims.js';
import { isRole } from './roles.js';
import { type SignInSettings, wrongSignIn } from './sign-in-settings.js';

/**
 * How an issuer writes a country. `code`: one ISO 3166-1 code in capitals. `lenient`: also in small letters, or as a
 * list of one. `eidas`: the first part of an eIDAS person identifier such as `JP/EU/1234`.
 */
export type CountryForm = 'code' | 'lenient' | 'eidas';

/** One issuer of tokens that the platform trusts, and how far. Read from configuration. */
export type TrustedIssuer = {
  /** Exact value of `iss`. */
  readonly issuer: string;
  /** Exact value of `aud`; a token whose `aud` is an array must contain it. */
  readonly audience: string;
  /** Where the issuer publishes its public keys. https, save on loopback and for the development issuer. */
  readonly jwksUri: string;
  /** Signature algorithms accepted from this issuer; public-key algorithms only. Default: `DEFAULT_ALGORITHMS`. */
  readonly algorithms?: readonly string[];
  /** The countries this issuer may speak for (ISO 3166-1 alpha-2, or EU). `*` is for the development issuer only. */
  readonly countries: readonly string[] | '*';
  /** The roles this issuer may assert of its people; `*` means every role the platform has. */
  readonly roles: readonly string[] | '*';
  /** Values of `typ` in the header that are taken, null for none. Default: `at+jwt` alone (RFC 9068). */
  readonly types?: readonly (string | null)[];
  /** Seconds by which the issuer's clock may differ from ours, for `exp` and `nbf`. Default 60. */
  readonly clockTolerance?: number;
  /** Values of `acr` that are strong enough; any or none where left out. */
  readonly acrValues?: readonly string[];
  /** What tells people apart. Default `sub`. Another claim makes other people of the same ones. */
  readonly subjectClaim?: ClaimPath;
  /** Where the roles stand, as a text or a list. Default `roles`. */
  readonly rolesClaim?: ClaimPath;
  /** What the issuer's names for roles mean; where given, no other name counts. */
  readonly roleNames?: Readonly<Record<string, string>>;
  /** The country of all its people, whatever their tokens say. */
  readonly country?: string;
  /** Where the country stands. Default `country`. */
  readonly countryClaim?: ClaimPath;
  /** Default `code`. */
  readonly countryForm?: CountryForm;
  /** What the issuer's names for countries mean, besides the codes themselves. */
  readonly countryNames?: Readonly<Record<string, string>>;
  /** How its people sign in with a browser; they do not where left out. */
  readonly signIn?: SignInSettings;
  /** The embedded provider of a development machine: refused in production. */
  readonly development?: boolean;
};

/** Seconds that a token counts beyond its `exp`, and before its `nbf`. */
export const clockToleranceOf = ({ clockTolerance = 60 }: TrustedIssuer): number => clockTolerance;

const LARGEST_CLOCK_TOLERANCE = 300;

export const DEFAULT_ALGORITHMS = ['ES256', 'EdDSA', 'RS256', 'PS256'] as const;

// A list of what is allowed: with a list of what is not, a new symmetric algorithm would slip through.
const PUBLIC_KEY_ALGORITHMS = new Set('ES256 ES384 ES512 EdDSA Ed25519 RS256 RS384 RS512 PS256 PS384 PS512'.split(' '));

/**
 * Reads a JSON array of trusted issuers.
 * @throws Error that names every wrong key, one per line, as `[index].key: what is wrong`.
 */
export function parseTrustedIssuers(json: string): TrustedIssuer[] {
  let issuers: unknown;
  try {
    issuers = JSON.parse(json);
  } catch (cause) {
    throw new Error(`Trusted issuers are not valid JSON: ${(cause as Error).message}`, { cause });
  }
  refuseWrongIssuers(issuers);
  return issuers;
}

/** @throws Error that names every wrong key. */
export function refuseWrongIssuers(issuers: unknown, production = false): asserts issuers is TrustedIssuer[] {
  const wrong = Array.isArray(issuers)
    ? [
        ...issuers.flatMap((issuer, at) => wrongKeys(issuer, `[${at}]`, production)),
        ...repeated(issuers, 'issuer', (each) => each?.issuer),
        ...repeated(issuers, 'signIn.key', (each) => each?.signIn?.key),
      ]
    : ['expected a JSON array of issuers'];
  if (wrong.length > 0) throw new Error(`Trusted issuers are wrong:\n  ${wrong.join('\n  ')}`);
}

type Check = (value: unknown, of: Partial<Record<keyof TrustedIssuer, unknown>>) => string | false;

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() === value && value !== '';

const urlOf = (value: unknown): URL | null => (isText(value) ? URL.parse(value) : null);

const isLoopback = (url: URL): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);

const isCountryCode = (value: unknown): boolean => typeof value === 'string' && isCountry(value);

const listOf = (value: unknown, isMember: (member: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(isMember) && new Set(value).size === value.length;

const COUNTRY_FORMS: readonly CountryForm[] = ['code', 'lenient', 'eidas'];

const NO_PATH =
  'must be the name of a claim, or a list of names from a claim inwards, such as ["realm_access", "roles"]';

const isFilledListOf = (value: unknown, isMember: (member: unknown) => boolean): boolean =>
  listOf(value, isMember) && (value as unknown[]).length > 0;

const isPath = (value: unknown): boolean =>
  isText(value) || (Array.isArray(value) && value.length > 0 && value.every(isText));

const isNames = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;

const isAmong = (value: unknown, all: unknown): boolean => all === '*' || (Array.isArray(all) && all.includes(value));

/** A key that may be left out. */
const optional =
  (check: (value: unknown, of: Parameters<Check>[1]) => string | boolean): Check =>
  (value, of) => {
    const verdict = value === undefined || check(value, of);
    return typeof verdict === 'string' && verdict;
  };

/** For each key: what is wrong with its value, or false. */
const CHECKS: Record<keyof TrustedIssuer, Check> = {
  issuer: (value) =>
    (!/^https?:\/\/[^\s|?#]+$/.test(String(value)) || !urlOf(value)) &&
    'must be the exact http(s) URL that stands in `iss`, without query or fragment',
  audience: (value) => !isText(value) && 'must be the exact text that stands in `aud`',
  jwksUri: (value, { development }) => {
    const url = urlOf(value);
    const mayBePlain = url?.protocol === 'http:' && (isLoopback(url) || development === true);
    return url?.protocol !== 'https:' && !mayBePlain && 'must be an https URL (http only on loopback)';
  },
  algorithms: (value) => {
    if (value === undefined) return false;
    const isAllowed = (name: unknown): boolean => typeof name === 'string' && PUBLIC_KEY_ALGORITHMS.has(name);
    if (listOf(value, isAllowed) && (value as unknown[]).length > 0) return false;
    return `must be a list from ${[...PUBLIC_KEY_ALGORITHMS].join(', ')}; symmetric algorithms and "none" are never accepted`;
  },
  countries: (value, { development }) => {
    if (value === '*') return development !== true && '"*" is only for the development issuer: list the countries';
    return (
      !listOf(value, isCountryCode) && 'must be a list of distinct ISO 3166-1 codes in capitals, or EU, such as ["JP"]'
    );
  },
  roles: (value) =>
    value !== '*' && !listOf(value, isRole) && 'must be "*" or a list of distinct roles, such as ["DELEGATE"]',
  types: optional(
    (value) =>
      isFilledListOf(value, (type) => type === null || isText(type)) ||
      'must be a list of values of `typ`, null for none, such as ["at+jwt", "JWT"]',
  ),
  clockTolerance: optional(
    (value) =>
      (Number.isInteger(value) && Number(value) >= 0 && Number(value) <= LARGEST_CLOCK_TOLERANCE) ||
      `must be a whole number of seconds from 0 to ${LARGEST_CLOCK_TOLERANCE}`,
  ),
  acrValues: optional(
    (value) => isFilledListOf(value, isText) || 'must be a list of the values of `acr` that are enough',
  ),
  subjectClaim: optional((value) => isPath(value) || NO_PATH),
  rolesClaim: optional((value) => isPath(value) || NO_PATH),
  roleNames: optional(
    (value, { roles }) =>
      (isNames(value) && Object.values(value).every((role) => isRole(role) && isAmong(role, roles))) ||
      'must be an object from names of the issuer to roles that it may assert, such as {"minerals-delegate": "DELEGATE"}',
  ),
  country: optional((value, { countries, countryClaim, countryForm, countryNames }) => {
    if ([countryClaim, countryForm, countryNames].some((other) => other !== undefined))
      return 'is for issuers whose tokens say no country: leave out countryClaim, countryForm and countryNames';
    return (isCountryCode(value) && isAmong(value, countries)) || 'must be one of the countries';
  }),
  countryClaim: optional((value) => isPath(value) || NO_PATH),
  countryForm: optional(
    (value) => COUNTRY_FORMS.includes(value as CountryForm) || `must be one of ${COUNTRY_FORMS.join(', ')}`,
  ),
  countryNames: optional(
    (value, { countries }) =>
      (isNames(value) && Object.values(value).every((code) => isCountryCode(code) && isAmong(code, countries))) ||
      'must be an object from names of the issuer to codes from its countries, such as {"EL": "GR"}',
  ),
  signIn: optional(wrongSignIn),
  development: (value) => value !== undefined && typeof value !== 'boolean' && 'must be true or false',
};

function wrongKeys(issuer: unknown, where: string, production: boolean): string[] {
  if (typeof issuer !== 'object' || issuer === null) return [`${where}: expected an object`];
  const unknown = Object.keys(issuer).filter((key) => !Object.hasOwn(CHECKS, key));
  const wrong = Object.entries(CHECKS).flatMap(([key, check]) => {
    const problem = check((issuer as Record<string, unknown>)[key], issuer);
    return problem ? [`${where}.${key}: ${problem}`] : [];
  });
  if (production && isForDevelopment(issuer as TrustedIssuer))
    wrong.push(`${where}.issuer: a development issuer is refused in production: remove it`);
  return [...wrong, ...unknown.map((key) => `${where}.${key}: unknown key (known: ${Object.keys(CHECKS).join(', ')})`)];
}

/** The embedded provider's address tells, even where the configuration keeps silent. */
const isForDevelopment = ({ issuer, development }: TrustedIssuer): boolean =>
  development === true || String(issuer).endsWith('/development');

/** What names an issuer names one. */
function repeated(
  issuers: readonly unknown[],
  key: string,
  nameOf: (issuer: Partial<TrustedIssuer> | null) => string | undefined,
): string[] {
  const names = issuers.map((issuer) => nameOf(issuer as Partial<TrustedIssuer> | null));
  return names.flatMap((name, at) =>
    name !== undefined && names.indexOf(name) < at ? [`[${at}].${key}: ${name} is listed twice`] : [],
  );
}
