import {
  Kind,
  OperationTypeNode,
  visit,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLError,
  type GraphQLFormattedError,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Allowance } from './allowance.js';
import { cookieOf, isOfTheConsole } from './console-session.js';
import {
  inCapacity,
  type Identity,
  type Principals,
  type RequestContext,
  type Said,
  type Sessions,
  type Tokens,
  badInput,
  foreignPage,
  identityUnavailable,
  persistedQueriesUnknown,
  mediaType,
  rightsRevoked,
  schemaWithheld,
  tooManyConnections,
  unauthenticated,
} from '@foundation/graphql';
import { LIMITS } from './limits.js';
import { EndableStream, type Ending, type OpenConnections } from './open-connections.js';
import { requestHeadersIn } from './request-headers.js';
import type { TrustedDocuments } from './trusted-documents.js';

// What stands between a request and the resolvers, in the order in which it is asked.

type Arguments = { readonly args: Operation };
type Operation = {
  readonly contextValue: RequestContext;
  readonly document: DocumentNode;
  readonly variableValues?: unknown;
};

/** The same question before an operation is executed and before it is subscribed to. */
const beforeAny = (check: (asked: Arguments) => void): Plugin => ({
  onExecute: check as never,
  onSubscribe: check as never,
});

/** An error as a client is told it: the HTTP status in it is for the server's own use. */
export const told = (error: GraphQLError): GraphQLFormattedError => {
  const { http: _, ...extensions } = error.extensions;
  return { ...error.toJSON(), extensions };
};

const failed = (error: GraphQLError, request: Request): Response => {
  const { status, headers } = error.extensions['http'] as { status: number; headers?: Record<string, string> };
  const type = `${answerType(request.headers.get('accept'))}; charset=utf-8`;
  return Response.json({ errors: [told(error)] }, { status, headers: { ...headers, 'content-type': type } });
};

const ANSWER_TYPES = /^(application\/graphql-response\+json|application\/json|application\/\*|\*\/\*)$/;

/** The type in which GraphQL Yoga answers: the first that the client names of those there are, JSON where it names none. */
const answerType = (accept: string | null): string => {
  const named = (accept ?? '').split(',').map((each) => each.split(';')[0]!.trim().toLowerCase());
  const first = named.find((each) => ANSWER_TYPES.test(each));
  return first === undefined || first.includes('*') ? 'application/json' : first;
};

/** Nothing is answered to what a link or an image on a hostile page can ask for. */
export const postOnly = (): Plugin => ({
  onRequest({ request, endResponse }) {
    if (request.method === 'GET' || request.method === 'HEAD')
      endResponse(new Response(null, { status: 405, headers: { allow: 'POST' } }));
  },
});

/** Only JSON is read: a form on a hostile page can send every other type without asking. */
export const jsonOnly = (): Plugin => ({
  onRequest({ request, endResponse }) {
    if (request.method !== 'POST') return;
    const type = (request.headers.get('content-type') ?? '').split(';')[0]!.trim().toLowerCase();
    if (type !== 'application/json') endResponse(failed(mediaType(), request));
  },
});

/** In what capacity a request is made, and what it says of itself. */
export type Asking = { readonly identity: Identity | null; readonly said: Said };
const asking = new WeakMap<Request, Asking>();

/** Where it stands who asks: over a socket, or by a request. */
export type AskedBy = { readonly asking?: Asking; readonly request?: Request | undefined };

/** Who asks by a request, once its token has been checked. */
export const askingBy = (request: Request | undefined): Asking =>
  (request && asking.get(request)) ?? { identity: null, said: {} };

const bearer = (header: string | null | undefined): string | null =>
  /^Bearer ([\w.~+/=-]+)$/i.exec(header ?? '')?.[1] ?? null;

/** What the operator is told of tokens, under the correlation id of the request. */
export type TokenLog = { readonly refused: (reason: string) => void; readonly remark: (text: string) => void };

const reasonOf = (error: unknown): string => {
  const { reason, name } = error as { reason?: unknown; name?: unknown };
  return typeof reason === 'string' ? reason : String(name);
};

/**
 * Who a header says is asking, and one request less in that one's allowance.
 * @throws GraphQLError UNAUTHENTICATED, IDENTITY_UNAVAILABLE or RATE_LIMITED
 */
