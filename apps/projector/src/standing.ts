import type { Condition, Reading } from '@adapters/telemetry';
import { EventStoreUnavailable, type UnreadableEvents } from '@foundation/eventing';

/** How far the projector is, for whoever watches it. */
export class Standing {
  readonly #waiting: Set<string>;
  readonly #failed = new Set<string>();
  /** The store that did not answer last; null while both do. */
  #silent: 'eventStore' | 'readStore' | null = null;

  /**
   * @param views names of all views
   * @param keysFit whether the owners' keys at hand are those of the database
   */
  constructor(
    private readonly views: readonly string[],
    private readonly unreadable: UnreadableEvents,
    private readonly keysFit: () => Promise<boolean>,
  ) {
    this.#waiting = new Set(views);
  }

  /** @returns whether all views have read the history to its end or stopped, now for the first time */
  caughtUp(views: readonly string[]): boolean {
    this.#silent = null;
    for (const view of views) this.#failed.delete(view);
    const wasWaiting = this.#waiting.size > 0;
    for (const view of views) this.#waiting.delete(view);
    return wasWaiting && this.#waiting.size === 0;
  }

  stopped(view: string): void {
    this.#failed.add(view);
    this.#waiting.delete(view);
  }

  interrupted(reason: unknown): void {
    this.#silent = reason instanceof EventStoreUnavailable ? 'eventStore' : 'readStore';
  }

  async condition(): Promise<Condition> {
    const up = (part: 'eventStore' | 'readStore'): string => (this.#silent === part ? 'down' : 'up');
    const keys = await this.keysFit().then(
      (fit) => (fit ? 'up' : 'mismatched'),
      () => 'down',
    );
    const views = this.#failed.size > 0 ? 'failed' : this.#waiting.size > 0 ? 'behind' : 'up';
    const history = this.unreadable.state;
    const parts = { eventStore: up('eventStore'), readStore: up('readStore'), views, keys, history };
    return { isReady: views === 'up' && this.#silent === null && keys !== 'down', parts };
  }

  failures(): readonly Reading[] {
    return this.views.map((view) => ({ value: Number(this.#failed.has(view)), labels: { view } }));
  }
}
