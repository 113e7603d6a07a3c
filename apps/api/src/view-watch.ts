import type { ViewStanding } from '@adapters/read-store-postgres';

/** How long readers may be behind the history before a node is no longer ready, in milliseconds. */
export const BEHIND_MS = 60_000;
/** How often it is looked, so that the operator is told also where nobody asks, in milliseconds. */
const EVERY_MS = 5_000;
/** Ends of the history that lie closer together count as one, in milliseconds. */
const APART_MS = 1_000;

/** What readers are shown: all there is, less than there is, or what has stopped. */
export type ViewsState = 'up' | 'behind' | 'failed';

/** What is looked at. */
type Sources = {
  /** The position of the last event; null where there is none. */
  end(): Promise<bigint | null>;
  /** How far readers of each view are. */
  standings(): Promise<readonly ViewStanding[]>;
};

/**
 * Whether what readers are shown keeps up with the history. A view is behind where it has not come to what was the end a
 * minute ago, or, at the first look, to what is. By this machine's monotonic clock: no other clock can mislead it.
 */
export class ViewWatch {
  /** Ends of the history and when they were seen: one from before the limit, and those since. */
  #ends: readonly { readonly position: bigint; readonly seen: number }[] = [];
  readonly #told = new Map<string, ViewsState>();

  /**
   * @param report tells the operator which view it is; to the public that would tell what is going on
   */
  constructor(
    private readonly sources: Sources,
    private readonly report: (sentence: string) => void,
    private readonly time: () => number = () => performance.now(),
  ) {}

  /** What was found of each view at the last look. */
  get states(): ReadonlyMap<string, ViewsState> {
    return this.#told;
  }

  /** @throws EventStoreUnavailable, ReadStoreUnavailable */
  async look(): Promise<ViewsState> {
    const end = await this.sources.end();
    if (end !== null) this.#note(end);
    const due = this.#ends[0];
    const states = (await this.sources.standings()).map(({ name, position, failure }): ViewsState => {
      const isBehind = due !== undefined && this.#isDue(due) && (position === null || position < due.position);
      const state = failure !== null ? 'failed' : isBehind ? 'behind' : 'up';
      this.#tell(name, state);
      return state;
    });
    return states.includes('failed') ? 'failed' : states.includes('behind') ? 'behind' : 'up';
  }

  /** Looks until the signal aborts. An outage is told by whoever owns the connection. */
  follow(signal: AbortSignal): void {
    const timer = setInterval(() => void this.look().catch(() => undefined), EVERY_MS).unref();
    signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  }

  #note(position: bigint): void {
    const now = this.time();
    const last = this.#ends.at(-1);
    // What stood there before this node looked has been there for nobody knows how long.
    if (last === undefined) this.#ends = [{ position, seen: -Infinity }];
    else if (position > last.position && now - last.seen >= APART_MS)
      this.#ends = [...this.#ends, { position, seen: now }];
    const latest = this.#ends.findLastIndex((each) => this.#isDue(each));
    if (latest > 0) this.#ends = this.#ends.slice(latest);
  }

  #isDue({ seen }: { readonly seen: number }): boolean {
    return this.time() - seen >= BEHIND_MS;
  }

  #tell(name: string, state: ViewsState): void {
    const before = this.#told.get(name) ?? 'up';
    this.#told.set(name, state);
    if (state === before) return;
    if (state === 'up') this.report(`the view ${name} keeps up with the history again`);
    else if (state === 'failed')
      this.report(`ALARM the view ${name} has failed: lodestone.views in the database says why`);
    else
      this.report(
        `ALARM the view ${name} is behind the history by more than ${BEHIND_MS / 1000} s: readers see less than there is`,
      );
  }
}
