import { isDeepStrictEqual } from 'node:util';
import type { AnyView, Marked } from '@kernel';
import { inBatches } from './batches.js';
import type { EventStore, StoredEvent } from './event-store.js';
import { concerns, keysTouched, rowAfter } from './projection.js';
import { ReadStoreUnavailable, type ChangedRows, type HeldViews, type ProjectionStore } from './projection-store.js';

const BATCH = 1_000;
const PAUSE_MS = { first: 250, longest: 5_000 };

/** What the projector tells its surroundings. */
export type ProjectorReport = {
  /** Views have read the history to its end and are open to readers. */
  caughtUp(views: readonly AnyView[]): void;
  /** A view cannot digest an event. It stands still until it is mended; the others go on. */
  viewStopped(view: AnyView, reason: unknown): void;
  /** A store did not answer; the projector tries again. */
  interrupted(reason: unknown): void;
};

/** The one loop that keeps the read models: it follows the history and writes rows and checkpoints together. */
export class Projector {
  readonly #events: EventStore;
  readonly #store: ProjectionStore;
  readonly #views: readonly AnyView[];
  readonly #report: ProjectorReport;

  constructor(events: EventStore, store: ProjectionStore, views: readonly AnyView[], report: ProjectorReport) {
    this.#events = events;
    this.#store = store;
    this.#views = views;
    this.#report = report;
  }

  /** Runs until the signal aborts, through any outage of either store. */
  async run(signal: AbortSignal): Promise<void> {
    const stopped = new Set<AnyView>();
    let pause = PAUSE_MS.first;
    while (!signal.aborted) {
      const attempt = new AbortController();
      const either = AbortSignal.any([signal, attempt.signal]);
      try {
        const groups = await this.#groups(stopped);
        // One group that loses a store ends the others too, so that all start again together.
        await Promise.all(
          groups.map((views) =>
            this.#follow(views, stopped, either, () => (pause = PAUSE_MS.first)).finally(() => attempt.abort()),
          ),
        );
      } catch (error) {
        if (!signal.aborted) this.#report.interrupted(error);
      }
      if (!signal.aborted) await sleep(pause, signal);
      pause = Math.min(pause * 2, PAUSE_MS.longest);
    }
  }

  /** Views that stand at the same place travel together; one that is rebuilt travels on its own and holds nobody up. */
  async #groups(stopped: ReadonlySet<AnyView>): Promise<AnyView[][]> {
    const running = this.#views.filter((view) => !stopped.has(view));
    const positions = await this.#store.prepare(running);
    return [...Map.groupBy(running, (view) => positions.get(view.name) ?? null).values()];
  }

  async #follow(
    group: readonly AnyView[],
    stopped: Set<AnyView>,
    signal: AbortSignal,
    onProgress: () => void,
  ): Promise<void> {
    await using held = await this.#store.hold(group, signal);
    const running = new Set(group);
    const start = [...held.positions.values()].reduce((least, each) =>
      least === null || each === null || each < least ? each : least,
    );
    const over = new AbortController();
    const history = this.#read(
      this.#events.follow({ after: start ?? null, signal }),
      running,
      stopped,
      held,
      onProgress,
    );
    await Promise.all([history.finally(() => over.abort()), held.keepTime(AbortSignal.any([signal, over.signal]))]);
  }

  async #read(
    source: AsyncIterable<StoredEvent | 'caughtUp'>,
    running: Set<AnyView>,
    stopped: Set<AnyView>,
    held: HeldViews,
    onProgress: () => void,
  ): Promise<void> {
    for await (const batch of inBatches(source, BATCH)) {
      const events = batch.filter((item) => item !== 'caughtUp');
      if (events.length > 0) {
        await this.#project(events, running, stopped, held);
        onProgress();
      }
      if (batch.includes('caughtUp')) {
        await held.publish([...running]);
        this.#report.caughtUp([...running]);
      }
    }
  }

  async #project(
    events: readonly StoredEvent[],
    running: Set<AnyView>,
    stopped: Set<AnyView>,
    held: HeldViews,
  ): Promise<void> {
    const position = events[events.length - 1]!.position;
    const stop = async (view: AnyView, reason: unknown): Promise<void> => {
      running.delete(view);
      stopped.add(view);
      this.#report.viewStopped(view, reason);
      await held.fail(view, reason instanceof Error ? reason.message : String(reason));
    };

    const changes = new Map<AnyView, ChangedRows>();
    for (const view of running) {
      const after = held.positions.get(view.name) ?? null;
      const relevant = events.filter(
        ({ position, event }) => (after === null || position > after) && concerns(view, event),
      );
      try {
        changes.set(view, await changedRows(view, relevant, held));
      } catch (error) {
        if (error instanceof ReadStoreUnavailable) throw error;
        await stop(view, error);
      }
    }
    try {
      await held.commit(position, changes);
    } catch (error) {
      if (error instanceof ReadStoreUnavailable) throw error;
      // Some view's rows are not to the store's liking: each alone, to find which.
      for (const [view, rows] of changes) {
        await held.commit(position, new Map([[view, rows]])).catch(async (reason: unknown) => {
          if (reason instanceof ReadStoreUnavailable) throw reason;
          await stop(view, reason);
        });
      }
    }
  }
}

/** The rows as they stand after the events, from the rows as they stood before. */
const changedRows = async (view: AnyView, events: readonly StoredEvent[], held: HeldViews): Promise<ChangedRows> => {
  if (events.length === 0) return new Map();
  const touched = events.map((event) => ({
    event,
    keys: keysTouched(view, event),
  }));
  const keys = [...new Set(touched.flatMap((each) => each.keys))];
  const rows = new Map<string, Marked | null>(await held.rows(view, keys));
  const changed = new Map<string, Marked | null>();
  for (const { event, keys: own } of touched) {
    for (const key of own) {
      const before = rows.get(key) ?? null;
      const row = rowAfter(view, before, event, key);
      // What leaves a row as it was is not announced: it may be about something that the row's readers may not know.
      if (isDeepStrictEqual(before, row)) continue;
      rows.set(key, row);
      changed.set(key, row);
    }
  }
  return changed;
};

const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
