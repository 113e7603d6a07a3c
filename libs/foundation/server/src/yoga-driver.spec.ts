import 'reflect-metadata';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Module, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Field, GraphQLModule, ObjectType, Query, Resolver, Subscription } from '@nestjs/graphql';
import type { CountryCode, Instant, PersonRef, Principal, Role } from '@kernel';
import { ReadStoreUnavailable } from '@foundation/eventing';
import { JP, NOW, person } from '@kernel/testing';
import { getIntrospectionQuery } from 'graphql';
import WebSocket from 'ws';
import {
  FromCaller,
  Principals,
  Sessions,
  Tokens,
  type Caller,
  type Identity,
  badInput,
  notMandated,
} from '@foundation/graphql';
import { Proxy } from '../../../../test/support/proxy.js';
import { LIMITS } from './limits.js';
import { ACTING_FOR, AT_LEAST, PURPOSE } from './request-headers.js';
import { TrustedDocuments } from './trusted-documents.js';
import { YogaDriver, type YogaDriverConfig } from './yoga-driver.js';

/** Tokens that say it all: `anna`, or `anna.3` for one that holds for three seconds; the provider may be away. */
class Names extends Tokens {
  isAway = false;

  verify(token: string): Promise<Identity> {
    if (this.isAway) return Promise.reject(Object.assign(new Error('away'), { isOutage: true }));
    const [name, seconds = '3600'] = token.split('.');
    if (!/^[a-z]+$/.test(name!)) return Promise.reject(new Error('refused'));
    return Promise.resolve({
      person: name!,
      country: 'JP',
      roles: ['DELEGATE'],
      expiresAt: new Date(Date.now() + Number(seconds) * 1000),
    });
  }
}

/** Sessions whose cookies name who has signed in; the tests end them. */
class Cookies extends Sessions {
  readonly over = new Set<string>();
  isAway = false;
  #hear: (session: string) => void = () => undefined;

  async identityOf(cookie: string): Promise<Identity | null> {
    if (this.isAway) throw Object.assign(new Error('away'), { isOutage: true });
    if (!/^[a-z]+$/.test(cookie) || this.over.has(cookie)) return null;
    const expiresAt = new Date(Date.now() + 3_600_000);
    return { person: cookie, country: 'JP', roles: ['DELEGATE'], expiresAt, session: cookie };
  }
  onEnd(listener: (session: string) => void): void {
    this.#hear = listener;
  }
  end(session: string): void {
    this.over.add(session);
    this.#hear(session);
  }
}

/** Rights that the tests give and take. */
class Rights extends Principals {
  now(): Instant {
    return NOW;
  }
  readonly #rights = new Map<string, Partial<Principal>>();
  #changed: (() => void)[] = [];

  set(name: string, rights: { roles?: readonly Role[]; isMember?: boolean }): void {
    this.#rights.set(name, rights);
    for (const each of this.#changed) each();
  }
  /** The one country that people may act for besides their own. */
  mandatedFor = '';
  endMandate(): void {
    this.mandatedFor = '';
    for (const each of this.#changed) each();
  }
  of(identity: Identity): Principal {
    const { actingFor } = identity;
    if (actingFor !== undefined && actingFor !== this.mandatedFor) throw notMandated();
    return {
      ...person(JP as CountryCode, 'DELEGATE'),
      person: identity.person as PersonRef,
      isMember: true,
      ...(actingFor !== undefined && { country: actingFor as CountryCode }),
      ...this.#rights.get(identity.person),
    };
  }
  async reached(): Promise<void> {}
  override onChange(listener: () => void): void {
    this.#changed.push(listener);
  }
}

@ObjectType()
class Thing {
  @Field(() => String, { nullable: true })
  name!: string | null;
}

@ObjectType()
class Delivery {
  @Field(() => String)
  cursor!: string;
}

/** Streams of the app at hand that have been let go of; those of one before may be let go of later. */
let left = { streams: 0 };

@Resolver(() => Thing)
class ThingResolver {
  @Query(() => Thing)
  thing(): Thing {
    return { name: 'a thing' };
  }

  @Query(() => String)
  me(@FromCaller() caller: Caller): string {
    return caller.who.person;
  }

  @Query(() => String, { nullable: true })
  broken(): string {
    throw new ReadStoreUnavailable();
  }

  @Query(() => Thing)
  refused(): Thing {
    throw badInput('that means nothing.', 'that');
  }

  @Query(() => String)
  said(@FromCaller() { said }: Caller): string {
    return `${said.atLeast} ${said.after}`;
  }

  @Subscription(() => Delivery, { resolve: (value: Delivery) => value })
  async *delivered(@FromCaller() { said }: Caller): AsyncIterable<Delivery> {
    for (const cursor of ['one', 'two'].filter((each) => each > (said.after ?? ''))) yield { cursor };
  }

  @Query(() => Boolean)
  exports(@FromCaller() caller: Caller): boolean {
    return caller.who.exports === true;
  }

  @Query(() => String)
  country(@FromCaller() caller: Caller): string {
    return caller.who.country!;
  }

  @Subscription(() => Thing, { resolve: (value: Thing) => value })
  changed(): AsyncIterable<Thing> {
    const mine = left;
    let end: () => void;
    const ended = new Promise<IteratorResult<Thing>>((resolve) => {
      end = () => (mine.streams++, resolve({ done: true, value: undefined }));
    });
    let isFirst = true;
    return {
      [Symbol.asyncIterator]: () => ({
        next: async () => {
          if (!isFirst) return ended;
          isFirst = false;
          return { done: false, value: { name: 'first' } };
        },
        return: async () => (end(), { done: true, value: undefined }),
      }),
    };
  }
}

let app: INestApplication | null = null;
let url: string;
let tokens: Names;
let rights: Rights;
let cookies: Cookies;
const sockets: WebSocket[] = [];

const start = async (options: Partial<YogaDriverConfig> = {}): Promise<void> => {
  [tokens, rights, cookies, left] = [new Names(), new Rights(), new Cookies(), { streams: 0 }];
  @Module({
    imports: [
      GraphQLModule.forRoot<YogaDriverConfig>({
        ...{ driver: YogaDriver, autoSchemaFile: true, tokens, principals: rights, sessions: cookies },
        ...{ development: false, requestsPerSecond: 1_000, documents: null, ...options },
      }),
    ],
    providers: [ThingResolver],
  })
  class AppModule {}
  app = await NestFactory.create(AppModule, { bodyParser: false, logger: false });
  await app.listen(0, '127.0.0.1');
  const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
  url = `http://127.0.0.1:${port}/graphql`;
};

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  (app?.getHttpServer() as Server | undefined)?.closeAllConnections();
  await app?.close();
  app = null;
});

