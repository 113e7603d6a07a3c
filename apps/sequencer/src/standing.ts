import type { Condition, Reading, Watch } from '@adapters/telemetry';
import type { UnreadableEvents } from '@foundation/eventing';
import type { Publisher } from './publisher.js';

const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;
const seconds = (ms: number): number => Math.round(ms / SECOND_MS);

/** How the log stands, for whoever watches it. */
export class Standing {
  #hasCaughtUp = false;
  #isStoreSilent = false;
  #checkedAt: number | null = null;

  /** @param alarm why nothing is signed any more; null while all is well */
  constructor(
    private readonly publisher: Publisher,
    private readonly unreadable: UnreadableEvents,
    private readonly alarm: () => string | null,
  ) {}

  caughtUp(): void {
    this.#hasCaughtUp = true;
    this.#isStoreSilent = false;
  }

  interrupted(): void {
    this.#isStoreSilent = true;
  }

  /** The whole history was found to be what the log says. */
  checked(): void {
    this.#checkedAt = performance.now();
  }

  condition(): Condition {
    const parts = {
      eventStore: this.#isStoreSilent ? 'down' : 'up',
      log: this.alarm() !== null ? 'failed' : this.#hasCaughtUp ? 'up' : 'behind',
      history: this.unreadable.state,
    };
    return { isReady: parts.log === 'up' && !this.#isStoreSilent, parts };
  }

  tellTo(watch: Watch): void {
    const since = (time: number | null): number | null => (time === null ? null : performance.now() - time);
    const age = (time: number | null): number | null => (time === null ? null : seconds(since(time)!));
    watch.tell('lodestone_log_alarm', () => Number(this.alarm() !== null));
    watch.tell('lodestone_checkpoint_age_seconds', () => age(this.publisher.publishedAt));
    watch.tell('lodestone_witness_age_seconds', () =>
      [...this.publisher.cosigned].map(([witness, time]): Reading => ({ value: age(time)!, labels: { witness } })),
    );
    watch.tell('lodestone_history_check_age_seconds', () => {
      const ms = since(this.#checkedAt);
      // In minutes: how long a pass takes tells how much there is.
      return ms === null ? null : seconds(Math.ceil(ms / MINUTE_MS) * MINUTE_MS);
    });
  }
}
