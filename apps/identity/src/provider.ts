import { createServer, type RequestListener, type Server } from 'node:http';
import { once } from 'node:events';
import { type AddressInfo } from 'node:net';
import { readDevelopmentClientId } from '@adapters/identity-oidc';
import { errors, Provider } from 'oidc-provider';
import { keptSecrets, type KeptSecrets } from './kept-secrets.js';

export const AUDIENCE = 'lodestone-api';
const TOKEN_SECONDS = 3600;
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
  server.on('request', below(PATH, provider(issuer, secrets).callback()));
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
    // Tokens are self-contained and clients are read from their id, so there is nothing to store.
    adapter: (model: string) => ({
      find: async (id: string) => (model === 'Client' ? client(id, clientSecret) : undefined),
      upsert: async () => {},
      destroy: async () => {},
    }),
    responseTypes: [],
    ttl: { ClientCredentials: TOKEN_SECONDS },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: off,
      userinfo: off,
      rpInitiatedLogout: off,
      pushedAuthorizationRequests: off,
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

function client(id: string, secret: string): Record<string, unknown> | undefined {
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
  const person = readDevelopmentClientId(clientId)!;
  Object.assign(
    token.payload,
    { sub: person.subject, roles: person.roles },
    person.country && { country: person.country },
  );
}
