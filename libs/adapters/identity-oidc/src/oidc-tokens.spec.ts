import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import {
  type CryptoKey,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  type JWK,
  type JWTHeaderParameters,
  SignJWT,
} from 'jose';
import { OidcTokens, TokenRefused } from './oidc-tokens.js';
import { IssuerUnreachable } from './published-keys.js';
import { type TrustedIssuer } from './trusted-issuer.js';

type Key = { kid: string; privateKey: CryptoKey; publicKey: CryptoKey };

async function newKey(kid: string): Promise<Key> {
  return { kid, ...(await generateKeyPair('ES256', { extractable: true })) };
}

/** A ministry's identity provider, as far as the platform sees it: a key set over HTTP. */
class Ministry {
  readonly #server: Server;
  keys: Key[] = [];
  fetches = 0;
  status = 200;

  constructor() {
    this.#server = createServer((_request, response) => {
      this.fetches++;
      void Promise.all(this.keys.map(published)).then((keys) =>
        response.writeHead(this.status).end(JSON.stringify({ keys })),
      );
    });
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  trusted(but: Partial<TrustedIssuer> = {}): TrustedIssuer {
    const { origin: issuer } = this;
    return {
      issuer,
      audience: 'lodestone-api',
      jwksUri: `${issuer}/jwks`,
      countries: ['JP'],
      roles: ['DELEGATE', 'APPROVER', 'SECRETARIAT'],
      ...but,
    };
  }

  /** A token that holds, save for what is said to differ. */
  token(
    claims: Record<string, unknown> = {},
    header: Partial<JWTHeaderParameters> = {},
    key = this.keys[0]!,
  ): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const good = {
      iss: this.origin,
      aud: 'lodestone-api',
      sub: 'u-17',
      country: 'JP',
      roles: ['DELEGATE'],
      iat: now,
      exp: now + 300,
    };
    return new SignJWT({ ...good, ...claims })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: key.kid, ...header })
      .sign(key.privateKey);
  }

  async open(): Promise<void> {
    this.keys = [await newKey('first')];
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

const published = async ({ kid, publicKey }: Key): Promise<JWK> => ({
  ...(await exportJWK(publicKey)),
  kid,
  use: 'sig',
  alg: 'ES256',
});

const secondsFromNow = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;

const part = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** The last character of a signature of 64 bytes holds four bits that nobody reads. */
const respelt = (token: string): string => {
  const bytes = Buffer.from(token.slice(token.lastIndexOf('.') + 1), 'base64url');
  const others = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_']
    .map((last) => token.slice(0, -1) + last)
    .filter((other) => other !== token);
  return others.find((other) => Buffer.from(other.slice(other.lastIndexOf('.') + 1), 'base64url').equals(bytes))!;
};

describe('an access token', () => {
  const japan = new Ministry();
  const secretariat = new Ministry();
  const stranger = new Ministry();
  let tokens: OidcTokens;

  beforeAll(async () => {
    await japan.open();
    await secretariat.open();
    await stranger.open();
    tokens = new OidcTokens([japan.trusted(), secretariat.trusted({ countries: [], roles: ['SECRETARIAT'] })], {
      keyCooldown: 0,
    });
  });
  afterAll(async () => {
    await japan.close();
    await secretariat.close();
    await stranger.close();
  });

  const reasonFor = async (token: string | Promise<string>): Promise<string> => {
    const error: unknown = await tokens.verify(await token).then(
      () => 'accepted',
      (refusal: unknown) => refusal,
    );
    expect(error).toBeInstanceOf(TokenRefused);
    expect((error as TokenRefused).message).toBe('The access token was refused.');
    return (error as TokenRefused).reason;
  };

  it('of a trusted issuer says who is asking, under a stable pseudonym', async () => {
    const exp = secondsFromNow(120);
    const identity = await tokens.verify(await japan.token({ exp, roles: ['APPROVER', 'DELEGATE'] }));
    expect(identity).toEqual({
      person: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      country: 'JP',
      roles: ['APPROVER', 'DELEGATE'],
      expiresAt: new Date((exp + 60) * 1000),
    });
    expect((await tokens.verify(await japan.token())).person).toBe(identity.person);
    expect((await tokens.verify(await japan.token({ sub: 'u-18' }))).person).not.toBe(identity.person);
    // The same name at another issuer is another person.
    const other = await tokens.verify(await secretariat.token({ country: undefined, roles: ['SECRETARIAT'] }));
    expect(other.person).not.toBe(identity.person);
  });

  it('may be meant for several audiences if ours is one of them', async () => {
    await expect(tokens.verify(await japan.token({ aud: ['other-api', 'lodestone-api'] }))).resolves.toBeDefined();
    expect(await reasonFor(japan.token({ aud: 'other-api' }))).toContain('"aud"');
    expect(await reasonFor(japan.token({ aud: undefined }))).toContain('"aud"');
  });

  it('holds within a minute of clock skew, and not beyond', async () => {
    await expect(tokens.verify(await japan.token({ exp: secondsFromNow(-30) }))).resolves.toBeDefined();
    await expect(tokens.verify(await japan.token({ nbf: secondsFromNow(30) }))).resolves.toBeDefined();
    expect(await reasonFor(japan.token({ exp: secondsFromNow(-90) }))).toContain('"exp"');
    expect(await reasonFor(japan.token({ nbf: secondsFromNow(90) }))).toContain('"nbf"');
  });

  it('is refused without an end or without a person', async () => {
    expect(await reasonFor(japan.token({ exp: undefined }))).toContain('"exp"');
    expect(await reasonFor(japan.token({ exp: 1e300 }))).toContain('exp');
    for (const sub of [undefined, '', 17, ['u-17']]) expect(await reasonFor(japan.token({ sub }))).toContain('sub');
  });

  it('is refused unless its type is that of an access token', async () => {
    expect(await reasonFor(japan.token({}, { typ: undefined as never }))).toContain('"typ"');
    expect(await reasonFor(japan.token({}, { typ: 'JWT' }))).toContain('"typ"');
  });

  it('of an issuer that writes JWT into every header is refused where it is no access token', async () => {
    const lax = new OidcTokens([japan.trusted({ types: ['JWT', null] })]);
    const verify = async (claims: object, typ?: string): Promise<unknown> =>
      lax.verify(await japan.token({ ...claims }, { typ: typ as never }));
    for (const typ of ['JWT', 'application/jwt', undefined])
      await expect(verify({ typ: 'Bearer' }, typ)).resolves.toBeDefined();
    for (const claims of [{ at_hash: 'x' }, { c_hash: null }, { events: {} }, { typ: 'ID' }, { typ: 'Refresh' }])
      await expect(verify(claims, 'JWT')).rejects.toBeInstanceOf(TokenRefused);
    for (const typ of ['at+jwt', 'logout+jwt', 'JOSE'])
      await expect(verify({}, typ)).rejects.toMatchObject({ reason: expect.stringContaining('"typ"') });
  });

  it('is refused without a signature', async () => {
    const [, claims] = (await japan.token()).split('.');
    expect(await reasonFor(`${part({ alg: 'none', typ: 'at+jwt' })}.${claims}.`)).toContain('"alg"');
  });

  it("is refused when signed symmetrically with the issuer's public key", async () => {
    const { publicKey, kid } = japan.keys[0]!;
    const forms = [await exportSPKI(publicKey), JSON.stringify(await exportJWK(publicKey))];
    for (const form of forms) {
      const [, claims] = (await japan.token()).split('.');
      const forged = await new SignJWT(JSON.parse(Buffer.from(claims!, 'base64url').toString()) as object as never)
        .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid })
        .sign(Buffer.from(form));
      expect(await reasonFor(forged)).toContain('"alg"');
    }
  });

  it('is refused when signed with an algorithm that its issuer does not use', async () => {
    const strict = new OidcTokens([japan.trusted({ algorithms: ['PS256'] })]);
    await expect(strict.verify(await japan.token())).rejects.toMatchObject({
      reason: expect.stringContaining('"alg"'),
    });
  });

  it('is refused when its claims were changed after signing', async () => {
    const [header, , signature] = (await japan.token()).split('.');
    const [, claims] = (await japan.token({ sub: 'someone-else' })).split('.');
    expect(await reasonFor(`${header}.${claims}.${signature}`)).toContain('signature');
  });

  it("is refused when signed with another issuer's key", async () => {
    expect(await reasonFor(japan.token({}, { kid: 'first' }, secretariat.keys[0]))).toContain('signature');
  });

  it('brings no key of its own', async () => {
    const own = await newKey('own');
    const jwk = await exportJWK(own.publicKey);
    expect(await reasonFor(japan.token({}, { jwk, kid: 'first' }, own))).toContain('signature');
  });

  it('of an unknown issuer is refused without any call over the network', async () => {
    const before = japan.fetches;
    expect(await reasonFor(stranger.token())).toContain('is not trusted');
    expect(await reasonFor(japan.token({ iss: undefined }))).toContain('is not trusted');
    expect(await reasonFor(japan.token({ iss: [japan.origin, 'x'] }))).toContain('is not trusted');
    expect([stranger.fetches, japan.fetches]).toEqual([0, before]);
  });

  it('is refused when it names its issuer in a list', async () => {
    expect(await reasonFor(japan.token({ iss: [japan.origin] }))).toContain('"iss"');
  });

  it('is refused when it is not a token at all', async () => {
    for (const text of ['', 'x', 'a.b.c', `${part('{}')}.${part('null')}.`, 'x'.repeat(15_000)]) await reasonFor(text);
    expect(await reasonFor(japan.token({ padding: 'x'.repeat(11_000) }))).toContain('too long');
  });

  it.each([
    ['two countries', ['JP', 'US']],
    ['one country in a list', ['JP']],
    ['lower case', 'jp'],
    ['a Cyrillic look-alike', 'J\u0420'],
    ['full-width letters', '\uff2a\uff30'],
    ['white space', 'JP '],
    ['a line end', 'JP\n'],
    ['three letters', 'JPN'],
    ['a code that no country has', 'XX'],
    ['nothing', ''],
    ['null', null],
    ['an object', { toString: 'JP' }],
  ])('is refused when its country is %s', async (_what, country) => {
    expect(await reasonFor(japan.token({ country }))).toBe(
      `${japan.origin}, key "first": country is not one country code`,
    );
  });

  it('is refused when its country stands twice', async () => {
    const { privateKey, kid } = japan.keys[0]!;
    const [, claims] = (await japan.token()).split('.');
    const twice = Buffer.from(claims!, 'base64url').toString().replace('{', '{"c\\u006funtry":"US",');
    const signed = `${part({ alg: 'ES256', typ: 'at+jwt', kid })}.${part(twice)}`;
    const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, Buffer.from(signed));
    expect(await reasonFor(`${signed}.${Buffer.from(signature).toString('base64url')}`)).toContain(
      'the claim "country" stands twice',
    );
  });

  it.each([
    ['padding', (token: string) => `${token}==`],
    ['a line break behind it', (token: string) => `${token}\n`],
    ['a space before it', (token: string) => ` ${token}`],
    ['white space within', (token: string) => token.replace('.', '.\r\n')],
    ['bits that nobody reads', respelt],
  ])('is refused with %s, though it decodes to the same', async (_, other) => {
    const token = await japan.token();
    await expect(tokens.verify(token)).resolves.toMatchObject({ country: 'JP' });
    expect(await reasonFor(other(token))).toBe('not a JWT: a part of it is not spelt as base64url is');
  });

  it('is refused when a name stands twice in its header', async () => {
    const { privateKey, kid } = japan.keys[0]!;
    const [, claims] = (await japan.token()).split('.');
    const signed = `${part(`{"alg":"ES256","typ":"at+jwt","kid":"other","kid":"${kid}"}`)}.${claims}`;
    const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, Buffer.from(signed));
    expect(await reasonFor(`${signed}.${Buffer.from(signature).toString('base64url')}`)).toBe(
      'not a JWT: "kid" stands twice in its header',
    );
  });

  it('is refused when the issuer speaks for a country that is not its own', async () => {
    expect(await reasonFor(japan.token({ country: 'US' }))).toBe(
      `${japan.origin}, key "first": country is a country that this issuer may not speak for`,
    );
    expect(await reasonFor(secretariat.token({ country: 'JP', roles: ['SECRETARIAT'] }))).toContain(
      'may not speak for',
    );
  });

  it('needs no country for the roles of the alliance itself, and for no other', async () => {
    const token = secretariat.token({ country: undefined, roles: ['SECRETARIAT'] });
    await expect(tokens.verify(await token)).resolves.toMatchObject({ country: null, roles: ['SECRETARIAT'] });
    expect(await reasonFor(japan.token({ country: undefined }))).toContain('country is missing');
    expect(await reasonFor(japan.token({ country: undefined, roles: ['DELEGATE', 'SECRETARIAT'] }))).toContain(
      'country is missing',
    );
    expect(await reasonFor(japan.token({ country: undefined, roles: undefined }))).toContain('country is missing');
  });

  const rolesOf = async (roles: unknown, remarks: string[] = []): Promise<readonly string[]> =>
    (await tokens.verify(await japan.token({ roles }), (text) => remarks.push(text))).roles;

  it('never gives a role that its issuer may not assert, and tells the operator without naming it', async () => {
    const remarks: string[] = [];
    expect(await rolesOf(['AUDITOR'], remarks)).toEqual([]);
    expect(await rolesOf(['DELEGATE', 'AUDITOR'], remarks)).toEqual(['DELEGATE']);
    const remark = `${japan.origin}, key "first": roles names a role that this issuer may not assert: ignored`;
    expect(remarks).toEqual([remark, remark]);
  });

  it.each([
    ['no role of ours', ['offline_access', 'uma_authorization', 'delegate', 'DELEGATE ', 'constructor'], []],
    ['ours among others', ['offline_access', 'DELEGATE', 'payroll'], ['DELEGATE']],
    ['the same twice', ['DELEGATE', 'DELEGATE'], ['DELEGATE']],
    ['a text', 'DELEGATE', ['DELEGATE']],
    ['a text that only begins as ours', 'DELEGATE,APPROVER', []],
    ['other things than texts', [1, null, { role: 'DELEGATE' }, ['APPROVER'], 'DELEGATE'], ['DELEGATE']],
    ['nothing', undefined, []],
    ['null', null, []],
  ])('counts what is ours where its roles are %s, and leaves the rest aside', async (_what, roles, ours) => {
    const remarks: string[] = [];
    expect(await rolesOf(roles, remarks)).toEqual(ours);
    expect(remarks).toEqual([]);
  });

  it('is refused where its roles are neither a text nor a list', async () => {
    for (const roles of [7, true, { DELEGATE: true }])
      expect(await reasonFor(japan.token({ roles }))).toContain('roles must be a text or a list of texts');
  });

  it('says in its refusal no more than issuer, key and the name of the claim', async () => {
    const secret = 'Erika Mustermann';
    for (const claims of [
      { country: secret },
      { aud: secret },
      { exp: secret },
      { nbf: secret },
      { roles: { [secret]: 1 } },
      { sub: [secret] },
      { country: 'US' },
    ]) {
      const reason = await reasonFor(japan.token(claims));
      expect(reason).not.toMatch(/Erika|Mustermann|US/);
      expect(reason).toContain(Object.keys(claims)[0]);
    }
    expect(await reasonFor(japan.token({}, { typ: secret }))).not.toContain('Erika');
    expect(await reasonFor(japan.token({}, { kid: 'a\nb\u2028' }))).toContain('key "a\\nb\\u2028": ');
  });
});

