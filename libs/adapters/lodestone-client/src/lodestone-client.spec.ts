import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { GraphQLError } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { createSchema, createYoga } from 'graphql-yoga';
import { WebSocketServer } from 'ws';
import { LodestoneClient, LodestoneError } from './index.js';

const schema = createSchema({
  typeDefs: `
    scalar Cursor
    type Query { greeting: String, secret: String, broken: String, actingFor: String }
    type CommandAccepted { commandId: ID! recordId: ID! recorded: Boolean! revision: Int! position: String! receipt: String }
    type CommandRejected { code: String! message: String! details: String! }
    type CommandPrepared { commandId: ID! act: ID! digest: String! lapsesAt: String! }
    union CommandOutcome = CommandAccepted | CommandPrepared | CommandRejected
    input FoundGroupInput { commandId: ID name: String! }
    type Mutation { foundGroup(input: FoundGroupInput!): CommandOutcome! }
    type Counted { cursor: Cursor! number: Int! }
    type Subscription { counted(after: Cursor, breaksAfter: Int): Counted! refused: Counted! }`,
  resolvers: {
    Query: {
      greeting: () => 'hello',
      actingFor: (_: unknown, __: unknown, { request }: { request: Request }) =>
        request.headers.get('lodestone-acting-for'),
      secret: () => {
        throw new GraphQLError('Sign in.', { extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } } });
      },
      broken: () => {
        throw new GraphQLError('Away.', {
          extensions: { code: 'READ_STORE_UNAVAILABLE', correlationId: 'c-1', http: { status: 503 } },
        });
      },
    },
    Mutation: {
      foundGroup: (_: unknown, { input }: { input: { commandId: string; name: string } }) =>
        input.name === ''
          ? { __typename: 'CommandRejected', code: 'INPUT.INVALID', message: 'The name is empty.', details: 'name' }
          : input.name === 'two'
            ? { __typename: 'CommandPrepared', commandId: input.commandId, act: 'a', digest: 'd', lapsesAt: 'l' }
            : {
                __typename: 'CommandAccepted',
                commandId: input.commandId,
                recordId: 'r',
                recorded: true,
                revision: 0,
                position: 'p',
                receipt: 's',
              },
    },
    Subscription: {
      counted: {
        resolve: (value: unknown) => value,
        // Numbers from after the cursor to 6; in between, the connection breaks as often as asked for.
        async *subscribe(_: unknown, { after, breaksAfter }: { after?: string; breaksAfter?: number }) {
          asked.push(after ?? null);
          for (let number = Number(after ?? 0) + 1; number <= 6; number++) {
            yield { cursor: String(number), number };
            if (breaksAfter !== undefined && number % breaksAfter === 0) return breakConnections();
          }
        },
      },
      refused: {
        async *subscribe() {
          throw new GraphQLError('Not for you.', { extensions: { code: 'BAD_CURSOR' } });
        },
      },
    },
  },
});

type Counted = { readonly counted: { readonly number: number } };
const COUNTED =
  'subscription ($after: Cursor, $breaksAfter: Int) { counted(after: $after, breaksAfter: $breaksAfter) { cursor number } }';

let server: Server;
let sockets: WebSocketServer;
let url: string;
let client: LodestoneClient;
/** The cursors that subscriptions asked to go on after, and the tokens of connections. */
let asked: (string | null)[];
let tokens: unknown[];
/** For whom connections said they were. */
let capacities: unknown[];

const breakConnections = (): void => {
  for (const socket of sockets.clients) socket.terminate();
  server.closeAllConnections();
};

beforeEach(async () => {
  [asked, tokens, capacities] = [[], [], []];
  const yoga = createYoga({ schema, logging: false, maskedErrors: false });
  // eslint-disable-next-line @typescript-eslint/no-misused-promises
  server = createServer(yoga);
  sockets = new WebSocketServer({ server, path: '/graphql' });
  useServer(
    {
      schema,
      onConnect: ({ connectionParams }) => {
        tokens.push(connectionParams?.['Authorization']);
        capacities.push(connectionParams?.['Lodestone-Acting-For']);
        return connectionParams?.['Authorization'] !== 'Bearer wrong';
      },
    },
    sockets,
  );
  await once(server.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  let made = 0;
  client = new LodestoneClient({ url, token: () => `t${++made}` });
});

afterEach(async () => {
  await client.close();
  breakConnections();
  sockets.close();
  await new Promise((resolve) => server.close(resolve));
});

const failureOf = async (work: Promise<unknown>): Promise<LodestoneError> => {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof LodestoneError) return error;
  throw new Error(`did not fail as expected: ${String(error)}`);
};

