import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { LIMITS } from '@foundation/transport';
import { getIntrospectionQuery } from 'graphql';
import { serverAudits } from 'graphql-http';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey } from 'jose';
import WebSocket from 'ws';
import { asker, codeOf, errorsOf, send, type Answer, type Asker } from './support/answers.js';
import { endOfHistory } from './support/history.js';
import { startPlatform, type RunningPlatform } from './support/platform.js';

jest.setTimeout(60_000);

const ISSUER = 'https://identity.example/jp';
const AUDIENCE = 'https://lodestone.example';
const PERSON = { sub: 'somebody', country: 'JP', roles: ['LIAISON', 'DELEGATE'] };
const MUTATION =
  'mutation { proposeProject(input: { title: "Smuggled", materials: ["gallium"], stages: [MINING], hostCountry: "JP" }) { __typename } }';

let platform: RunningPlatform;
let ask: Asker;
let token: string;
/** Another API on the same stores, in production, which trusts one issuer: this test. */
let production: string;
let api: ChildProcess;
let keys: Server;
let privateKey: CryptoKey;
let publicKey: CryptoKey;
const apiSaid: string[] = [];

beforeAll(async () => {
  platform = await startPlatform();
  ask = asker(platform, { country: 'JP', roles: PERSON.roles });
  token = await platform.tokenOf({ country: 'JP', roles: PERSON.roles })();
  const secretariat = platform.as(null, 'SECRETARIAT');
  await secretariat.command('registerMaterial', {
    code: 'gallium',
    name: 'Gallium',
    group: 'minor metals',
    hsCodes: [],
  });

  ({ privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true }));
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'test', alg: 'ES256', use: 'sig' }] });
  keys = createServer((_, response) => response.setHeader('content-type', 'application/json').end(jwks)).listen(
    0,
    '127.0.0.1',
  );
  await once(keys, 'listening');
  production = await startInProduction(`http://127.0.0.1:${(keys.address() as AddressInfo).port}/jwks`);
}, 60_000);

afterAll(async () => {
  if (api?.exitCode === null) {
    api.kill('SIGTERM');
    await once(api, 'exit');
  }
  keys?.close();
  await platform?.stop();
});

const startInProduction = async (jwksUri: string): Promise<string> => {
  const { readerPassword } = JSON.parse(readFileSync(join(platform.folder, 'secrets.json'), 'utf8')) as {
    readerPassword: string;
  };
  const reader = new URL(platform.database);
  reader.username = 'lodestone_reader';
  reader.password = readerPassword;
  const { NODE_OPTIONS: _ofJest, ...inherited } = process.env;
  api = spawn(process.execPath, ['dist/apps/api/src/main.js'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...inherited,
      NODE_ENV: 'production',
      LODESTONE_PORT: '0',
      EVENT_STORE_URL: platform.eventStore,
      DATABASE_READER_URL: reader.toString(),
      SEAL_KEY: Buffer.alloc(32, 7).toString('base64'),
      TRUSTED_ISSUERS: JSON.stringify([
        { issuer: ISSUER, audience: AUDIENCE, jwksUri, countries: ['JP'], roles: ['LIAISON', 'DELEGATE'] },
      ]),
    },
  });
  createInterface({ input: api.stderr! }).on('line', (line) => apiSaid.push(line));
  const line = await Promise.race([
    once(createInterface({ input: api.stdout! }), 'line').then(([first]) => String(first)),
    once(api, 'exit').then(() => Promise.reject(new Error(`the API did not start: ${apiSaid.join('\n')}`))),
  ]);
  return (JSON.parse(line) as { graphql: string }).graphql;
};

const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;

const signed = (
  claims: object = {},
  { alg = 'ES256', kid = 'test', typ = 'at+jwt', key = privateKey as CryptoKey | Uint8Array } = {},
): Promise<string> =>
  new SignJWT({ iss: ISSUER, aud: AUDIENCE, exp: inSeconds(300), ...PERSON, ...claims })
    .setProtectedHeader({ alg, kid, typ })
    .sign(key);

