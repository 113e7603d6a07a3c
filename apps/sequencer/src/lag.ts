/** How long something may take to reach what was the end, in milliseconds. */
export const BEHIND_MS = 60_000;

/**
 * Whether something keeps up with what it follows: it is behind where it has not come, within a minute, to what was the
 * end. By this machine's monotonic clock.
 */
export class Lag<Place extends number | bigint> {
  /** What was the end at some look, and has not been come to since; and when that was. */
  #due: { readonly end: Place; readonly since: number } | null = null;

  constructor(private readonly time: () => number = () => performance.now()) {}

  get isBehind(): boolean {
    return this.#due !== null && this.time() - this.#due.since >= BEHIND_MS;
  }

  /**
   * @param end where what is followed ends now; null where there is nothing
   * @param reached how far it has come; null where it has not begun
   */
  look(end: Place | null, reached: Place | null): void {
    const hasReached = (place: Place): boolean => reached !== null && reached >= place;
    if (this.#due !== null && !hasReached(this.#due.end)) return;
    this.#due = end === null || hasReached(end) ? null : { end, since: this.time() };
  }
}
