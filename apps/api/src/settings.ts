import { databaseUrl, eventStoreUrl, isProduction, key32, port } from '@foundation/configuration';
import { parseTrustedIssuers } from '@adapters/identity-oidc';

/** Environment of the API. */
export const apiSettings = {
  /** Port of the GraphQL server. */
  LODESTONE_PORT: { parse: port, otherwise: () => 4000 },
  /** Address to listen on. */
  LODESTONE_HOST: { parse: (text: string) => text, otherwise: () => '127.0.0.1' },
  /** The history. */
  EVENT_STORE_URL: { parse: eventStoreUrl },
  /** The read models, as the login that may read and no more. */
  DATABASE_READER_URL: { parse: databaseUrl },
  /** Issuers of tokens that are trusted, and how far: a JSON list. */
  TRUSTED_ISSUERS: { parse: parseTrustedIssuers },
  /** Key of cursors and position tokens, the same on every node. */
  SEAL_KEY: { parse: key32 },
  NODE_ENV: { parse: isProduction, otherwise: () => false },
};
