import { setTimeout as pause } from 'node:timers/promises';
import { LodestoneError, type AnswerError } from './lodestone-error.js';
import type { CommandSigner } from './command-signer.js';
import { readServerSentEvents } from './server-sent-events.js';
import { Subscription, type Channel } from './subscription.js';
import { WebSocketChannel } from './web-socket.js';

/** A bearer token, or what gets one each time it is needed. */
export type Token = string | (() => string | Promise<string>);

export type ClientOptions = {
  /** Address of the API, such as `http://127.0.0.1:4000/graphql`. */
  readonly url: string;
  readonly token: Token;
  /** The country to act for under a mandate, such as `FR`, in everything that this client asks; the own one where left out. */
  readonly actingFor?: string | undefined;
  /** Signs every command; not signed where left out. */
  readonly sign?: CommandSigner | undefined;
  /** How long a query or command may go without an answer, or wait for its turn; 30 seconds where left out. */
  readonly patienceMs?: number;
};

const PATIENCE_MS = 30_000;

export type CommandAccepted = {
  readonly accepted: true;
  readonly commandId: string;
  readonly recordId: string;
  /** Whether the command made a fact; false where what it asks for was so already. A repeated command is answered as the first time. */
  readonly recorded: boolean;
  readonly revision: number;
  /** Pass it as `atLeast` to a query that must show this write. */
  readonly position: string;
  /** The platform's signed word that what was made will be in the verifiable log: keep it. Null where nothing was made. */
  readonly receipt: string | null;
};

export type CommandRejected = {
  readonly accepted: false;
  /** Stable, such as `PROJECTS.HOST_CONSENT_MISSING`. */
  readonly code: string;
  readonly message: string;
  /** `field` names the input at fault. */
  readonly details: Readonly<Record<string, string>>;
};

/** A command that takes two persons: another one of the party has to approve the act, by its digest. */
export type CommandPrepared = {
  readonly accepted: false;
  readonly prepared: true;
  readonly commandId: string;
  readonly act: string;
  readonly digest: string;
  readonly lapsesAt: string;
};

export type Variables = Readonly<Record<string, unknown>>;

/** The GraphQL API of Lodestone, on behalf of one person. Many requests may be under way at once. */
export class LodestoneClient {
  readonly #sockets: WebSocketChannel;
  readonly #open = new Set<Subscription<unknown>>();