const numbers = async (subscription: AsyncIterable<Counted>): Promise<readonly number[]> => {
  const seen: number[] = [];
  for await (const { counted } of subscription) seen.push(counted.number);
  return seen;
};

describe('a client', () => {
  it('acts for its own country, or for the one that it is made for, over HTTP and sockets', async () => {
    const acting = new LodestoneClient({ url, token: 't', actingFor: 'FR' });
    for (const [each, actingFor] of [
      [client, null],
      [acting, 'FR'],
    ] as const) {
      expect(await each.query('{ actingFor }')).toEqual({ actingFor });
      expect(await numbers(each.subscribe<Counted>(COUNTED))).toHaveLength(6);
    }
    expect(capacities).toEqual([undefined, 'FR']);
    await acting.close();
  });
});

describe('a query', () => {
  it('is answered with its data', async () => {
    expect(await client.query('{ greeting }')).toEqual({ greeting: 'hello' });
  });

  it('that is refused throws with code and status', async () => {
    expect(await failureOf(client.query('{ secret }'))).toMatchObject({
      code: 'UNAUTHENTICATED',
      status: 401,
      isOutage: false,
      message: 'Sign in.',
    });
  });

  it('that meets an outage says so, with the correlation id', async () => {
    expect(await failureOf(client.query('{ broken }'))).toMatchObject({
      code: 'READ_STORE_UNAVAILABLE',
      status: 503,
      isOutage: true,
      correlationId: 'c-1',
    });
  });

  it('that nothing answers is an outage', async () => {
    const nobody = new LodestoneClient({ url: 'http://127.0.0.1:1/graphql', token: 't' });
    expect(await failureOf(nobody.query('{ greeting }'))).toMatchObject({
      code: 'UNREACHABLE',
      status: null,
      isOutage: true,
    });
  });

  it('at another address shows what answers there', async () => {
    const elsewhere = new LodestoneClient({ url: url.replace('/graphql', '/elsewhere'), token: 't' });
    expect(await failureOf(elsewhere.query('{ greeting }'))).toMatchObject({
      code: 'NOT_GRAPHQL',
      status: 404,
      isOutage: false,
    });
  });
});

describe('a client that asks more often than it may', () => {
  let answered: number;
  const behind = async (refusals: number, patienceMs: number, ask: (client: LodestoneClient) => Promise<unknown>) => {
    answered = 0;
    const busy = createServer((_, response) => {
      const isRefused = answered++ < refusals;
      response
        .writeHead(isRefused ? 429 : 200, {
          'content-type': 'application/json',
          ...(isRefused && { 'retry-after': '1' }),
        })
        .end(isRefused ? '{"errors":[{"message":"Wait.","extensions":{"code":"RATE_LIMITED"}}]}' : '{"data":{"a":1}}');
    });
    await once(busy.listen(0, '127.0.0.1'), 'listening');
    const to = `http://127.0.0.1:${(busy.address() as AddressInfo).port}/`;
    try {
      return await ask(new LodestoneClient({ url: to, token: 't', patienceMs }));
    } finally {
      busy.closeAllConnections();
      busy.close();
    }
  };

  it('waits as long as it is told and asks again', async () => {
    expect(await behind(1, 5_000, (each) => each.query('{ a }'))).toEqual({ a: 1 });
    expect(answered).toBe(2);
  });

  it('gives up where that is longer than its patience; asking again later makes sense', async () => {
    const failure = await behind(9, 500, (each) => failureOf(each.query('{ a }')));
    expect(failure).toMatchObject({ code: 'RATE_LIMITED', status: 429, isOutage: true });
    expect(answered).toBe(1);
  });
});