type SubscriberMemory = {
  data?: unknown;
  errors?: { message: string; extensions: { code?: string; retryAfter?: number } }[];
};

const post = (token: string | null, body: object, accept = 'application/graphql-response+json'): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: {
      accept,
      'content-type': 'application/json',
      ...(token !== null && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });

const ask = async (
  token: string | null,
  query: string,
): Promise<{ status: number; code?: string; body: SubscriberMemory }> => {
  const response = await post(token, { query });
  const body = (await response.json()) as SubscriberMemory;
  return { status: response.status, ...codeOf(body), body };
};

const codeOf = (body: SubscriberMemory): { code?: string } => {
  const code = body.errors?.[0]?.extensions.code;
  return code === undefined ? {} : { code };
};

const THING = '{ thing { name } }';
const CHANGED = 'subscription { changed { name } }';

type Message = { id?: string; type: string; payload?: unknown };

/** A socket, with everything that is said over it. */
class Line {
  readonly heard: Message[] = [];
  readonly closed: Promise<number>;
  #next = 0;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (text) => this.heard.push(JSON.parse((text as Buffer).toString()) as Message));
    this.closed = once(socket, 'close').then(([code]) => code as number);
    sockets.push(socket);
  }

  /** Opened and acknowledged, or closed. */
  static async open(
    token: string,
    more: object = {},
    headers: Record<string, string> = {},
    options: WebSocket.ClientOptions = {},
  ): Promise<Line> {
    const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws', { headers, ...options });
    const line = new Line(socket);
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'connection_init', payload: { Authorization: `Bearer ${token}`, ...more } }));
    await Promise.race([once(socket, 'message'), line.closed]);
    return line;
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  ask(payload: object): string {
    const id = String(this.#next++);
    this.socket.send(JSON.stringify({ type: 'subscribe', id, payload }));
    return id;
  }

  /** The first that is said of an operation. */
  async answer(id: string): Promise<Message> {
    for (;;) {
      const found = this.heard.find((each) => each.id === id);
      if (found) return found;
      await once(this.socket, 'message');
    }
  }

  async answerTo(query: string): Promise<Message> {
    return this.answer(this.ask({ query }));
  }
}

/** A stream of server-sent events, read to its end. */
const stream = async (token: string): Promise<{ first: string; rest: Promise<string> }> => {
  const response = await post(token, { query: CHANGED }, 'text/event-stream');
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let first = '';
  while (!first.includes('"first"') && !first.includes('errors')) first += (await reader.read()).value ?? '';
  const rest = (async () => {
    let text = '';
    for (let next = await reader.read(); !next.done; next = await reader.read()) text += next.value;
    return text;
  })();
  // Where nobody waits for it, the end of the test is the end of the stream.
  rest.catch(() => undefined);
  return { first, rest };
};

