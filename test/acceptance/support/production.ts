import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { startProgram } from '../../support/program.js';
import type { RunningPlatform } from './platform.js';

/** The identity provider of a state, with the person for whom it makes tokens where nothing else is asked. */
export type Ministry = {
  readonly issuer: string;
  readonly audience: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly person: { readonly sub: string; readonly country: string; readonly roles: readonly string[] };
  /** What an API that trusts it is told of it. */
  readonly trusted: Readonly<Record<string, unknown>>;
  readonly signed: (claims?: object, how?: Partial<Header>) => Promise<string>;
  readonly close: () => void;
};

type Header = { alg: string; kid: string; typ: string; key: CryptoKey | Uint8Array };

export const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;

/** Starts an identity provider: of it, an API needs its public keys alone. */
export const startMinistry = async (): Promise<Ministry> => {
  const issuer = 'https://identity.example/jp';
  const audience = 'https://lodestone.example';
  const roles = ['LIAISON', 'DELEGATE'];
  const person = { sub: 'somebody', country: 'JP', roles };
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'test', alg: 'ES256', use: 'sig' }] });
  const keys = createServer((_, response) => response.setHeader('content-type', 'application/json').end(jwks));
  await once(keys.listen(0, '127.0.0.1'), 'listening');
  const jwksUri = `http://127.0.0.1:${(keys.address() as AddressInfo).port}/jwks`;
  return {
    ...{ issuer, audience, privateKey, publicKey, person },
    // Tokens end when they say, so that tests need not wait for the tolerance.
    trusted: { issuer, audience, jwksUri, countries: ['JP'], roles, clockTolerance: 0 },
    signed: (claims = {}, { alg = 'ES256', kid = 'test', typ = 'at+jwt', key = privateKey } = {}) =>
      new SignJWT({ iss: issuer, aud: audience, exp: inSeconds(300), ...person, ...claims })
        .setProtectedHeader({ alg, kid, typ })
        .sign(key),
    close: () => keys.close(),
  };
};

/** An API in the production profile. */
export type ProductionApi = {
  readonly graphql: string;
  /** What it wrote for its operator. */
  readonly said: readonly string[];
  readonly stop: () => Promise<void>;
};

/** Starts another API, in production, on the stores of a platform. */
export const startInProduction = async (
  platform: RunningPlatform,
  trusted: readonly object[],
  environment: Readonly<Record<string, string>> = {},
): Promise<ProductionApi> => {
  const { readerPassword, keysPassword } = JSON.parse(readFileSync(join(platform.folder, 'secrets.json'), 'utf8')) as {
    readerPassword: string;
    keysPassword: string;
  };
  const as = (username: string, password: string): string =>
    Object.assign(new URL(platform.database), { username, password }).toString();
  const api = await startProgram<{ graphql: string }>('dist/apps/api/src/main.js', {
    env: {
      NODE_ENV: 'production',
      LODESTONE_PORT: '0',
      EVENT_STORE_URL: platform.eventStore,
      DATABASE_READER_URL: as('lodestone_reader', readerPassword),
      KEYS_DATABASE_URL: as('lodestone_keys', keysPassword),
      OWNER_KEYS_FOLDER: join(platform.folder, 'owner-keys'),
      SEAL_KEY: Buffer.alloc(32, 7).toString('base64'),
      RECEIPT_KEY_FILE: join(platform.folder, 'receipt.key'),
      TRUSTED_ISSUERS: JSON.stringify(trusted),
      ...environment,
    },
  });
  return { graphql: api.ready.graphql, said: api.said, stop: () => api.stop() };
};