  constructor(private readonly options: ClientOptions) {
    this.#sockets = new WebSocketChannel(options.url, async () => ({
      Authorization: await this.#authorization(),
      ...this.#capacity(),
    }));
  }

  /**
   * Asks a query, or sends a mutation written out.
   * @returns the answer's `data`
   * @throws LodestoneError when nothing answers, or the answer has errors
   */
  async query<T>(document: string, variables: Variables = {}): Promise<T> {
    const response = await this.#patiently(() =>
      this.#post(
        { query: document, variables },
        'application/graphql-response+json, application/json',
        AbortSignal.timeout(this.#patienceMs),
      ),
    );
    const { data, errors } = await this.#answerOf<T>(response);
    if (errors || data === undefined || data === null)
      throw LodestoneError.answered(
        errors ?? [{ message: 'The answer has no data.' }],
        response.status,
        correlationOf(response),
      );
    return data;
  }

  /**
   * Issues a command. To try again after an outage, send it with the same `commandId`: it is recorded once at most.
   * @param mutation name of the mutation's field, such as `proposeProject`
   * @param input as the schema's `<Mutation>Input` describes it
   * @throws LodestoneError when it is not known whether the command was recorded, its input has the wrong shape, or it
   * takes two persons: see `prepare`
   */
  async command(mutation: string, input: object): Promise<CommandAccepted | CommandRejected> {
    const sent = this.options.sign ? this.options.sign(mutation, input) : input;
    const { outcome } = await this.query<{ outcome: Outcome }>(commandDocument(mutation), { input: sent });
    const { __typename, ...answer } = outcome;
    if (__typename === 'CommandPrepared') throw LodestoneError.prepared(mutation);
    return { accepted: __typename === 'CommandAccepted', ...answer } as CommandAccepted | CommandRejected;
  }

  /**
   * The same for a command that takes two persons: it is kept until another one approves it (`approveAct`).
   * @throws as `command`
   */
  async prepare(mutation: string, input: object): Promise<CommandPrepared | CommandAccepted | CommandRejected> {
    const sent = this.options.sign ? this.options.sign(mutation, input) : input;
    const document = commandDocument(mutation, '... on CommandPrepared { commandId act digest lapsesAt }');
    const { outcome } = await this.query<{ outcome: Outcome }>(document, { input: sent });
    const { __typename, ...answer } = outcome;
    const isPrepared = __typename === 'CommandPrepared';
    return { accepted: __typename === 'CommandAccepted', ...(isPrepared && { prepared: true }), ...answer } as
      CommandPrepared | CommandAccepted | CommandRejected;
  }

  /** Subscribes over a WebSocket; all subscriptions of a client share one connection. */
  subscribe<T>(document: string, variables: Variables = {}): Subscription<T> {
    return this.#opening<T>(document, variables, (operation, listener, signal) =>
      this.#sockets.subscribe(operation, listener, signal),
    );
  }

  /** Subscribes over server-sent events, for networks that let only HTTP through; one connection each. */
  subscribeBySse<T>(document: string, variables: Variables = {}): Subscription<T> {
    return this.#opening<T>(document, variables, async (operation, listener, signal) => {
      try {
        const response = await this.#post(operation, 'text/event-stream', signal);
        if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
          const { errors = [{ message: 'The answer is no stream of events.' }] } = await this.#answerOf(response);
          throw LodestoneError.answered(errors, response.status, correlationOf(response));
        }
        listener.opened();
        await readServerSentEvents(this.options.url, response.body!, listener);
      } catch (error) {
        if (signal.aborted) return;
        throw error instanceof LodestoneError ? error : LodestoneError.unreachable(this.options.url, error);
      }
    });
  }

  /** Ends all subscriptions of this client. */
  async close(): Promise<void> {
    for (const subscription of [...this.#open]) subscription.stop();
    await this.#sockets.close();
  }

  #opening<T>(query: string, variables: Variables, channel: Channel): Subscription<T> {
    const subscription: Subscription<T> = new Subscription<T>({ query, variables }, channel, () =>
      this.#open.delete(subscription),
    );
    this.#open.add(subscription);
    return subscription;
  }

  get #patienceMs(): number {
    return this.options.patienceMs ?? PATIENCE_MS;
  }

  /** Whoever asks more often than one may is told when to come again; nothing of such a request was carried out. */
  async #patiently(ask: () => Promise<Response>): Promise<Response> {
    const givesUpAt = performance.now() + this.#patienceMs;
    for (;;) {
      const response = await ask();
      const waitMs = Number(response.headers.get('retry-after')) * 1000;
      if (response.status !== 429 || !(waitMs > 0) || performance.now() + waitMs > givesUpAt) return response;
      await response.body?.cancel();
      await pause(waitMs);
    }
  }

  async #post(body: object, accept: string, signal: AbortSignal): Promise<Response> {
    const { url } = this.options;
    const headers = {
      authorization: await this.#authorization(),
      'content-type': 'application/json',
      accept,
      ...this.#capacity(),
    };
    return fetch(url, { method: 'POST', headers, body: JSON.stringify(body), signal }).catch((cause: unknown) => {
      throw LodestoneError.unreachable(url, cause);
    });
  }

  async #answerOf<T>(response: Response): Promise<{ data?: T | null; errors?: AnswerError[] }> {
    const text = await response.text().catch((cause: unknown) => {
      throw LodestoneError.unreachable(this.options.url, cause);
    });
    try {
      const answer = JSON.parse(text) as { data?: T | null; errors?: AnswerError[] };
      if ('data' in answer || Array.isArray(answer.errors)) return answer;
    } catch {
      // Said below, with what was answered instead.
    }
    throw LodestoneError.notGraphql(this.options.url, response.status, correlationOf(response), text);
  }

  #capacity(): Record<string, string> {
    const { actingFor } = this.options;
    return actingFor === undefined ? {} : { 'Lodestone-Acting-For': actingFor };
  }

  async #authorization(): Promise<string> {
    const { token } = this.options;
    return `Bearer ${typeof token === 'string' ? token : await token()}`;
  }
}

type Outcome = { readonly __typename: 'CommandAccepted' | 'CommandPrepared' | 'CommandRejected' };

/** By the contract, the input of `proposeProject` is a `ProposeProjectInput`. */
const commandDocument = (mutation: string, more = ''): string =>
  `mutation ($input: ${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input!) { outcome: ${mutation}(input: $input) { __typename
    ... on CommandAccepted { commandId recordId recorded revision position receipt }
    ... on CommandRejected { code message details } ${more} } }`;

const correlationOf = (response: Response): string | null => response.headers.get('x-correlation-id');
