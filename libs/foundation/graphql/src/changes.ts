import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { ChangeFeed, FeedExpired, ReadModels, type Change } from '@foundation/eventing';
import type { AnyView, Marked, Principal, Reader } from '@kernel';
import { Principals, type Caller } from './caller.js';
import { retryOutage } from './retry-outage.js';
import { BadToken, OpaqueTokens } from './opaque-tokens.js';
import { readerOf, SEEN, SubscriberMemory, type Shown } from './subscriber-memory.js';
import { PendingChanges } from './pending-changes.js';

const BATCH = 500;
const RETRY_MS = 500;

export type Delivered<Row> = {
  readonly cursor: string;
  readonly key: string;
  /**
   * Null: the reader could see the record when it was last told of it, or at its cursor, and can no longer, or it is no
   * longer there. It is told when that comes about, and not when the record changes next, which is nothing of the
   * reader's any more.
   */
  readonly row: Row | null;
  readonly who: Principal;
};

/** Where a subscription stands: everything up to a number in the feed has been told, to a reader with these rights. */
type Standing = { readonly number: bigint; readonly reader: Reader };

/**
 * Subscriptions: one reader of the change feed per node, however many clients. A subscriber is told of a record when, and
 * only when, what it is shown of it has become another: by a change of the record or of its audience, by time, or because
 * its own rights are others. What changes for others is silent. Whether there is something to tell is decided from the
 * announcements; what is delivered goes through the read gateway with the subscriber's rights at that moment.
 */
@Injectable()
export class Changes {
  readonly #subscribers = new Set<PendingChanges>();
  readonly #started = Promise.withResolvers<void>();
  #head: bigint | null = null;
  #isReading = false;
  #again = false;

  constructor(
    private readonly feed: ChangeFeed,
    private readonly reads: ReadModels,
    private readonly seal: OpaqueTokens,
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

  /**
   * The records of a view as they change, from after a cursor or from now on.
   * @throws BadToken for a cursor of another view, person, capacity or purpose
   */
  async of<Row extends Marked>(
    view: AnyView,
    caller: Caller,
    after: string | undefined,
  ): Promise<AsyncGenerator<Delivered<Row>>> {
    // Asked once before anything is delivered, so that who is not signed in hears it at once.
    const { who } = caller;
    const resumed = after == null ? null : this.#resumed(view, caller, after);
    await this.#started.promise;
    // Whether the feed still goes so far back is told at once.
    if (resumed !== null) await this.feed.after(resumed.number, 1);
    const standing = resumed ?? { number: this.#head!, reader: readerOf(view, who) };
    // It reads in the feed first, whatever has come since.
    const waiting = new PendingChanges(view.name, standing.number);
    this.#subscribers.add(waiting);
    const delivered = this.#delivered<Row>(new SubscriberMemory(view, caller), waiting, standing);
    // A generator that waits does not hear its reader leave.
    const leave = delivered.return.bind(delivered);
    delivered.return = (value) => {
      waiting.leave();
      return leave(value);
    };
    return delivered;
  }

  async *#delivered<Row extends Marked>(
    told: SubscriberMemory,
    waiting: PendingChanges,
    from: Standing,
  ): AsyncGenerator<Delivered<Row>> {
    let standing = from;
    try {
      for (;;) {
        if (waiting.isBehind || !isDeepStrictEqual(told.reader, standing.reader)) {
          standing = yield* this.#caughtUp<Row>(told, waiting, standing);
          continue;
        }
        const batch = await waiting.next(told.caller.expiresAt);
        if (batch === null) return;
        if (batch.length > 0) standing = yield* this.#asTheyCome<Row>(told, waiting, standing, batch);
      }
    } finally {
      this.#subscribers.delete(waiting);
    }
  }

  /**
   * Tells of what has just come, each record once and in its latest state. Falls behind where the rights change meanwhile.
   * @returns where the subscription stands then
   */
  async *#asTheyCome<Row extends Marked>(
    told: SubscriberMemory,
    waiting: PendingChanges,
    { number, reader }: Standing,
    batch: readonly Change[],
  ): AsyncGenerator<Delivered<Row>, Standing> {
    const changes = inOnes(batch);
    const concerning = new Map<Change, Shown>();
    for (const change of changes) {
      const known = told.known(change.key, change.before, reader);
      if (known !== told.shown(change.key, change.after, reader)) concerning.set(change, known);
    }
    const keys = [...concerning.keys()].map(({ key }) => key);
    const rows = await this.#rows<Row>(told.view, told.caller.who, keys);
    let standing: Standing = { number, reader };
    for (const [index, change] of changes.entries()) {
      // The reader may take its time, and its rights may change meanwhile.
      if (!isDeepStrictEqual(told.reader, reader)) {
        waiting.fallBehind();
        return standing;
      }
      // A record that is still to come may have changed first before this one changed last.
      standing = { number: (changes[index + 1]?.number ?? batch.at(-1)!.number + 1n) - 1n, reader };
      const row = rows.get(change.key) ?? null;
      const shown = told.shownOf(row, reader);
      if (!concerning.has(change)) continue;
      if (concerning.get(change) === shown) told.remember(change.key, shown);
      else yield this.#telling(told, change.key, row, shown, standing);
    }
    return standing;
  }

