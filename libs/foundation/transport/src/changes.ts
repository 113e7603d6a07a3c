import { Injectable } from '@nestjs/common';
import { ChangeFeed, FeedExpired, ReadModels, type Change } from '@foundation/eventing';
import type { AnyView, Marked, Principal } from '@kernel';
import type { Caller } from './caller.js';
import { tooSlow } from './errors.js';
import { BadToken, Seal } from './seal.js';

const BATCH = 500;
/** Changed records that may wait for one subscriber; more, and it is told to resume. */
const MOST_WAITING = 1_000;
const RETRY_MS = 500;
/** How often a subscription asks for its rows before it gives up. */
const PATIENCE = 20;
/** The longest that a timer can wait. */
const LONGEST_TIMER_MS = 2_147_483_647;

export type Delivered<Row> = {
  readonly cursor: string;
  readonly key: string;
  readonly row: Row;
  readonly who: Principal;
};

/**
 * Subscriptions: one reader of the change feed per node, however many clients. What is delivered goes through the read
 * door with the subscriber's rights at that moment; what it may not see, it does not hear of.
 */
@Injectable()
export class Changes {
  readonly #subscribers = new Set<Waiting>();
  readonly #started = Promise.withResolvers<void>();
  #head: bigint | null = null;
  #isReading = false;
  #again = false;

  constructor(
    private readonly feed: ChangeFeed,
    private readonly reads: ReadModels,
    private readonly seal: Seal,
  ) {}

  /** Starts the node's one reader; it ends with the signal. */
  start(signal: AbortSignal): void {
    this.feed.listen(() => this.#wake(), signal);
    this.#wake();
  }

  /** The records of a view as they change, from after a cursor or from now on. */
  async of<Row extends Marked>(
    view: AnyView,
    caller: Caller,
    after: string | undefined,
  ): Promise<AsyncGenerator<Delivered<Row>>> {
    const resumeAfter = after == null ? null : this.#number(view, after);
    // Asked once before anything is delivered, so that who is not signed in hears it at once.
    void caller.who;
    await this.#started.promise;
    const waiting = new Waiting(view.name);
    this.#subscribers.add(waiting);
    try {
      if (resumeAfter !== null)
        for await (const missed of this.#missed(resumeAfter)) waiting.offer(missed, Number.POSITIVE_INFINITY);
    } catch (error) {
      this.#subscribers.delete(waiting);
      throw error;
    }
    const delivered = this.#delivered<Row>(view, caller, waiting);
    // A generator that waits does not hear its reader leave.
    const leave = delivered.return.bind(delivered);
    delivered.return = (value) => {
      waiting.leave();
      return leave(value);
    };
    return delivered;
  }

  async *#delivered<Row extends Marked>(
    view: AnyView,
    caller: Caller,
    waiting: Waiting,
  ): AsyncGenerator<Delivered<Row>> {
    try {
      for (;;) {
        const batch = await waiting.next(caller.expiresAt);
        if (batch === null) return;
        let { who } = caller;
        let rows = await this.#rows<Row>(view, who, batch);
        for (const [index, { key, number }] of batch.entries()) {
          // The reader may take its time, and its rights may change meanwhile.
          const now = caller.who;
          if (now.audiences.join() !== who.audiences.join())
            rows = await this.#rows<Row>(view, now, batch.slice(index));
          who = now;
          const row = rows.get(key);
          if (row !== undefined) {
            caller.renewBudget();
            yield { cursor: this.seal.close('change', [view.name, number.toString()]), key, row, who };
          }
        }
      }
    } finally {
      this.#subscribers.delete(waiting);
    }
  }

  #number(view: AnyView, cursor: string): bigint {
    const [name, number] = this.seal.open('change', cursor);
    if (name !== view.name) throw new BadToken();
    return BigInt(number as string);
  }

  async *#missed(after: bigint): AsyncGenerator<readonly Change[]> {
    for (let from = after; ;) {
      const changes = await this.feed.after(from, BATCH);
      if (changes.length === 0) return;
      yield changes;
      from = changes.at(-1)!.number;
    }
  }

  #wake(): void {
    this.#again = true;
    if (!this.#isReading) void this.#read();
  }

  async #read(): Promise<void> {
    this.#isReading = true;
    while (this.#again) {
      this.#again = false;
      try {
        this.#head ??= await this.feed.latest();
        this.#started.resolve();
        for await (const changes of this.#missed(this.#head)) {
          this.#head = changes.at(-1)!.number;
          for (const subscriber of this.#subscribers) subscriber.offer(changes, MOST_WAITING);
        }
      } catch (error) {
        this.#again = true;
        if (error instanceof FeedExpired) {
          // The announcements begin anew. Nobody knows what was missed, so each subscriber is told to read its list.
          this.#head = null;
          for (const subscriber of this.#subscribers) subscriber.fail(error);
          continue;
        }
        // The read store is away; it is asked again until it is back.
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref());
      }
    }
    // In the same step as the last look, so that no news falls between.
    this.#isReading = false;
  }

  /** The rows as this reader may see them. A subscription outlives a short outage of the read store. */
  async #rows<Row extends Marked>(
    view: AnyView,
    who: Principal,
    changes: readonly Change[],
  ): Promise<ReadonlyMap<string, Row>> {
    const keys = changes.map(({ key }) => key);
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.reads.find<Row>(view, who, keys);
      } catch (error) {
        if (attempt === PATIENCE) throw error;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }
}

/** What one subscriber has not been told yet: the latest change of each record. */
class Waiting {
  #changes = new Map<string, Change>();
  #overrun = false;
  #hasLeft = false;
  #failure: Error | null = null;
  #news = Promise.withResolvers<void>();

  constructor(private readonly view: string) {}

  offer(changes: readonly Change[], most: number): void {
    const before = this.#changes.size;
    for (const change of changes) {
      if (change.view !== this.view) continue;
      const known = this.#changes.get(change.key);
      if (known && known.number > change.number) continue;
      // Deleted first, so that the map stays in the order of the latest changes.
      this.#changes.delete(change.key);
      this.#changes.set(change.key, change);
    }
    this.#overrun ||= this.#changes.size > most && before > 0;
    if (this.#changes.size > 0) this.#news.resolve();
  }

  /** The changes since the last time, once there are any; null when the reader has left. Also resolves, empty, at the time given. */
  async next(until: number): Promise<readonly Change[] | null> {
    if (this.#changes.size === 0 && !this.#hasLeft) await this.#newsOr(until);
    if (this.#hasLeft) return null;
    if (this.#failure) throw this.#failure;
    if (this.#overrun) throw tooSlow();
    const batch = [...this.#changes.values()].sort((a, b) => (a.number < b.number ? -1 : 1));
    this.#changes = new Map();
    this.#news = Promise.withResolvers<void>();
    return batch;
  }

  fail(failure: Error): void {
    this.#failure = failure;
    this.#news.resolve();
  }

  leave(): void {
    this.#hasLeft = true;
    this.#news.resolve();
  }

  async #newsOr(until: number): Promise<void> {
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, Math.min(Math.max(until - Date.now(), 0), LONGEST_TIMER_MS));
    await Promise.race([this.#news.promise, late.promise]);
    clearTimeout(timer);
  }
}
