/** Durations are told as the first of these that they do not exceed, in seconds. */
export const STEPS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/** Of what people do, so much in ten minutes moves no figure: ten a minute. */
export const UNSEEN = 100;
const WINDOW_MS = 600_000;
const MINUTES = WINDOW_MS / 60_000;

/** The step of a duration in seconds; the last one for whatever takes longer. */
export const stepOf = (seconds: number): number => STEPS.find((step) => seconds <= step) ?? STEPS.at(-1)!;

/** Rounded up to whole units. */
export const upTo = (unit: number, value: number): number => Math.ceil(value / unit) * unit;

/** Rounded down to whole units. */
export const downTo = (unit: number, value: number): number => Math.floor(value / unit) * unit;

/** The windows of ten minutes, by the monotonic clock. */
abstract class Windows {
  #since: number;

  constructor(protected readonly time: () => number) {
    this.#since = time();
  }

  /** Brings the windows up to date. */
  protected turn(): void {
    const over = Math.floor((this.time() - this.#since) / WINDOW_MS);
    if (over === 0) return;
    this.#since += over * WINDOW_MS;
    this.next(over > 1);
  }

  /** @param wasIdle whether nothing at all was taken in the window that ends */
  protected abstract next(wasIdle: boolean): void;
}

/**
 * How often people do something, told so that nobody can tell from it whether somebody did: in tens a minute, at least
 * ten, averaged over ten minutes. The figure is rounded at a place that is drawn anew for each window, so that whoever
 * brings it to the edge by requests of their own learns nothing from one more.
 */
export class Load extends Windows {
  #count = 0;
  #told = 1;

  constructor(
    private readonly draw: () => number = Math.random,
    time: () => number = () => performance.now(),
  ) {
    super(time);
  }

  take(): void {
    this.turn();
    this.#count++;
  }

  /** Of the last full window, each minute. */
  get perMinute(): number {
    this.turn();
    return (this.#told * UNSEEN) / MINUTES;
  }

  protected next(wasIdle: boolean): void {
    this.#told = wasIdle ? 1 : Math.max(1, Math.floor(this.#count / UNSEEN + this.draw()));
    this.#count = 0;
  }
}

/** How long what people do takes, in steps, over the last ten to twenty minutes; the shortest step while there was little. */
export class Durations extends Windows {
  #now = none();
  #before = none();

  constructor(time: () => number = () => performance.now()) {
    super(time);
  }

  take(seconds: number): void {
    this.turn();
    this.#now[STEPS.indexOf(stepOf(seconds) as (typeof STEPS)[number])]!++;
  }

  /** The step that so large a part does not exceed. @param part from 0 to 1 */
  quantile(part: number): number {
    this.turn();
    const counts = this.#now.map((count, step) => count + this.#before[step]!);
    const all = counts.reduce((sum, count) => sum + count, 0);
    if (all < UNSEEN) return STEPS[0];
    let left = Math.ceil(part * all);
    return STEPS[counts.findIndex((count) => (left -= count) <= 0)]!;
  }

  protected next(wasIdle: boolean): void {
    this.#before = wasIdle ? none() : this.#now;
    this.#now = none();
  }
}

const none = (): number[] => STEPS.map(() => 0);