const inProduction = (authorization: string | null, query: string): Promise<Answer> =>
  send(production, {
    method: 'POST',
    headers: {
      accept: 'application/graphql-response+json',
      'content-type': 'application/json',
      ...(authorization !== null && { authorization }),
    },
    body: JSON.stringify({ query }),
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
      'projects',
      'edges',
      'node',
      ...Array.from({ length: depth }, (_, at) => (at % 2 === 0 ? 'pledges' : 'project')),
    ].slice(0, depth - 1);
    return `{ ${way.join(' { ')} { __typename ${' }'.repeat(way.length)} }`;
  };
  const aliases = (count: number): string =>
    `{ ${Array.from({ length: count }, (_, at) => `a${at}: __typename`).join(' ')} }`;
  const directives = (count: number): string => `{ ${'... @include(if: true) { __typename } '.repeat(count)}}`;
  /** Sixteen tokens stand around the list. */
  const tokens = (count: number): string =>
    `{ materials(filter: { code: [${'"x" '.repeat(count - 16)}] }) { totalCount } }`;

  const kinds: Readonly<Record<string, [at: string, above: string]>> = {
    depth: [nested(LIMITS.depth), nested(LIMITS.depth + 1)],
    aliases: [aliases(LIMITS.aliases), aliases(LIMITS.aliases + 1)],
    directives: [directives(LIMITS.directives), directives(LIMITS.directives + 1)],
    tokens: [tokens(LIMITS.tokens), tokens(LIMITS.tokens + 1)],
  };

  it.each(Object.entries(kinds))('has a limit of %s: at it is answered, one above is 400', async (_, [at, above]) => {
    const answer = await ask(at);
    expect([answer.status, errorsOf(answer)]).toEqual([200, []]);
    const refused = await ask(above);
    expect([refused.status, codeOf(refused), refused.body.includes('"data"')]).toEqual([400, 'LIMIT_EXCEEDED', false]);
    // Also for a client that reads errors under status 200 only.
    const plain = await send(platform.graphql, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify({ query: above }),
    });
    expect(plain.status).toBe(400);
  });

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
        expect(await overSocket(platform.graphql, token, { query: above })).toMatchObject({ type: 'error' });
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
  it('is told to nobody without a token in production', async () => {
    for (const query of [
      getIntrospectionQuery(),
      '{ __schema { types { name } } }',
      '{ __type(name: "Project") { name } }',
      '{ __typename }',
    ]) {
      expect(await inProduction(null, query)).toMatchObject({ status: 401, body: NOT_SIGNED_IN });
    }
    const page = await send(production, { headers: { accept: 'text/html' } });
    expect([page.status, page.body.includes('<html')]).toEqual([401, false]);
  });

  it('is not suggested: an unknown name is answered without its neighbours', async () => {
    for (const query of [
      '{ project { id } }',
      '{ projets { id } }',
      '{ projects { totalCoun } }',
      '{ projects(filtr: {}) { totalCount } }',
      '{ projects(orderBy: { field: TITL }) { totalCount } }',
      '{ me { ... on Projec { id } } }',
    ]) {
      const answer = await ask(query);
      expect(answer.status).toBe(400);
      expect(answer.body).not.toMatch(/did you mean/i);
    }
    for (const input of [{ titel: 'x' }, { title: 'x', stages: ['MININ'] }, { marking: { handling: 'GREN' } }]) {
      const document = 'mutation ($input: ProposeProjectInput!) { proposeProject(input: $input) { __typename } }';
      const answer = await ask(document, { input });
      expect([answer.status, answer.body]).toEqual([400, expect.not.stringMatching(/did you mean/i)]);
      expect(
        JSON.stringify(await overSocket(platform.graphql, token, { query: document, variables: { input } })),
      ).not.toMatch(/did you mean/i);
    }
  });
});

const NOT_SIGNED_IN =
  '{"errors":[{"message":"Sign in: send a valid bearer token.","extensions":{"code":"UNAUTHENTICATED"}}]}';

