import type { Instant } from '@kernel';

/** How often this machine's clock is compared, in milliseconds. */
const EVERY_MS = 10_000;
/** The quickest of so many answers counts: it says most exactly when it was given. */
const SAMPLES = 3;
/** From where on the operator is told, in milliseconds. */
const NOTICEABLE_MS = 1_000;

type Measured = {
  /** How far this machine's clock is ahead of the reference; negative where it is behind. */
  readonly aheadMs: number;
  /** Half the time that the answer took: the measurement is no more exact than this. */
  readonly withinMs: number;
};

/**
 * The time by the database's clock, which all nodes share: events are stamped and rights judged alike on every node,
 * however its own clock is set. Between measurements it goes on by the monotonic clock, so that a step of the machine's
 * clock does not reach it. Before the first measurement it is the machine's own.
 */
export class SharedClock {
  /** The reference's time where the monotonic clock stands at zero. */
  #base = Date.now() - performance.now();
  #measured: Measured | null = null;
  #isOff = false;

  /**
   * @param reference the time by the clock that all nodes share, in milliseconds since 1970
   * @param report tells the operator
   */
  constructor(
    private readonly reference: () => Promise<number>,
    private readonly report: (problem: string) => void,
  ) {}

  readonly now = (): Instant => new Date(this.#base + performance.now()).toISOString() as Instant;

  /** How far this machine's clock is off; null before the first measurement. */
  get measured(): Measured | null {
    return this.#measured;
  }

  /** Whether this machine's clock differs noticeably from the one that all nodes share. */
  get isOff(): boolean {
    return this.#isOff;
  }

  /** Compares once. What does not answer leaves the last measurement in force: the connection's owner tells of that. */
  async measure(): Promise<void> {
    try {
      const samples: { readonly base: number; readonly tookMs: number }[] = [];
      for (let each = 0; each < SAMPLES; each++) {
        const asked = performance.now();
        const time = await this.reference();
        const answered = performance.now();
        samples.push({ base: time - (asked + answered) / 2, tookMs: answered - asked });
      }
      const { base, tookMs } = samples.reduce((best, each) => (each.tookMs < best.tookMs ? each : best));
      this.#take(base, tookMs / 2);
    } catch {
      return;
    }
  }

  /** Goes on comparing until the signal aborts. */
  follow(signal: AbortSignal): void {
    const timer = setInterval(() => void this.measure(), EVERY_MS).unref();
    signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  }

  #take(base: number, withinMs: number): void {
    // What the measurement cannot tell from the clock that is kept changes nothing.
    if (this.#measured === null || Math.abs(base - this.#base) > withinMs) this.#base = base;
    const aheadMs = Math.round(Date.now() - performance.now() - this.#base);
    this.#measured = { aheadMs, withinMs: Math.ceil(withinMs) };
    const isOff = Math.abs(aheadMs) > Math.max(NOTICEABLE_MS, withinMs);
    if (isOff === this.#isOff) return;
    this.#isOff = isOff;
    this.report(
      isOff
        ? `this machine's clock is ${Math.abs(aheadMs)} ms ${aheadMs > 0 ? 'ahead of' : 'behind'} the database's (± ${Math.ceil(withinMs)} ms): events are stamped by the database's; set this machine's clock`
        : "this machine's clock agrees with the database's again",
    );
  }
}
