import { createClient, type Client } from 'graphql-ws';
import WebSocket from 'ws';
import { LodestoneError, type AnswerError } from './lodestone-error.js';
import type { Listener, Operation } from './subscription.js';

/** Close code of the server for a token that is refused or has expired. */
const FORBIDDEN = 4403;
const PING_EVERY_MS = 20_000;
const PONG_WITHIN_MS = 10_000;

/** All WebSocket subscriptions of a client, over one connection that is open while there are any. */
export class WebSocketChannel {
  readonly #client: Client;
  /** How many connections the server has acknowledged. */
  #acknowledged = 0;
  #isOpen = false;
  #unanswered: NodeJS.Timeout | undefined;

  constructor(
    private readonly url: string,
    connectionParams: () => Promise<Record<string, string>>,
  ) {
    this.#client = createClient({
      url: url.replace(/^http/, 'ws'),
      webSocketImpl: WebSocket,
      connectionParams,
      // Connecting again is the subscription's own part, which knows where to go on.
      retryAttempts: 0,
      keepAlive: PING_EVERY_MS,
      on: {
        // A connection whose other end has gone without a word is noticed by the answer that does not come.
        ping: (isReceived) => {
          if (!isReceived) this.#unanswered = setTimeout(() => this.#client.terminate(), PONG_WITHIN_MS);
        },
        pong: (isReceived) => {
          if (isReceived) clearTimeout(this.#unanswered);
        },
        connected: () => {
          this.#acknowledged++;
          this.#isOpen = true;
        },
        closed: () => {
          clearTimeout(this.#unanswered);
          this.#isOpen = false;
        },
      },
    });
  }

  subscribe<T>(operation: Operation, listener: Listener<T>, signal: AbortSignal): Promise<void> {
    const acknowledgedBefore = this.#acknowledged;
    const wasOpen = this.#isOpen;
    return new Promise<void>((resolve, reject) => {
      const failed = (failure: unknown): void => {
        const wasAccepted = wasOpen || this.#acknowledged > acknowledgedBefore;
        reject(this.#asError(failure, wasAccepted));
      };
      const unsubscribe = this.#client.subscribe<T>(operation, {
        next: ({ data, errors }) => {
          if (errors) failed(errors);
          else if (data) listener.next(data);
        },
        error: failed,
        complete: resolve,
      });
      // The protocol acknowledges no subscription; a question sent after it is answered once it has been taken up.
      const stopAsking = this.#client.subscribe(
        { query: '{ __typename }' },
        { next: () => listener.opened(), error: () => undefined, complete: () => undefined },
      );
      signal.addEventListener('abort', () => (unsubscribe(), stopAsking(), resolve()), { once: true });
    });
  }

  async close(): Promise<void> {
    await this.#client.dispose();
  }

  #asError(failure: unknown, wasAccepted: boolean): LodestoneError {
    if (Array.isArray(failure)) return LodestoneError.answered(failure as AnswerError[], null, null);
    const { code } = failure as { code?: unknown };
    if (code === FORBIDDEN && !wasAccepted) {
      return LodestoneError.answered(
        [{ message: 'Sign in: the bearer token is refused.', extensions: { code: 'UNAUTHENTICATED' } }],
        null,
        null,
      );
    }
    const cause = (failure as { error?: unknown }).error ?? failure;
    return LodestoneError.unreachable(this.url, cause);
  }
}