/** All that were subscribed to have been let go of. */
const allLeft = async (count: number): Promise<void> => {
  for (let turn = 0; turn < 200 && left.streams < count; turn++) await pause(20);
  expect(left.streams).toBe(count);
};

const TRY_AGAIN_LATER = 1013;
const FORBIDDEN = 4403;

describe('The allowance of a person', () => {
  it('ends with the request after the last: 429 with one fixed answer, until the time is over', async () => {
    await start({ requestsPerSecond: 1 });
    for (let turn = 0; turn < 10; turn++) expect((await ask('anna', THING)).status).toBe(200);
    const refused = await post('anna', { query: THING });
    const seconds = Number(refused.headers.get('retry-after'));
    expect([refused.status, seconds >= 1 && seconds <= 10]).toEqual([429, true]);
    expect(await refused.json()).toEqual({
      errors: [
        {
          message: 'You ask more often than you may. Wait as many seconds as retryAfter says.',
          extensions: { code: 'RATE_LIMITED', retryAfter: seconds },
        },
      ],
    });
  });

  it('is nobody else’s, and strangers share one that takes nothing from those who are known', async () => {
    await start({ requestsPerSecond: 1 });
    for (let turn = 0; turn < 11; turn++) await ask('anna', THING);
    expect((await ask('bert', THING)).status).toBe(200);
    for (let turn = 0; turn < 10; turn++) expect((await ask(turn % 2 ? null : '?', THING)).status).toBe(401);
    expect(await ask(null, THING)).toMatchObject({ status: 429, code: 'RATE_LIMITED' });
    expect(await ask('garbage!', THING)).toMatchObject({ status: 429, code: 'RATE_LIMITED' });
    expect((await ask('bert', THING)).status).toBe(200);
  });

  it('is the same over sockets: each operation counts, and so does each socket', async () => {
    await start({ requestsPerSecond: 1 });
    const line = await Line.open('anna');
    for (let turn = 0; turn < 9; turn++) expect((await line.answerTo(THING)).type).toBe('next');
    expect(await line.answerTo(THING)).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'RATE_LIMITED' } }],
    });
    expect(line.isOpen).toBe(true);
    expect(await (await Line.open('anna')).closed).toBe(TRY_AGAIN_LATER);
    expect((await ask('anna', THING)).status).toBe(429);
  });
});

