import type { Change } from '@foundation/eventing';

/** Changes that may wait for one subscriber; with more, it reads them in the feed, at its own pace. */
const MAX_WAITING = 1_000;
/** How often a subscriber looks at its rights, which time alone may have ended. */
const LOOK_MS = 60_000;

/**
 * The changes of a view that one subscriber has not looked at yet. Whether a change is the subscriber's to see is not known
 * here, so their number must show in nothing that it is told.
 */
export class PendingChanges {
  #changes: Change[] = [];
  #isBehind = true;
  /** The latest change that was let go of, for the subscriber to find in the feed. */
  #dropped = 0n;
  #hasLeft = false;
  #failure: Error | null = null;
  #news = Promise.withResolvers<void>();

  /** @param after changes up to this number are not the subscriber's to hear of; it has to read in the feed those that come now */
  constructor(
    private readonly view: string,
    private after: bigint,
  ) {}

  /** Whether there are changes that the subscriber has to read in the feed. */
  get isBehind(): boolean {
    return this.#isBehind;
  }

  offer(changes: readonly Change[]): void {
    for (const change of changes)
      if (change.view === this.view && change.number > this.after) this.#changes.push(change);
    if (this.#changes.length > MAX_WAITING) {
      this.#dropped = this.#changes.at(-1)!.number;
      this.#changes = [];
      this.#isBehind = true;
    }
    if (this.#changes.length > 0 || this.#isBehind) this.#news.resolve();
  }

  /** The subscriber has read in the feed up to this number, or is about to. */
  continueAfter(number: bigint): void {
    this.after = number;
    this.#changes = this.#changes.filter((change) => change.number > number);
    this.#isBehind = this.#dropped > number;
  }

  /** What has been handed out already is to be read in the feed. */
  fallBehind(): void {
    this.#isBehind = true;
  }

  /**
   * The changes since the last time, in order; null when the reader has left. Resolves once there are any, and without any
   * at the time given (milliseconds since 1970), when the subscriber is woken, and now and then.
   */
  async next(until: number): Promise<readonly Change[] | null> {
    if (this.#changes.length === 0 && !this.#hasLeft && !this.#failure) await this.#newsOr(until);
    if (this.#hasLeft) return null;
    if (this.#failure) throw this.#failure;
    const changes = this.#changes;
    this.#changes = [];
    this.#news = Promise.withResolvers<void>();
    return changes;
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
    const timer = setTimeout(late.resolve, Math.min(Math.max(until - Date.now(), 0), LOOK_MS));
    await Promise.race([this.#news.promise, late.promise]);
    clearTimeout(timer);
  }
}
