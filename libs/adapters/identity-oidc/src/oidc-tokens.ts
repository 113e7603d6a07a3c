import { compactJws, NoJws } from '@foundation/transparency';
import { decodeJwt, decodeProtectedHeader, type JWTPayload, jwtVerify } from 'jose';
import { type Identity, identityOf, quoted } from './identity.js';
import { isForLackOfKey, IssuerUnreachable, type KeyTimes, PublishedKeys } from './published-keys.js';
import { repeatedClaim } from './repeated-claim.js';
import { clockToleranceOf, DEFAULT_ALGORITHMS, refuseWrongIssuers, type TrustedIssuer } from './trusted-issuer.js';

/** The token does not prove who is asking: 401. The reason is for the server's log, never for the client. */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused';
  // No `cause`: the errors of jose carry the claims, which a log must not hold.
  constructor(readonly reason: string) {
    super('The access token was refused.');
  }
}

export type OidcTokensOptions = KeyTimes & {
  /** Refuses development issuers. Default: whether NODE_ENV is `production`. */
  readonly production?: boolean;
};

/** Characters of the longest token that is read: with the other headers it must fit into the 16 KiB that Node.js takes. */
export const LONGEST_TOKEN = 14 * 1024;

/** RFC 9068: the one type that says that a token is an access token. */
const DEFAULT_TYPES = ['at+jwt'];
const AT_JWT = 'application/at+jwt';

type Known = { readonly trusted: TrustedIssuer; readonly keys: PublishedKeys };

/** Checks OIDC bearer access tokens (JWT) of the issuers the platform trusts. */
export class OidcTokens {
  #issuers: ReadonlyMap<string, Known> = new Map();

  /** @throws Error that names every wrong key of the issuers, and each development issuer in production. */
  constructor(
    issuers: readonly TrustedIssuer[],
    private readonly options: OidcTokensOptions = {},
  ) {
    this.trust(issuers);
  }

  /**
   * Trusts these issuers from now on, and no others.
   * @throws Error as the constructor does; then nothing changes.
   */
  trust(issuers: readonly TrustedIssuer[]): void {
    refuseWrongIssuers(issuers, this.options.production ?? process.env['NODE_ENV'] === 'production');
    this.#issuers = new Map(
      issuers.map((trusted) => [
        trusted.issuer,
        { trusted, keys: new PublishedKeys(trusted.issuer, trusted.jwksUri, this.options) },
      ]),
    );
  }

  /**
   * @param remark hears what the operator should know of a token that holds; it names claims and never what they hold
   * @returns who is asking.
   * @throws TokenRefused if the token does not hold; IssuerUnreachable if its issuer's keys could not be read.
   */
  async verify(token: string, remark: (text: string) => void = () => {}): Promise<Identity> {
    const name = claimedIssuer(token);
    const issuer = this.#issuers.get(name);
    // Before any key is fetched: nobody makes the platform call a server it does not trust.
    if (!issuer) throw new TokenRefused(`issuer ${quoted(name)} is not trusted`);
    const of = `${issuer.trusted.issuer}, key ${quoted(decodeProtectedHeader(token).kid ?? null)}`;
    try {
      const claims = await verifiedClaims(token, issuer);
      return identityOf(claims, issuer.trusted, (text) => remark(`${of}: ${text}`));
    } catch (wrong) {
      if (wrong instanceof IssuerUnreachable) throw wrong;
      throw new TokenRefused(`${of}: ${printable((wrong as Error).message)}`);
    }
  }
}

/** The issuer the token names, not yet proven. */
function claimedIssuer(token: string): string {
  if (typeof token !== 'string') throw new TokenRefused('not a token');
  if (token.length > LONGEST_TOKEN)
    throw new TokenRefused(`too long: ${token.length} characters, ${LONGEST_TOKEN} are read`);
  try {
    // The library reads more spellings than one; a gateway before us might have read another token.
    compactJws(token);
    return String(decodeJwt(token).iss);
  } catch (error) {
    throw new TokenRefused(error instanceof NoJws ? `not a JWT: ${printable(error.message)}` : 'not a JWT');
  }
}

async function verifiedClaims(token: string, { trusted, keys }: Known): Promise<JWTPayload> {
  const { issuer, audience, algorithms = DEFAULT_ALGORITHMS, types = DEFAULT_TYPES } = trusted;
  const check = () =>
    jwtVerify(token, keys.keyOf, {
      issuer,
      audience,
      algorithms: [...algorithms],
      clockTolerance: clockToleranceOf(trusted),
      requiredClaims: ['exp'],
    });
  const { payload, protectedHeader } = await check().catch(async (wrong: unknown) => {
    if (!isForLackOfKey(wrong)) throw wrong;
    // No token is refused by keys that are older than the request: its own may have been published since.
    await keys.renew();
    return check();
  });
  refuseWrongType(protectedHeader.typ, payload, types);
  const repeated = repeatedClaim(Buffer.from(token.split('.')[1]!, 'base64url').toString());
  if (repeated !== undefined) throw new Error(`the claim ${quoted(repeated)} stands twice`);
  return payload;
}

/** What tells an ID token, a refresh token or a log-out token of a provider that writes `JWT` into the header of them all. */
const NO_ACCESS_TOKEN = ['at_hash', 'c_hash', 's_hash', 'events'];
const NO_ACCESS_TYPE = ['id', 'refresh', 'offline', 'logout', 'registrationaccesstoken', 'initialaccesstoken'];

function refuseWrongType(typ: unknown, claims: JWTPayload, types: readonly (string | null)[]): void {
  if (typ !== undefined && typeof typ !== 'string') throw new Error('"typ" in the header is no text');
  if (!types.some((type) => mediaType(type) === mediaType(typ ?? null)))
    throw new Error(`"typ" in the header is ${typ === undefined ? 'missing' : 'none that types lists'}`);
  if (mediaType(typ ?? null) === AT_JWT) return;
  const foreign = NO_ACCESS_TOKEN.find((claim) => Object.hasOwn(claims, claim));
  if (foreign !== undefined) throw new Error(`"${foreign}" is no claim of an access token`);
  if (NO_ACCESS_TYPE.includes(String(claims['typ']).toLowerCase()))
    throw new Error('the claim "typ" is not that of an access token');
}

/** RFC 7515, section 4.1.9: without a slash, `application/` is meant; letter case counts for nothing. */
const mediaType = (typ: string | null): string | null =>
  typ && (typ.includes('/') ? typ : `application/${typ}`).toLowerCase();

/** One line of ASCII, not too long: part of it may be a stranger's text. */
const printable = (text: string): string => quoted(text).slice(1, -1).replaceAll('\\"', '"');