export const admitted = async (
  header: string | null | undefined,
  tokens: Tokens,
  allowance: Allowance,
  log: TokenLog,
): Promise<Identity> => {
  const token = bearer(header);
  let identity: Identity;
  try {
    if (token === null) throw unauthenticated();
    identity = await tokens.verify(token, log.remark);
  } catch (error) {
    await allowance.take(null);
    // After the allowance: a stranger fills the log no faster than that.
    if (header) log.refused(token === null ? 'the header is not `Bearer` and one token' : reasonOf(error));
    throw (error as { isOutage?: boolean }).isOutage === true ? identityUnavailable() : unauthenticated();
  }
  await allowance.take(identity.person);
  return identity;
};

/** Who a browser's session says is asking, and one request less in that one's allowance. */
const admittedBySession = async (cookie: string, sessions: Sessions, allowance: Allowance): Promise<Identity> => {
  const identity = await sessions.identityOf(cookie).catch((error: { isOutage?: boolean }) => {
    throw error.isOutage === true ? identityUnavailable() : error;
  });
  await allowance.take(identity?.person ?? null);
  if (identity === null) throw unauthenticated();
  return identity;
};

/**
 * A token that is sent must hold; without one, development shows the schema and nothing else. A browser's session counts
 * where the console itself asks, and beside no token.
 */
export const authentication = (
  tokens: Tokens,
  sessions: Sessions,
  allowance: Allowance,
  log: TokenLog,
  development: boolean,
): Plugin => ({
  async onRequest({ request, endResponse }) {
    const header = request.headers.get('authorization');
    const cookie = cookieOf(request.headers);
    try {
      if (cookie !== null && header !== null) throw foreignPage();
      const inSession = cookie !== null && (request.method === 'POST' || !development);
      if (inSession && !isOfTheConsole(request)) throw foreignPage();
      if (header === null && !inSession && development) await allowance.take(null);
      else {
        const person = inSession
          ? await admittedBySession(cookie, sessions, allowance)
          : await admitted(header, tokens, allowance, log);
        const { actingFor, said } = requestHeadersIn(request.headers);
        asking.set(request, { identity: inCapacity(person, ...actingFor), said });
      }
    } catch (error) {
      endResponse(failed(error as GraphQLError, request));
    }
  },
});

/** Where there is a list of documents, nothing else is parsed. */
export const trustedOnly = (documents: TrustedDocuments): Plugin => ({
  onParams({ params, setParams }) {
    setParams({ ...params, query: documents.textOf(params) });
  },
});

/** What graphql-js would have said of the neighbours of an unknown name: fields, enum values and types alike. */
export const withoutSuggestion = (error: GraphQLError): GraphQLError => {
  error.message = error.message.replace(/ Did you mean .*\?$/s, '');
  return error;
};

/**
 * Names are not guessed from answers by whoever may not read the schema: neither when a document is validated nor, by the
 * driver, when variables are.
 * @param mayGuess whether it is asked by somebody who is told the schema
 */
export const suggestions = (mayGuess: (asked: AskedBy) => boolean): Plugin => ({
  onValidate:
    ({ context }) =>
    ({ valid, result, setResult }) => {
      if (!valid && !mayGuess(context as AskedBy)) setResult((result as GraphQLError[]).map(withoutSuggestion));
    },
});

/** Where there is no list of documents, a client that asks by hash is told to send its text from now on. */
export const noPersistedQueries = (): Plugin => ({
  onParams({ params }) {
    if (!params.query && params.extensions?.['persistedQuery'] !== undefined) throw persistedQueriesUnknown();
  },
});

/** An answer with something in it is one, though a part of it failed: its status is that of an answer. */
export const partialAnswers = (): Plugin => ({
  onResultProcess({ result }) {
    const { data, errors } = result as ExecutionResult;
    if (data && Object.values(data).some((each) => each !== null))
      for (const { extensions } of errors ?? []) delete (extensions as { http?: unknown }).http;
  },
});

/** A delivery has its cursor as the id of its event, so that a reader that reconnects says where it was; no proxy holds it back. */
export const eventIds = (): Plugin => ({
  onResultProcess({ result, resultProcessor, setResultProcessor }) {
    if (!(Symbol.asyncIterator in result) || !resultProcessor) return;
    const ids: (string | null)[] = [];
    const values = (result as AsyncIterable<ExecutionResult>)[Symbol.asyncIterator]();
    const noted = {
      [Symbol.asyncIterator]: () => ({
        next: async () => {
          const next = await values.next();
          if (!next.done) ids.push(cursorIn(next.value));
          return next;
        },
        return: async () => (await values.return?.()) ?? { done: true as const, value: undefined },
      }),
    };
    const process = resultProcessor;
    setResultProcessor(async (_result, fetchAPI, type) => {
      const response = await process(noted as never, fetchAPI, type);
      if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return response;
      const numbered = new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          const text = Buffer.from(chunk)
            .toString()
            .replace(/^event: next$/gm, (event) => {
              const id = ids.shift();
              return id == null ? event : `id: ${id}\n${event}`;
            });
          controller.enqueue(Buffer.from(text));
        },
      });
      const headers = new Headers(response.headers);
      headers.set('x-accel-buffering', 'no');
      return new fetchAPI.Response(response.body!.pipeThrough(numbered), { status: response.status, headers });
    }, 'text/event-stream');
  },
});

