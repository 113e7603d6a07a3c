import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage, Server } from 'node:http';
import { EnvelopArmor } from '@escape.tech/graphql-armor';
import { newId } from '@foundation/eventing';
import { Logger } from '@nestjs/common';
import { AbstractGraphQLDriver, type GqlModuleOptions } from '@nestjs/graphql';
import type { Express } from 'express';
import {
  GraphQLError,
  Kind,
  OperationTypeNode,
  visit,
  type DocumentNode,
  type ExecutionArgs,
  type FormattedExecutionResult,
  type GraphQLFormattedError,
} from 'graphql';
import { CloseCode } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { createYoga, type Plugin, type YogaServerInstance } from 'graphql-yoga';
import { WebSocketServer } from 'ws';
import { Caller, type Identity, type Principals, type RequestContext, type Tokens } from './caller.js';
import { badInput, shown, unauthenticated } from './errors.js';

/** How much one request may ask for. One more is refused before any resolver runs. */
export const LIMITS = { depth: 10, aliases: 15, directives: 20, tokens: 1_500, bytes: 100_000 } as const;

export type YogaDriverConfig = GqlModuleOptions & {
  readonly tokens: Tokens;
  readonly principals: Principals;
  /** Serves GraphiQL, and lets whoever is not signed in read the schema. */
  readonly development: boolean;
};

const correlation = new AsyncLocalStorage<string>();
const correlationId = (): string => correlation.getStore() ?? newId();

/** GraphQL over HTTP, server-sent events and WebSocket, on GraphQL Yoga. */
export class YogaDriver extends AbstractGraphQLDriver<YogaDriverConfig> {
  readonly #logger = new Logger('GraphQL');
  #sockets: WebSocketServer | null = null;
  #upgrade: ((request: IncomingMessage, socket: never, head: Buffer) => void) | null = null;
  #server: Server | null = null;

