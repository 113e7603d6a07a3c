import { Injectable } from '@nestjs/common';
import { ChangeFeed, FeedExpired, ReadModels, type Change } from '@foundation/eventing';
import type { AnyView, Marked, Principal } from '@kernel';
import { LRUCache } from 'lru-cache';
import { isDeepStrictEqual } from 'node:util';
import { Principals, type Caller } from './caller.js';
import { BadToken, Seal } from './seal.js';

const BATCH = 500;
/** Changes that may wait for one subscriber; with more, it reads on in the feed, at its own pace. */
const MOST_WAITING = 1_000;
const RETRY_MS = 500;
/** How often a subscription asks for its rows before it gives up. */
const PATIENCE = 20;
/** Delivered records whose disappearance a subscription still tells. */
const MOST_REMEMBERED = 10_000;
/** The longest that a timer can wait. */
const LONGEST_TIMER_MS = 2_147_483_647;

export type Delivered<Row> = {
  readonly cursor: string;
  readonly key: string;
  /**
   * Null: this subscription has delivered the record before, and it is no longer the reader's to see, or no longer there.
   * It is told when that comes about, and not when the record changes next, which is nothing of the reader's any more.
   */
  readonly row: Row | null;
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
    principals: Principals,
  ) {
    principals.onChange(() => {
      for (const subscriber of this.#subscribers) subscriber.wake();
    });
  }

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
    // Whether the feed still goes so far back is told at once.
    if (resumeAfter !== null) await this.feed.after(resumeAfter, 1);
    const waiting = new Waiting(view.name, resumeAfter);
    this.#subscribers.add(waiting);
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
    const delivered = new LRUCache<string, true>({ max: MOST_REMEMBERED });
    const cursorAt = (number: bigint): string => this.seal.close('change', [view.name, number.toString()]);
    let last = 0n;
    let known: Principal | null = null;
    try {
      for (;;) {
        const batch = await waiting.next(caller.expiresAt, (after) => patiently(() => this.feed.after(after, BATCH)));
        if (batch === null) return;
        let { who } = caller;
        if (known !== null && !isDeepStrictEqual(who, known)) {
          const told = [...delivered.rkeys()];
          const left = await this.#rows<Row>(view, who, told);
          for (const key of told)
            if (!left.has(key) && delivered.delete(key)) yield { cursor: cursorAt(last), key, row: null, who };
        }
        known = who;
        let rows = await this.#rows<Row>(view, who, keysOf(batch));
        for (const [index, { key, number }] of batch.entries()) {
          // The reader may take its time, and its rights may change meanwhile.
          const now = caller.who;
          if (!isDeepStrictEqual(now, who)) rows = await this.#rows<Row>(view, now, keysOf(batch.slice(index)));
          who = now;
          const row = rows.get(key) ?? null;
          // Of what the reader never saw here, it does not hear either that it is gone.
          if (row === null && !delivered.delete(key)) continue;
          if (row !== null) delivered.set(key, true);
          caller.renewBudget();
          last = number;
          yield { cursor: cursorAt(number), key, row, who };
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
          for (const subscriber of this.#subscribers) subscriber.offer(changes);
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

  /** The rows as this reader may see them. */
  async #rows<Row extends Marked>(
    view: AnyView,
    who: Principal,
    keys: readonly string[],
  ): Promise<ReadonlyMap<string, Row>> {
    return keys.length === 0 ? new Map() : await patiently(() => this.reads.find<Row>(view, who, keys));
  }
}

const keysOf = (changes: readonly Change[]): readonly string[] => changes.map(({ key }) => key);

/** A subscription outlives a short outage of the read store. */
const patiently = async <T>(ask: () => Promise<T>): Promise<T> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      if (attempt === PATIENCE || error instanceof FeedExpired) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
};

/**
 * What one subscriber has not been told yet: the latest change of each record. Whether a change is the subscriber's to
 * see is not known here, so their number must show in nothing that it is told.
 */
class Waiting {
  #changes = new Map<string, Change>();
  /** Where the subscriber stands in the feed while it reads there for itself; null while it is told of what comes. */
  #behind: bigint | null;
  /** The latest change that was offered, and the last one that it read for itself. */
  #latest = 0n;
  #readUpTo = 0n;
  #hasLeft = false;
  #failure: Error | null = null;
  #news = Promise.withResolvers<void>();

  /** @param after where it stands in the feed; null: at its end */
  constructor(
    private readonly view: string,
    after: bigint | null,
  ) {
    this.#behind = after;
  }

  offer(changes: readonly Change[]): void {
    for (const change of changes) {
      if (change.view !== this.view || change.number <= this.#readUpTo) continue;
      this.#latest = change.number;
      if (this.#behind === null) latestOf(this.#changes, change);
    }
    if (this.#changes.size > MOST_WAITING) {
      this.#behind = this.#changes.values().next().value!.number - 1n;
      this.#changes.clear();
    }
    if (this.#changes.size > 0 || this.#behind !== null) this.#news.resolve();
  }

  /**
   * The changes since the last time, once there are any; null when the reader has left. Also resolves, empty, at the time given
   * and when it is woken.
   * @param read the feed after a number
   */
  async next(until: number, read: (after: bigint) => Promise<readonly Change[]>): Promise<readonly Change[] | null> {
    while (this.#behind !== null && !this.#hasLeft && !this.#failure) {
      const page = await read(this.#behind);
      const last = page.at(-1)?.number;
      if (last !== undefined) {
        this.#behind = last;
        const own = new Map<string, Change>();
        for (const change of page) if (change.view === this.view) latestOf(own, change);
        if (own.size > 0) return [...own.values()];
      } else if (this.#latest <= this.#behind) {
        this.#readUpTo = this.#behind;
        this.#behind = null;
      }
    }
    if (this.#changes.size === 0 && !this.#hasLeft && !this.#failure) await this.#newsOr(until);
    if (this.#hasLeft) return null;
    if (this.#failure) throw this.#failure;
    const batch = [...this.#changes.values()];
    this.#changes = new Map();
    this.#news = Promise.withResolvers<void>();
    return batch;
  }

  fail(failure: Error): void {
    this.#failure = failure;
    this.#news.resolve();
  }

  /** Has the rights looked at, though nothing has changed. */
  wake(): void {
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

/** Deleted first, so that the map stays in the order of the latest changes. */
const latestOf = (changes: Map<string, Change>, change: Change): void => {
  changes.delete(change.key);
  changes.set(change.key, change);
};