describe('Sockets and streams', () => {
  it('of a person are so many and no more; with one closed there is room for one', async () => {
    await start();
    const streams = [await stream('anna'), await stream('anna')];
    const lines = await Promise.all(Array.from({ length: LIMITS.connections - 2 }, () => Line.open('anna')));
    expect([
      ...new Set(lines.map(({ isOpen }) => isOpen)),
      ...streams.map(({ first }) => /errors/.test(first)),
    ]).toEqual([true, false, false]);
    expect(await (await Line.open('anna')).closed).toBe(TRY_AGAIN_LATER);
    const refused = await post('anna', { query: CHANGED }, 'text/event-stream');
    expect([refused.status, await refused.text()]).toEqual([429, expect.stringContaining('TOO_MANY_CONNECTIONS')]);
    expect((await Line.open('bert')).isOpen).toBe(true);
    lines[0]!.socket.close();
    await lines[0]!.closed;
    expect((await Line.open('anna')).isOpen).toBe(true);
  });

  it('whose peers are gone behind a silent network give way, the oldest first, once they have been open for a while', async () => {
    await start();
    const proxy = await Proxy.before(Number(new URL(url).port));
    const gone = new AbortController();
    const through = Object.assign(new URL(url), { port: String(proxy.port) }).toString();
    const streams = await Promise.all(
      Array.from({ length: LIMITS.connections }, async () => {
        const response = await fetch(through, {
          ...{ method: 'POST', signal: gone.signal, body: JSON.stringify({ query: CHANGED }) },
          headers: { accept: 'text/event-stream', 'content-type': 'application/json', authorization: 'Bearer anna' },
        });
        const reader = response.body!.getReader();
        await reader.read();
        // Held to the end of the test: what nobody holds is cancelled.
        return { status: response.status, reader };
      }),
    );
    expect([...new Set(streams.map(({ status }) => status))]).toEqual([200]);
    proxy.silence();
    gone.abort();
    expect((await post('anna', { query: CHANGED }, 'text/event-stream')).status).toBe(429);
    // The one that was refused.
    await allLeft(1);
    const time = performance.now.bind(performance);
    const later = jest.spyOn(performance, 'now').mockImplementation(() => time() + LIMITS.streamMs);
    try {
      expect((await stream('anna')).first).toContain('"first"');
      await allLeft(2);
    } finally {
      later.mockRestore();
    }
    expect(streams.every(({ reader }) => reader)).toBe(true);
  });

  it('carry so many operations at once and no more', async () => {
    await start();
    const line = await Line.open('anna');
    const ids = Array.from({ length: LIMITS.subscriptions }, () => line.ask({ query: CHANGED }));
    for (const id of ids) expect((await line.answer(id)).type).toBe('next');
    expect(await line.answerTo(CHANGED)).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'LIMIT_EXCEEDED' } }],
    });
    line.socket.send(JSON.stringify({ type: 'complete', id: ids[0] }));
    expect((await line.answerTo(THING)).type).toBe('next');
  });

  it.each([
    ['the last role of its person is taken back', { roles: [] }],
    ['its country is no member any more', { isMember: false }],
  ])('end when %s, and nobody else’s do', async (_, less) => {
    await start();
    const [line, other, events] = [await Line.open('anna'), await Line.open('bert'), await stream('anna')];
    await line.answerTo(CHANGED);
    rights.set('anna', less);
    expect(await line.closed).toBe(FORBIDDEN);
    expect(await events.rest).toContain('RIGHTS_REVOKED');
    expect(other.isOpen).toBe(true);
    expect((await other.answerTo(THING)).type).toBe('next');
    await allLeft(2);
  });

  it('go on when one role of several is taken back, and end with the last, also where it was given meanwhile', async () => {
    await start();
    rights.set('anna', { roles: [] });
    const line = await Line.open('anna');
    for (const roles of [['DELEGATE', 'APPROVER'], ['APPROVER']] as const) {
      rights.set('anna', { roles });
      expect((await line.answerTo(THING)).type).toBe('next');
    }
    rights.set('anna', { roles: [] });
    expect(await line.closed).toBe(FORBIDDEN);
  });

  it('end when the token does', async () => {
    await start();
    const [line, events] = [await Line.open('anna.1'), await stream('anna.1')];
    await line.answerTo(CHANGED);
    expect(await line.closed).toBe(FORBIDDEN);
    expect(await events.rest).toContain('UNAUTHENTICATED');
    await allLeft(2);
  });

  it('are refused for now, not for good, while the identity provider is away', async () => {
    await start();
    tokens.isAway = true;
    expect(await (await Line.open('anna')).closed).toBe(TRY_AGAIN_LATER);
    expect(await ask('anna', THING)).toMatchObject({ status: 503, code: 'IDENTITY_UNAVAILABLE' });
    tokens.isAway = false;
    expect((await Line.open('anna')).isOpen).toBe(true);
    expect(await (await Line.open('?')).closed).toBe(FORBIDDEN);
  });

  it.each([
    ['does not answer', { autoPong: false }, () => undefined],
    ['does not read', {}, ({ socket }: Line) => socket.pause()],
  ])('are let go of when their peer %s: there is room for another', async (_, options, fallSilent) => {
    await start({ signOfLifeMs: 1_000 });
    const silent = await Line.open('anna', {}, {}, options);
    await silent.answerTo(CHANGED);
    fallSilent(silent);
    await allLeft(1);
    const lines = await Promise.all(Array.from({ length: LIMITS.connections }, () => Line.open('anna')));
    expect(lines.every(({ isOpen }) => isOpen)).toBe(true);
  });

  it('are let go of when their reader leaves', async () => {
    await start();
    const reading = new AbortController();
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization: 'Bearer anna', 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: CHANGED }),
      signal: reading.signal,
    });
    await response.body!.getReader().read();
    reading.abort();
    await allLeft(1);
  });
});

const COUNTRY = '{ country }';
const asking = async (headers: [string, string][], query = COUNTRY): Promise<string> => {
  const given = [['authorization', 'Bearer anna'], ['content-type', 'application/json'], ...headers] as const;
  const response = await fetch(url, {
    method: 'POST',
    headers: given.map(([name, value]): [string, string] => [name, value]),
    body: JSON.stringify({ query }),
  });
  return `${response.status} ${await response.text()}`;
};

