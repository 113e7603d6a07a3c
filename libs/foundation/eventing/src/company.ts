import type { AnyView } from '@kernel';
import { EventStoreUnavailable } from './event-store.js';
import { ReadStoreUnavailable, ViewLocked } from './projection-store.js';

/** Takes a view out of those that go on together. */
export type Drop = (view: AnyView, reason: unknown) => Promise<void>;

/** What runs at the same time, and parts at the first outage. */
export class Company {
  readonly #members = new Set<Promise<void>>();
  readonly #gone = Promise.withResolvers<void>();

  constructor(
    readonly signal: AbortSignal,
    readonly onProgress: () => void,
  ) {
    signal.addEventListener('abort', () => this.#gone.resolve(), { once: true });
  }

  /** Rejects with the first outage; resolves when the signal aborts, or when all are to begin again. */
  get gone(): Promise<void> {
    return this.#gone.promise;
  }

  add(work: Promise<void>): void {
    this.#members.add(work);
    work.then(
      () => this.#members.delete(work),
      (error: unknown) => this.#gone.reject(error),
    );
  }

  part(): void {
    this.#gone.resolve();
  }

  async ended(): Promise<void> {
    await Promise.allSettled(this.#members);
  }
}

/** Does a work for all views at once; where one of them is the reason that it fails, for each, to find which. */
export const asMany = async (
  views: readonly AnyView[],
  drop: Drop,
  work: (views: readonly AnyView[]) => Promise<void>,
): Promise<void> => {
  try {
    await work(views);
  } catch (error) {
    if (!isOfOneView(error)) throw error;
    if (views.length === 1) return await drop(views[0]!, error);
    const failed = new Map<AnyView, unknown>();
    for (const view of views) {
      await work([view]).catch((reason: unknown) => {
        if (!isOfOneView(reason)) throw reason;
        failed.set(view, reason);
      });
    }
    // What all of them wait for is no view's own.
    if (failed.size === views.length && error instanceof ViewLocked) throw error;
    for (const [view, reason] of failed) await drop(view, reason);
  }
};

/** Whether an error is the matter of one view: its rules, its rows, or who holds its table. */
export const isOfOneView = (error: unknown): boolean =>
  error instanceof ViewLocked || !(error instanceof ReadStoreUnavailable || error instanceof EventStoreUnavailable);

export const reasonOf = (reason: unknown): string => (reason instanceof Error ? reason.message : String(reason));
