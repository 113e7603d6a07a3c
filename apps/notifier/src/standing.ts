import type { Condition } from '@adapters/telemetry';
import type { UnreadableEvents } from '@foundation/eventing';

/** How far the notifier is, for whoever watches it. One that stands by for another is ready as well. */
export class Standing {
  #stores: 'up' | 'down' = 'up';
  #alerts: 'up' | 'standing by' = 'standing by';

  constructor(private readonly unreadable: UnreadableEvents) {}

  caughtUp(): void {
    this.#stores = 'up';
    this.#alerts = 'up';
  }

  interrupted(): void {
    this.#stores = 'down';
  }

  condition(): Promise<Condition> {
    const parts = { stores: this.#stores, alerts: this.#alerts, history: this.unreadable.state };
    return Promise.resolve({ isReady: this.#stores === 'up', parts });
  }
}