describe('The purpose of a request', () => {
  const EXPORTS = '{ exports }';
  const isExport = (headers: [string, string][]): Promise<string> => asking(headers, EXPORTS);
  const over = async (more: object, headers?: Record<string, string>): Promise<unknown> => {
    const line = await Line.open('anna', more, headers);
    const { payload } = await line.answerTo(EXPORTS);
    line.socket.close();
    return payload;
  };

  it('is to read, or what the header says', async () => {
    await start();
    expect(await isExport([])).toBe('200 {"data":{"exports":false}}');
    expect(await isExport([[PURPOSE, 'read']])).toBe('200 {"data":{"exports":false}}');
    for (const value of ['export', 'EXPORT', 'Export'])
      expect(await isExport([[PURPOSE, value]])).toBe('200 {"data":{"exports":true}}');
  });
  it.each([
    [PURPOSE, 'exprot'],
    [PURPOSE, ''],
    ['Lodestone-Purpos', 'export'],
  ])('is refused where it is not understood, and nothing runs: %s: %j', async (name, value) => {
    await start();
    expect(await isExport([[name, value]])).toMatch(/^400 .*"BAD_INPUT"/);
  });
  it('is that of its socket', async () => {
    await start();
    expect(await over({})).toEqual({ data: { exports: false } });
    expect(await over({ [PURPOSE]: 'EXPORT' })).toEqual({ data: { exports: true } });
    expect(await over({}, { [PURPOSE]: 'export' })).toEqual({ data: { exports: true } });
  });
  it.each<[object, Record<string, string>]>([
    [{ [PURPOSE]: 'exprot' }, {}],
    [{ 'Lodestone-Purpos': 'export' }, {}],
    [{}, { [PURPOSE]: 'exprot' }],
  ])('closes the socket with 4400 where it is not understood: %j %j', async (more, headers) => {
    await start();
    const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws', { headers });
    sockets.push(socket);
    socket.on('open', () =>
      socket.send(JSON.stringify({ type: 'connection_init', payload: { Authorization: 'Bearer anna', ...more } })),
    );
    const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
    expect([code, reason.toString()]).toEqual([4400, expect.stringContaining('Lodestone-Purpose')]);
  });
});

describe('The capacity of a request', () => {
  const heard = async (more: object, headers?: Record<string, string>): Promise<unknown> => {
    const line = await Line.open('anna', more, headers);
    const { payload } = await line.answerTo(COUNTRY);
    line.socket.close();
    return payload;
  };
  const refused = expect.objectContaining({
    errors: [expect.objectContaining({ extensions: expect.objectContaining({ code: 'NOT_MANDATED' }) })],
  });

  it('is the person’s own, or the one that the header names', async () => {
    await start();
    rights.mandatedFor = 'FR';
    expect(await asking([])).toBe('200 {"data":{"country":"JP"}}');
    expect(await asking([[ACTING_FOR, 'FR']])).toBe('200 {"data":{"country":"FR"}}');
    expect(await asking([])).toBe('200 {"data":{"country":"JP"}}');
  });

  it('is nobody’s where there is no mandate: 403, the same whatever is named and asked, and nothing runs', async () => {
    await start();
    rights.mandatedFor = 'FR';
    const answers = await Promise.all([
      asking([[ACTING_FOR, 'DE']]),
      asking([[ACTING_FOR, 'nonsense']]),
      asking([[ACTING_FOR, '']]),
      asking([[ACTING_FOR, 'JP']]),
      asking([
        [ACTING_FOR, 'FR'],
        [ACTING_FOR, 'DE'],
      ]),
      asking([[ACTING_FOR, 'DE']], THING),
      asking([[ACTING_FOR, 'DE']], '{ __typename }'),
    ]);
    expect(answers[0]).toMatch(/^403 .*"NOT_MANDATED"/);
    expect(new Set(answers).size).toBe(1);
  });

  it('is that of its socket', async () => {
    await start();
    rights.mandatedFor = 'FR';
    expect(await heard({})).toEqual({ data: { country: 'JP' } });
    expect(await heard({ [ACTING_FOR]: 'FR' })).toEqual({ data: { country: 'FR' } });
    expect(await heard({ [ACTING_FOR.toLowerCase()]: 'FR' })).toEqual({ data: { country: 'FR' } });
    expect(await heard({}, { [ACTING_FOR]: 'FR' })).toEqual({ data: { country: 'FR' } });
    expect(await heard({ [ACTING_FOR]: 'DE' })).toEqual(refused);
    expect(await heard({ [ACTING_FOR]: ['FR', 'DE'] })).toEqual(refused);
    expect(await heard({ [ACTING_FOR]: 'DE' }, { [ACTING_FOR]: 'FR' })).toEqual(refused);
  });

  it('ends with the mandate, and its sockets and streams with it; the own one goes on', async () => {
    await start();
    rights.mandatedFor = 'FR';
    const [acting, own] = [await Line.open('anna', { [ACTING_FOR]: 'FR' }), await Line.open('anna')];
    await acting.answerTo(CHANGED);
    rights.endMandate();
    expect(await acting.closed).toBe(FORBIDDEN);
    expect(await asking([[ACTING_FOR, 'FR']])).toMatch(/^403 /);
    expect(own.isOpen).toBe(true);
    expect(await own.answerTo(COUNTRY)).toMatchObject({ payload: { data: { country: 'JP' } } });
  });
});

describe('What a guard refuses', () => {
  it('is answered over a socket too, which stays open', async () => {
    await start();
    const line = await Line.open('anna');
    expect(await line.answerTo('{ __type(name: "\\u0000") { name } }')).toMatchObject({
      payload: { errors: [{ extensions: { code: 'BAD_INPUT' } }] },
    });
    expect((await line.answerTo(THING)).type).toBe('next');
  });
});

