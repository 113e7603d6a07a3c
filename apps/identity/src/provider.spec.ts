import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { developmentSecret, developmentToken, OidcTokens } from '@adapters/identity-oidc';
import { AUDIENCE, type IdentityProvider, startIdentityProvider } from './provider.js';

let data: string;
let provider: IdentityProvider;
const start = (): Promise<IdentityProvider> => startIdentityProvider({ port: 0, folder: join(data, 'identity') });

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'lodestone-identity-'));
  provider = await start();
});
afterAll(async () => {
  await provider.close();
  await rm(data, { recursive: true });
});

const ask = async (country: string | undefined, roles: string[], person?: string): Promise<string> =>
  developmentToken({ issuer: provider.issuer, secret: await developmentSecret(data), country, roles, person });

const tokensOf = ({ issuer }: IdentityProvider): OidcTokens =>
  new OidcTokens([
    { issuer, audience: AUDIENCE, jwksUri: `${issuer}/jwks`, countries: '*', roles: '*', development: true },
  ]);

describe('the development identity provider', () => {
  it('gives a token that says who is asking, and that the platform accepts', async () => {
    const tokens = tokensOf(provider);
    const first = await tokens.verify(await ask('JP', ['DELEGATE', 'APPROVER'], '2'));
    const again = await tokens.verify(await ask('JP', ['APPROVER', 'DELEGATE'], '2'));
    expect(first).toMatchObject({ country: 'JP', roles: ['APPROVER', 'DELEGATE'], person: again.person });
    expect((await tokens.verify(await ask('JP', ['APPROVER', 'DELEGATE'], '3'))).person).not.toBe(first.person);
    expect(await tokens.verify(await ask(undefined, ['SECRETARIAT']))).toMatchObject({
      country: null,
      roles: ['SECRETARIAT'],
    });
  });

  it('gives tokens for one hour', async () => {
    const [, claims] = (await ask('JP', ['DELEGATE'])).split('.');
    const { iat, exp } = JSON.parse(Buffer.from(claims!, 'base64url').toString()) as { iat: number; exp: number };
    expect(exp - iat).toBe(3600);
  });

  it('publishes where it answers, under an address marked as development, and no private key', async () => {
    expect(provider.issuer).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/development$/);
    const discovery = await fetch(`${provider.issuer}/.well-known/openid-configuration`).then((answer) =>
      answer.json(),
    );
    expect(discovery).toMatchObject({
      issuer: provider.issuer,
      jwks_uri: `${provider.issuer}/jwks`,
      token_endpoint: `${provider.issuer}/token`,
    });
    const keys = await fetch(`${provider.issuer}/jwks`).then((answer) => answer.json());
    expect(keys).toEqual({ keys: [expect.objectContaining({ kty: 'EC', crv: 'P-256', alg: 'ES256' })] });
    expect(JSON.stringify(keys)).not.toContain('"d"');
  });

  it('gives nobody a token without the secret, and none for a client id that stands for nobody', async () => {
    const roles = ['DELEGATE'];
    await expect(developmentToken({ issuer: provider.issuer, secret: 'guess', country: 'JP', roles })).rejects.toThrow(
      '401',
    );
    const client_secret = await developmentSecret(data);
    const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: 'JP.KING.1', client_secret });
    expect((await fetch(`${provider.issuer}/token`, { method: 'POST', body })).status).toBe(401);
  });

  it('keeps its secrets from others and over a restart', async () => {
    const token = await ask('KZ', ['LIAISON']);
    const files = ['signing-key.json', 'client-secret'].map((name) => join(data, 'identity', name));
    const before = await Promise.all(files.map((file) => readFile(file, 'utf8')));
    for (const file of files) expect((await stat(file)).mode & 0o777).toBe(0o600);

    const port = Number(new URL(provider.issuer).port);
    await provider.close();
    provider = await startIdentityProvider({ port, folder: join(data, 'identity') });
    expect(await Promise.all(files.map((file) => readFile(file, 'utf8')))).toEqual(before);
    await expect(tokensOf(provider).verify(token)).resolves.toMatchObject({ country: 'KZ' });
  });

  it('says which file to delete when its key cannot be read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lodestone-identity-'));
    await writeFile(join(folder, 'signing-key.json'), '{"kty":"EC"');
    await expect(startIdentityProvider({ port: 0, folder })).rejects.toThrow(
      'signing-key.json holds no ES256 private key: delete it',
    );
    await rm(folder, { recursive: true });
  });
});

describe('the development identity provider refuses to start', () => {
  const environment = process.env['NODE_ENV'];
  afterEach(() => {
    process.env['NODE_ENV'] = environment;
  });

  it('in production', async () => {
    process.env['NODE_ENV'] = 'production';
    await expect(start()).rejects.toThrow('NODE_ENV is production');
  });

  it.each(['0.0.0.0', '::', '192.0.2.7', 'identity.example'])('on the address %s', async (host) => {
    await expect(startIdentityProvider({ port: 0, host, folder: join(data, 'identity') })).rejects.toThrow(
      'listens on 127.0.0.1',
    );
  });

  it('on a port that is taken', async () => {
    const port = Number(new URL(provider.issuer).port);
    await expect(startIdentityProvider({ port, folder: join(data, 'identity') })).rejects.toThrow(
      `Port ${port} is taken`,
    );
  });
});
