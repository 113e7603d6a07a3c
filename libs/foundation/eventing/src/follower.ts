import { isContentWithheld, type Instant } from '@kernel';
import { Errand, pause, type Next } from './errand.js';
import type { EventStore, StoredEvent, Unreadable } from './event-store.js';
import { isUnreadable } from './unreadable.js';

const RETRY_MS = 500;

/** Something that the platform does by itself, by what the history, the clock or its own news tell. */
export type Watch = {
  /** Wire names of the facts that it is told of. */
  readonly types: readonly string[];
  /** Told in the order of the history, from its beginning. */
  note(item: StoredEvent | Unreadable): void;
  /**
   * Does what is to be done now. Asked once all that was recorded before the start has been noted, and again after every
   * fact, at the instant that it names, and when it failed.
   * @throws where a store does not answer
   */
  act(): Promise<Next>;
  /** Listens to news of its own until the signal aborts, and wakes. */
  listen?(wake: () => void, signal: AbortSignal, onInterruption: (reason: unknown) => void): Promise<void>;
};

/**
 * Reads the history from its beginning for all that the platform does by itself, and lets each do it. It keeps nothing:
 * what was done stands in the history. Every node has one; what two do at once is done once, because the record that a
 * command is given to decides. None is needed for a right answer.
 */
export class Follower {
  #position: bigint | null = null;
  readonly #current = Promise.withResolvers<void>();

  constructor(
    private readonly events: EventStore,
    private readonly watches: readonly Watch[],
    private readonly now: () => Instant,
  ) {}

  /** Resolves when the history has been read to its end once. */
  get ready(): Promise<void> {
    return this.#current.promise;
  }

  /** Until the signal aborts, through outages of the stores. */
  async follow(signal: AbortSignal, onInterruption: (reason: unknown) => void): Promise<void> {
    const errands = this.watches.map(
      (watch) =>
        new Errand(async () => {
          await this.#current.promise;
          return watch.act();
        }, this.now),
    );
    signal.addEventListener('abort', () => this.#current.resolve(), { once: true });
    const wakeAll = (): void => errands.forEach(({ wake }) => wake());
    await Promise.all([
      this.#read(signal, wakeAll, onInterruption),
      ...errands.map((errand) => errand.run(signal, onInterruption)),
      ...this.watches.map((watch, index) => watch.listen?.(errands[index]!.wake, signal, onInterruption)),
    ]);
  }

  async #read(signal: AbortSignal, wake: () => void, onInterruption: (reason: unknown) => void): Promise<void> {
    const types = [...new Set(this.watches.flatMap((watch) => watch.types))];
    while (!signal.aborted) {
      try {
        for await (const item of this.events.follow({ after: this.#position, types, signal })) {
          if (item === 'caughtUp') this.#current.resolve();
          else {
            const type = typeOf(item);
            for (const watch of this.watches) if (watch.types.includes(type)) watch.note(item);
            this.#position = item.position;
          }
          wake();
        }
      } catch (error) {
        if (!signal.aborted) onInterruption(error);
      }
      await pause(RETRY_MS, signal);
    }
  }
}

/** As it was recorded, also where its content is withheld. */
const typeOf = (item: StoredEvent | Unreadable): string => {
  if (isUnreadable(item)) return item.type;
  return isContentWithheld(item.event) ? item.event.data.of : item.event.type;
};
