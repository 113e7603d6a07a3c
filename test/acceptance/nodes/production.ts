import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getIntrospectionQuery } from 'graphql';
import { CompactSign, exportJWK, generateKeyPair, UnsecuredJWT } from 'jose';
import type { LodestoneClient } from '@adapters/lodestone-client';
import { errorsOf, send, type Answer } from '../support/answers.js';
import { endOfHistory } from '../support/history.js';
import { sharedPlatform, type RunningPlatform } from '../support/platform.js';
import {
  inSeconds,
  startInProduction,
  startMinistry,
  type Ministry,
  type ProductionApi,
} from '../support/production.js';
import { opened, overSocket } from '../support/sockets.js';
import { until } from '../../support/waiting.js';

export const productionNodes = (): void =>
  describe('In production', () => {
    let platform: RunningPlatform;
    let secretariat: LodestoneClient;
    /** An API in production on the platform's stores, which trusts one issuer: this test. */
    let api: ProductionApi;
    let ministry: Ministry;

    beforeAll(async () => {
      platform = await sharedPlatform();
      secretariat = platform.as(null, 'SECRETARIAT');
      ministry = await startMinistry();
      api = await startInProduction(platform, [ministry.trusted]);
    });

    afterAll(async () => {
      await api?.stop();
      ministry?.close();
    });

    const inProduction = (authorization: string | null, query: string, url = api.graphql): Promise<Answer> =>
      send(url, {
        method: 'POST',
        headers: {
          accept: 'application/graphql-response+json',
          'content-type': 'application/json',
          ...(authorization !== null && { authorization }),
        },
        body: JSON.stringify({ query }),
      });

    /** Takes back every role that a token claims; it holds when this resolves. */
    const revokeAll = async (bearer: string): Promise<void> => {
      const me = async (): Promise<{ person: string; roles: readonly string[] }> => {
        const { body } = await inProduction(`Bearer ${bearer}`, '{ me { person roles } }');
        return (JSON.parse(body) as { data: { me: { person: string; roles: string[] } } }).data.me;
      };
      const { person, roles } = await me();
      for (const role of roles)
        expect(await secretariat.command('revokeRole', { person, role })).toMatchObject({ accepted: true });
      await until('the revocation', async () => (await me()).roles.length === 0);
    };

    const NOT_SIGNED_IN =
      '{"errors":[{"message":"Sign in: send a valid bearer token.","extensions":{"code":"UNAUTHENTICATED"}}]}';

    describe('The schema', () => {
      it('is told to nobody without a token in production', async () => {
        for (const query of [
          getIntrospectionQuery(),
          '{ __schema { types { name } } }',
          '{ __type(name: "Project") { name } }',
          '{ __typename }',
        ]) {
          expect(await inProduction(null, query)).toMatchObject({ status: 401, body: NOT_SIGNED_IN });
        }
        const page = await send(api.graphql, { headers: { accept: 'text/html' } });
        expect([page.status, page.body]).toEqual([405, '']);
      });

      it('attack case 24: is told in production to people with a role, and to nobody else', async () => {
        const [role, none] = [
          `Bearer ${await ministry.signed()}`,
          `Bearer ${await ministry.signed({ sub: 'none', roles: [] })}`,
        ];
        expect((await inProduction(role, getIntrospectionQuery())).status).toBe(200);
        const refused = await inProduction(none, getIntrospectionQuery());
        expect(refused).toMatchObject({ status: 403, body: expect.stringContaining('SCHEMA_WITHHELD') });
        expect(refused.body.length).toBeLessThan(200);
      });
    });

    describe('A token', () => {
      it('of the trusted issuer is taken', async () => {
        const answer = await inProduction(`Bearer ${await ministry.signed()}`, '{ me { country roles } }');
        expect(JSON.parse(answer.body)).toEqual({ data: { me: { country: 'JP', roles: ['LIAISON', 'DELEGATE'] } } });
      });

      it('attack case 48: that does not hold is answered 401 and nothing else, whatever is wrong with it', async () => {
        const now = inSeconds(0);
        const { privateKey: stranger } = await generateKeyPair('ES256', { extractable: true });
        const asSecret = new TextEncoder().encode(JSON.stringify(await exportJWK(ministry.publicKey)));
        const good = await ministry.signed();
        const [header, payload, signature] = good.split('.') as [string, string, string];
        const claimsOf = (more: object): string =>
          Buffer.from(
            JSON.stringify({ ...(JSON.parse(Buffer.from(payload, 'base64url').toString()) as object), ...more }),
          ).toString('base64url');
        /** A signed token with a claim more at the end of its text, as no library would write it. */
        const and = (claim: string): Promise<string> =>
          new CompactSign(Buffer.from(`${Buffer.from(payload, 'base64url').toString().slice(0, -1)},${claim}}`))
            .setProtectedHeader({ alg: 'ES256', kid: 'test', typ: 'at+jwt' })
            .sign(ministry.privateKey);
        expect((await inProduction(`Bearer ${await and('"other":1')}`, '{ me { person } }')).status).toBe(200);
        const wrong: Readonly<Record<string, string>> = {
          'no token': '',
          garbage: 'garbage',
          'three dots': '..',
          'alg none': new UnsecuredJWT({ ...ministry.person })
            .setIssuer(ministry.issuer)
            .setAudience(ministry.audience)
            .setExpirationTime('5m')
            .encode(),
          'signed by a stranger': await ministry.signed({}, { key: stranger }),
          'HMAC with the public key': await ministry.signed({}, { alg: 'HS256', key: asSecret }),
          'an unknown key': await ministry.signed({}, { kid: 'other' }),
          'of another type': await ministry.signed({}, { typ: 'JWT' }),
          'wrong audience': await ministry.signed({ aud: 'https://elsewhere.example' }),
          'wrong issuer': await ministry.signed({ iss: 'https://identity.example/us' }),
          'of the development issuer': await platform.tokenOf({ country: 'JP', roles: ['DELEGATE'] })(),
          expired: await ministry.signed({ exp: now - 120 }),
          'not yet valid': await ministry.signed({ nbf: now + 600 }),
          'without end': await ministry.signed({ exp: undefined }),
          'for another country': await ministry.signed({ country: 'US' }),
          'country as a list': await ministry.signed({ country: ['JP', 'US'] }),
          'country in small letters': await ministry.signed({ country: 'jp' }),
          'country in other letters': await ministry.signed({ country: 'ЈР' }),
          'country in wide letters': await ministry.signed({ country: 'ＪＰ' }),
          'country with what does not show': await ministry.signed({ country: 'JP\u200b' }),
          'country twice': await and('"country":"US"'),
          'country twice, the same': await and('"country":"JP"'),
          'country twice, once escaped': await and('"\\u0063ountry":"JP"'),
          'roles twice': await and('"roles":["DELEGATE"]'),
          'subject twice': await and('"sub":"somebody"'),
          'without country': await ministry.signed({ country: undefined }),
          'roles that are no list': await ministry.signed({ roles: { SECRETARIAT: true } }),
          'a role that it may not give, and no country': await ministry.signed({
            roles: ['SECRETARIAT'],
            country: undefined,
          }),
          'without a subject': await ministry.signed({ sub: undefined }),
          'country swapped under the signature': `${header}.${claimsOf({ country: 'US' })}.${signature}`,
          'cut short': good.slice(0, -3),
          'two tokens': `${good} ${good}`,
          'too long': `${'a'.repeat(9000)}.b.c`,
        };
        const answers = await Promise.all(
          Object.entries(wrong).map(async ([name, each]) => ({
            name,
            answer: await inProduction(`Bearer ${each}`, '{ me { person } }'),
          })),
        );
        const missing = await inProduction(null, '{ me { person } }');
        expect(missing).toMatchObject({ status: 401, body: NOT_SIGNED_IN });
        for (const { name, answer } of answers) expect({ name, answer }).toEqual({ name, answer: missing });
        for (const scheme of ['Basic', 'Digest', ''])
          expect(await inProduction(`${scheme} ${good}`.trim(), '{ me { person } }')).toEqual(missing);
      });

      it('is in no log', async () => {
        const [, payload] = (await ministry.signed()).split('.') as [string, string];
        expect(api.said.join('\n')).not.toContain(payload.slice(0, 40));
      });

      it('gives no role that its issuer may not assert, and the operator hears of it', async () => {
        for (const roles of [['SECRETARIAT'], ['ADMIN'], ['SECRETARIAT', 'ADMIN', 'AUDITOR']]) {
          const token = await ministry.signed({ sub: 'ambitious', roles });
          const { body } = await inProduction(`Bearer ${token}`, '{ me { country roles } }');
          expect([roles, JSON.parse(body)]).toEqual([roles, { data: { me: { country: null, roles: [] } } }]);
        }
        await until('the remark', () =>
          api.said.some((line) => line.includes('a role that this issuer may not assert')),
        );
      });

      it('that does not hold is told of in the log alone, under the correlation id, without what it says', async () => {
        const secret = 'Erika Mustermann';
        const wrong: Readonly<Record<string, string>> = {
          '"exp" claim timestamp check failed': await ministry.signed({ exp: inSeconds(-120), name: secret }),
          'country is not one country code': await ministry.signed({ country: secret }),
          'signature verification failed': `${(await ministry.signed({ name: secret })).slice(0, -86)}${'A'.repeat(86)}`,
          'is not trusted': await ministry.signed({ iss: 'https://identity.example/us', name: secret }),
          'not a JWT': 'garbage',
        };
        for (const [reason, token] of Object.entries(wrong)) {
          const answer = await fetch(api.graphql, {
            method: 'POST',
            headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
            body: '{"query":"{ me { person } }"}',
          });
          const id = answer.headers.get('x-correlation-id')!;
          expect([reason, answer.status, await answer.text()]).toEqual([reason, 401, NOT_SIGNED_IN]);
          await until(reason, () => api.said.some((line) => line.includes(id)));
          expect(api.said.find((line) => line.includes(id))?.replaceAll('\\"', '"')).toContain(reason);
        }
        expect(api.said.join('\n')).not.toMatch(/Erika|Mustermann/);
      });

      it('attack case 48: of a ministry that is trusted no longer is answered like any other that does not hold', async () => {
        const elsewhere = { ...ministry.trusted, issuer: 'https://identity.example/kr', countries: ['KR'] };
        const without = await startInProduction(platform, [elsewhere]);
        try {
          const authorization = `Bearer ${await ministry.signed()}`;
          expect((await inProduction(authorization, '{ me { person } }')).status).toBe(200);
          const refused = await inProduction(authorization, '{ me { person } }', without.graphql);
          expect(refused).toEqual(await inProduction(null, '{ me { person } }'));
          expect(refused).toMatchObject({ status: 401, body: NOT_SIGNED_IN });
          expect((await opened(without.graphql, { Authorization: authorization })).first).toBe(4403);
        } finally {
          await without.stop();
        }
      });

      it('attack case 48: of a person whose every role was taken back says what one without roles says', async () => {
        const revoked = { sub: 'revoked' };
        const [before, none] = [await ministry.signed(revoked), await ministry.signed({ sub: 'none', roles: [] })];
        await revokeAll(before);
        const { graphql } = api;
        for (const query of [
          '{ me { country roles isMember groups { id } } }',
          '{ projects { totalCount nodes { id } } }',
          '{ members { totalCount nodes { country } } }',
          '{ __schema { queryType { name } } }',
          '{ nothing }',
        ])
          expect(await inProduction(`Bearer ${before}`, query, graphql)).toEqual(
            await inProduction(`Bearer ${none}`, query, graphql),
          );
      });
    });

    /**
     * What graphql-cop 1.15 looks for, check by check: each says whether there would be a finding.
     * Source: https://github.com/dolevf/graphql-cop
     */
    const CHECKS: Readonly<Record<string, (ask: Ask) => Promise<boolean>>> = {
      'alias overloading': async ({ post }) =>
        dataOf(await post(`{ ${Array.from({ length: 101 }, (_, at) => `alias${at}: __typename`).join(' ')} }`)),
      'array batching': async ({ send }) => {
        const answer = await send(
          'POST',
          '',
          Array.from({ length: 10 }, () => ({ query: '{ __typename }' })),
        );
        return Array.isArray(parsed(answer)) || dataOf(answer);
      },
      'field duplication': async ({ post }) => dataOf(await post(`{ ${'__typename '.repeat(500)}}`)),
      'directive overloading': async ({ post }) =>
        errorsOf(await post(`{ __typename ${'@aa'.repeat(10)} }`)).length >= 10,
      'circular introspection': async ({ post }) =>
        dataOf(
          await post(
            '{ __schema { types { fields { type { fields { type { fields { type { fields { type { name } } } } } } } } } } }',
          ),
        ),
      'circular fragments': async ({ post }) =>
        errorsOf(await post('{ __schema { ...A } } fragment A on __Schema { ...B } fragment B on __Schema { ...A }'))
          .length === 0,
      introspection: async ({ post }) => dataOf(await post(getIntrospectionQuery())),
      'field suggestions': async ({ post }) => /did you mean/i.test((await post('{ __schema { directive } }')).body),
      'an IDE': async ({ send }) => {
        const pages = await Promise.all(
          ['/graphiql', '/playground', '/console', '/graphql'].map((path) => send('GET', path, null, 'text/html')),
        );
        return pages.some(({ body }) => /GraphiQL|GraphQL Playground|graphql-playground|graphiql\.min\.css/.test(body));
      },
      'queries by GET': async ({ send }) => dataOf(await send('GET', '?query={__typename}', null)),
      'mutations by GET': async ({ send }) => dataOf(await send('GET', '?query=mutation{__typename}', null)),
      'queries by a form': async ({ send }) => {
        const urlencoded = 'application/x-www-form-urlencoded';
        return dataOf(await send('POST', '', new URLSearchParams({ query: '{ __typename }' }).toString(), urlencoded));
      },
      'queries in the address of a POST': async ({ send }) => dataOf(await send('POST', '?query={__typename}', '')),
      'trace mode': async ({ post }) => /tracing|stacktrace/i.test((await post('{ __typename }')).body),
      'unhandled errors': async ({ post }) => /exception|stack/i.test((await post('qwerty cop { abc }')).body),
    };

    type Ask = {
      readonly post: (query: string) => Promise<Answer>;
      readonly send: (method: string, path: string, body: unknown, type?: string) => Promise<Answer>;
    };

    const parsed = ({ body }: Answer): unknown => {
      try {
        return JSON.parse(body);
      } catch {
        return null;
      }
    };
    const dataOf = (answer: Answer): boolean => ((parsed(answer) as { data?: unknown } | null)?.data ?? null) !== null;

    describe('graphql-cop', () => {
      const findings = async (url: string, bearer: string | null): Promise<string[]> => {
        const authorization = bearer === null ? {} : { authorization: `Bearer ${bearer}` };
        const ask: Ask = {
          post: (query) => inProduction(bearer === null ? null : `Bearer ${bearer}`, query, url),
          send: (method, path, body, type = 'application/json') =>
            send(path.startsWith('/') ? new URL(path, url).href : `${url}${path}`, {
              method,
              headers: { ...authorization, accept: type === 'text/html' ? type : '*/*', 'content-type': type },
              ...(body !== null && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
            }),
        };
        const found: string[] = [];
        for (const [name, check] of Object.entries(CHECKS)) if (await check(ask)) found.push(name);
        return found;
      };

      it('finds nothing in production, without a token and with one', async () => {
        expect(await findings(api.graphql, null)).toEqual([]);
        expect(await findings(api.graphql, await ministry.signed({ sub: 'none', roles: [] }))).toEqual([]);
      });

      it('finds in production, for a person with a role, that the schema is told, and nothing else', async () => {
        expect(await findings(api.graphql, await ministry.signed())).toEqual(['introspection']);
      });

      it('finds in development what development offers, so that its checks do look', async () => {
        const token = await platform.tokenOf({ country: 'JP', roles: ['DELEGATE'] })();
        expect(await findings(platform.graphql, token)).toEqual([
          'introspection',
          'field suggestions',
          'an IDE',
          'queries by GET',
        ]);
      });
    });

    describe('An open connection', () => {
      const CHANGED = 'subscription { projectChanged { cursor } }';
      /** A stream of server-sent events that has begun, and all that it gives. */
      const events = async (bearer: string): Promise<{ readonly whole: Promise<string> }> => {
        const response = await fetch(api.graphql, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${bearer}`,
            'content-type': 'application/json',
            accept: 'text/event-stream',
          },
          body: JSON.stringify({ query: CHANGED }),
        });
        return { whole: response.text() };
      };

      it('attack case 29: ends when the last role of its person is taken back, and gives nothing after', async () => {
        const bearer = await ministry.signed({ sub: 'to be revoked' });
        const { socket, first } = await opened(api.graphql, { Authorization: `Bearer ${bearer}` });
        expect(first).toMatchObject({ type: 'connection_ack' });
        const said: unknown[] = [];
        socket.on('message', (text) => said.push(JSON.parse((text as Buffer).toString())));
        socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query: CHANGED } }));
        const closed = once(socket, 'close');
        const stream = await events(bearer);
        await revokeAll(bearer);
        expect((await closed)[0]).toBe(4403);
        expect(await stream.whole).toContain('RIGHTS_REVOKED');
        expect(said.filter((each) => (each as { type: string }).type === 'next')).toEqual([]);
      });

      it('ends when its token does', async () => {
        const bearer = await ministry.signed({ exp: inSeconds(2) });
        expect(await (await events(bearer)).whole).toMatch(/"UNAUTHENTICATED"/);
      });
    });

    describe('An installation', () => {
      it('answers the documents of its list alone where it has one', async () => {
        const file = join(platform.folder, 'documents.json');
        writeFileSync(file, JSON.stringify({ me: '{ me { country } }' }));
        const listed = await startInProduction(platform, [ministry.trusted], { LODESTONE_TRUSTED_DOCUMENTS: file });
        try {
          const authorization = `Bearer ${await ministry.signed()}`;
          const known = await inProduction(authorization, '{ me { country } }', listed.graphql);
          expect([known.status, known.body]).toEqual([200, '{"data":{"me":{"country":"JP"}}}']);
          const unknown = await inProduction(authorization, '{ me { person } }', listed.graphql);
          expect(unknown).toMatchObject({ status: 400, body: expect.stringContaining('UNKNOWN_DOCUMENT') });
          expect(
            await overSocket(listed.graphql, await ministry.signed(), { query: '{ me { person } }' }),
          ).toMatchObject({
            type: 'error',
            payload: [{ extensions: { code: 'UNKNOWN_DOCUMENT' } }],
          });
          expect((await inProduction(authorization, '{ me { roles } }')).status).toBe(200);
        } finally {
          await listed.stop();
        }
      });

      it('is not started with a list that is none', async () => {
        for (const [name, text] of Object.entries({ none: null, torn: '{', other: '{"a":1}' })) {
          const file = join(platform.folder, `${name}.json`);
          if (text !== null) writeFileSync(file, text);
          await expect(
            startInProduction(platform, [ministry.trusted], { LODESTONE_TRUSTED_DOCUMENTS: file }),
          ).rejects.toThrow(`LODESTONE_TRUSTED_DOCUMENTS names ${file}`);
        }
      });

      it('answers each person so often, and says with nothing what others do', async () => {
        const slow = await startInProduction(platform, [ministry.trusted], { LODESTONE_REQUESTS_PER_SECOND: '1' });
        try {
          const [one, other] = [
            `Bearer ${await ministry.signed()}`,
            `Bearer ${await ministry.signed({ sub: 'other' })}`,
          ];
          const first = await inProduction(one, '{ me { country } }', slow.graphql);
          const recorded = await endOfHistory(platform.eventStore);
          // However slowly a busy machine answers: until they come more often than once a second.
          const refused = await until('one asks too often', async () => {
            const asked = Array.from({ length: 9 }, () => inProduction(one, '{ me { country } }', slow.graphql));
            // What is left shows in no answer: each is the same as the first, in every header too.
            for (const answer of await Promise.all(asked)) if (answer.status !== 429) expect(answer).toEqual(first);
            const last = await inProduction(
              one,
              'mutation { proposeProject(input: { title: "x", materials: ["gallium"], stages: [MINING], hostCountry: "JP" }) { __typename } }',
              slow.graphql,
            );
            return last.status === 429 ? last : null;
          });
          expect(refused).toMatchObject({
            status: 429,
            headers: { 'retry-after': expect.stringMatching(/^([1-9]|10)$/) },
          });
          expect(errorsOf(refused)[0]).toMatchObject({
            message: 'You ask more often than you may. Wait as many seconds as retryAfter says.',
            extensions: { code: 'RATE_LIMITED' },
          });
          expect(await endOfHistory(platform.eventStore)).toBe(recorded);
          expect(await inProduction(other, '{ me { country } }', slow.graphql)).toEqual(first);
        } finally {
          await slow.stop();
        }
      });
    });
  });
