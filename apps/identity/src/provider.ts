import { createServer, type RequestListener, type Server } from 'node:http';
import { once } from 'node:events';
import { type AddressInfo } from 'node:net';
import { readDevelopmentClientId } from '@adapters/identity-oidc';
import { errors, Provider, type GrantContext } from 'oidc-provider';
import { interactions } from './interactions.js';
import { keptSecrets, type KeptSecrets } from './kept-secrets.js';
import { MemoryStore } from './memory-store.js';

export const AUDIENCE = 'lodestone-api';
const TOKEN_SECONDS = 3600;
/** How long somebody may look at the list of persons. */
const SIGN_IN_SECONDS = 600;
/** Marks every key and token of this provider as made for development. */
const PATH = '/development';

export type IdentityProviderOptions = {
  /** 0 picks a free one. */
  readonly port: number;
  /** Loopback only. Default `127.0.0.1`. */
  readonly host?: string | undefined;
  /** Where the signing key and the client secret lie; made at the first start. */
  readonly folder: string;
};

export type IdentityProvider = { readonly issuer: string; close(): Promise<void> };

/** Starting here would endanger something: the message says what and what to do. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused';
}

/**
 * Starts the development identity provider. Anyone who can read its folder can be anyone, so it serves this machine alone.
 * @throws StartRefused in production, on an address that others can reach, or if the port is taken.
 */
export async function startIdentityProvider({
  port,
  host = '127.0.0.1',
  folder,
}: IdentityProviderOptions): Promise<IdentityProvider> {
  if (process.env['NODE_ENV'] === 'production')
    throw new StartRefused(
      'This identity provider makes up its people and is for development only; NODE_ENV is production. Name your real issuers in the configuration of the API instead.',
    );
  if (host !== '127.0.0.1' && host !== 'localhost')
    throw new StartRefused(
      `This identity provider serves this machine alone: it listens on 127.0.0.1, not on "${host}". Leave out --host.`,
    );

  const secrets = await keptSecrets(folder);
  // Clients reuse connections: one that is closed while a request is on its way looks like no provider.
  const server = createServer({ keepAliveTimeout: 75_000 });
  await listen(server, port);
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}${PATH}`;
  const oidc = provider(issuer, secrets);
  server.on('request', below(PATH, interactions(oidc, oidc.callback())));
  return {
    issuer,
    async close() {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE')
      throw new StartRefused(
        `Port ${port} is taken by another program. Choose another with --port (0 picks a free one).`,
        { cause },
      );
    throw cause;
  }
}

/** Serves only what lies below the path, which is part of the issuer's name. */
const below =
  (path: string, serve: RequestListener): RequestListener =>
  (request, response) => {
    const url = request.url ?? '/';
    if (!url.startsWith(`${path}/`)) {
      response
        .writeHead(404, { 'content-type': 'text/plain' })
        .end(`The development identity provider is at ${path}/\n`);
      return;
    }
    // The provider reads both: what it routes by, and what stood in the request, for the addresses it publishes.
    Object.assign(request, { originalUrl: url, url: url.slice(path.length) });
    serve(request, response);
  };

function provider(issuer: string, { signingKey, clientSecret }: KeptSecrets): Provider {
  const off = { enabled: false };
  return new Provider(issuer, {
    jwks: { keys: [signingKey] },
    // Clients are read from their id, and what a sign-in needs is kept in memory: a restart forgets it.
    adapter: (model: string) =>
      model === 'Client' ? { find: async (id: string) => client(id, clientSecret) } : new MemoryStore(model),
    cookies: { keys: [clientSecret] },
    responseTypes: ['code'],
    scopes: ['openid'],
    claims: { openid: ['sub', 'country', 'roles', 'sid'] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    ttl: {
      ClientCredentials: TOKEN_SECONDS,
      Interaction: SIGN_IN_SECONDS,
      AuthorizationCode: 60,
      Session: SIGN_IN_SECONDS,
      Grant: SIGN_IN_SECONDS,
    },
    interactions: { url: (_context: unknown, { uid }: { uid: string }) => `${PATH}/interaction/${uid}` },
    findAccount: (_context: unknown, subject: string) => account(subject),
    loadExistingGrant: allowed,
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: off,
      userinfo: off,
      rpInitiatedLogout: off,
      pushedAuthorizationRequests: { enabled: true },
      dPoP: off,
      resourceIndicators: {
        enabled: true,
        defaultResource: () => `urn:${AUDIENCE}`,
        getResourceServerInfo: (_context: unknown, resource: string) => {
          if (resource !== `urn:${AUDIENCE}`) throw new errors.InvalidTarget(`the only resource is urn:${AUDIENCE}`);
          return {
            audience: AUDIENCE,
            scope: '',
            accessTokenFormat: 'jwt',
            jwt: { sign: { alg: 'ES256' } },
          };
        },
      },
    },
    formats: { customizers: { jwt: nameThePerson } },
    renderError: (context: { type: string; body: string }, { error, error_description }: Record<string, string>) => {
      Object.assign(context, { type: 'text/plain', body: `${error}: ${error_description}\n` });
    },
  }).on('server_error', (_context, error) => console.error('identity provider:', error));
}

/** A made-up person, as the console is told it. */
const account = (subject: string) => {
  const person = readDevelopmentClientId(subject);
  if (!person) return undefined;
  const { country, roles } = person;
  return {
    accountId: person.subject,
    claims: async () => ({ sub: person.subject, roles, ...(country && { country }) }),
  };
};

/** Nobody is asked what the console may know: there is nothing to know of made-up persons. */
async function allowed({ oidc }: GrantContext): Promise<unknown> {
  const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
  grant.addOIDCScope('openid');
  await grant.save();
  return grant;
}

/** The console, at whatever port of this machine it runs: RFC 8252, section 7.3. */
const consoleClient = (secret: string) => ({
  client_id: 'lodestone-console',
  client_secret: secret,
  application_type: 'native',
  grant_types: ['authorization_code'],
  response_types: ['code'],
  redirect_uris: ['http://127.0.0.1/auth/callback/development'],
  token_endpoint_auth_method: 'client_secret_post',
});

function client(id: string, secret: string): Record<string, unknown> | undefined {
  if (id === 'lodestone-console') return consoleClient(secret);
  if (!readDevelopmentClientId(id)) return undefined;
  return {
    client_id: id,
    client_secret: secret,
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    token_endpoint_auth_method: 'client_secret_post',
  };
}

/** Puts country, roles and a subject that is the same in whatever order the client id names the roles. */
function nameThePerson(
  _context: unknown,
  { clientId }: { clientId: string },
  token: { payload: Record<string, unknown> },
): void {
  const person = readDevelopmentClientId(clientId);
  if (!person) return;
  Object.assign(
    token.payload,
    { sub: person.subject, roles: person.roles },
    person.country && { country: person.country },
  );
}
