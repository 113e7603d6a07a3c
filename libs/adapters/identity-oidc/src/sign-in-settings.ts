/** How the people of an issuer sign in with a browser. */
export type SignInSettings = {
  /** Names this way in addresses; it stands in the redirect URI `/auth/callback/<key>`. */
  readonly key: string;
  /** What people are shown, by language; `en` at least. */
  readonly names: Readonly<Record<string, string>>;
  /** The id under which the issuer knows the console. */
  readonly clientId: string;
  /** PEM file (PKCS #8) of the key by which the console proves that it is this client: `private_key_jwt`. */
  readonly keyFile?: string;
  /** File of a shared secret instead, where the issuer takes no keys. */
  readonly secretFile?: string;
  /** What is asked for. Default `openid`. */
  readonly scopes?: string;
};

const KEYS: readonly (keyof SignInSettings)[] = ['key', 'names', 'clientId', 'keyFile', 'secretFile', 'scopes'];

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() === value && value !== '';

/** What is wrong with a `signIn` block, or false. */
export const wrongSignIn = (value: unknown, { subjectClaim }: { readonly subjectClaim?: unknown }): string | false => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'must be an object';
  const { key, names, clientId, keyFile, secretFile, scopes } = value as Record<string, unknown>;
  const unknown = Object.keys(value).find((each) => !KEYS.some((known) => known === each));
  if (unknown !== undefined) return `has an unknown key ${unknown} (known: ${KEYS.join(', ')})`;
  // Providers that give each client another `sub` would make two persons of one, who could approve their own figures.
  if (subjectClaim === undefined)
    return 'needs subjectClaim beside it: the claim that is the same for the console and for every other client ("sub" for Keycloak, "oid" for Entra ID)';
  if (!isText(key) || !/^[a-z0-9-]{1,32}$/.test(key)) return 'needs key: up to 32 small letters, digits and dashes';
  const isNamed = typeof names === 'object' && names !== null && Object.values(names).every(isText) && 'en' in names;
  if (!isNamed) return 'needs names: what people are shown by language, such as {"en": "Ministry of Economy"}';
  if (!isText(clientId)) return 'needs clientId: the id under which the issuer knows the console';
  if (isText(keyFile) === isText(secretFile)) return 'needs keyFile (a PEM file) or secretFile, and not both';
  if (scopes !== undefined && !(isText(scopes) && scopes.split(' ').includes('openid')))
    return 'has scopes that lack openid';
  return false;
};
