import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  buildAuthorizationUrlWithPAR,
  buildEndSessionUrl,
  calculatePKCECodeChallenge,
  ClientSecretPost,
  discovery,
  PrivateKeyJwt,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  type ClientAuth,
  type Configuration,
} from 'openid-client';
import { type Identity, identityOf, quoted } from './identity.js';
import { TokenRefused } from './oidc-tokens.js';
import { IssuerUnreachable } from './published-keys.js';
import { type SignInSettings } from './sign-in-settings.js';
import { type TrustedIssuer } from './trusted-issuer.js';

/** How long what a provider says of itself counts (milliseconds). */
const DISCOVERED_MS = 10 * 60_000;
/** How long a provider may take to answer (seconds). */
const PATIENCE_S = 5;

/** A sign-in under way. It is kept where only the browser that began it can bring it back. */
export type Login = {
  readonly key: string;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
};

/** A way to sign in, as whoever has not yet signed in is shown it. */
export type WayIn = Pick<SignInSettings, 'key' | 'names'> & { readonly countries: TrustedIssuer['countries'] };

export type SignedInPerson = {
  readonly identity: Identity;
  readonly issuer: string;
  /** The provider's id of its session, where it says one. */
  readonly sid: string | null;
};

type Signing = TrustedIssuer & { readonly signIn: SignInSettings };
type Known = { readonly at: number; readonly configuration: Promise<Configuration> };

/** Signs people in at the issuers that have a `signIn`: authorization code with PKCE, by RFC 9700 and BCP 212. */
export class OidcSignIn {
  #issuers: ReadonlyMap<string, Signing> = new Map();
  #known = new Map<string, Known>();

  constructor(issuers: readonly TrustedIssuer[]) {
    this.trust(issuers);
  }

  /** Signs in at these issuers from now on, and at no others. */
  trust(issuers: readonly TrustedIssuer[]): void {
    const signing = issuers.filter((each): each is Signing => each.signIn !== undefined);
    this.#issuers = new Map(signing.map((each) => [each.signIn.key, each]));
    this.#known = new Map();
  }

  ways(): readonly WayIn[] {
    return [...this.#issuers.values()].map(({ signIn: { key, names }, countries }) => ({ key, names, countries }));
  }

  /**
   * Begins a sign-in.
   * @param redirectUri where the provider sends the browser back to
   * @returns where to send the browser, and what it must bring back; null where there is no such way
   * @throws IssuerUnreachable
   */
  async start(key: string, redirectUri: string): Promise<{ readonly url: string; readonly login: Login } | null> {
    const issuer = this.#issuers.get(key);
    if (!issuer) return null;
    const configuration = await this.#configuration(issuer);
    const login: Login = { key, state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() };
    const parameters = {
      redirect_uri: redirectUri,
      scope: issuer.signIn.scopes ?? 'openid',
      state: login.state,
      nonce: login.nonce,
      code_challenge: await calculatePKCECodeChallenge(login.verifier),
      code_challenge_method: 'S256',
      ...(issuer.acrValues && { acr_values: issuer.acrValues.join(' ') }),
      // Whoever tries the platform out is somebody else at every sign-in.
      ...(issuer.development && { prompt: 'login' }),
    };
    const { pushed_authorization_request_endpoint: pushes } = configuration.serverMetadata();
    const url = pushes
      ? await reached(issuer, buildAuthorizationUrlWithPAR(configuration, parameters))
      : buildAuthorizationUrl(configuration, parameters);
    return { url: url.href, login };
  }

  /**
   * Ends a sign-in with what the provider sent the browser back with.
   * @param url the whole address that the browser came to
   * @throws TokenRefused where it proves nothing; IssuerUnreachable
   */
  async finish(url: URL, login: Login, remark: (text: string) => void): Promise<SignedInPerson> {
    const issuer = this.#issuers.get(login.key);
    if (!issuer) throw new TokenRefused(`there is no way to sign in called ${quoted(login.key)}`);
    const configuration = await this.#configuration(issuer);
    try {
      const tokens = await authorizationCodeGrant(configuration, url, {
        expectedState: login.state,
        expectedNonce: login.nonce,
        pkceCodeVerifier: login.verifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims()!;
      const identity = identityOf(claims, issuer, (text) => remark(`${issuer.issuer}: ${text}`));
      return { identity, issuer: issuer.issuer, sid: typeof claims['sid'] === 'string' ? claims['sid'] : null };
    } catch (wrong) {
      throw refusalOf(issuer, wrong);
    }
  }

  /** Where the browser ends its session at the provider; null where that is not offered, or cannot be told. */
  async endAt(issuerName: string, returnTo: string): Promise<string | null> {
    const issuer = [...this.#issuers.values()].find((each) => each.issuer === issuerName);
    if (!issuer) return null;
    const configuration = await this.#configuration(issuer).catch(() => null);
    if (!configuration?.serverMetadata().end_session_endpoint) return null;
    return buildEndSessionUrl(configuration, { post_logout_redirect_uri: returnTo }).href;
  }

  #configuration(issuer: Signing): Promise<Configuration> {
    const known = this.#known.get(issuer.signIn.key);
    if (known && performance.now() - known.at < DISCOVERED_MS) return known.configuration;
    const isPlain = issuer.issuer.startsWith('http:');
    const configuration = reached(
      issuer,
      discovery(new URL(issuer.issuer), issuer.signIn.clientId, undefined, authenticationBy(issuer.signIn), {
        timeout: PATIENCE_S,
        // Loopback and the development provider alone: see the checks of `jwksUri`.
        ...(isPlain && { execute: [allowInsecureRequests] }),
      }),
    );
    this.#known.set(issuer.signIn.key, { at: performance.now(), configuration });
    configuration.catch(() => this.#known.delete(issuer.signIn.key));
    return configuration;
  }
}

const authenticationBy = ({ keyFile, secretFile }: SignInSettings): ClientAuth => {
  if (secretFile !== undefined) return ClientSecretPost(readFileSync(secretFile, 'utf8').trim());
  const key = createPrivateKey(readFileSync(keyFile!, 'utf8'));
  const algorithm =
    key.asymmetricKeyType === 'ec'
      ? { name: 'ECDSA', namedCurve: 'P-256' }
      : key.asymmetricKeyType === 'ed25519'
        ? { name: 'Ed25519' }
        : { name: 'RSA-PSS', hash: 'SHA-256' };
  return PrivateKeyJwt(key.toCryptoKey(algorithm, false, ['sign']) as Parameters<typeof PrivateKeyJwt>[0]);
};

const reached = async <T>(issuer: TrustedIssuer, work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    throw new IssuerUnreachable(issuer.issuer, (error as Error).message, { cause: error });
  }
};

/** An answer that proves nothing is refused; no answer is an outage. What the errors hold of tokens goes no further. */
const refusalOf = (issuer: TrustedIssuer, wrong: unknown): Error => {
  const { name, code, message } = wrong as Error & { code?: string };
  const isOutage = ['TypeError', 'TimeoutError', 'AbortError'].includes(name) || code === 'OAUTH_TIMEOUT';
  if (isOutage && !code?.startsWith('ERR_INVALID')) return new IssuerUnreachable(issuer.issuer, message);
  return new TokenRefused(`${issuer.issuer}: ${quoted(message).slice(1, -1)}`);
};
