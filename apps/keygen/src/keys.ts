import { ED25519, formatSignerKey } from '@foundation/transparency';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Where the stores of an installation are. */
export type Stores = {
  /** `host:port/name` */
  readonly database: string;
  /** `host:port?tls=true` */
  readonly eventStore: string;
};

/** A file, the setting that names it, and whether it was made now. */
export type Made = { readonly file: string; readonly setting: string | null; readonly isNew: boolean };

const key = (): string => randomBytes(32).toString('base64');
const password = (): string => randomBytes(24).toString('base64url');

/** Secrets that stand for themselves, by the setting whose file they are in. */
const SECRETS: Readonly<Record<string, readonly [file: string, make: () => string]>> = {
  SEAL_KEY: ['seal-key', key],
  RECEIPT_KEY: ['receipt-key', () => formatSignerKey('lodestone/receipts', ED25519, randomBytes(32))],
  LOG_AUDITORS_SECRET: ['log-auditors-secret', key],
  LOG_WITNESSES_SECRET: ['log-witnesses-secret', key],
  EVENTSTORE_DEFAULT_ADMIN_PASSWORD: ['event-store-admin-password', password],
  EVENTSTORE_DEFAULT_OPS_PASSWORD: ['event-store-ops-password', password],
};

/**
 * Makes every key and password of an installation that is missing in a folder, each in a file for its owner alone. Beside
 * them: `database.sql`, which makes the database and its logins; `postgres-password` for the superuser of a new server;
 * `lodestone.env`, which names the files to the programs. What is there already stays as it is.
 */
export const makeKeys = (folder: string, { database, eventStore }: Stores): readonly Made[] => {
  mkdirSync(join(folder, 'owner-keys'), { recursive: true, mode: 0o700 });
  const made: Made[] = [];
  const kept = (setting: string | null, name: string, make: () => string): string => {
    const file = resolve(folder, name);
    const isNew = !existsSync(file);
    if (isNew) writeFileSync(file, `${make()}\n`, { mode: 0o600, flag: 'wx' });
    made.push({ file, setting, isNew });
    return readFileSync(file, 'utf8').trim();
  };
  const secrets = Object.fromEntries(
    Object.entries(SECRETS).map(([setting, [name, make]]) => [setting, kept(`${setting}_FILE`, name, make)]),
  );
  const [place = '', query = 'tls=true'] = eventStore.split('?');
  // Without TLS nobody's password is asked for, nor should it be sent.
  const admin = /\btls=false\b/.test(query) ? '' : `admin:${secrets['EVENTSTORE_DEFAULT_ADMIN_PASSWORD']!}@`;
  kept('EVENT_STORE_URL_FILE', 'event-store-url', () => `esdb://${admin}${place}?${query}`);
  const name = database.slice(database.indexOf('/') + 1);
  const login = (setting: string, file: string, role: string): URL =>
    new URL(kept(setting, file, () => `postgres://${role}:${password()}@${database}`));
  const owner = login('DATABASE_URL_FILE', 'database-url', `${name}_owner`);
  const reader = login('DATABASE_READER_URL_FILE', 'database-reader-url', `${name}_reader`);
  const keeper = login('KEYS_DATABASE_URL_FILE', 'keys-database-url', `${name}_keys`);
  const sessions = login('SESSIONS_DATABASE_URL_FILE', 'sessions-database-url', `${name}_sessions`);
  kept(null, 'postgres-password', password);
  kept(null, 'database.sql', () => databaseSql(name, owner, [reader, keeper, sessions]));
  const files = made.flatMap(({ setting, file }) => (setting === null ? [] : [`${setting}=${file}`]));
  kept(null, 'lodestone.env', () =>
    ['NODE_ENV=production', `OWNER_KEYS_FOLDER=${resolve(folder, 'owner-keys')}`, ...files].join('\n'),
  );
  return made;
};

/** By a superuser, once: an owner that is none, and the other logins as its own, which inherit nothing. */
const databaseSql = (name: string, owner: URL, logins: readonly URL[]): string =>
  [
    `CREATE ROLE "${owner.username}" LOGIN CREATEROLE PASSWORD '${owner.password}';`,
    `CREATE DATABASE "${name}" OWNER "${owner.username}" TEMPLATE template0 ENCODING 'UTF8';`,
    `SET ROLE "${owner.username}";`,
    ...logins.map(({ username, password }) => `CREATE ROLE "${username}" NOINHERIT LOGIN PASSWORD '${password}';`),
  ].join('\n');
