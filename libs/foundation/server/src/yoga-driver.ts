import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage, Server } from 'node:http';
import { newId } from '@foundation/eventing';
import { Logger } from '@nestjs/common';
import { AbstractGraphQLDriver, type GqlModuleOptions } from '@nestjs/graphql';
import type { Express } from 'express';
import {
  GraphQLError,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type FormattedExecutionResult,
} from 'graphql';
import { CloseCode } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { createYoga, type CORSOptions, type YogaServerInstance } from 'graphql-yoga';
import { WebSocketServer } from 'ws';
import { Allowance } from './allowance.js';
import {
  Caller,
  inCapacity,
  type Principals,
  type RequestContext,
  type Sessions,
  type Tokens,
  shown,
  tooManyConnections,
  tooManyOperations,
} from '@foundation/graphql';
import {
  admitted,
  askingBy,
  authentication,
  endingStreams,
  jsonOnly,
  keepableText,
  eventIds,
  mayReadSchema,
  noPersistedQueries,
  partialAnswers,
  suggestions,
  postOnly,
  schemaForRoles,
  signedInOnly,
  told,
  trustedOnly,
  withoutSuggestion,
  type AskedBy,
  type Asking,
  type TokenLog,
} from './guards.js';
import { LIMITS, limits } from './limits.js';
import { observing, type Observed } from './observing.js';
import { OpenConnections } from './open-connections.js';
import { ACTING_FOR, AT_LEAST, PURPOSE, requestHeadersIn } from './request-headers.js';
import type { TrustedDocuments } from './trusted-documents.js';

/** Of RFC 6455's register: the client may come again later. */
const TRY_AGAIN_LATER = 1013;

/**
 * A document that cannot be parsed is parsed again. Yoga notes code and status in an error after it has kept it, and over a
 * socket never: kept from there, it would go out over HTTP under 200.
 */
const NOTHING_KEPT = { get: () => undefined, set: () => undefined };

export type YogaDriverConfig = GqlModuleOptions & {
  readonly tokens: Tokens;
  readonly principals: Principals;
  /** Of browsers. They count over HTTP alone: a socket cannot say that the console opens it. */
  readonly sessions: Sessions;
  /** Serves GraphiQL, answers queries by GET, and lets whoever is not signed in read the schema. */
  readonly development: boolean;
  /** Requests that one person may send to this node, averaged over ten seconds. */
  readonly requestsPerSecond: number;
  /** How often a socket is asked for a sign of life, in milliseconds; `LIMITS.signOfLifeMs` where left out. */
  readonly signOfLifeMs?: number;
  /** Hears of each query and command that was carried out. */
  readonly observed?: (operation: Observed) => void;
  /** The documents that are answered; null for any. */
  readonly documents: TrustedDocuments | null;
  /** Origins of web pages that may ask from a browser, such as `https://metals.example`; none where left out. */
  readonly allowedOrigins?: readonly string[];
};

/** What is known of the request at hand wherever an answer to it is made. */
type AtHand = { readonly id: string; request?: Request | undefined };
const atHand = new AsyncLocalStorage<AtHand>();
const correlationId = (): string => atHand.getStore()?.id ?? newId();

/** What a page of another origin may send and read. */
const crossOrigin = (origins: readonly string[]): CORSOptions => ({
  origin: [...origins],
  methods: ['POST'],
  credentials: false,
  allowedHeaders: ['authorization', 'content-type', 'last-event-id', ...[ACTING_FOR, AT_LEAST, PURPOSE]],
  exposedHeaders: ['x-correlation-id', 'retry-after', 'www-authenticate'],
  maxAge: 600,
});

/** GraphQL over HTTP, server-sent events and WebSocket, on GraphQL Yoga. */
export class YogaDriver extends AbstractGraphQLDriver<YogaDriverConfig> {
  readonly #logger = new Logger('GraphQL');
  #sockets: WebSocketServer | null = null;
  #upgrade: ((request: IncomingMessage, socket: never, head: Buffer) => void) | null = null;
  #server: Server | null = null;

