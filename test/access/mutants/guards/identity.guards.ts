import { inFile } from '../guard.js';

const OIDC = 'libs/adapters/identity-oidc/src';
const TOKENS = `${OIDC}/oidc-tokens.spec`;
const tokens = inFile(`${OIDC}/oidc-tokens.ts`, TOKENS);
const identity = inFile(`${OIDC}/identity.ts`, TOKENS);
const issuers = inFile(`${OIDC}/trusted-issuer.ts`, `${OIDC}/trusted-issuer.spec`, TOKENS);
const JWS = 'libs/foundation/transparency/src/jws';
const jws = inFile(`${JWS}.ts`, `${JWS}.spec`, `${OIDC}/repeated-claim.spec`, TOKENS);
const roles = inFile(`${OIDC}/roles.ts`, TOKENS);

/** What a token has to prove before it says who is asking. */
export const identityGuards = [
  tokens(
    'a token is of a trusted issuer, before any key is fetched',
    'const issuer = this.#issuers.get(claimedIssuer(token));',
    'const issuer = this.#issuers.get(claimedIssuer(token)) ?? [...this.#issuers.values()][0];',
  ),
  tokens('a token is for this platform', '      audience,\n      algorithms', '      algorithms'),
  tokens('a token is signed as its issuer signs', '      algorithms: [...algorithms],\n', ''),
  tokens('a token is an access token', "      typ: 'at+jwt',\n", ''),
  tokens('a token ends, and is somebody’s', "      requiredClaims: ['exp', 'sub'],\n", ''),
  tokens(
    'a token holds a minute beyond its end, for clocks, and no longer',
    'CLOCK_SKEW_SECONDS = 60',
    'CLOCK_SKEW_SECONDS = 600',
  ),
  tokens('a token is long enough for its claims and no longer', ' || token.length > LONGEST_TOKEN', ''),
  tokens(
    'no claim of a token stands twice',
    'if (repeated !== undefined) throw new Error(`the claim ${quoted(repeated)} stands twice`);',
    '',
  ),
  tokens(
    'a key that cannot be fetched is an outage and not a refusal',
    'if (wrong instanceof IssuerUnreachable) throw wrong;',
    '',
  ),
  identity(
    'an issuer speaks for its own countries',
    "if (by.countries !== '*' && !by.countries.includes(country))",
    'if (false as boolean)',
  ),
  identity(
    'an issuer gives the roles that it may give',
    "if (by.roles !== '*' && !by.roles.includes(role))",
    'if (false as boolean)',
  ),
  identity('a role is one that exists', 'if (!isRole(role))', 'if (false as boolean)'),
  identity(
    'a country is one code',
    "if (typeof country !== 'string' || !isCountry(country))",
    "if (typeof country !== 'string')",
  ),
  identity(
    'a person of no country has roles of the alliance',
    'if (mayLackCountry(roles)) return null;',
    'return null;',
  ),
  identity('a person has one reference for each issuer', '`${issuer}|${sub}`', '`${sub}`'),
  roles(
    'a role that acts for a country needs one',
    'roles.length > 0 && !roles.some((role) => (NATIONAL_ROLES as readonly string[]).includes(role))',
    'roles.length > 0',
  ),
  roles('a person without any role needs a country', 'roles.length > 0 && ', ''),
  issuers(
    'no issuer signs with a shared secret, or not at all',
    "typeof name === 'string' && PUBLIC_KEY_ALGORITHMS.has(name)",
    "typeof name === 'string'",
  ),
  issuers('no issuer speaks for every country', 'development !== true && \'"*"', 'false && \'"*"'),
  issuers(
    'keys come over an encrypted connection',
    "return url?.protocol !== 'https:' && !mayBePlain &&",
    'return url === null &&',
  ),
  issuers(
    'a development issuer is refused in production',
    'if (production && isForDevelopment(issuer as TrustedIssuer))',
    'if (false as boolean)',
  ),
  issuers('a development issuer is known by its address too', " || String(issuer).endsWith('/development')", ''),
  issuers('an issuer is listed once', 'name !== undefined && names.indexOf(name) < at', 'false'),
  jws('a name that stands twice is noticed', 'if (names.has(name)) return name;', ''),
  jws(
    'a name that is spelt with escapes is the same name',
    'const name = JSON.parse(last) as string;',
    'const name = last;',
  ),
  jws(
    'base64url has one spelling',
    "return bytes.toString('base64url') === text ? bytes : undefined;",
    'return bytes;',
  ),
  tokens('a token has one spelling', '    compactJws(token);\n', ''),
  inFile('libs/foundation/eventing/src/command-signature.ts', 'libs/foundation/eventing/src/command-signature.spec')(
    'the signature of a command is detached',
    'jws.payload.length === 0 && ',
    '',
  ),
];