  /**
   * Tells of everything between where the subscription stands and now: what has changed, and what has come into sight or
   * gone out of it with the reader's rights. Begins anew where these change meanwhile.
   */
  async *#caughtUp<Row extends Marked>(
    told: SubscriberMemory,
    waiting: PendingChanges,
    standing: Standing,
  ): AsyncGenerator<Delivered<Row>, Standing> {
    for (;;) {
      const { who } = told.caller;
      const reader = readerOf(told.view, who);
      const isSame = isDeepStrictEqual(reader, standing.reader);
      if (!isSame) told.forgetWhat();
      const isStill = (): boolean => isDeepStrictEqual(told.reader, reader);
      // In this order: what changes after it was looked at is told by its announcement, now or later.
      const moved = await this.#moved(told.view, who, standing.reader, reader);
      const number = await retryOutage(() => this.feed.latest());
      waiting.continueAfter(number);
      // Held back until it is known what follows: with other rights, the last alone carries a cursor from which all was told.
      let held: ((at: Standing) => Delivered<Row>) | null = null;
      for await (const page of this.#between(told, standing, { number, reader }, moved)) {
        const rows = await this.#rows<Row>(told.view, who, [...page.keys()]);
        for (const [key, { known, number: first }] of page) {
          const row = rows.get(key) ?? null;
          const shown = told.shownOf(row, reader);
          if (known === shown) continue;
          if (!isStill()) break;
          if (held) yield held(isSame ? { number: first - 1n, reader } : standing);
          held = (at) => this.#telling(told, key, row, shown, at);
        }
        if (!isStill()) break;
      }
      const end: Standing = { number, reader };
      if (held && isStill()) yield held(end);
      if (isStill()) return end;
    }
  }

  /** What a delivery says; from here on it counts as told. */
  #telling<Row extends Marked>(
    told: SubscriberMemory,
    key: string,
    row: Row | null,
    shown: Shown,
    at: Standing,
  ): Delivered<Row> {
    told.remember(key, shown);
    told.caller.renewBudget();
    return { cursor: this.#cursor(told, at), key, row, who: told.caller.who };
  }

  /** In pages, the rows that were announced in between, and then those that moved without that, with what is known of each. */
  async *#between(
    told: SubscriberMemory,
    { number, reader }: Standing,
    to: Standing,
    moved: Map<string, Shown>,
  ): AsyncGenerator<ReadonlyMap<string, { readonly known: Shown; readonly number: bigint }>> {
    const readers = isDeepStrictEqual(reader, to.reader) ? [reader] : [reader, to.reader];
    for (let from = number; ;) {
      const page = await retryOutage(() =>
        this.feed.firstOfEach(told.view.name, { number, to: to.number, from, readers }, BATCH),
      );
      if (page.length === 0) break;
      from = page.at(-1)!.number;
      for (const { key } of page) moved.delete(key);
      yield new Map(
        page.map(({ key, before, number }) => [key, { known: told.known(key, before, reader, to.reader), number }]),
      );
    }
    const rest = [...moved].map(([key, was]) => {
      const last = told.last(key);
      return [key, { known: last === undefined ? was : last, number: to.number }] as const;
    });
    for (let from = 0; from < rest.length; from += BATCH) yield new Map(rest.slice(from, from + BATCH));
  }

  /** The rows that are in sight with one of two readers' rights alone, with what the first was shown of them. */
  async #moved(view: AnyView, who: Principal, one: Reader, other: Reader): Promise<Map<string, Shown>> {
    if (isDeepStrictEqual(one, other)) return new Map();
    // The readers are of this view, so that no mandate narrows them once more.
    const [before, now] = [one, other].map((reader): Principal => ({ ...who, ...reader, mandate: null }));
    const [lost, gained] = await retryOutage(() =>
      Promise.all([this.reads.onlyFor(view, before!, now!), this.reads.onlyFor(view, now!, before!)]),
    );
    return new Map([...lost.map((key) => [key, SEEN] as const), ...gained.map((key) => [key, null] as const)]);
  }

  /** It says for whom it is, since what is told after it hangs on what that one could see. */
  #cursor({ view, caller }: SubscriberMemory, { number, reader }: Standing): string {
    return this.seal.close('change', [...placeOf(view, caller), number.toString(), JSON.stringify(reader)]);
  }

  #resumed(view: AnyView, caller: Caller, cursor: string): Standing {
    const opened = this.seal.open('change', cursor);
    const place = placeOf(view, caller);
    if (opened.length !== place.length + 2 || place.some((each, index) => each !== opened[index])) throw new BadToken();
    const [number, reader] = opened.slice(place.length) as [string, string];
    return { number: BigInt(number), reader: JSON.parse(reader) as Reader };
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
    return keys.length === 0 ? new Map() : await retryOutage(() => this.reads.find<Row>(view, who, keys));
  }
}

/** Of which subscription a cursor is: a view, and the capacity and purpose in which somebody reads it. */
const placeOf = ({ name }: AnyView, { identity, who }: Caller): readonly string[] => [
  name,
  identity!.person,
  identity!.actingFor ?? '',
  who.exports ? 'EXPORT' : 'READ',
];

/** One change of each record, from what it was before the first to what it is after the last, by the number of the first. */
const inOnes = (changes: readonly Change[]): readonly Change[] => {
  const ones = new Map<string, Change>();
  for (const change of changes) ones.set(change.key, { ...(ones.get(change.key) ?? change), after: change.after });
  return [...ones.values()];
};
