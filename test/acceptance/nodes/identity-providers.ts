import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../../support/waiting.js';
import { sharedPlatform, type RunningPlatform } from '../support/platform.js';
import { inSeconds, startInProduction, type ProductionApi } from '../support/production.js';
import { startKeyServer, type KeyServer } from '../support/providers.js';
import { opened } from '../support/sockets.js';
import { claimsOf, SHAPES } from '../support/token-shapes.js';

export const identityProviders = (): void =>
  describe('Identity providers', () => {
    let platform: RunningPlatform;
    let keys: KeyServer;
    let api: ProductionApi;
    let issuersFile: string;

    const trusted = (): object[] =>
      Object.entries(SHAPES).map(([name, shape]) => ({ ...shape.trusted, jwksUri: keys.jwksUri(name) }));

    /** Writes the issuers as an operator should: whole, in one step. */
    const trust = (issuers: unknown): void => {
      writeFileSync(`${issuersFile}.new`, JSON.stringify(issuers));
      renameSync(`${issuersFile}.new`, issuersFile);
    };

    beforeAll(async () => {
      [platform, keys] = await Promise.all([sharedPlatform(), startKeyServer()]);
      for (const name of Object.keys(SHAPES)) await keys.newKey(name);
      issuersFile = join(platform.folder, 'issuers.json');
      trust(trusted());
      api = await startInProduction(platform, [], { TRUSTED_ISSUERS: '', TRUSTED_ISSUERS_FILE: issuersFile });
    });

    afterAll(async () => {
      await api?.stop();
      await keys?.close();
    });

    type Me = { status: number; me?: { country: string | null; roles: string[] } };

    const ask = async (token: string): Promise<Me> => {
      const answer = await fetch(api.graphql, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: '{"query":"{ me { country roles } }"}',
      });
      const { data } = (await answer.json()) as { data?: { me: NonNullable<Me['me']> } };
      return { status: answer.status, ...(data && { me: data.me }) };
    };

    const REFUSED = { status: 401 };

    /** A token of a provider's shape with some claims changed. */
    const tokenOf = (name: string, more: object = {}, header: object = {}): Promise<string> =>
      keys.signed(name, { ...claimsOf(SHAPES[name]!), ...more }, { ...SHAPES[name]!.header, ...header });

    describe('A token as it is made by', () => {
      it.each(Object.keys(SHAPES))('%s says who is asking', async (name) => {
        expect(await ask(await tokenOf(name))).toEqual({ status: 200, me: SHAPES[name]!.is });
      });

      it.each(Object.keys(SHAPES))(
        '%s is refused in another type, time, audience, or without a person',
        async (name) => {
          const { subjectClaim = 'sub' } = SHAPES[name]!.trusted as { subjectClaim?: string };
          const other = name.includes('audience mapper') ? 'JWT' : 'at+jwt';
          const wrong = await Promise.all([
            tokenOf(name, {}, { typ: other }),
            tokenOf(name, {}, { typ: 'secevent+jwt' }),
            tokenOf(name, { exp: inSeconds(-90) }),
            tokenOf(name, { nbf: inSeconds(90) }),
            tokenOf(name, { exp: undefined }),
            tokenOf(name, { aud: 'another-api' }),
            tokenOf(name, { aud: undefined }),
            tokenOf(name, { [subjectClaim]: undefined }),
            tokenOf(name, { [subjectClaim]: 17 }),
          ]);
          for (const [at, token] of wrong.entries()) expect([at, await ask(token)]).toEqual([at, REFUSED]);
        },
      );

      const ID_TOKENS = Object.keys(SHAPES).filter((name) => !name.includes('audience mapper'));
      it.each(ID_TOKENS)('%s is refused where it is an ID token, a refresh token or a log-out token', async (name) => {
        for (const claims of [{ at_hash: 'x' }, { c_hash: 'x' }, { events: {} }, { typ: 'ID' }, { typ: 'Refresh' }])
          expect([claims, await ask(await tokenOf(name, claims))]).toEqual([claims, REFUSED]);
      });

      // What the token says beside what was agreed, and the roles and the country that come of it: never more.
      const NEVER: readonly (readonly [string, object, object])[] = [
        ['Entra ID, v2.0', { roles: ['SECRETARIAT', 'APPROVER'] }, { country: null, roles: [] }],
        ['Entra ID, v2.0', { roles: ['LIAISON', 'AUDITOR'], country: 'US' }, { country: 'FR', roles: ['LIAISON'] }],
        ['Entra ID, groups overage', { roles: undefined, groups: ['DELEGATE'] }, { country: null, roles: [] }],
        [
          'Entra ID, 200 groups in the token',
          { groups: ['LIAISON'], roles: ['LIAISON'] },
          { country: null, roles: [] },
        ],
        ['Keycloak, default realm', { roles: ['DELEGATE'], realm_access: {} }, { country: null, roles: [] }],
        ['Keycloak, default realm', { realm_access: { roles: ['SECRETARIAT'] } }, { country: null, roles: [] }],
        [
          'Keycloak, default realm',
          { 'realm_access.roles': ['DELEGATE'], realm_access: null },
          { country: null, roles: [] },
        ],
        ['AD FS', { role: 'APPROVER' }, { country: null, roles: [] }],
        ['AD FS', { role: 'constructor' }, { country: null, roles: [] }],
        ['PingFederate', { groups: 'DELEGATE' }, { country: null, roles: [] }],
        ['PingFederate', { groups: 'crmDelegate,x' }, { country: null, roles: [] }],
      ];
      it.each(NEVER)('%s gives no more than was agreed with %j', async (name, claims, me) => {
        expect(await ask(await tokenOf(name, claims))).toEqual({ status: 200, me });
      });

      const REFUSALS: readonly (readonly [string, object])[] = [
        ['Keycloak, audience mapper and mappers of its own', { country: 'JP' }],
        ['Keycloak, audience mapper and mappers of its own', { country: ['KR'] }],
        ['Keycloak, audience mapper and mappers of its own', { country: 'kr' }],
        ['PingFederate', { country: 'us' }],
        ['PingFederate', { country: ['ca', 'us'] }],
        ['a Keycloak that bridges eIDAS', { person_identifier: 'FR/EU/1' }],
        ['a Keycloak that bridges eIDAS', { person_identifier: 'FR/EL/1' }],
        ['a Keycloak that bridges eIDAS', { person_identifier: 'GR' }],
        ['a Keycloak that bridges eIDAS', { acr: 'http://eidas.europa.eu/LoA/low' }],
        ['a Keycloak that bridges eIDAS', { acr: undefined }],
      ];
      it.each(REFUSALS)('%s is refused with %j', async (name, claims) => {
        expect(await ask(await tokenOf(name, claims))).toEqual(REFUSED);
      });

      it('one provider is refused in the name of another', async () => {
        const iss = SHAPES['Entra ID, v2.0']!.trusted.issuer;
        const { audience } = SHAPES['Entra ID, v2.0']!.trusted;
        expect(await ask(await tokenOf('Keycloak, default realm', { iss, aud: audience }))).toEqual(REFUSED);
      });
    });

    describe('The keys of a provider', () => {
      const NAME = 'AD FS';

      it('change at once for who has a new one; while it does not answer, nobody is refused who might be right', async () => {
        await keys.newKey(NAME, 'second');
        const good = { status: 200, me: SHAPES[NAME]!.is };
        expect(await ask(await tokenOf(NAME))).toEqual(good);
        await keys.newKey(NAME, 'third');
        expect(await ask(await tokenOf(NAME))).toEqual(good);

        const [known, unknown] = [await tokenOf(NAME), await tokenOf(NAME, {}, { kid: 'fourth' })];
        await keys.close();
        try {
          expect(await ask(known)).toEqual(good);
          expect(await ask(unknown)).toEqual({ status: 503 });
          expect((await opened(api.graphql, { Authorization: `Bearer ${unknown}` })).first).toBe(1013);
          expect(api.said.some((line) => line.includes('no keys from') && line.includes('ECONNREFUSED'))).toBe(true);
        } finally {
          await keys.open();
        }
        expect(await ask(unknown)).toEqual(REFUSED);
      });
    });

    describe('The file of trusted issuers', () => {
      const NAME = 'PingFederate';

      it('is read again when it changes: whoever is trusted no longer is refused, whoever is new is taken', async () => {
        const all = trusted();
        const token = await tokenOf(NAME);
        expect((await ask(token)).status).toBe(200);
        trust(all.filter((each) => (each as { issuer: string }).issuer !== SHAPES[NAME]!.trusted.issuer));
        await until('the issuer is trusted no longer', async () => (await ask(token)).status === 401);
        trust(all);
        await until('the issuer is trusted again', async () => (await ask(token)).status === 200);
      });

      it('that is wrong changes nothing, and the operator is told which key is', async () => {
        const token = await tokenOf(NAME);
        trust([{ ...trusted()[0], rolls: ['LIAISON'] }]);
        await until('the complaint', () =>
          api.said.some(
            (line) => line.includes('[0].rolls: unknown key') && line.includes('the issuers of before stay'),
          ),
        );
        expect((await ask(token)).status).toBe(200);
        trust([{ ...trusted()[0], development: true }]);
        await until('the complaint', () => api.said.some((line) => line.includes('a development issuer is refused')));
        expect((await ask(token)).status).toBe(200);
        trust(trusted());
      });

      it('is not named beside issuers in the environment', async () => {
        const both = startInProduction(platform, trusted(), { TRUSTED_ISSUERS_FILE: issuersFile });
        await expect(both).rejects.toThrow('TRUSTED_ISSUERS is set beside TRUSTED_ISSUERS_FILE: set one of the two');
      });
    });
  });