const cursorIn = ({ data }: ExecutionResult): string | null => {
  const [delivered] = Object.values(data ?? {}) as { readonly cursor?: unknown }[];
  return typeof delivered?.cursor === 'string' ? delivered.cursor : null;
};

/**
 * No operation runs without a signed-in caller, whatever a resolver forgot; reading the schema is all that is left. None
 * at all runs in a capacity that the caller does not have.
 */
export const signedInOnly = (): Plugin =>
  beforeAny(({ args: { contextValue, document } }) => {
    if (contextValue.caller.isActingForOthers) void contextValue.caller.who;
    if (!contextValue.caller.isSignedIn && !asksForSchemaOnly(document)) throw unauthenticated();
  });

const asksForSchemaOnly = (document: DocumentNode): boolean =>
  document.definitions.every(
    (definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ||
      (definition.kind === Kind.OPERATION_DEFINITION &&
        definition.operation === OperationTypeNode.QUERY &&
        definition.selectionSet.selections.every(
          (each) => each.kind === Kind.FIELD && each.name.value.startsWith('__'),
        )),
  );

/** In production the schema is told to those who have something to do with it. */
export const schemaForRoles = (): Plugin =>
  beforeAny(({ args: { contextValue, document } }) => {
    if (asksForSchema(document) && contextValue.caller.who.roles.length === 0) throw schemaWithheld();
  });

/** Whether a request is of somebody who is told the schema; asked where no refusal is to come of it. */
export const mayReadSchema = ({ asking: over, request }: AskedBy, principals: Principals): boolean => {
  const { identity } = over ?? askingBy(request);
  try {
    return identity !== null && principals.of(identity).roles.length > 0;
  } catch {
    return false;
  }
};

const asksForSchema = (document: DocumentNode): boolean => {
  let asks = false;
  visit(document, { Field: ({ name }) => void (asks ||= name.value === '__schema' || name.value === '__type') });
  return asks;
};

/** No store keeps U+0000 or half a surrogate pair, so no resolver is asked about them. */
export const keepableText = (): Plugin => {
  const isKeepable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();
  const refuse = (at: string): never => {
    throw badInput(`${at} holds a character that cannot be kept: U+0000, or half a surrogate pair.`, at);
  };
  return beforeAny(({ args }) => {
    visit(args.document, {
      StringValue: ({ value }) => (isKeepable(value) ? undefined : refuse('A text in the operation')),
    });
    // A list of what is still to be looked at, since a client may nest more deeply than calls may.
    const open: [path: string, value: unknown][] = [['', args.variableValues]];
    for (let next = open.pop(); next; next = open.pop()) {
      const [path, value] = next;
      if (typeof value === 'string' && !isKeepable(value)) refuse(path);
      if (typeof value !== 'object' || value === null) continue;
      for (const [key, each] of Object.entries(value))
        open.push([path === '' ? key : `${path}.${key}`.slice(0, 200), each]);
    }
  });
};

const reasons: Readonly<Record<Ending, () => GraphQLError>> = {
  expired: unauthenticated,
  revoked: rightsRevoked,
  replaced: () => tooManyConnections(LIMITS.connections),
};

/** A stream of server-sent events ends with its reader's token and rights. A socket's own end does that for sockets. */
export const endingStreams = (listeners: OpenConnections): Plugin => ({
  onSubscribe: ({ args }) => ({
    onSubscribeResult({ result, setResult }) {
      const { caller, isSocket } = (args as unknown as Operation).contextValue;
      if (isSocket || caller.identity === null || !(Symbol.asyncIterator in (result as object))) return;
      const source = (result as AsyncIterable<unknown>)[Symbol.asyncIterator]();
      const stream = new EndableStream(source, () => leave?.());
      const leave = listeners.enter(caller.identity, (why) => stream.endWith({ errors: [reasons[why]()] }), false);
      if (leave === null) void source.return?.();
      setResult((leave === null ? { errors: [tooManyConnections(LIMITS.connections)] } : stream) as never);
    },
  }),
});