describe('A list of trusted documents', () => {
  const documents = new TrustedDocuments([THING, CHANGED]);
  const HASH = '8a8a'.padEnd(64, '0');
  const hashOf = async (text: string): Promise<string> =>
    Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))).toString('hex');
  const byHash = (sha256Hash: string): object => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } });
  const UNKNOWN = { errors: [{ extensions: { code: 'UNKNOWN_DOCUMENT' } }] };

  it('is all that is answered over HTTP: by hash, or by the text', async () => {
    await start({ documents });
    expect((await ask('anna', THING)).body).toEqual({ data: { thing: { name: 'a thing' } } });
    const known = await post('anna', byHash(await hashOf(THING)));
    expect(await known.json()).toEqual({ data: { thing: { name: 'a thing' } } });
    for (const body of [
      { query: `${THING} ` },
      { query: '{ me }' },
      byHash(HASH),
      {},
      { query: '{ me }', ...byHash(await hashOf(THING)) },
    ]) {
      const refused = await post('anna', body);
      expect([body, refused.status]).toEqual([body, 400]);
    }
    expect(await ask('anna', '{ me }')).toMatchObject({ status: 400, body: UNKNOWN });
    expect(await ask('anna', getIntrospectionQuery())).toMatchObject({ status: 400, body: UNKNOWN });
  });

  it('is all that is answered over a socket', async () => {
    await start({ documents });
    const line = await Line.open('anna');
    expect((await line.answerTo(THING)).type).toBe('next');
    expect(await line.answer(line.ask({ query: '', ...byHash(await hashOf(CHANGED)) }))).toMatchObject({
      type: 'error',
    });
    expect(await line.answerTo('{ me }')).toMatchObject({ type: 'error', payload: UNKNOWN.errors });
    expect(await line.answerTo('subscription { __typename }')).toMatchObject({ type: 'error' });
  });

  it('never takes away what the platform itself asks, also when it is read anew', async () => {
    const documents = new TrustedDocuments([]).alwaysToo([THING]);
    await start({ documents });
    expect((await ask('anna', THING)).status).toBe(200);
    documents.replaceBy(new TrustedDocuments(['{ __typename }']));
    expect((await ask('anna', THING)).status).toBe(200);
    expect((await ask('anna', '{ thing { __typename } }')).code).toBe('UNKNOWN_DOCUMENT');
  });

  it('is asked of nobody where there is none', async () => {
    await start();
    expect((await ask('anna', '{ me }')).body).toEqual({ data: { me: 'anna' } });
    expect((await (await Line.open('anna')).answerTo('{ me }')).type).toBe('next');
    expect(codeOf(await (await post('anna', byHash(await hashOf(THING)))).json())).toEqual({
      code: 'PERSISTED_QUERY_NOT_SUPPORTED',
    });
  });
});

