import { EventStoreDbEventStore } from '@adapters/event-store-db';
import { PostgresDataKeys } from '@adapters/key-store-postgres';
import { ChangeNotifications, PostgresReadModels } from '@adapters/read-store-postgres';
import { UnreadableEvents, type HistoryState } from '@foundation/eventing';
import { Controller, Get, HttpException } from '@nestjs/common';
import { SharedClock } from './clock.js';
import { RegisteredPrincipals } from './identity.js';
import { LogWatch } from './log-watch.js';
import { ViewWatch } from './view-watch.js';

/** What makes a node not ready: people are to be sent to another one. */
const NOT_READY: readonly unknown[] = ['down', 'behind', 'failed'];

/** For whoever watches the process. Says which part is down, and nothing of what is in it: anybody may ask. */
@Controller('health')
export class HealthController {
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

  /** The process answers. */
  @Get('live')
  live(): { live: true } {
    return { live: true };
  }

  /**
   * Commands and queries can be served, and what is read is up to date: 200, or 503 with the part because of which they
   * are not. What withholds single records is no reason: events that cannot be read, keys of owners that do not match.
   * Which view, which event, whose key is told in the log alone: it would tell strangers what is going on.
   */
  @Get('ready')
  async ready(): Promise<Record<string, string>> {
    const [eventStore, readStore, views, keys] = await Promise.all([
      state(this.events.ping()),
      state(this.reads.ping()),
      // Where a store is down nobody knows how far the views are.
      this.views.look().catch(() => 'unknown' as const),
      this.keys.allFit().then(
        (fit) => (fit ? 'up' : 'mismatched'),
        () => 'down',
      ),
    ]);
    const answer = {
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
    if (Object.values(answer).some((state) => NOT_READY.includes(state))) throw new HttpException(answer, 503);
    return answer;
  }
}

const state = (ping: Promise<void>): Promise<'up' | 'down'> =>
  ping.then(
    () => 'up',
    () => 'down',
  );

const WORSE: readonly HistoryState[] = ['up', 'foreign', 'altered'];
const worst = (...states: readonly HistoryState[]): HistoryState =>
  WORSE.findLast((each) => states.includes(each)) ?? 'up';