describe('A token', () => {
  it('of the trusted issuer is taken', async () => {
    const answer = await inProduction(`Bearer ${await signed()}`, '{ me { country roles } }');
    expect(JSON.parse(answer.body)).toEqual({ data: { me: { country: 'JP', roles: ['LIAISON', 'DELEGATE'] } } });
  });

  it('that does not hold is answered 401 and nothing else, whatever is wrong with it', async () => {
    const now = inSeconds(0);
    const { privateKey: stranger } = await generateKeyPair('ES256', { extractable: true });
    const asSecret = new TextEncoder().encode(JSON.stringify(await exportJWK(publicKey)));
    const good = await signed();
    const [header, payload, signature] = good.split('.') as [string, string, string];
    const claimsOf = (more: object): string =>
      Buffer.from(
        JSON.stringify({ ...(JSON.parse(Buffer.from(payload, 'base64url').toString()) as object), ...more }),
      ).toString('base64url');
    const wrong: Readonly<Record<string, string>> = {
      'no token': '',
      garbage: 'garbage',
      'three dots': '..',
      'alg none': new UnsecuredJWT({ ...PERSON })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setExpirationTime('5m')
        .encode(),
      'signed by a stranger': await signed({}, { key: stranger }),
      'HMAC with the public key': await signed({}, { alg: 'HS256', key: asSecret }),
      'an unknown key': await signed({}, { kid: 'other' }),
      'of another type': await signed({}, { typ: 'JWT' }),
      'wrong audience': await signed({ aud: 'https://elsewhere.example' }),
      'wrong issuer': await signed({ iss: 'https://identity.example/us' }),
      'of the development issuer': token,
      expired: await signed({ exp: now - 120 }),
      'not yet valid': await signed({ nbf: now + 600 }),
      'without end': await signed({ exp: undefined }),
      'for another country': await signed({ country: 'US' }),
      'country as a list': await signed({ country: ['JP', 'US'] }),
      'country in small letters': await signed({ country: 'jp' }),
      'country in other letters': await signed({ country: 'ЈР' }),
      'without country': await signed({ country: undefined }),
      'a role it may not give': await signed({ roles: ['SECRETARIAT'] }),
      'a role that is none': await signed({ roles: ['ADMIN'] }),
      'without a subject': await signed({ sub: undefined }),
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
    const [, payload] = (await signed()).split('.') as [string, string];
    expect(apiSaid.join('\n')).not.toContain(payload.slice(0, 40));
  });
});

/** Opens a socket and says what was asked of it: closed with which code, or open. */
const opened = async (
  url: string,
  init: object | null,
  headers: Record<string, string> = {},
): Promise<{ socket: WebSocket; first: unknown }> => {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), 'graphql-transport-ws', { headers });
  const first = new Promise((resolve) => {
    socket.once('message', (text) => resolve(JSON.parse((text as Buffer).toString())));
    socket.once('close', (code) => resolve(code));
    socket.once('error', (error) => resolve(error.message));
  });
  await Promise.race([once(socket, 'open'), first]);
  if (init) socket.send(JSON.stringify({ type: 'connection_init', payload: init }));
  return { socket, first: await first };
};

/** The first thing said of an operation over a socket. */
const overSocket = async (url: string, bearer: string, payload: object): Promise<unknown> => {
  const { socket } = await opened(url, { Authorization: `Bearer ${bearer}` });
  const answer = once(socket, 'message').then(([text]) => JSON.parse((text as Buffer).toString()) as unknown);
  socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload }));
  const said = await answer;
  socket.terminate();
  return said;
};

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
      { Authorization: `Bearer ${await signed({ country: 'US' })}` },
      { Authorization: `Bearer ${await signed({ exp: inSeconds(-120) })}` },
      { Authorization: 7 },
      { token: await signed() },
    ];
    for (const init of inits) expect([init, (await opened(production, init)).first]).toEqual([init, FORBIDDEN]);
    const { socket, first } = await opened(production, { Authorization: `Bearer ${await signed()}` });
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
    const { socket, first } = await opened(production, {
      Authorization: `Bearer ${await signed({ exp: inSeconds(2) })}`,
    });
    expect(first).toMatchObject({ type: 'connection_ack' });
    const said: unknown[] = [];
    socket.on('message', (text) => said.push(JSON.parse((text as Buffer).toString())));
    const closed = once(socket, 'close');
    socket.send(
      JSON.stringify({ type: 'subscribe', id: '1', payload: { query: 'subscription { projectChanged { cursor } }' } }),
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
      JSON.stringify({ type: 'subscribe', id: '1', payload: { query: `{ __typename } #${'x'.repeat(LIMITS.bytes)}` } }),
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

describe('An answer', () => {
  it('with an error says nothing of how the platform is made', async () => {
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
        expect([path, answer.headers['x-powered-by'], answer.headers['server']]).toEqual([path, undefined, undefined]);
        expect([path, answer.status < 500]).toEqual([path, true]);
        saysNothingOfItself(answer.body);
      }
    }
  });
});