describe('The schema', () => {
  const questions = [
    getIntrospectionQuery(),
    '{ __type(name: "Thing") { name } }',
    '{ a: __schema { queryType { name } } }',
    'query { ...F } fragment F on Query { ... { __schema { types { name } } } }',
  ];

  it('is told in production to people with a role, over HTTP and sockets', async () => {
    await start();
    for (const query of questions) {
      expect((await ask('anna', query)).status).toBe(200);
      expect((await (await Line.open('anna')).answerTo(query)).payload).toHaveProperty('data');
    }
  });

  it('is told in production to nobody without one', async () => {
    await start();
    rights.set('anna', { roles: [] });
    const line = await Line.open('anna');
    for (const query of questions) {
      expect(await ask('anna', query)).toMatchObject({ status: 403, code: 'SCHEMA_WITHHELD' });
      expect(await line.answerTo(query)).toMatchObject({
        payload: { errors: [{ extensions: { code: 'SCHEMA_WITHHELD' } }] },
      });
      expect((await ask(null, query)).status).toBe(401);
    }
    expect((await ask(null, '{ __typename }')).status).toBe(401);
    expect((await ask('anna', '{ __typename me }')).status).toBe(200);
  });

  it('is told in development to everybody', async () => {
    await start({ development: true });
    for (const query of questions.slice(0, 3)) expect((await ask(null, query)).status).toBe(200);
    // Also of a resolver that asks for no one.
    for (const query of ['{ me }', THING, `{ __typename ...F } fragment F on Query { thing { name } }`])
      expect(await ask(null, query)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
  });
});

describe('Whoever does not prove who they are', () => {
  const ACCEPTED = [
    '*/*',
    'application/json',
    'application/graphql-response+json',
    'application/graphql-response+json, application/json;q=0.9',
    'application/json, application/graphql-response+json',
    'text/html, application/graphql-response+json;q=0.5',
  ];

  it.each([false, true])('is answered alike, whatever is wrong, in development: %s', async (development) => {
    await start({ development });
    for (const accept of ACCEPTED) {
      const answers = [null, '?', 'x y', 'garbage!'].map(async (token) => {
        const response = await post(token, { query: '{ me }' }, accept);
        const named = ['content-type', 'www-authenticate'].map((name) => response.headers.get(name));
        return [accept, response.status, ...named, await response.text()];
      });
      const [missing, ...wrong] = await Promise.all(answers);
      expect(missing!.slice(1, 4)).toEqual([
        401,
        expect.stringMatching(/^application\/(graphql-response\+)?json; charset=utf-8$/),
        'Bearer realm="lodestone"',
      ]);
      for (const each of wrong) expect(each).toEqual(missing);
    }
  });
});

describe('A GET', () => {
  it('is refused in production, whoever asks; in development it asks queries', async () => {
    const get = async (): Promise<number> =>
      (await fetch(`${url}?query=${encodeURIComponent('{ me }')}`, { headers: { authorization: 'Bearer anna' } }))
        .status;
    await start();
    expect(await get()).toBe(405);
    expect((await fetch(url)).headers.get('allow')).toBe('POST');
    await app!.close();
    await start({ development: true });
    expect(await get()).toBe(200);
  });
});

describe('A document that is refused', () => {
  const answers = async (query: string): Promise<unknown[]> => {
    const given = [];
    for (const accept of ['application/graphql-response+json', 'application/json', '*/*']) {
      const response = await post('anna', { query }, accept);
      given.push([accept, response.status, response.headers.get('content-type'), await response.json()]);
    }
    return given;
  };

  it.each([
    ['cannot be parsed', '{ thing { name }'],
    ['is not of the schema', '{ thing { title } }'],
    ['is empty', ' '],
    ['is too deep', `{ thing { name } } ${'#'.repeat(9)}`.replace('name', `name ${'@skip(if: false) '.repeat(60)}`)],
  ])('is answered over HTTP as always, whatever was asked before over a socket: one that %s', async (_, query) => {
    await start();
    const before = await answers(query);
    await app!.close();
    await start();
    const line = await Line.open('anna');
    expect(await line.answerTo(query)).toMatchObject({ type: 'error' });
    expect(await answers(query)).toEqual(before);
    expect(await answers(query)).toEqual(before);
    expect(before[0]).toEqual(expect.arrayContaining([400]));
  });
});

describe('A browser’s session', () => {
  const OURS = { 'lodestone-console': '1', 'sec-fetch-site': 'same-origin' };
  const inSession = (cookie: string, headers: Record<string, string> = {}, query = THING): Promise<Response> =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: `__Host-lodestone=${cookie}`, ...OURS, ...headers },
      body: JSON.stringify({ query }),
    });
  const answered = async (response: Response): Promise<[number, string | undefined]> => [
    response.status,
    codeOf((await response.json()) as SubscriberMemory).code,
  ];

  it.each([false, true])('answers the console as a token would (development: %s)', async (development) => {
    await start({ development });
    const response = await inSession('anna');
    expect([response.status, await response.json()]).toEqual([200, { data: { thing: { name: 'a thing' } } }]);
  });

  it.each<[string, Record<string, string>]>([
    ['of another page', { 'sec-fetch-site': 'cross-site' }],
    ['without the console’s header', { 'lodestone-console': '' }],
    ['with a bearer token beside it', { authorization: 'Bearer anna' }],
  ])('answers no request %s', async (_, headers) => {
    for (const development of [false, true]) {
      await start({ development });
      expect(await answered(await inSession('anna', headers))).toEqual([403, 'FOREIGN_PAGE']);
    }
  });

  it('that is over, or was none, is answered as no token', async () => {
    await start();
    expect(await answered(await inSession('Nobody'))).toEqual([401, 'UNAUTHENTICATED']);
    cookies.end('anna');
    expect(await answered(await inSession('anna'))).toEqual([401, 'UNAUTHENTICATED']);
  });

  it('is not over because its store is away', async () => {
    await start();
    cookies.isAway = true;
    expect(await answered(await inSession('anna'))).toEqual([503, 'IDENTITY_UNAVAILABLE']);
  });

  it('takes from the allowance of its person', async () => {
    await start({ requestsPerSecond: 1 });
    for (let turn = 0; turn < 10; turn++) await (await inSession('anna')).text();
    expect(await answered(await inSession('anna'))).toEqual([429, 'RATE_LIMITED']);
    expect((await ask('anna', THING)).code).toBe('RATE_LIMITED');
  });

  it('ends its streams with it, wherever it was ended', async () => {
    await start();
    const response = await inSession('anna', { accept: 'text/event-stream' }, CHANGED);
    const text = response.text();
    cookies.end('anna');
    expect(await text).toContain('UNAUTHENTICATED');
  });

  it('opens no socket', async () => {
    await start();
    const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws', {
      headers: { cookie: '__Host-lodestone=anna', ...OURS },
    });
    sockets.push(socket);
    const closed = once(socket, 'close');
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'connection_init', payload: {} }));
    expect((await closed)[0]).toBe(FORBIDDEN);
  });
});

