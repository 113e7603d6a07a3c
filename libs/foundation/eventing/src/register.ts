import type { DomainEvent } from '@kernel';
import type { EventStore, StoredEvent, Unreadable } from './event-store.js';
import { isUnreadable, streamOf } from './unreadable.js';

/** Small facts that every request needs, folded from the streams that say them. */
export type RegisterOf<S> = {
  readonly categories: readonly string[];
  readonly initial: S;
  readonly evolve: (state: S, event: DomainEvent, recordId: string) => S;
};

const RETRY_MS = 500;

/** A register kept in memory and up to date: what it says takes effect with the event, and needs no read store. */
export class Register<S> {
  readonly #of: RegisterOf<S>;
  readonly #events: EventStore;
  #state: S;
  #position = -1n;
  /** Streams that hold an event which is not what was recorded: nothing of them counts. */
  readonly #withheld = new Set<string>();
  #isCurrent = false;
  #caughtUp = Promise.withResolvers<void>();
  #moved = Promise.withResolvers<void>();

  constructor(events: EventStore, of: RegisterOf<S>) {
    this.#events = events;
    this.#of = of;
    this.#state = of.initial;
  }

  get state(): S {
    return this.#state;
  }

  /** Whether what happens is seen at once: the history has been read to its end, and its store answers. */
  get isCurrent(): boolean {
    return this.#isCurrent;
  }

  /** Resolves when the register has read the history to its end once. */
  get ready(): Promise<void> {
    return this.#caughtUp.promise;
  }

  /** Resolves when the register has seen its next event. */
  get moved(): Promise<void> {
    return this.#moved.promise;
  }

  /** Resolves when the register has seen this position, or after `patienceMs`. */
  async reached(position: bigint, patienceMs: number): Promise<void> {
    const deadline = AbortSignal.timeout(patienceMs);
    const late = new Promise<void>((resolve) => deadline.addEventListener('abort', () => resolve(), { once: true }));
    while (this.#position < position && !deadline.aborted) await Promise.race([this.#moved.promise, late]);
  }

  /** Follows the history until the signal aborts, through outages of the store. */
  async follow(signal: AbortSignal, onInterruption: (reason: unknown) => void): Promise<void> {
    while (!signal.aborted) {
      try {
        const after = this.#position < 0n ? null : this.#position;
        for await (const item of this.#events.follow({ after, categories: this.#of.categories, signal })) {
          if (item === 'caughtUp') {
            this.#isCurrent = true;
            this.#caughtUp.resolve();
          } else if (!this.#take(item)) {
            break;
          }
        }
      } catch (error) {
        if (!signal.aborted) onInterruption(error);
      }
      this.#isCurrent = false;
      if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref());
    }
  }

  /** @returns false where all is to be folded anew */
  #take(item: StoredEvent | Unreadable): boolean {
    const stream = streamOf(item);
    if (isUnreadable(item) && !this.#withheld.has(stream)) {
      // What the record said before cannot be taken back alone: a revocation that was altered must not leave a role.
      this.#withheld.add(stream);
      this.#state = this.#of.initial;
      this.#position = -1n;
      return false;
    }
    if (!isUnreadable(item) && !this.#withheld.has(stream))
      this.#state = this.#of.evolve(this.#state, item.event, item.recordId);
    this.#position = item.position;
    this.#moved.resolve();
    this.#moved = Promise.withResolvers<void>();
    return true;
  }
}
