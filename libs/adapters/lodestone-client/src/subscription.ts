import { setTimeout as pause } from 'node:timers/promises';
import { LodestoneError } from './lodestone-error.js';

export type Operation = { readonly query: string; readonly variables: Readonly<Record<string, unknown>> };

/** Where a channel puts what it gets. */
export type Listener<T> = {
  /** The server has taken the subscription up: what changes from now on is delivered. */
  readonly opened: () => void;
  readonly next: (data: T) => void;
};

/**
 * One connection's worth of a subscription. Resolves when the server completes it or the signal ends it.
 * @throws LodestoneError when the connection breaks or the server refuses
 */
export type Channel = <T>(operation: Operation, listener: Listener<T>, signal: AbortSignal) => Promise<void>;

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

/**
 * What is delivered, one item after the other, for one reader. A broken connection is made anew; where the document
 * declares `$after: Cursor` and items carry a `cursor`, it goes on after the last one, so that nothing is missed and
 * nothing comes twice. Leaving a `for await` loop stops it.
 */
export class Subscription<T> implements AsyncIterableIterator<T> {
  /** Resolves when the server has taken the subscription up; rejects when it refuses, or when the subscription is stopped before. */
  readonly opened: Promise<void>;
  readonly #opened = Promise.withResolvers<void>();
  readonly #stopping = new AbortController();
  readonly #items: T[] = [];
  #news = Promise.withResolvers<void>();
  #ended: { readonly error: LodestoneError | null } | null = null;
  #cursor: string | null = null;
  #isRead = false;

  constructor(
    private readonly operation: Operation,
    private readonly channel: Channel,
    private readonly onEnd: () => void,
  ) {
    this.opened = this.#opened.promise;
    // Whoever does not wait for it hears of the failure from the iteration.
    this.opened.catch(() => undefined);
    void this.#run();
  }

  /** Ends the subscription; what was delivered before can still be read. */
  stop(): void {
    this.#stopping.abort();
    this.#end(null);
  }

  async next(): Promise<IteratorResult<T>> {
    for (;;) {
      if (this.#items.length > 0) return { done: false, value: this.#items.shift()! };
      if (this.#ended?.error && !this.#isRead) {
        this.#isRead = true;
        throw this.#ended.error;
      }
      if (this.#ended) return { done: true, value: undefined };
      await this.#news.promise;
      this.#news = Promise.withResolvers<void>();
    }
  }

  return(): Promise<IteratorResult<T>> {
    this.stop();
    this.#items.length = 0;
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    let failures = 0;
    const listener: Listener<T> = {
      opened: () => {
        failures = 0;
        this.#opened.resolve();
      },
      next: (data) => {
        if (this.#ended) return;
        failures = 0;
        this.#cursor = cursorOf(data) ?? this.#cursor;
        this.#items.push(data);
        this.#news.resolve();
      },
    };
    while (!signal.aborted) {
      try {
        await this.channel(this.#resuming(), listener, signal);
        return this.#end(null);
      } catch (error) {
        if (!(error instanceof LodestoneError) || !error.isOutage) return this.#end(error as LodestoneError);
        await pause(Math.min(FIRST_PAUSE_MS * 2 ** failures++, LONGEST_PAUSE_MS), null, { signal }).catch(
          () => undefined,
        );
      }
    }
  }

  #resuming(): Operation {
    const { query, variables } = this.operation;
    const isResumable = this.#cursor !== null && /\$after\b/.test(query);
    return isResumable ? { query, variables: { ...variables, after: this.#cursor } } : this.operation;
  }

  #end(error: LodestoneError | null): void {
    if (this.#ended) return;
    this.#ended = { error };
    this.onEnd();
    this.#opened.reject(error ?? new Error('The subscription was stopped before the server took it up.'));
    this.#news.resolve();
  }
}

/** The cursor beside what changed: `{ projectChanged: { cursor, project } }`. */
const cursorOf = (data: unknown): string | null => {
  for (const field of Object.values(data ?? {})) {
    const cursor = (field as { cursor?: unknown } | null)?.cursor;
    if (typeof cursor === 'string') return cursor;
  }
  return null;
};