describe("an issuer's keys", () => {
  const ministry = new Ministry();
  beforeAll(() => ministry.open());
  afterAll(() => ministry.close());

  it('are fetched once, and again when a token names a new one', async () => {
    const tokens = new OidcTokens([ministry.trusted()], { keyCooldown: 0 });
    const first = ministry.keys[0]!;
    await tokens.verify(await ministry.token());
    await tokens.verify(await ministry.token());
    expect(ministry.fetches).toBe(1);

    ministry.keys = [await newKey('second')];
    await tokens.verify(await ministry.token());
    expect(ministry.fetches).toBe(2);
    await expect(tokens.verify(await ministry.token({}, {}, first))).rejects.toBeInstanceOf(TokenRefused);
  });

  it('are not fetched again and again for made-up key ids', async () => {
    const tokens = new OidcTokens([ministry.trusted()], { keyCooldown: 400 });
    await tokens.verify(await ministry.token());
    const [before, begun] = [ministry.fetches, performance.now()];
    const made = Array.from({ length: 50 }, (_, at) => ministry.token({}, { kid: `made-up-${at}` }));
    await Promise.all(
      made.map(async (token) => expect(tokens.verify(await token)).rejects.toBeInstanceOf(TokenRefused)),
    );
    expect(ministry.fetches - before).toBeLessThanOrEqual(1 + (performance.now() - begun) / 400);
  });

  it('let a token hold that is signed with one published just after a fetch', async () => {
    const tokens = new OidcTokens([ministry.trusted()], { keyCooldown: 200 });
    await tokens.verify(await ministry.token());
    for (let turn = 0; turn < 3; turn++) {
      ministry.keys = [...ministry.keys, await newKey(`turn-${turn}`)];
      await expect(tokens.verify(await ministry.token({}, {}, ministry.keys.at(-1)))).resolves.toBeDefined();
    }
  });

  it('let a token hold whose issuer gave a new key the name of the old one', async () => {
    const tokens = new OidcTokens([ministry.trusted()], { keyCooldown: 0 });
    await tokens.verify(await ministry.token());
    ministry.keys = [await newKey(ministry.keys[0]!.kid)];
    await expect(tokens.verify(await ministry.token())).resolves.toBeDefined();
  });

  it('that are withdrawn count no longer once the keys are not fresh', async () => {
    const tokens = new OidcTokens([ministry.trusted()], { keyCooldown: 0, keyFresh: 0 });
    const withdrawn = await ministry.token();
    await expect(tokens.verify(withdrawn)).resolves.toBeDefined();
    ministry.keys = [await newKey('after')];
    await expect(tokens.verify(withdrawn)).rejects.toBeInstanceOf(TokenRefused);
  });

  it('count on for a while where the issuer does not answer, and what nobody can know is an outage', async () => {
    const trusted = [ministry.trusted()];
    const patient = new OidcTokens(trusted, { keyCooldown: 0, keyFresh: 0 });
    const strict = new OidcTokens(trusted, { keyCooldown: 0, keyFresh: 0, keyStale: 0 });
    const [known, unknown] = [await ministry.token(), await ministry.token({}, {}, await newKey('unpublished'))];
    for (const tokens of [patient, strict]) await tokens.verify(known);
    ministry.status = 503;
    try {
      await expect(patient.verify(known)).resolves.toBeDefined();
      await expect(patient.verify(known)).resolves.toBeDefined();
      await expect(patient.verify(unknown)).rejects.toBeInstanceOf(IssuerUnreachable);
      await expect(strict.verify(known)).rejects.toBeInstanceOf(IssuerUnreachable);
    } finally {
      ministry.status = 200;
    }
    await expect(patient.verify(unknown)).rejects.toBeInstanceOf(TokenRefused);
  });

  it('that cannot be read are an outage, not a refusal, and it ends by itself', async () => {
    const tokens = new OidcTokens([ministry.trusted()], { keyCooldown: 0 });
    ministry.status = 503;
    await expect(tokens.verify(await ministry.token())).rejects.toBeInstanceOf(IssuerUnreachable);
    ministry.status = 200;
    await expect(tokens.verify(await ministry.token())).resolves.toBeDefined();
  });

  it('at an address where nothing answers are an outage', async () => {
    const tokens = new OidcTokens([ministry.trusted({ jwksUri: 'http://127.0.0.1:1/jwks' })]);
    await expect(tokens.verify(await ministry.token())).rejects.toMatchObject({
      name: 'IssuerUnreachable',
      issuer: ministry.origin,
      reason: expect.stringContaining('http://127.0.0.1:1/jwks'),
    });
  });
});

describe('the development issuer', () => {
  const issuer = 'http://127.0.0.1:4001/development';
  const unmarked = {
    issuer,
    audience: 'lodestone-api',
    jwksUri: `${issuer}/jwks`,
    countries: ['JP'],
    roles: '*',
  } as const;
  const development: TrustedIssuer = { ...unmarked, countries: '*', development: true };

  it('is refused in production', () => {
    const refusal = '[0].issuer: a development issuer is refused in production';
    expect(() => new OidcTokens([development], { production: true })).toThrow(refusal);
    expect(() => new OidcTokens([{ ...development, issuer: 'https://other.example' }], { production: true })).toThrow(
      refusal,
    );
    expect(() => new OidcTokens([development], { production: false })).not.toThrow();
  });

  it('is known by its address where the configuration keeps silent', () => {
    expect(() => new OidcTokens([unmarked], { production: true })).toThrow(
      '[0].issuer: a development issuer is refused',
    );
  });
});
