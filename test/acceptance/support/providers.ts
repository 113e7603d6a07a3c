import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';

/** Where identity providers publish their keys: one key each, under the name of the provider. */
export type KeyServer = {
  readonly jwksUri: (provider: string) => string;
  /** Makes a provider a key, in place of the one it had. */
  readonly newKey: (provider: string, kid?: string) => Promise<void>;
  /** A token as the provider makes it, with the header as it writes it. */
  readonly signed: (provider: string, claims: object, header?: object) => Promise<string>;
  /** Ends the server; it can be opened again at the same address. */
  readonly close: () => Promise<void>;
  readonly open: () => Promise<void>;
};

/** Starts it on loopback. */
export const startKeyServer = async (): Promise<KeyServer> => {
  const keys = new Map<string, { kid: string; privateKey: CryptoKey; publicKey: CryptoKey }>();
  const server = createServer((request, response) => {
    const key = keys.get(decodeURIComponent(request.url!.slice(1)));
    if (!key) return response.writeHead(404).end();
    void exportJWK(key.publicKey).then((jwk) =>
      response
        .setHeader('content-type', 'application/json')
        // No `alg`, as Entra ID publishes its keys.
        .end(JSON.stringify({ keys: [{ ...jwk, kid: key.kid, use: 'sig' }] })),
    );
    return undefined;
  });
  let port = 0;
  const open = async (): Promise<void> => {
    await once(server.listen(port, '127.0.0.1'), 'listening');
    ({ port } = server.address() as AddressInfo);
  };
  await open();
  return {
    jwksUri: (provider) => `http://127.0.0.1:${port}/${encodeURIComponent(provider)}`,
    newKey: async (provider, kid = `key of ${provider}`) => {
      keys.set(provider, { kid, ...(await generateKeyPair('RS256', { extractable: true })) });
    },
    signed: (provider, claims, header = {}) => {
      const { kid, privateKey } = keys.get(provider)!;
      return new SignJWT({ ...claims }).setProtectedHeader({ alg: 'RS256', kid, ...header }).sign(privateKey);
    },
    close: async () => {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
    open,
  };
};
