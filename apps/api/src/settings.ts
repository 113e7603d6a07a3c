import { watchSettings } from '@adapters/telemetry';
import {
  count,
  databaseUrl,
  eventStoreUrl,
  folder,
  httpUrl,
  keys32,
  origin,
  origins,
  port,
} from '@foundation/configuration';
import { parseTrustedIssuers } from '@adapters/identity-oidc';
import { parseSignerKey, type SignerKey } from '@foundation/transparency';
import { TrustedDocuments } from '@foundation/server';
import { readFileSync } from 'node:fs';
import { IssuersFile } from './issuers-file.js';

/** @throws Error that repeats nothing of what is in the file */
const signerKeyFile = (file: string): SignerKey => {
  try {
    return parseSignerKey(readFileSync(file, 'utf8').trim());
  } catch (error) {
    throw new Error(
      `names a file that cannot be used: ${(error as Error).message} (node dist/apps/keygen/src/main.js makes one)`,
      { cause: error },
    );
  }
};

/** Environment of the API. */
export const apiSettings = {
  /** Port of the GraphQL server. */
  LODESTONE_PORT: { parse: port, otherwise: () => 4000 },
  /** Address to listen on. */
  LODESTONE_HOST: { parse: (text: string) => text, otherwise: () => '127.0.0.1' },
  /** The history. */
  EVENT_STORE_URL: { parse: eventStoreUrl, secret: true },
  /** The read models, as the login that may read and no more. */
  DATABASE_READER_URL: { parse: databaseUrl, secret: true },
  /** The keys of the contents, as the login that keeps them. */
  KEYS_DATABASE_URL: { parse: databaseUrl, secret: true },
  /** The sessions of browsers, as the login that keeps them; nobody signs in with a browser where left out. */
  SESSIONS_DATABASE_URL: { parse: databaseUrl, secret: true, otherwise: () => null },
  /** Origin at which people open the console, https://host; in production nobody signs in with a browser without it. */
  LODESTONE_ORIGIN: { parse: origin, otherwise: () => null },
  /** Folder with the keys of the owners, which wrap those of their contents; the same for every program. */
  OWNER_KEYS_FOLDER: { parse: folder },
  /** The verifiable log, whose state health tells; not watched where left out. */
  LOG_URL: { parse: httpUrl, otherwise: () => null },
  /** Issuers of tokens that are trusted, and how far: a JSON list. */
  TRUSTED_ISSUERS: { parse: parseTrustedIssuers },
  /** File with that list instead, which is read again whenever it changes. */
  TRUSTED_ISSUERS_FILE: { parse: IssuersFile.read, otherwise: () => null },
  /** Key of cursors and position tokens, the same on every node; a second one opens what was made with it. */
  SEAL_KEY: { parse: keys32, secret: true },
  /** File with the key that receipts are signed with, the same on every node. */
  RECEIPT_KEY_FILE: { parse: signerKeyFile },
  /** Requests that one person may send to this node in a second, averaged over ten: 100 in production, else 10,000. */
  LODESTONE_REQUESTS_PER_SECOND: { parse: count, otherwise: () => null },
  /** JSON file of the GraphQL documents that are answered; any where left out. */
  LODESTONE_TRUSTED_DOCUMENTS: { parse: (file: string) => TrustedDocuments.read(file), otherwise: () => null },
  /** Origins of web pages that may ask from a browser, with commas between them; none where left out. */
  LODESTONE_ALLOWED_ORIGINS: { parse: origins, otherwise: () => [] },
  ...watchSettings,
};

/** What the API is told by an environment: where its issuers stand in a file, nowhere else. */
export const apiSettingsIn = (environment: NodeJS.ProcessEnv): typeof apiSettings =>
  environment['TRUSTED_ISSUERS_FILE'] ? { ...apiSettings, TRUSTED_ISSUERS: IN_THE_FILE } : apiSettings;

const IN_THE_FILE = {
  parse: (): never => {
    throw new Error('is set beside TRUSTED_ISSUERS_FILE: set one of the two');
  },
  otherwise: () => [],
};
