import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { developmentSecret, developmentToken, OidcTokens } from '@adapters/identity-oidc';
import { AUDIENCE, type IdentityProvider, type IdentityProviderOptions, startIdentityProvider } from './provider.js';

let data: string;
let provider: IdentityProvider;
const started: IdentityProvider[] = [];

async function start(but: Partial<IdentityProviderOptions> = {}): Promise<IdentityProvider> {
  const provider = await startIdentityProvider({ port: 0, folder: join(data, 'identity'), ...but });
  started.push(provider);
  return provider;
}

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'lodestone-identity-'));
  provider = await start();
});
afterAll(async () => {
  await Promise.all(started.map((each) => each.close()));
  await rm(data, { recursive: true });
});

const ask = async (country: string | undefined, roles: string[], person?: string): Promise<string> =>
  developmentToken({ issuer: provider.issuer, secret: await developmentSecret(data), country, roles, person });

const claimsOf = (token: string): { sub: string; iat: number; exp: number } =>
  JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { sub: string; iat: number; exp: number };

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

  it('knows one person by one subject, in whatever order the client id names the roles', async () => {
    const subjects = ['JP.DELEGATE+APPROVER.2', 'JP.APPROVER+DELEGATE.2'].map(async (client_id) => {
      const client_secret = await developmentSecret(data);
      const body = new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret });
      const answer = await fetch(`${provider.issuer}/token`, { method: 'POST', body }).then((answer) => answer.json());
      return claimsOf((answer as { access_token: string }).access_token).sub;
    });
    expect(new Set(await Promise.all(subjects)).size).toBe(1);
  });

  it('gives tokens for one hour', async () => {
    const { iat, exp } = claimsOf(await ask('JP', ['DELEGATE']));
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
    provider = await start({ port });
    expect(await Promise.all(files.map((file) => readFile(file, 'utf8')))).toEqual(before);
    await expect(tokensOf(provider).verify(token)).resolves.toMatchObject({ country: 'KZ' });
  });

  it('says which file to delete when its key cannot be read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lodestone-identity-'));
    await writeFile(join(folder, 'signing-key.json'), '{"kty":"EC"');
    await expect(start({ folder })).rejects.toThrow('signing-key.json holds no ES256 private key: delete it');
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
    await expect(start({ host })).rejects.toThrow('listens on 127.0.0.1');
  });

  it('on a port that is taken', async () => {
    const port = Number(new URL(provider.issuer).port);
    await expect(start({ port })).rejects.toThrow(`Port ${port} is taken`);
  });
});
