import type { AnyView } from '@kernel';
import { inBatches } from './batches.js';
import { changesOf } from './changed-rows.js';
import { asMany, Company, isOfOneView, reasonOf, type Drop } from './company.js';
import type { EventStore, StoredEvent, Unreadable } from './event-store.js';
import { concerns } from './projection.js';
import {
  ReadStoreUnavailable,
  type ChangedRows,
  type HeldViews,
  type ProjectionStore,
  type Withholding,
} from './projection-store.js';
import { isReadable, restoredRows } from './restoring.js';
import { isUnreadable } from './unreadable.js';

const BATCH = 1_000;
const PAUSE_MS = { first: 250, longest: 5_000 };
/** How often it is looked whether what is withheld can be read by now, and at how many records each time. */
const RESTORING = { everyMs: 10_000, most: 20 };

/** What the projector tells its surroundings. */
export type ProjectorReport = {
  /** Views have read the history to its end and are open to readers. */
  caughtUp(views: readonly AnyView[]): void;
  /**
   * A view cannot digest an event, or its table is broken or locked. It stands still, is tried again on its own, and
   * goes on as soon as it can; the others go on meanwhile. Told once for each reason.
   */
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
  /** Why a view does not go on, as it was told. */
  readonly #told = new Map<AnyView, string>();

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
    let pause = PAUSE_MS.first;
    while (!signal.aborted) {
      const attempt = new AbortController();
      const company = new Company(AbortSignal.any([signal, attempt.signal]), () => (pause = PAUSE_MS.first));
      try {
        const { positions, failed } = await this.#store.prepare(this.#views);
        for (const [view, reason] of failed) company.add(this.#alone(view, company, { reason }));
        const sound = this.#views.filter((view) => !failed.has(view));
        // Views that stand at the same place travel together; one that is rebuilt travels on its own and holds nobody up.
        for (const views of Map.groupBy(sound, (view) => positions.get(view.name) ?? null).values())
          company.add(views.length === 1 ? this.#alone(views[0]!, company) : this.#together(views, company));
        await company.gone;
      } catch (error) {
        if (!signal.aborted) this.#report.interrupted(error);
      }
      // A group that loses a store ends all others too, so that all start again together.
      attempt.abort();
      await company.ended();
      if (!signal.aborted) await sleep(pause, signal);
      pause = Math.min(pause * 2, PAUSE_MS.longest);
    }
  }

  /** Views that are written in one transaction. One that cannot be is left behind, and goes on alone. */
  async #together(views: readonly AnyView[], company: Company): Promise<void> {
    let left = views.length;
    await this.#follow(views, company, (view, reason) => {
      left--;
      company.add(this.#alone(view, company, { reason }));
    });
    if (left > 0) company.part();
  }

  /** One view, through whatever befalls it, until the company parts. */
  async #alone(view: AnyView, { signal, onProgress }: Company, before?: { readonly reason: unknown }): Promise<void> {
    let pause = PAUSE_MS.first;
    const failed = (reason: unknown): void => {
      if (signal.aborted) return;
      if (isOfOneView(reason)) this.#stopped(view, reason);
      else this.#report.interrupted(reason);
    };
    if (before) failed(before.reason);
    for (let isFirst = before === undefined; !signal.aborted; isFirst = false) {
      if (!isFirst) await sleep(pause, signal);
      if (signal.aborted) return;
      pause = Math.min(pause * 2, PAUSE_MS.longest);
      try {
        if (!isFirst) for (const reason of (await this.#store.prepare([view])).failed.values()) throw reason;
        await this.#follow(
          [view],
          { signal, onProgress: () => (onProgress(), (pause = PAUSE_MS.first)) },
          (_, reason) => {
            throw reason;
          },
        );
      } catch (error) {
        failed(error);
      }
    }
  }

  #stopped(view: AnyView, reason: unknown): void {
    const told = reasonOf(reason);
    if (this.#told.get(view) === told) return;
    this.#told.set(view, told);
    this.#report.viewStopped(view, reason);
  }

  /**
   * @param leave what becomes of a view that cannot go on with the others
   * @returns when nobody is left, or something that is withheld can be read: then all begin again
   */
  async #follow(
    group: readonly AnyView[],
    { signal, onProgress }: Pick<Company, 'signal' | 'onProgress'>,
    leave: (view: AnyView, reason: unknown) => void,
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
    const drop = async (view: AnyView, reason: unknown): Promise<void> => {
      running.delete(view);
      if (!(reason instanceof ReadStoreUnavailable)) await held.fail(view, reasonOf(reason));
      await held.release(view);
      leave(view, reason);
    };
    await Promise.all([
      this.#read(source, running, drop, held, onProgress).finally(() => over.abort()),
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
    running: ReadonlySet<AnyView>,
    drop: Drop,
    held: HeldViews,
    onProgress: () => void,
  ): Promise<void> {
    for await (const batch of inBatches(source, BATCH)) {
      const events = batch.filter((item) => item !== 'caughtUp');
      if (events.length > 0) {
        await this.#project(events, running, drop, held);
        onProgress();
      }
      if (batch.includes('caughtUp')) {
        await asMany([...running], drop, (views) => held.publish(views));
        for (const view of running) this.#told.delete(view);
        this.#report.caughtUp([...running]);
      }
      if (running.size === 0) return;
    }
  }

  async #project(
    events: readonly (StoredEvent | Unreadable)[],
    running: ReadonlySet<AnyView>,
    drop: Drop,
    held: HeldViews,
  ): Promise<void> {
    const position = events[events.length - 1]!.position;
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
        if (!isOfOneView(error)) throw error;
        await drop(view, error);
      }
    }
    await asMany([...changes.keys()], drop, (views) =>
      held.commit(position, new Map(views.map((view) => [view, changes.get(view)!])), withholding),
    );
  }
}

const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