describe('a command', () => {
  it('is accepted', async () => {
    expect(await client.command('foundGroup', { commandId: 'c', name: 'n' })).toEqual({
      ...{ accepted: true, commandId: 'c', recordId: 'r', recorded: true, revision: 0, position: 'p', receipt: 's' },
    });
  });

  it('that takes two persons is prepared by whoever knows so, and told to whoever does not', async () => {
    expect(await client.prepare('foundGroup', { commandId: 'c', name: 'two' })).toEqual({
      ...{ accepted: false, prepared: true, commandId: 'c', act: 'a', digest: 'd', lapsesAt: 'l' },
    });
    expect(await client.prepare('foundGroup', { commandId: 'c', name: 'n' })).toMatchObject({ accepted: true });
    expect(await client.prepare('foundGroup', { name: '' })).toMatchObject({ accepted: false, code: 'INPUT.INVALID' });
    await expect(client.command('foundGroup', { name: 'two' })).rejects.toMatchObject({ code: 'PREPARED' });
  });

  it('is refused with code, sentence and details', async () => {
    expect(await client.command('foundGroup', { name: '' })).toEqual({
      accepted: false,
      code: 'INPUT.INVALID',
      message: 'The name is empty.',
      details: 'name',
    });
  });

  it('of the wrong shape throws', async () => {
    expect((await failureOf(client.command('foundGroup', { title: 'n' }))).isOutage).toBe(false);
  });
});

describe.each([
  ['a WebSocket', (variables: object) => client.subscribe<Counted>(COUNTED, { ...variables })],
  ['server-sent events', (variables: object) => client.subscribeBySse<Counted>(COUNTED, { ...variables })],
])('a subscription over %s', (_, subscribe) => {
  it('delivers in order and ends with the server', async () => {
    const subscription = subscribe({});
    await subscription.opened;
    expect(await numbers(subscription)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(asked).toEqual([null]);
  });

  it('goes on after the last cursor when the connection breaks: nothing is missed, nothing comes twice', async () => {
    expect(await numbers(subscribe({ breaksAfter: 2 }))).toEqual([1, 2, 3, 4, 5, 6]);
    expect(asked.slice(0, 3)).toEqual([null, '2', '4']);
  });

  it('begins after the cursor that it is given', async () => {
    expect(await numbers(subscribe({ after: '4' }))).toEqual([5, 6]);
  });

  it('stops when the reader leaves the loop', async () => {
    const subscription = subscribe({});
    for await (const { counted } of subscription) if (counted.number === 2) break;
    expect(await subscription.next()).toMatchObject({ done: true });
  });
});

describe('a subscription that is refused', () => {
  it.each([
    ['a WebSocket', () => client.subscribe('subscription { refused { number } }')],
    ['server-sent events', () => client.subscribeBySse('subscription { refused { number } }')],
  ])('over %s throws what the server says', async (_, subscribe) => {
    expect(await failureOf(subscribe().next())).toMatchObject({ code: 'BAD_CURSOR' });
  });

  it('for its token throws, and does not try again', async () => {
    const stranger = new LodestoneClient({ url, token: 'wrong' });
    const subscription = stranger.subscribe(COUNTED);
    expect(await failureOf(subscription.next())).toMatchObject({ code: 'UNAUTHENTICATED', isOutage: false });
    expect(await failureOf(subscription.opened)).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(tokens).toEqual(['Bearer wrong']);
    await stranger.close();
  });
});

describe('a stream of server-sent events that ends without saying so', () => {
  it('is asked for again', async () => {
    const answers = [
      'event: next\r\ndata: {"data":{"counted":{"cursor":"1","number":1}}}\r\n\r\n',
      ':\n\nevent: next\ndata: {"data":\ndata: {"counted":{"number":2}}}\n\nevent: complete\n\n',
    ];
    const proxy = createServer(
      (_, response) => void response.writeHead(200, { 'content-type': 'text/event-stream' }).end(answers.shift()),
    );
    await once(proxy.listen(0, '127.0.0.1'), 'listening');
    const behind = new LodestoneClient({
      url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/`,
      token: 't',
    });
    expect(await numbers(behind.subscribeBySse<Counted>(COUNTED))).toEqual([1, 2]);
    proxy.closeAllConnections();
    proxy.close();
  });
});

describe('a broken WebSocket', () => {
  it('is made anew with a new token', async () => {
    await numbers(client.subscribe<Counted>(COUNTED, { breaksAfter: 4 }));
    expect(tokens.slice(0, 2)).toEqual(['Bearer t1', 'Bearer t2']);
  });
});
