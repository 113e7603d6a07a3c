import { EventStoreDbEventStore } from '@adapters/event-store-db';
import { PostgresDataKeys } from '@adapters/key-store-postgres';
import { PostgresReadModels } from '@adapters/read-store-postgres';
import { UnreadableEvents } from '@foundation/eventing';
import { Controller, Get, HttpException } from '@nestjs/common';
import { SharedClock } from './clock.js';
import { RegisteredPrincipals } from './identity.js';

type State = 'up' | 'down' | 'altered' | 'mismatched';

/** For whoever watches the process. Says which part is down, and nothing of what is in it. */
@Controller('health')
export class HealthController {
  constructor(
    private readonly events: EventStoreDbEventStore,
    private readonly reads: PostgresReadModels,
    private readonly keys: PostgresDataKeys,
    private readonly principals: RegisteredPrincipals,
    private readonly unreadable: UnreadableEvents,
    private readonly clock: SharedClock,
  ) {}

  /** The process answers. */
  @Get('live')
  live(): { live: true } {
    return { live: true };
  }

  /**
   * Commands and queries can be served: 200, or 503 with the part that is down. Where the history holds events that are
   * not what was recorded, their records are withheld and all others served: the log says which, and it is an alarm.
   * So it is where keys of owners do not match; which owners are active is told in the log alone.
   */
  @Get('ready')
  async ready(): Promise<Record<string, State | 'right' | 'off'>> {
    const [eventStore, readStore, keys] = await Promise.all([
      state(this.events.ping()),
      state(this.reads.ping()),
      this.#keys(),
    ]);
    const registers: State = this.principals.isCurrent ? 'up' : 'down';
    const history: State = this.unreadable.isEmpty ? 'up' : 'altered';
    // A clock that is off is compensated for: it is for the operator to set, and no reason to send people elsewhere.
    const clock = this.clock.isOff ? ('off' as const) : ('right' as const);
    const answer = { eventStore, readStore, keys, registers, history, clock };
    if (Object.values(answer).includes('down')) throw new HttpException(answer, 503);
    return answer;
  }

  async #keys(): Promise<State> {
    return this.keys.allFit().then(
      (fit) => (fit ? 'up' : 'mismatched'),
      () => 'down',
    );
  }
}

const state = async (ping: Promise<void>): Promise<State> =>
  ping.then(() => 'up' as const).catch(() => 'down' as const);
