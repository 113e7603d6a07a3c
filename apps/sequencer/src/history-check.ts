import type { LogStore } from '@adapters/transparency-log-sqlite';
import {
  type EventStore,
  HIDDEN,
  historyDifference,
  inBatches,
  isUnreadable,
  leafInLog,
  type StoredEvent,
  streamOf,
  type Unreadable,
  unopened,
} from '@foundation/eventing';
import { HASH_LENGTH, leafHash, TILE_WIDTH } from '@foundation/transparency';
import { setTimeout as pause } from 'node:timers/promises';
import { LogRefused } from './log-refused.js';

/** Events that are looked at in one step. */
const STEP = 256;

/** The history, with what is hidden of it. */
export type History = EventStore & { hidden(): Promise<readonly string[]> };

/** Holds the history against the log, event by event: leaves, order, count, and the contents that stand open. */
export class HistoryCheck {
  constructor(
    private readonly history: History,
    private readonly store: LogStore,
    /**
     * Told of what is not as the platform writes it, and of what others hide from those who read its stream: it has its
     * leaf, and stops nothing.
     */
    private readonly onUnreadable: (event: Unreadable) => void,
  ) {}

  /**
   * Goes through the whole history once, as far as the log has leaves.
   *
   * @param pauseMs milliseconds between two steps, in which others have their turn
   * @throws LogRefused that names the first event that is not as the log has it
   */
  async pass(signal: AbortSignal, pauseMs = 0): Promise<void> {
    const { size } = this.store;
    if (size === 0) return;
    const hidden = new Set(await this.history.hidden());
    const over = new AbortController();
    const source = this.history.follow({ after: null, signal: AbortSignal.any([signal, over.signal]) });
    try {
      let index = 0;
      for await (const batch of inBatches(source, STEP)) {
        const events = batch.filter((item) => item !== 'caughtUp').slice(0, size - index);
        this.#requireSame(index, events);
        for (const event of events)
          if (hidden.has(streamOf(event)) && !isUnreadable(event)) this.onUnreadable(unopened(event, HIDDEN));
        index += events.length;
        if (index === size || signal.aborted) return;
        if (batch.includes('caughtUp')) this.#require(index, this.#leaves(index, 1)[0]!, null);
        await pause(pauseMs, null, { signal }).catch(() => undefined);
      }
    } finally {
      over.abort();
    }
  }

  #requireSame(from: number, events: readonly (StoredEvent | Unreadable)[]): void {
    const leaves = this.#leaves(from, events.length);
    events.forEach((event, at) => {
      this.#require(from + at, leaves[at]!, event);
      const { unreadable } = leafInLog(event);
      if (unreadable) this.onUnreadable(unreadable);
    });
  }

  #leaves(from: number, count: number): readonly string[] {
    const leaves = this.store.leaves(from, from + count).map(({ text }) => text);
    if (leaves.length < count)
      throw new LogRefused(`The log has no leaf ${from + leaves.length}: its database is damaged.`);
    return leaves;
  }

  #require(index: number, leaf: string, event: StoredEvent | Unreadable | null): void {
    const hash = this.store.tile({ level: 0, index: Math.floor(index / TILE_WIDTH) });
    const at = (index % TILE_WIDTH) * HASH_LENGTH;
    if (!hash || Buffer.compare(leafHash(Buffer.from(leaf)), hash.subarray(at, at + HASH_LENGTH)) !== 0) {
      throw new LogRefused(
        `Leaf ${index} of the log's database is not the one that was hashed: it was changed. Remove the database, so that ` +
          'the log is derived from the history again. Nothing is signed.',
      );
    }
    const difference = historyDifference(index, leaf, event);
    if (difference) {
      throw new LogRefused(
        `${difference.message} The event store was rolled back or changed. Restore the newest backup; until then nothing is signed.`,
      );
    }
  }
}
