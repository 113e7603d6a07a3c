import type { Instant } from '@kernel';

/** After a failure, and before anything that never comes: in milliseconds. */
const RETRY_MS = 500;
/** The longest wait for an instant: the clock that all nodes share may be set meanwhile. */
const LONGEST_MS = 60_000;

/** By how much an instant is awaited longer, at most: nodes that all do what is due then do it one after the other. */
const JITTER_MS = 200;

/** When there is something to do again, though nobody wakes: at an instant, a little later, or never. */
export type Next = Instant | 'SOON' | null;

/**
 * Work that is done again whenever somebody wakes it, when an instant comes that it asked for, and a little later where
 * it failed. Never twice at a time; what wakes it meanwhile makes it go once more.
 */
export class Errand {
  #news = Promise.withResolvers<void>();

  /** @param work throws where a store does not answer: what it could not do is asked of it again */
  constructor(
    private readonly work: () => Promise<Next>,
    private readonly now: () => Instant,
  ) {}

  readonly wake = (): void => this.#news.resolve();

  /** Until the signal aborts. */
  async run(signal: AbortSignal, onInterruption: (reason: unknown) => void): Promise<void> {
    while (!signal.aborted) {
      this.#news = Promise.withResolvers<void>();
      try {
        await this.#until(await this.work(), signal);
      } catch (error) {
        if (!signal.aborted) onInterruption(error);
        await pause(RETRY_MS, signal);
      }
    }
  }

  async #until(next: Next, signal: AbortSignal): Promise<void> {
    const waited = new AbortController();
    const stopped = AbortSignal.any([signal, waited.signal]);
    const late = next === null ? aborted(stopped) : pause(this.#ms(next), stopped);
    await Promise.race([this.#news.promise, late]);
    waited.abort();
  }

  #ms(next: Instant | 'SOON'): number {
    if (next === 'SOON') return RETRY_MS;
    const ms = Math.max(0, Date.parse(next) - Date.parse(this.now()));
    return Math.min(ms + Math.random() * JITTER_MS, LONGEST_MS);
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) =>
    signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true }),
  );

/** Ends early when the signal aborts. */
export const pause = async (ms: number, signal: AbortSignal): Promise<void> => {
  const timer = Promise.withResolvers<void>();
  const handle = setTimeout(timer.resolve, ms).unref();
  await Promise.race([timer.promise, aborted(signal)]);
  clearTimeout(handle);
};