  async start(options: YogaDriverConfig): Promise<void> {
    const path = options.path ?? '/graphql';
    const yoga = this.#yoga(options, path);
    const express = this.httpAdapterHost.httpAdapter.getInstance<Express>();
    express.use(path, (request, response, next) => {
      const id = newId();
      response.setHeader('x-correlation-id', id);
      correlation.run(id, () => void Promise.resolve(yoga(request, response)).catch(next));
    });
    this.#listenForSockets(options, yoga, path);
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets?.clients ?? []) socket.close(1001, 'Going away');
    if (this.#upgrade) this.#server?.off('upgrade', this.#upgrade as never);
    await new Promise<void>((resolve) => (this.#sockets ? this.#sockets.close(() => resolve()) : resolve()));
  }

  #yoga(options: YogaDriverConfig, path: string): YogaServerInstance<object, RequestContext> {
    return createYoga<object, RequestContext>({
      schema: options.schema!,
      graphqlEndpoint: path,
      logging: false,
      landingPage: false,
      multipart: false,
      batching: false,
      cors: false,
      maxRequestBodySize: LIMITS.bytes,
      graphiql: options.development ? { title: 'Lodestone' } : false,
      // Loaded when somebody opens it: it is large, and most processes never show it.
      renderGraphiQL: async (page) => (await import('@graphql-yoga/render-graphiql')).renderGraphiQL(page ?? {}),
      context: async (initial) => {
        const request = (initial as { request?: Request }).request;
        const socket = (initial as { identity?: Identity }).identity;
        const identity = socket ?? (request ? (identities.get(request) ?? null) : null);
        return { caller: new Caller(identity, options.principals, correlationId()) };
      },
      maskedErrors: { maskError: (error) => this.#shown(error) },
      plugins: [jsonOnly(), authentication(options), limits(), noSuggestions(), signedInOnly(), keepableText()],
    });
  }

  #shown(error: unknown): GraphQLError {
    const id = correlationId();
    const { error: safe, unforeseen } = shown(error, id);
    withoutSuggestion(safe);
    // Of a body that is no JSON Yoga repeats what the engine's parser said, and would answer 200 without it.
    if ('originalError' in safe.extensions) {
      delete safe.extensions['originalError'];
      safe.extensions['http'] = { status: 400 };
    }
    if (unforeseen) {
      const cause = error instanceof GraphQLError ? (error.originalError ?? error) : error;
      this.#logger.error(`${id} ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`);
    }
    return safe;
  }

  #listenForSockets(options: YogaDriverConfig, yoga: YogaServerInstance<object, RequestContext>, path: string): void {
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

    type Connection = { identity?: Identity; expiry?: NodeJS.Timeout };
    useServer<Record<string, unknown>, Connection>(
      {
        onConnect: async ({ connectionParams, extra }) => {
          const header =
            connectionParams?.['Authorization'] ??
            connectionParams?.['authorization'] ??
            extra.request.headers.authorization;
          const token = bearer(typeof header === 'string' ? header : undefined);
          if (token === null) return false;
          try {
            extra.identity = await options.tokens.verify(token);
          } catch {
            return false;
          }
          const left = extra.identity.expiresAt.getTime() - Date.now();
          extra.expiry = setTimeout(
            () => extra.socket.close(CloseCode.Forbidden, 'Token expired'),
            Math.min(left, 2_147_483_647),
          );
          return true;
        },
        onDisconnect: ({ extra }) => clearTimeout(extra.expiry),
        onNext: (_context, _id, _params, _args, { errors, ...result }) =>
          ({ ...result, ...(errors && { errors: errors.map(told) }) }) as FormattedExecutionResult,
        onError: (_context, _id, _params, errors) => errors.map(told),
        execute: (args) => (args as Enveloped).rootValue.execute(args),
        subscribe: (args) => (args as Enveloped).rootValue.subscribe(args),
        onSubscribe: async ({ extra }, _id, params) => {
          const enveloped = yoga.getEnveloped({ identity: extra.identity, params } as never);
          try {
            const document = enveloped.parse(params.query) as DocumentNode;
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
    );
  }
}

type Enveloped = { rootValue: { execute: (args: unknown) => never; subscribe: (args: unknown) => never } };

const identities = new WeakMap<Request, Identity>();

const bearer = (header: string | undefined): string | null => /^Bearer ([\w.~+/=-]+)$/i.exec(header ?? '')?.[1] ?? null;

/** An error as a client is told it: the HTTP status in it is for the server's own use. */
const told = (error: GraphQLError): GraphQLFormattedError => {
  const { http: _, ...extensions } = error.extensions;
  return { ...error.toJSON(), extensions };
};

const failed = (error: GraphQLError): Response => {
  const { status } = error.extensions['http'] as { status: number };
  return Response.json({ errors: [told(error)] }, { status });
};

/** Only JSON is read: a form on a hostile page can send every other type without asking. */
const jsonOnly = (): Plugin => ({
  onRequest({ request, endResponse }) {
    if (request.method !== 'POST') return;
    const type = (request.headers.get('content-type') ?? '').split(';')[0]!.trim().toLowerCase();
    if (type !== 'application/json') {
      endResponse(
        failed(
          new GraphQLError('Send the operation as application/json.', {
            extensions: { code: 'UNSUPPORTED_MEDIA_TYPE', http: { status: 415 } },
          }),
        ),
      );
    }
  },
});

/** A token that is sent must hold; without one, development shows the schema and nothing else. */
const authentication = ({ tokens, development }: YogaDriverConfig): Plugin => ({
  async onRequest({ request, endResponse }) {
    const header = request.headers.get('authorization');
    if (header === null) {
      if (!development) endResponse(failed(unauthenticated()));
      return;
    }
    const token = bearer(header);
    try {
      if (token === null) throw unauthenticated();
      identities.set(request, await tokens.verify(token));
    } catch (error) {
      const isOutage = (error as { isOutage?: boolean }).isOutage === true;
      endResponse(
        failed(
          isOutage
            ? new GraphQLError('The identity provider does not answer. Try again later.', {
                extensions: { code: 'IDENTITY_UNAVAILABLE', http: { status: 503 } },
              })
            : unauthenticated(),
        ),
      );
    }
  },
});

/** No operation runs without a signed-in caller, whatever a resolver forgot; reading the schema is all that is left. */
const signedInOnly = (): Plugin => {
  const check = ({
    args,
  }: {
    args: { contextValue: unknown; document: DocumentNode; operationName?: string | null };
  }): void => {
    const { caller } = args.contextValue as RequestContext;
    if (!caller.isSignedIn && !asksForSchemaOnly(args.document)) throw unauthenticated();
  };
  return { onExecute: check as never, onSubscribe: check as never };
};

/** What graphql-js would have said of the neighbours of an unknown name: fields, enum values and types alike. */
const withoutSuggestion = (error: GraphQLError): GraphQLError => {
  error.message = error.message.replace(/ Did you mean .*\?$/s, '');
  return error;
};

/** Names are not guessed from answers: neither when a document is validated nor, by `#shown`, when variables are. */
const noSuggestions = (): Plugin => ({
  onValidate:
    () =>
    ({ valid, result, setResult }) => {
      if (!valid) setResult((result as GraphQLError[]).map(withoutSuggestion));
    },
});

/** No store keeps U+0000 or half a surrogate pair, so no resolver is asked about them. */
const keepableText = (): Plugin => {
  const isKeepable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();
  const refuse = (at: string): never => {
    throw badInput(`${at} holds a character that cannot be kept: U+0000, or half a surrogate pair.`, at);
  };
  const check = ({ args }: { args: { variableValues?: unknown; document: DocumentNode } }): void => {
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
  };
  return { onExecute: check as never, onSubscribe: check as never };
};

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

/** Asked of the text before it is parsed and of the document before it is executed: 400, whatever the client accepts. */
const limits = (): Plugin => {
  const onReject = [
    (_: unknown, { message }: GraphQLError): never => {
      throw new GraphQLError(message, { extensions: { code: 'LIMIT_EXCEEDED', http: { status: 400 } } });
    },
  ];
  const { plugins } = new EnvelopArmor({
    maxDepth: { n: LIMITS.depth, onReject },
    maxAliases: { n: LIMITS.aliases, allowList: [], onReject },
    maxDirectives: { n: LIMITS.directives, onReject },
    maxTokens: { n: LIMITS.tokens, onReject },
    costLimit: { enabled: false },
    blockFieldSuggestion: { enabled: false },
  }).protect();
  return {
    onPluginInit({ addPlugin }) {
      for (const plugin of plugins) addPlugin(plugin as unknown as Plugin);
    },
    // Yoga would have errors of parsing go out under 200 where a client accepts application/json only.
    onResultProcess({ result }) {
      const { errors = [] } = result as { errors?: readonly GraphQLError[] };
      for (const { extensions } of errors)
        if (extensions['code'] === 'LIMIT_EXCEEDED') extensions['http'] = { status: 400 };
    },
  };
};
