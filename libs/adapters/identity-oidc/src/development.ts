import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isCountry, ROLES } from '@kernel';
import { isRole, mayLackCountry } from './roles.js';

/** A fictional person of the development identity provider. */
export type DevelopmentPerson = {
  /** Two-letter code; absent or null for a person of the alliance itself. */
  readonly country?: string | null | undefined;
  readonly roles: readonly string[];
  /** Tells people with the same country and roles apart: letters, digits and dashes. Default `1`. */
  readonly person?: string | undefined;
};

/**
 * The secret that all clients of the development provider share, made at its first start.
 * @param folder the platform's data folder
 * @throws Error that says which file cannot be read and what to do.
 */
export async function developmentSecret(folder: string): Promise<string> {
  const file = join(folder, 'identity', 'client-secret');
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (cause) {
    throw new Error(
      `No secret of the development identity provider in ${file}: start the platform with \`npm start\`.`,
      { cause },
    );
  }
}

/**
 * The client id that stands for a person: `<COUNTRY>.<ROLE>[+ROLE…].<person>`, `-` for no country. Roles are sorted, so a person has one id.
 * @throws Error that says what is wrong and what would be right.
 */
export function developmentClientId({ country = null, roles, person = '1' }: DevelopmentPerson): string {
  const wrongRole = roles.find((role) => !isRole(role));
  if (wrongRole !== undefined || roles.length === 0)
    throw new Error(
      `${wrongRole === undefined ? 'No role given' : `Unknown role "${wrongRole}"`}: choose from ${ROLES.join(', ')}.`,
    );
  if (country === null && !mayLackCountry(roles))
    throw new Error(`${roles.join(' and ')} speaks for a country: name it by its two-letter code, such as JP.`);
  if (country !== null && !isCountry(country))
    throw new Error(`Wrong country "${country}": use a two-letter code of ISO 3166-1 in capitals, such as JP, or EU.`);
  if (!/^[A-Za-z0-9-]{1,64}$/.test(person))
    throw new Error(`Wrong person "${person}": use up to 64 letters, digits and dashes, such as 2.`);
  return `${country ?? '-'}.${[...new Set(roles)].sort().join('+')}.${person}`;
}

/** The person a client id stands for, or null if it stands for nobody. */
export function readDevelopmentClientId(id: string): (DevelopmentPerson & { subject: string }) | null {
  const [country, roles, person, ...rest] = id.split('.');
  if (!country || !roles || !person || rest.length > 0) return null;
  const who = { country: country === '-' ? null : country, roles: roles.split('+'), person };
  try {
    return { ...who, roles: [...new Set(who.roles)].sort(), subject: developmentClientId(who) };
  } catch {
    return null;
  }
}

/**
 * Asks a running development provider for an access token (a JWT that holds for one hour), over plain HTTP.
 * @param ask.issuer as the platform printed it, such as `http://127.0.0.1:4001/development`
 * @param ask.secret see `developmentSecret`
 * @throws Error that says what is wrong: the person, the secret, or that no provider answers.
 */
export async function developmentToken(
  ask: DevelopmentPerson & { readonly issuer: string; readonly secret: string },
): Promise<string> {
  const client_id = developmentClientId(ask);
  const { token_endpoint } = await answerOf(`${ask.issuer}/.well-known/openid-configuration`);
  const { access_token } = await answerOf(String(token_endpoint), {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret: ask.secret }),
  });
  return String(access_token);
}

async function answerOf(url: string, request: RequestInit = {}): Promise<Record<string, unknown>> {
  const response = await fetch(url, request).catch((cause: unknown) => {
    throw new Error(`No identity provider answers at ${url}: start the platform with \`npm start\`.`, { cause });
  });
  const text = await response.text();
  if (!response.ok)
    throw new Error(`The identity provider answered ${response.status} at ${url}: ${text.slice(0, 300)}`);
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (cause) {
    throw new Error(`What answers at ${url} is not an identity provider.`, { cause });
  }
}