  async start(options: YogaDriverConfig): Promise<void> {
    const path = options.path ?? '/graphql';
    const allowance = new Allowance(options.requestsPerSecond);
    const listeners = new OpenConnections(options.principals);
    options.sessions.onEnd((session) => listeners.endOf(session));
    const yoga = this.#yoga(options, path, allowance, listeners);
    const express = this.httpAdapterHost.httpAdapter.getInstance<Express>();
    express.use(path, (request, response, next) => {
      const id = newId();
      response.setHeader('x-correlation-id', id);
      atHand.run({ id }, () => void Promise.resolve(yoga(request, response)).catch(next));
    });
    this.#listenForSockets(options, yoga, path, allowance, listeners);
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets?.clients ?? []) socket.close(1001, 'Going away');
    if (this.#upgrade) this.#server?.off('upgrade', this.#upgrade as never);
    await new Promise<void>((resolve) => (this.#sockets ? this.#sockets.close(() => resolve()) : resolve()));
  }

  #yoga(
    options: YogaDriverConfig,
    path: string,
    allowance: Allowance,
    listeners: OpenConnections,
  ): YogaServerInstance<object, RequestContext> {
    const { tokens, principals, sessions, development, documents, allowedOrigins = [] } = options;
    const mayGuess = (asked: AskedBy): boolean => development || mayReadSchema(asked, principals);
    return createYoga<object, RequestContext>({
      schema: options.schema!,
      graphqlEndpoint: path,
      logging: false,
      landingPage: false,
      multipart: false,
      batching: false,
      extraParamNames: ['documentId'],
      cors: allowedOrigins.length > 0 && crossOrigin(allowedOrigins),
      maxRequestBodySize: LIMITS.bytes,
      parserAndValidationCache: { errorCache: NOTHING_KEPT },
      graphiql: development ? { title: 'Lodestone' } : false,
      // Loaded when somebody opens it: it is large, and most processes never show it.
      renderGraphiQL: async (page) => (await import('@graphql-yoga/render-graphiql')).renderGraphiQL(page ?? {}),
      context: async (initial) => {
        const { request, asking } = initial as AskedBy;
        const { identity, said } = asking ?? askingBy(request);
        const held = atHand.getStore();
        if (held) held.request = request;
        return { caller: new Caller(identity, principals, correlationId(), said), isSocket: asking !== undefined };
      },
      maskedErrors: { maskError: (error) => this.#shown(error, mayGuess(atHand.getStore() ?? {})) },
      plugins: [
        ...(development ? [] : [postOnly()]),
        jsonOnly(),
        authentication(tokens, sessions, allowance, this.#tokenLog(correlationId), development),
        documents ? trustedOnly(documents) : noPersistedQueries(),
        limits(),
        suggestions(mayGuess),
        signedInOnly(),
        ...(development ? [] : [schemaForRoles()]),
        keepableText(),
        endingStreams(listeners),
        eventIds(),
        partialAnswers(),
        ...(options.observed ? [observing(options.observed)] : []),
      ],
    });
  }

  #tokenLog(id: () => string): TokenLog {
    return {
      refused: (reason) =>
        this.#logger.warn({ event: 'token.refused', correlationId: id(), msg: `token refused: ${reason}` }),
      remark: (text) => this.#logger.warn({ event: 'token.taken', correlationId: id(), msg: `token taken: ${text}` }),
    };
  }

  #shown(error: unknown, mayGuess = false): GraphQLError {
    const id = correlationId();
    const { error: safe, unforeseen } = shown(error, id);
    if (!mayGuess) withoutSuggestion(safe);
    // Of a body that is no JSON Yoga repeats what the engine's parser said, and would answer 200 without it.
    if ('originalError' in safe.extensions) {
      delete safe.extensions['originalError'];
      safe.extensions['http'] = { status: 400 };
    }
    if (unforeseen) {
      const cause = error instanceof GraphQLError ? (error.originalError ?? error) : error;
      const isFault = safe.extensions['code'] === 'INTERNAL';
      const what = isFault ? { event: 'request.failed' } : { event: 'request.outage' };
      this.#logger.error({ ...what, correlationId: id, msg: safe.message, why: cause });
    }
    return safe;
  }

  #listenForSockets(
    options: YogaDriverConfig,
    yoga: YogaServerInstance<object, RequestContext>,
    path: string,
    allowance: Allowance,
    listeners: OpenConnections,
  ): void {
    const sockets = new WebSocketServer({ noServer: true, maxPayload: LIMITS.bytes });
    this.#sockets = sockets;
    const server = this.httpAdapterHost.httpAdapter.getHttpServer() as Server;
    this.#server = server;
    this.#upgrade = (request, socket, head) => {
      // The target is whatever a stranger wrote: it is compared as text, never parsed.
      if (request.url?.split('?')[0] !== path) return (socket as { destroy(): void }).destroy();
      sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client, request));
    };
    server.on('upgrade', this.#upgrade as never);

    type Connection = { asking?: Asking; leave?: () => void };
    useServer<Record<string, unknown>, Connection>(
      {
        onConnect: async ({ connectionParams, extra }) => {
          const { socket, request } = extra;
          const id = newId();
          const log = this.#tokenLog(() => id);
          const header =
            connectionParams?.['Authorization'] ?? connectionParams?.['authorization'] ?? request.headers.authorization;
          try {
            const person = await admitted(typeof header === 'string' ? header : null, options.tokens, allowance, log);
            const { actingFor, said } = requestHeadersIn(
              Object.entries(connectionParams ?? {}),
              Object.entries(request.headers),
            );
            const identity = inCapacity(person, ...actingFor);
            const leave = listeners.enter(
              identity,
              (why) => socket.close(CloseCode.Forbidden, why === 'expired' ? 'Token expired' : 'Rights revoked'),
              true,
            );
            if (leave === null) throw tooManyConnections(LIMITS.connections);
            Object.assign(extra, { asking: { identity, said }, leave });
            // Whoever went away meanwhile has been let go of before it was let in.
            if (socket.readyState !== socket.OPEN) leave();
            return true;
          } catch (error) {
            // Closed as forbidden below, unless something else is wrong, or the same token may hold later.
            const code = (error as GraphQLError).extensions?.['code'];
            if (code === 'BAD_INPUT') socket.close(CloseCode.BadRequest, (error as GraphQLError).message.slice(0, 120));
            else if (code !== 'UNAUTHENTICATED') socket.close(TRY_AGAIN_LATER, 'Try again later');
            return false;
          }
        },
        onClose: ({ extra }) => extra.leave?.(),
        onNext: (_context, _id, _params, _args, { errors, ...result }) =>
          ({ ...result, ...(errors && { errors: errors.map(told) }) }) as FormattedExecutionResult,
        onError: (_context, _id, _params, errors) => errors.map(told),
        execute: (args) => this.#answered(() => (args as Enveloped).rootValue.execute(args)),
        subscribe: (args) => this.#answered(() => (args as Enveloped).rootValue.subscribe(args)),
        onSubscribe: async ({ extra, subscriptions }, _id, params) => {
          try {
            if (Object.keys(subscriptions).length > LIMITS.subscriptions) throw tooManyOperations(LIMITS.subscriptions);
            await allowance.take(extra.asking!.identity!.person);
            const enveloped = yoga.getEnveloped({ asking: extra.asking, params } as never);
            const query = options.documents?.textOf(params) ?? params.query;
            const document = enveloped.parse(query) as DocumentNode;
            const problems = enveloped.validate(enveloped.schema, document) as readonly GraphQLError[];
            if (problems.length > 0) return problems;
            const { execute, subscribe } = enveloped;
            const contextValue = await enveloped.contextFactory();
            return {
              schema: enveloped.schema,
              operationName: params.operationName,
              document,
              variableValues: params.variables,
              contextValue,
              rootValue: { execute, subscribe },
            } as ExecutionArgs;
          } catch (error) {
            return [error instanceof GraphQLError ? error : this.#shown(error)];
          }
        },
      },
      sockets,
      // One that has not answered by the next time is ended.
      options.signOfLifeMs ?? LIMITS.signOfLifeMs,
    );
  }

  /** What a guard throws is the answer; over a socket nothing else would turn it into one. */
  async #answered<T>(work: () => T | Promise<T>): Promise<T | ExecutionResult> {
    try {
      return await work();
    } catch (error) {
      return { errors: [this.#shown(error)] };
    }
  }
}

type Enveloped = { rootValue: { execute: (args: unknown) => never; subscribe: (args: unknown) => never } };
