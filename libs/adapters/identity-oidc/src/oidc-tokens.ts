import { compactJws, NoJws } from '@foundation/transparency';
import { createRemoteJWKSet, decodeJwt, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { type Identity, identityOf, quoted } from './identity.js';
import { repeatedClaim } from './repeated-claim.js';
import { DEFAULT_ALGORITHMS, refuseWrongIssuers, type TrustedIssuer } from './trusted-issuer.js';

/** The token does not prove who is asking: 401. The reason is for the server's log, never for the client. */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused';
  // No `cause`: the errors of jose carry the claims, which a log must not hold.
  constructor(readonly reason: string) {
    super('The access token was refused.');
  }
}

/** The issuer's keys could not be read, so nothing can be said about the token: 503, and the client may try again. */
export class IssuerUnreachable extends Error {
  override readonly name = 'IssuerUnreachable';
  constructor(
    readonly issuer: string,
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super('The identity provider cannot be reached.', options);
  }
}

export type OidcTokensOptions = {
  /** Refuses development issuers. Default: whether NODE_ENV is `production`. */
  readonly production?: boolean;
  /** Milliseconds to wait for an issuer's keys. Default 5,000. */
  readonly keyTimeout?: number;
  /** Milliseconds after a fetch in which an unknown key id causes no other fetch. Default 30,000. */
  readonly keyCooldown?: number;
};

const CLOCK_SKEW_SECONDS = 60;
const LONGEST_TOKEN = 8192;

/** Checks OIDC bearer access tokens (JWT, RFC 9068) of the issuers the platform trusts. */
export class OidcTokens {
  readonly #issuers: ReadonlyMap<string, { trusted: TrustedIssuer; keys: JWTVerifyGetKey }>;

  /** @throws Error that names every wrong key of the issuers, and each development issuer in production. */
  constructor(issuers: readonly TrustedIssuer[], options: OidcTokensOptions = {}) {
    refuseWrongIssuers(issuers, options.production ?? process.env['NODE_ENV'] === 'production');
    this.#issuers = new Map(issuers.map((trusted) => [trusted.issuer, { trusted, keys: keysOf(trusted, options) }]));
  }

  /**
   * @returns who is asking.
   * @throws TokenRefused if the token does not hold; IssuerUnreachable if its issuer's keys could not be read.
   */
  async verify(token: string): Promise<Identity> {
    const issuer = this.#issuers.get(claimedIssuer(token));
    // Before any key is fetched: nobody makes the platform call a server it does not trust.
    if (!issuer) throw new TokenRefused(`unknown issuer ${quoted(claimedIssuer(token))}`);
    const claims = await verifiedClaims(token, issuer.trusted, issuer.keys);
    try {
      return identityOf(claims, issuer.trusted);
    } catch (wrong) {
      throw new TokenRefused((wrong as Error).message);
    }
  }
}

/** The issuer the token names, not yet proven. */
function claimedIssuer(token: string): string {
  if (typeof token !== 'string' || token.length > LONGEST_TOKEN) throw new TokenRefused('not a token, or too long');
  try {
    // The library reads more spellings than one; a gateway before us might have read another token.
    compactJws(token);
    return String(decodeJwt(token).iss);
  } catch (error) {
    throw new TokenRefused(error instanceof NoJws ? `not a JWT: ${error.message}` : 'not a JWT');
  }
}

async function verifiedClaims(token: string, trusted: TrustedIssuer, keys: JWTVerifyGetKey): Promise<JWTPayload> {
  const { issuer, audience, algorithms = DEFAULT_ALGORITHMS } = trusted;
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience,
      algorithms: [...algorithms],
      typ: 'at+jwt',
      clockTolerance: CLOCK_SKEW_SECONDS,
      requiredClaims: ['exp', 'sub'],
    });
    const repeated = repeatedClaim(Buffer.from(token.split('.')[1]!, 'base64url').toString());
    if (repeated !== undefined) throw new Error(`the claim ${quoted(repeated)} stands twice`);
    return payload;
  } catch (wrong) {
    if (wrong instanceof IssuerUnreachable) throw wrong;
    throw new TokenRefused((wrong as Error).message);
  }
}

/** The issuer's published keys, fetched when first needed and again when a token names a key that is not among them. */
function keysOf({ issuer, jwksUri }: TrustedIssuer, { keyTimeout, keyCooldown }: OidcTokensOptions): JWTVerifyGetKey {
  const published = createRemoteJWKSet(new URL(jwksUri), {
    ...(keyTimeout !== undefined && { timeoutDuration: keyTimeout }),
    ...(keyCooldown !== undefined && { cooldownDuration: keyCooldown }),
  });
  return async (header, token) => {
    try {
      return await published(header, token);
    } catch (cause) {
      if (isFaultOfToken(cause)) throw cause;
      throw new IssuerUnreachable(issuer, `no keys from ${jwksUri}: ${(cause as Error).message}`, { cause });
    }
  };
}

const isFaultOfToken = (error: unknown): boolean =>
  error instanceof errors.JWKSNoMatchingKey ||
  error instanceof errors.JWKSMultipleMatchingKeys ||
  error instanceof errors.JOSENotSupported;
