import { isDeepStrictEqual } from 'node:util';
import type { AnyView, Marked } from '@kernel';
import { inBatches } from './batches.js';
import type { EventStore, StoredEvent, Unreadable } from './event-store.js';
import { concerns, keysTouched, keysWithheld, rowAfter } from './projection.js';
import {
  ReadStoreUnavailable,
  type ChangedRows,
  type HeldViews,
  type ProjectionStore,
  type Withholding,
} from './projection-store.js';
import { isReadable, restoredRows } from './restoring.js';
import { isUnreadable, streamOf } from './unreadable.js';

const BATCH = 1_000;
const PAUSE_MS = { first: 250, longest: 5_000 };
/** How often it is looked whether what is withheld can be read by now, and at how many records each time. */
const RESTORING = { everyMs: 10_000, most: 20 };

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
  readonly #isRecord: (category: string) => boolean;

  /** @param isRecord of which categories there are records; what cannot be read in other streams concerns no row */
  constructor(
    events: EventStore,
    store: ProjectionStore,
    views: readonly AnyView[],
    report: ProjectorReport,
    isRecord: (category: string) => boolean = () => true,
  ) {
    this.#events = events;
    this.#store = store;
    this.#views = views;
    this.#report = report;
    this.#isRecord = isRecord;
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
    await this.#restore(held);
    const running = new Set(group);
    const start = [...held.positions.values()].reduce((least, each) =>
      least === null || each === null || each < least ? each : least,
    );
    const over = new AbortController();
    const either = AbortSignal.any([signal, over.signal]);
    const source = this.#events.follow({ after: start ?? null, signal: either });
    await Promise.all([
      this.#read(source, running, stopped, held, onProgress).finally(() => over.abort()),
      held.keepTime(either),
      // What is restored is so at a new start, which the end of this makes.
      this.#restorable(held, either).then(() => over.abort()),
    ]);
  }

  /** Resolves when something that is withheld can be read, or the signal aborts. */
  async #restorable(held: HeldViews, signal: AbortSignal): Promise<void> {
    for (let turn = 0; !signal.aborted; turn++) {
      await sleep(RESTORING.everyMs, signal);
      const streams = [...new Set([...held.withheld.values()].flatMap((each) => [...each]))];
      for (let count = 0; count < Math.min(RESTORING.most, streams.length) && !signal.aborted; count++) {
        const stream = streams[(turn * RESTORING.most + count) % streams.length]!;
        if (await isReadable(this.#events, stream)) return;
      }
    }
  }

  /** Brings back the rows of records that can be read by now: a key was brought back, or newer code runs. */
  async #restore(held: HeldViews): Promise<void> {
    const views = [...held.withheld.keys()];
    for (const stream of new Set([...held.withheld.values()].flatMap((each) => [...each]))) {
      const concerned = views.filter((view) => held.withheld.get(view)!.has(stream));
      for (const view of concerned) {
        const position = held.positions.get(view.name) ?? null;
        const rows = position === null ? null : await restoredRows(this.#events, stream, view, position);
        if (position === null || rows === null) break;
        await held.commit(position, new Map([[view, rows]]), new Map([[view, { from: [], noMore: [stream] }]]));
        held.withheld.get(view)!.delete(stream);
      }
    }
  }

  async #read(
    source: AsyncIterable<StoredEvent | Unreadable | 'caughtUp'>,
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
    events: readonly (StoredEvent | Unreadable)[],
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
    const withholding = new Map<AnyView, Withholding>();
    for (const view of running) {
      const after = held.positions.get(view.name) ?? null;
      const relevant = events.filter(
        (each) =>
          (after === null || each.position > after) &&
          (isUnreadable(each) ? this.#isRecord(each.category) : concerns(view, each.event)),
      );
      try {
        const { rows, withheld } = await changesOf(view, relevant, held);
        changes.set(view, rows);
        if (withheld.length > 0) withholding.set(view, { from: withheld, noMore: [] });
      } catch (error) {
        if (error instanceof ReadStoreUnavailable) throw error;
        await stop(view, error);
      }
    }
    try {
      await held.commit(position, changes, withholding);
    } catch (error) {
      if (error instanceof ReadStoreUnavailable) throw error;
      // Some view's rows are not to the store's liking: each alone, to find which.
      for (const [view, rows] of changes) {
        await held.commit(position, new Map([[view, rows]]), withholding).catch(async (reason: unknown) => {
          if (reason instanceof ReadStoreUnavailable) throw reason;
          await stop(view, reason);
        });
      }
    }
  }
}

/** The rows as they stand after the events, from the rows as they stood before; nothing of what is withheld. */
const changesOf = async (
  view: AnyView,
  events: readonly (StoredEvent | Unreadable)[],
  held: HeldViews,
): Promise<{ readonly rows: ChangedRows; readonly withheld: readonly Unreadable[] }> => {
  if (events.length === 0) return { rows: new Map(), withheld: [] };
  const isWithheld = held.withheld.get(view)!;
  const withheld: Unreadable[] = [];
  const touched = events.flatMap((event): { event: StoredEvent | Unreadable; keys: readonly string[] }[] => {
    if (isWithheld.has(streamOf(event))) return [];
    if (!isUnreadable(event)) return [{ event, keys: keysTouched(view, event) }];
    isWithheld.add(event.stream);
    withheld.push(event);
    return [{ event, keys: keysWithheld(view, event) }];
  });
  const keys = [...new Set(touched.flatMap((each) => each.keys))];
  const rows = new Map<string, Marked | null>(await held.rows(view, keys));
  const changed = new Map<string, Marked | null>();
  for (const { event, keys: own } of touched) {
    for (const key of own) {
      const before = rows.get(key) ?? null;
      const row = isUnreadable(event) ? null : rowAfter(view, before, event, key);
      // What leaves a row as it was is not written; it may be about something that the row's readers may not know.
      if (isDeepStrictEqual(before, row)) continue;
      rows.set(key, row);
      changed.set(key, row);
    }
  }
  return { rows: changed, withheld };
};

const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