describe('What a client expects of GraphQL over HTTP', () => {
  const JSON_ONLY = 'application/json';

  it('is the status of a wrong request where it knows that of GraphQL, and 200 where it knows JSON alone', async () => {
    await start();
    for (const query of ['{', '{ nothing }', '{ refused { name } }', `{ ${'x: thing { name } '.repeat(401)} }`]) {
      expect((await post('anna', { query })).status).toBe(400);
      const told = await post('anna', { query }, JSON_ONLY);
      expect([told.status, ((await told.json()) as SubscriberMemory).errors?.length]).toEqual([200, 1]);
    }
  });

  it('is an answer though one part of it failed, and the status of the failure where nothing else is in it', async () => {
    await start();
    const whole = await ask('anna', '{ broken thing { name } }');
    expect(whole).toMatchObject({ status: 200, code: 'READ_STORE_UNAVAILABLE', body: { data: { broken: null } } });
    expect(await ask('anna', '{ broken }')).toMatchObject({ status: 503, code: 'READ_STORE_UNAVAILABLE' });
  });

  it('is what it may have meant, where it may read the schema', async () => {
    await start();
    const said = async (): Promise<string> => (await ask('anna', '{ thing { nmae } }')).body.errors![0]!.message;
    expect(await said()).toContain('Did you mean "name"?');
    rights.set('anna', { roles: [] });
    expect(await said()).not.toContain('Did you mean');
    await app!.close();
    await start({ development: true });
    expect((await ask(null, '{ thing { nmae } }')).body.errors![0]!.message).toContain('Did you mean "name"?');
  });

  it('is to be told that documents are not kept, so that it sends the text', async () => {
    await start();
    const response = await post('anna', { extensions: { persistedQuery: { version: 1, sha256Hash: 'ab' } } });
    expect(await response.json()).toMatchObject({ errors: [{ message: 'PersistedQueryNotSupported' }] });
  });

  it('is a document by its id', async () => {
    await start({ documents: new TrustedDocuments([THING]) });
    const documentId = `sha256:${createHash('sha256').update(THING).digest('hex')}`;
    expect(await (await post('anna', { documentId })).json()).toEqual({ data: { thing: { name: 'a thing' } } });
  });

  const streamed = async (headers: object = {}): Promise<Response> =>
    fetch(url, {
      method: 'POST',
      headers: {
        ...{ accept: 'text/event-stream', 'content-type': 'application/json', authorization: 'Bearer anna' },
        ...headers,
      },
      body: JSON.stringify({ query: 'subscription { delivered { cursor } }' }),
    });

  it('is an id with each event of a stream, which goes on after the last one that it names', async () => {
    await start();
    const whole = await streamed();
    expect(whole.headers.get('x-accel-buffering')).toBe('no');
    expect((await whole.text()).replaceAll(/^:\n\n/gm, '')).toBe(
      ['one', 'two']
        .map((cursor) => `id: ${cursor}\nevent: next\ndata: {"data":{"delivered":{"cursor":"${cursor}"}}}\n\n`)
        .join('') + 'event: complete\ndata:\n\n',
    );
    const rest = await (await streamed({ 'last-event-id': 'one' })).text();
    expect([rest.includes('id: one'), rest.includes('id: two')]).toEqual([false, true]);
  });

  it('is that a header names the position which all of its request must show', async () => {
    await start();
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer anna', [AT_LEAST]: 'p' },
      body: JSON.stringify({ query: '{ said }' }),
    });
    expect(await response.json()).toEqual({ data: { said: 'p undefined' } });
  });

  it('is an answer to a page of an origin that is named, and to no other', async () => {
    await start({ allowedOrigins: ['https://metals.example'] });
    const preflight = (origin: string): Promise<Response> =>
      fetch(url, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
      });
    const allowed = await preflight('https://metals.example');
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://metals.example');
    expect(allowed.headers.get('access-control-allow-headers')).toContain('authorization');
    expect(allowed.headers.get('access-control-allow-credentials')).not.toBe('true');
    const other = await preflight('https://elsewhere.example');
    expect(other.headers.get('access-control-allow-origin')).not.toBe('https://elsewhere.example');
    await app!.close();
    await start();
    expect((await preflight('https://metals.example')).headers.get('access-control-allow-origin')).toBeNull();
  });
});
