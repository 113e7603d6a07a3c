import { isCountry } from '@kernel';
import { isRole } from './roles.js';

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
  /** The embedded provider of a development machine: refused in production. */
  readonly development?: boolean;
};

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
    ? [...issuers.flatMap((issuer, at) => wrongKeys(issuer, `[${at}]`, production)), ...repeatedIssuers(issuers)]
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

function repeatedIssuers(issuers: readonly unknown[]): string[] {
  const names = issuers.map((issuer) => (issuer as TrustedIssuer | null)?.issuer);
  return names.flatMap((name, at) =>
    name !== undefined && names.indexOf(name) < at ? [`[${at}].issuer: ${name} is listed twice`] : [],
  );
}
