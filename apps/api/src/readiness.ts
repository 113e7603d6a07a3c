import { EventStoreDbEventStore } from '@adapters/event-store-db';
import { PostgresDataKeys } from '@adapters/key-store-postgres';
import { ChangeNotifications, PostgresReadModels } from '@adapters/read-store-postgres';
import type { Condition, Reading } from '@adapters/telemetry';
import { UnreadableEvents, type HistoryState } from '@foundation/eventing';
import { Injectable } from '@nestjs/common';
import { SharedClock } from './clock.js';
import { RegisteredPrincipals } from './identity.js';
import { LogWatch } from './log-watch.js';
import { ViewWatch } from './view-watch.js';

/** What makes a node not ready: people are to be sent to another one. */
const NOT_READY: readonly unknown[] = ['down', 'behind', 'failed'];

/** Whether commands and queries can be served, and what is read is up to date. */
@Injectable()
export class Readiness {
  readonly #took = new Map<string, number>();

  constructor(
    private readonly events: EventStoreDbEventStore,
    private readonly reads: PostgresReadModels,
    private readonly views: ViewWatch,
    private readonly news: ChangeNotifications,
    private readonly keys: PostgresDataKeys,
    private readonly principals: RegisteredPrincipals,
    private readonly unreadable: UnreadableEvents,
    private readonly clock: SharedClock,
    private readonly log: LogWatch,
  ) {}

  /**
   * What withholds single records is no reason not to be ready: events that cannot be read, keys of owners that do not
   * match. Which view, which event, whose key is told in the log alone: it would tell strangers what is going on.
   */
  async look(): Promise<Condition> {
    const [eventStore, readStore, views, keys] = await Promise.all([
      this.#probed('eventStore', () => this.events.ping()),
      this.#probed('readStore', () => this.reads.ping()),
      // Where a store is down nobody knows how far the views are.
      this.views.look().catch(() => 'unknown' as const),
      this.#probed('keys', async () => ((await this.keys.allFit()) ? 'up' : 'mismatched')),
    ]);
    const parts = {
      eventStore,
      readStore: readStore === 'up' && this.reads.isDamaged ? 'damaged' : readStore,
      views,
      notifier: this.news.isUp ? 'up' : 'down',
      keys,
      registers: this.principals.isCurrent ? 'up' : 'down',
      // The log reads all of it, this node what it needs.
      history: worst(this.unreadable.state, this.log.history),
      // Reads and commands go on without it, and what a receipt promises it promises until a day: see ADR 41.
      log: this.log.state,
      // A clock that is off is compensated for: it is for the operator to set, and no reason to send people elsewhere.
      clock: this.clock.isOff ? 'off' : 'right',
    };
    return { parts, isReady: !Object.values(parts).some((state) => NOT_READY.includes(state)) };
  }

  /** How long the parts took to answer last, in seconds. */
  probes(): readonly Reading[] {
    return [...this.#took].map(([part, value]) => ({ value, labels: { part } }));
  }

  async #probed(part: string, ask: () => Promise<string | void>): Promise<string> {
    const started = performance.now();
    try {
      return (await ask()) ?? 'up';
    } catch {
      return 'down';
    } finally {
      this.#took.set(part, (performance.now() - started) / 1_000);
    }
  }
}

const WORSE: readonly HistoryState[] = ['up', 'foreign', 'altered'];
const worst = (...states: readonly HistoryState[]): HistoryState =>
  WORSE.findLast((each) => states.includes(each)) ?? 'up';
