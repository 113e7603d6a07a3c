import { inFile } from '../guard.js';

const OIDC = 'libs/adapters/identity-oidc/src';
const TOKENS = `${OIDC}/oidc-tokens.spec`;
const tokens = inFile(`${OIDC}/oidc-tokens.ts`, TOKENS);
const identity = inFile(`${OIDC}/identity.ts`, `${OIDC}/identity.spec`, TOKENS);
const keys = inFile(`${OIDC}/published-keys.ts`, TOKENS);
const issuers = inFile(`${OIDC}/trusted-issuer.ts`, `${OIDC}/trusted-issuer.spec`, TOKENS);
const JWS = 'libs/foundation/transparency/src/jws';
const jws = inFile(`${JWS}.ts`, `${JWS}.spec`, `${OIDC}/repeated-claim.spec`, TOKENS);
const roles = inFile(`${OIDC}/roles.ts`, TOKENS);

/** What a token has to prove before it says who is asking. */
export const identityGuards = [
  tokens(
    'a token is of a trusted issuer, before any key is fetched',
    'const issuer = this.#issuers.get(name);',
    'const issuer = this.#issuers.get(name) ?? [...this.#issuers.values()][0];',
  ),
  tokens('a token is for this platform', '      audience,\n      algorithms', '      algorithms'),
  tokens('a token is signed as its issuer signs', '      algorithms: [...algorithms],\n', ''),
  tokens(
    'a token is of a type that its issuer writes',
    'if (!types.some((type) => mediaType(type) === mediaType(typ ?? null)))',
    'if (false as boolean)',
  ),
  tokens(
    'a token of a type that says little is no ID token by its claims',
    'if (foreign !== undefined)',
    'if (false as boolean)',
  ),
  tokens(
    'a token of a type that says little is no other token by its own claim',
    "if (NO_ACCESS_TYPE.includes(String(claims['typ']).toLowerCase()))",
    'if (false as boolean)',
  ),
  tokens('a token ends', "      requiredClaims: ['exp'],\n", ''),
  identity(
    'a token is somebody’s',
    "if (typeof subject !== 'string' || subject === '')",
    "if (typeof subject !== 'string')",
  ),
  issuers(
    'a token holds a minute beyond its end, for clocks, and no longer',
    'clockTolerance = 60 }',
    'clockTolerance = 600 }',
  ),
  tokens(
    'a token is long enough for its claims and no longer',
    'if (token.length > LONGEST_TOKEN)',
    'if (false as boolean)',
  ),
  tokens(
    'no token is refused by keys that are older than the request',
    'if (!isForLackOfKey(wrong)) throw wrong;',
    'if (wrong) throw wrong;',
  ),
  tokens(
    'the operator is told nothing of what a token holds but issuer, key and the name of a claim',
    ': ${printable((wrong as Error).message)}`',
    ': ${printable((wrong as Error).message)} ${token} ${JSON.stringify(decodeJwt(token))}`',
  ),
  keys('a key that is withdrawn counts no longer', 'if (age > this.#fresh)', 'if (this.#from < 0)'),
  keys(
    'keys of an issuer that is away count for a while and no longer',
    'if (performance.now() - this.#from > this.#stale) throw',
    'if (this.#from < 0) throw',
  ),
  keys('made-up keys lead to few fetches', 'if (wait > 0)', 'if (false as boolean)'),
  identity(
    'a log-in is strong enough for its issuer',
    "if (acrValues && !(typeof acr === 'string' && acrValues.includes(acr)))",
    'if (false as boolean)',
  ),
  identity(
    'where names are mapped, no other name is a role',
    '(roleNames ? namedIn(roleNames, name) : name)',
    '((roleNames && namedIn(roleNames, name)) ?? name)',
  ),
  identity('a list of two countries is none', 'Array.isArray(said) && said.length === 1 ?', 'Array.isArray(said) ?'),
  identity(
    'the country of destination of an eIDAS identifier is nobody’s',
    '/^([A-Z]{2})\\/[A-Z]{2}\\/\\S+$/',
    '/([A-Z]{2})\\/\\S+$/',
  ),
  issuers(
    'a name of an issuer stands for a role that it may assert',
    'isRole(role) && isAmong(role, roles)',
    'isRole(role)',
  ),
  issuers(
    'the fixed country of an issuer is one of its countries',
    'isCountryCode(value) && isAmong(value, countries)',
    'isCountryCode(value)',
  ),
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
    "by.roles === '*' || by.roles.includes(role)",
    'role !== undefined',
  ),
  identity('a role is one that exists', '.filter(isRole)', '.filter((role): role is Role => role !== undefined)'),
  identity('a country is one code', 'country === undefined || !isCountry(country)', 'country === undefined'),
  identity(
    'a person of no country has roles of the alliance',
    'if (mayLackCountry(roles)) return null;',
    'return null;',
  ),
  identity('a person has one reference for each issuer', '`${issuer}|${subject}`', '`${subject}`'),
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
