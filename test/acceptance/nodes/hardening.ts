import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { CommandAccepted } from '@adapters/lodestone-client';
import { LIMITS } from '@foundation/server';
import { serverAudits } from 'graphql-http';
import WebSocket from 'ws';
import { asker, codeOf, errorsOf, send, type Asker } from '../support/answers.js';
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
import { timeFor, until } from '../../support/waiting.js';

export const hardening = (): void =>
  describe('Hardening', () => {
    const PERSON = { country: 'JP', roles: ['LIAISON', 'DELEGATE'] };
    const MUTATION =
      'mutation { proposeProject(input: { title: "Smuggled", materials: ["gallium"], stages: [MINING], hostCountry: "JP" }) { __typename } }';

    let platform: RunningPlatform;
    let ask: Asker;
    let token: string;
    /** Another API on the same stores, in production, which trusts one issuer: this test. */
    let production: string;
    let api: ProductionApi;
    let ministry: Ministry;

    beforeAll(async () => {
      platform = await sharedPlatform();
      ask = asker(platform, PERSON);
      token = await platform.tokenOf(PERSON)();
      const secretariat = platform.as(null, 'SECRETARIAT');
      await secretariat.command('registerMaterial', {
        code: 'gallium',
        name: 'Gallium',
        group: 'minor metals',
        hsCodes: [],
      });

      ministry = await startMinistry();
      api = await startInProduction(platform, [ministry.trusted]);
      production = api.graphql;
    });

    afterAll(async () => {
      await api?.stop();
      ministry?.close();
    });

    const recordingNothing = async (work: () => Promise<void>): Promise<void> => {
      const before = await endOfHistory(platform.eventStore);
      await work();
      expect(await endOfHistory(platform.eventStore)).toBe(before);
    };

    /** Nothing that speaks of how the platform is made. */
    const saysNothingOfItself = (text: string): void =>
      expect(text).not.toMatch(
        / at \/|node_modules|\.[jt]s:\d|(?<!Syntax )Error:|SELECT |lodestone\.|lodestone_|postgres|esdb|stack|originalError/i,
      );

    describe('What a request may ask for', () => {
      const nested = (depth: number): string => {
        const way = [
          'projects(first: 1)',
          'edges',
          'node',
          ...Array.from({ length: depth }, (_, at) => (at % 2 === 0 ? 'pledges' : 'project')),
        ].slice(0, depth - 1);
        return `{ ${way.join(' { ')} { __typename ${' }'.repeat(way.length)} }`;
      };
      const aliases = (count: number): string =>
        `{ ${Array.from({ length: count }, (_, at) => `a${at}: __typename`).join(' ')} }`;
      const directives = (count: number): string => `{ ${'... @include(if: true) { __typename } '.repeat(count)}}`;
      const fields = (count: number): string => `{ ${'__typename '.repeat(count)}}`;
      /** A page is one record and its items; each item here is 121 with what is in it. */
      const cost = (records: number): string => {
        const heavy = (first: number): string =>
          `projects(first: ${first}) { nodes { pledges { project { pledges { __typename } } } } }`;
        const light = (first: number): string => `projects(first: ${first}) { nodes { __typename } }`;
        const [first, rest] = [200, records - 2 * (1 + 200 * 121)];
        const last = Math.floor((rest - 100) / 121);
        return `{ a: ${heavy(first)} b: ${heavy(first)} c: ${heavy(last)} d: ${light(rest - 1 - last * 121 - 1)} }`;
      };
      /** Sixteen tokens stand around the list. */
      const tokens = (count: number): string =>
        `{ materials(filter: { code: [${'"x" '.repeat(count - 16)}] }) { totalCount } }`;

      const kinds: Readonly<Record<string, [at: string, above: string]>> = {
        depth: [nested(LIMITS.depth), nested(LIMITS.depth + 1)],
        aliases: [aliases(LIMITS.aliases), aliases(LIMITS.aliases + 1)],
        directives: [directives(LIMITS.directives), directives(LIMITS.directives + 1)],
        fields: [fields(LIMITS.fields), fields(LIMITS.fields + 1)],
        cost: [cost(LIMITS.cost), cost(LIMITS.cost + 1)],
        tokens: [tokens(LIMITS.tokens), tokens(LIMITS.tokens + 1)],
      };

      it.each(Object.entries(kinds))(
        'has a limit of %s: at it is answered, one above is 400',
        async (_, [at, above]) => {
          const answer = await ask(at);
          expect([answer.status, errorsOf(answer)]).toEqual([200, []]);
          const refused = await ask(above);
          expect([refused.status, codeOf(refused), refused.body.includes('"data"')]).toEqual([
            400,
            'LIMIT_EXCEEDED',
            false,
          ]);
          const plain = await send(platform.graphql, {
            method: 'POST',
            headers: {
              authorization: `Bearer ${token}`,
              accept: 'application/json',
              'content-type': 'application/json',
            },
            body: JSON.stringify({ query: above }),
          });
          // As the GraphQL over HTTP specification wants it for whoever does not know its media type.
          expect(plain.status).toBe(200);
        },
      );

      it('has a limit of size: at it is answered, one byte above is 413', async () => {
        const post = (size: number) => {
          const body = (pad: number) =>
            JSON.stringify({ query: '{ me { person } }', extensions: { pad: 'x'.repeat(pad) } });
          return send(platform.graphql, {
            method: 'POST',
            headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
            body: body(size - body(0).length),
          });
        };
        expect((await post(LIMITS.bytes)).status).toBe(200);
        expect((await post(LIMITS.bytes + 1)).status).toBe(413);
      });

      it('is asked of the whole before any of it is carried out', () =>
        recordingNothing(async () => {
          const field = MUTATION.slice('mutation { '.length, -2);
          const document = `mutation { ${Array.from({ length: LIMITS.aliases + 1 }, (_, at) => `a${at}: ${field}`).join(' ')} }`;
          expect((await ask(document)).status).toBe(400);
          const refused = await overSocket(platform.graphql, token, { query: document });
          expect(refused).toMatchObject({ type: 'error', payload: [{ extensions: { code: 'LIMIT_EXCEEDED' } }] });
          for (const above of Object.values(kinds).map(([, each]) => each)) {
            expect(JSON.stringify(await overSocket(platform.graphql, token, { query: above }))).toMatch(
              /^(?!.*"data").*"LIMIT_EXCEEDED"/,
            );
          }
        }));

      it('is one operation, not a list of them', () =>
        recordingNothing(async () => {
          const answer = await send(platform.graphql, {
            method: 'POST',
            headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
            body: JSON.stringify([{ query: MUTATION }, { query: MUTATION }]),
          });
          expect(answer.status).toBe(400);
        }));
    });

    describe('A request that a page of somebody else could send', () => {
      const authorization = () => ({ authorization: `Bearer ${token}` });

      it('by POST executes nothing unless it is JSON', () =>
        recordingNothing(async () => {
          const json = JSON.stringify({ query: MUTATION });
          const form = new FormData();
          form.set('operations', json);
          form.set('map', '{}');
          const bodies: readonly (readonly [string | undefined, RequestInit['body']])[] = [
            ['application/x-www-form-urlencoded', new URLSearchParams({ query: MUTATION }).toString()],
            ['application/x-www-form-urlencoded', json],
            ['text/plain', json],
            ['text/plain;charset=UTF-8', json],
            ['text/plain; application/json', json],
            ['application/graphql', MUTATION],
            ['application/xml', json],
            ['', json],
            [undefined, form],
            [
              'multipart/form-data; boundary=x',
              `--x\r\ncontent-disposition: form-data; name="query"\r\n\r\n${MUTATION}\r\n--x--\r\n`,
            ],
            [undefined, new Blob([json])],
          ];
          for (const [type, body] of bodies) {
            const answer = await send(platform.graphql, {
              method: 'POST',
              headers: { ...authorization(), ...(type !== undefined && { 'content-type': type }) },
              body: body as NonNullable<RequestInit['body']>,
            });
            expect([type, answer.status]).toEqual([type, 415]);
          }
        }));

      it('by GET, PUT, PATCH or DELETE changes nothing; a query may be asked by GET', () =>
        recordingNothing(async () => {
          const url = new URL(platform.graphql);
          url.searchParams.set('query', MUTATION);
          expect((await send(url.href, { headers: authorization() })).status).toBe(405);
          for (const method of ['PUT', 'PATCH', 'DELETE']) {
            const answer = await send(url.href, {
              method,
              headers: { ...authorization(), 'content-type': 'application/json' },
              body: JSON.stringify({ query: MUTATION }),
            });
            expect([method, answer.status]).toEqual([method, 405]);
          }
          url.searchParams.set('query', '{ me { country } }');
          expect(JSON.parse((await send(url.href, { headers: authorization() })).body)).toEqual({
            data: { me: { country: 'JP' } },
          });
          expect((await send(url.href, {})).status).toBe(401);
        }));

      it('is told of no page that may read the answer', async () => {
        for (const method of ['OPTIONS', 'POST']) {
          const { headers } = await send(platform.graphql, {
            method,
            headers: {
              ...authorization(),
              'content-type': 'application/json',
              origin: 'https://elsewhere.example',
              'access-control-request-method': 'POST',
            },
            ...(method === 'POST' && { body: JSON.stringify({ query: '{ __typename }' }) }),
          });
          expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
        }
      });
    });

    describe('GraphQL over HTTP', () => {
      it('is spoken as its specification says: all audits of graphql-http pass', async () => {
        const fetchFn = (url: string, request: RequestInit = {}): Promise<Response> =>
          fetch(url, {
            ...request,
            headers: { ...(request.headers as Record<string, string>), authorization: `Bearer ${token}` },
          });
        const audits = serverAudits({ url: platform.graphql, fetchFn });
        const results = await Promise.all(audits.map(({ fn }) => fn()));
        expect(
          results
            .filter(({ status }) => status !== 'ok')
            .map((each) => ({ id: each.id, name: each.name, reason: 'reason' in each ? each.reason : '' })),
        ).toEqual([]);
        expect(results).toHaveLength(61);
      });
    });

    describe('The schema', () => {
      it('is suggested where it is told: an unknown name is answered with its neighbours', async () => {
        for (const query of [
          '{ projets { id } }',
          '{ projects { totalCoun } }',
          '{ projects(filtr: {}) { totalCount } }',
          '{ projects(orderBy: { field: TITL }) { totalCount } }',
          '{ me { ... on Projec { id } } }',
        ]) {
          const answer = await ask(query);
          expect(answer.status).toBe(400);
          expect(answer.body).toMatch(/did you mean/i);
        }
        for (const input of [{ titel: 'x' }, { title: 'x', stages: ['MININ'] }, { marking: { handling: 'GREN' } }]) {
          const document = 'mutation ($input: ProposeProjectInput!) { proposeProject(input: $input) { __typename } }';
          const answer = await ask(document, { input });
          expect([answer.status, answer.body]).toEqual([400, expect.stringMatching(/did you mean/i)]);
        }
      });
    });

    describe('A stranger', () => {
      it('cannot end the API with the target of an upgrade that is no address', async () => {
        const { hostname, port } = new URL(platform.graphql);
        for (const target of ['//', 'http://[', '*', '/graphql?x']) {
          const socket = connect(Number(port), hostname).resume();
          socket.on('error', () => undefined);
          socket.write(`GET ${target} HTTP/1.1\r\nHost: [\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
          await once(socket, 'close');
        }
        expect((await fetch(new URL('/health/live', platform.graphql))).status).toBe(200);
        expect(platform.said.filter((line) => line.includes('has ended'))).toEqual([]);
      });
    });

    describe('A WebSocket', () => {
      const FORBIDDEN = 4403;

      it('is closed without a token that holds', async () => {
        const inits = [
          {},
          { Authorization: 'garbage' },
          { Authorization: 'Bearer x.y.z' },
          { Authorization: `Bearer ${await ministry.signed({ country: 'US' })}` },
          { Authorization: `Bearer ${await ministry.signed({ exp: inSeconds(-120) })}` },
          { Authorization: 7 },
          { token: await ministry.signed() },
        ];
        for (const init of inits) expect([init, (await opened(production, init)).first]).toEqual([init, FORBIDDEN]);
        const { socket, first } = await opened(production, { Authorization: `Bearer ${await ministry.signed()}` });
        expect(first).toMatchObject({ type: 'connection_ack' });
        socket.terminate();
      });

      it('is closed when it asks before it has said who it is', async () => {
        const socket = new WebSocket(production.replace(/^http/, 'ws'), 'graphql-transport-ws');
        await once(socket, 'open');
        const closed = once(socket, 'close');
        socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query: '{ __typename }' } }));
        expect((await closed)[0]).toBe(4401);
      });

      it('is closed when its token ends, and gives nothing after', async () => {
        const begun = Date.now();
        (await opened(production, { Authorization: `Bearer ${await ministry.signed()}` })).socket.close();
        const exp = inSeconds(Math.ceil(timeFor(begun) / 1_000));
        const { socket, first } = await opened(production, {
          Authorization: `Bearer ${await ministry.signed({ exp })}`,
        });
        expect(first).toMatchObject({ type: 'connection_ack' });
        const said: unknown[] = [];
        socket.on('message', (text) => said.push(JSON.parse((text as Buffer).toString())));
        const closed = once(socket, 'close');
        socket.send(
          JSON.stringify({
            type: 'subscribe',
            id: '1',
            payload: { query: 'subscription { projectChanged { cursor } }' },
          }),
        );
        const [code] = await closed;
        expect(code).toBe(FORBIDDEN);
        // The subscription itself may be the first to say that the token has ended; it says nothing else.
        for (const each of said)
          expect(each).toMatchObject({ type: 'error', payload: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
      });

      it('refuses a message that is larger than a request may be', async () => {
        const { socket } = await opened(platform.graphql, { Authorization: `Bearer ${token}` });
        const closed = once(socket, 'close');
        socket.on('error', () => undefined);
        socket.send(
          JSON.stringify({
            type: 'subscribe',
            id: '1',
            payload: { query: `{ __typename } #${'x'.repeat(LIMITS.bytes)}` },
          }),
        );
        expect((await closed)[0]).toBe(1009);
      });

      it('is closed on what is no message of the protocol', async () => {
        for (const text of ['garbage', '{}', '{"type":"subscribe"}', '[]', 'null']) {
          const { socket } = await opened(platform.graphql, { Authorization: `Bearer ${token}` });
          const closed = once(socket, 'close');
          socket.send(text);
          expect([text, (await closed)[0]]).toEqual([text, 4400]);
        }
      });

      it('is opened at the address of the API only', async () => {
        const elsewhere = production.replace('/graphql', '/elsewhere');
        expect((await opened(elsewhere, null)).first).toMatch(/hang up|ECONNRESET/);
      });
    });

    describe('A cursor', () => {
      const LIST =
        'query ($after: Cursor) { projects(after: $after, first: 1, orderBy: { field: TITLE }) { totalCount nodes { title } pageInfo { endCursor } } }';
      type Page = { projects: { totalCount: number; nodes: { title: string }[]; pageInfo: { endCursor: string } } };
      const BAD_CURSOR = {
        errors: [
          {
            message: 'The cursor or position is not one of ours for this question. Start again without it.',
            extensions: { code: 'BAD_CURSOR' },
          },
        ],
      };
      const pageOf = async (who: Asker, after: string | null): Promise<Page['projects']> =>
        (JSON.parse((await who(LIST, { after })).body) as { data: Page }).data.projects;

      beforeAll(async () => {
        const us = platform.as('US', 'DELEGATE');
        const project = { materials: ['gallium'], stages: ['MINING'], hostCountry: 'US' };
        for (const title of ['Hidden 1', 'Hidden 2', 'Hidden 3'])
          await us.command('proposeProject', { ...project, title });
        const outcome = await us.command('proposeProject', {
          ...project,
          title: 'Seen',
          marking: { releaseTo: ['JP'] },
        });
        if (!outcome.accepted) throw new Error(outcome.message);
        await us.query('query ($atLeast: Position) { projects(atLeast: $atLeast) { totalCount } }', {
          atLeast: outcome.position,
        });
      });

      it('attack case 19: holds nothing that can be read, and with any byte flipped has one fixed answer', async () => {
        const cursor = (await pageOf(ask, null)).pageInfo.endCursor;
        const bytes = Buffer.from(cursor, 'base64url');
        expect(bytes.toString('latin1')).not.toMatch(/Seen|projects|TITLE|[0-9a-f]{8}-/);
        expect((await pageOf(ask, cursor)).nodes).toEqual([]);
        const refused = await ask(LIST, { after: 'x' });
        expect(JSON.parse(refused.body)).toMatchObject(BAD_CURSOR);
        for (let at = 0; at < bytes.length; at++) {
          const forged = Buffer.from(bytes);
          forged[at]! ^= 1 << (at % 8);
          expect([at, await ask(LIST, { after: forged.toString('base64url') })]).toEqual([at, refused]);
        }
        for (const query of [
          LIST.replaceAll('TITLE', 'PROPOSED_AT'),
          LIST.replace('projects', 'pledges').replace(', orderBy: { field: TITLE }', '').replace('title', 'id'),
        ]) {
          const { status, body } = await ask(query, { after: cursor });
          expect([status, JSON.parse(body)]).toMatchObject([400, BAD_CURSOR]);
        }
      });

      it('attack case 20: of another caller gives what one may see oneself, and no more', async () => {
        const us = asker(platform, { country: 'US', roles: ['DELEGATE'] });
        const own = await pageOf(ask, null);
        expect(own).toMatchObject({ totalCount: 1, nodes: [{ title: 'Seen' }] });
        let [after, pages] = [null as string | null, 0];
        for (;;) {
          const theirs = await pageOf(us, after);
          if (theirs.nodes.length === 0) break;
          pages++;
          after = theirs.pageInfo.endCursor;
          const { totalCount, nodes } = await pageOf(ask, after);
          expect([totalCount, nodes]).toEqual([1, theirs.nodes[0]!.title === 'Seen' ? [] : own.nodes]);
        }
        expect(pages).toBe(4);
      });

      it('attack case 20: from before rights were lost gives nothing that they gave', async () => {
        const person = { country: 'JP', roles: ['DELEGATE'], person: 'revoked' };
        const loses = asker(platform, person);
        const japan = platform.as('JP', 'DELEGATE');
        const { recordId } = (await japan.command('proposeProject', {
          ...{ title: 'Anew', materials: ['gallium'], stages: ['MINING'], hostCountry: 'JP' },
        })) as CommandAccepted;
        await until('the project shows', async () => (await pageOf(loses, null)).totalCount === 2);
        const cursor = (await pageOf(loses, null)).pageInfo.endCursor;
        expect((await pageOf(loses, cursor)).nodes).toEqual([{ title: 'Seen' }]);
        const { me } = await platform
          .as('JP', 'DELEGATE', person.person)
          .query<{ me: { person: string } }>('{ me { person } }');
        await platform.as(null, 'SECRETARIAT').command('revokeRole', { person: me.person, role: 'DELEGATE' });
        await until('the revocation', async () => (await pageOf(loses, null)).totalCount === 0);
        expect(await pageOf(loses, cursor)).toMatchObject({ totalCount: 0, nodes: [] });
        await japan.command('withdrawProject', { id: recordId, reason: 'a test' });
      });
    });

    describe('An answer', () => {
      it('attack case 22: with an error says nothing of how the platform is made', async () => {
        const wrong = [
          '{',
          '{ nothing }',
          '{ projects(first: 0) { totalCount } }',
          '{ projects(after: "x") { totalCount } }',
          'query ($a: Int!) { __typename }',
          'mutation { proposeProject(input: {}) { __typename } }',
          '{ project(id: "\\u0000") { id } }',
          '{ project(id: "\'") { id } }',
          `{ ${'a'.repeat(2000)} }`,
        ];
        for (const query of wrong) {
          const answer = await ask(query);
          saysNothingOfItself(answer.body);
          for (const each of errorsOf(answer))
            expect(
              Object.keys(each).filter((key) => !['message', 'locations', 'path', 'extensions'].includes(key)),
            ).toEqual([]);
        }
        for (const body of [
          '',
          '{',
          'null',
          '[]',
          '"x"',
          '{"query":7}',
          '{"query":"{ __typename }","variables":"x"}',
          '{"query":"{ __typename }","operationName":{}}',
        ]) {
          const answer = await send(platform.graphql, {
            method: 'POST',
            headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
            body,
          });
          expect([body, answer.status]).toEqual([body, 400]);
          saysNothingOfItself(answer.body);
        }
      });

      it('names no product that made it, wherever it comes from', async () => {
        for (const base of [platform.graphql, production]) {
          for (const path of [
            '/graphql',
            '/health/live',
            '/health/ready',
            '/nowhere',
            '/',
            '/%',
            '/graphql-health',
            '/graphql/../health/live',
            '//graphql',
            '/__proto__',
          ]) {
            const answer = await send(new URL(base).origin + path, {});
            expect([path, answer.headers['x-powered-by'], answer.headers['server']]).toEqual([
              path,
              undefined,
              undefined,
            ]);
            expect([path, answer.status < 500]).toEqual([path, true]);
            saysNothingOfItself(answer.body);
          }
        }
      });
    });
  });
