import type { AlertInbox } from '@foundation/alerting';
import { FeedExpired } from '@foundation/eventing';
import { BadToken, type Caller, type OpaqueTokens, type Principals } from '@foundation/graphql';
import { partyOf, type Principal } from '@kernel';
import { AlertDesk, type ShownAlert } from './alert-desk.process.js';

const BATCH = 200;
const RETRY_MS = 500;
/** How often a subscriber looks whether it may still listen. */
const LOOK_MS = 60_000;

export type DeliveredAlert = { readonly cursor: string; readonly alert: ShownAlert };

/** Somebody who listens: it is woken, and reads its inbox at its own pace, so a slow one holds nothing. */
type Subscriber = { readonly caller: Caller; news: PromiseWithResolvers<void>; hasLeft: boolean };

/** Alerts as they come: one reader of the news for each node, however many listen. */
export class AlertFeed {
  readonly #subscribers = new Set<Subscriber>();
  #head: bigint | null = null;
  #isReading = false;
  #again = false;

  constructor(
    private readonly inbox: AlertInbox,
    private readonly desk: AlertDesk,
    private readonly seal: OpaqueTokens,
    principals: Principals,
  ) {
    principals.onChange(() => this.#subscribers.forEach(({ news }) => news.resolve()));
  }

  /** Starts the node's one reader; it ends with the signal. */
  start(signal: AbortSignal): void {
    this.inbox.listen(() => this.#wake(), signal);
  }

  /**
   * What comes after a cursor, or from now on.
   * @throws BadToken for a cursor of another person or capacity; FeedExpired where what came after it is no longer kept
   */
  async of(caller: Caller, after: string | undefined): Promise<AsyncGenerator<DeliveredAlert>> {
    // Asked once before anything is delivered, so that who is not signed in hears it at once.
    const { who } = caller;
    const number = after == null ? await this.inbox.latest() : this.#resumed(who, after);
    if (after != null) await this.inbox.after(AlertDesk.looker(who), number, 1);
    const subscriber: Subscriber = { caller, news: Promise.withResolvers(), hasLeft: false };
    this.#subscribers.add(subscriber);
    const delivered = this.#delivered(subscriber, number);
    // A generator that waits does not hear its reader leave.
    const leave = delivered.return.bind(delivered);
    delivered.return = (value) => {
      subscriber.hasLeft = true;
      subscriber.news.resolve();
      return leave(value);
    };
    return delivered;
  }

  async *#delivered(subscriber: Subscriber, from: bigint): AsyncGenerator<DeliveredAlert> {
    const { caller } = subscriber;
    let number = from;
    try {
      while (!subscriber.hasLeft) {
        // Before the look: what comes meanwhile wakes it again.
        subscriber.news = Promise.withResolvers();
        const { who } = caller;
        const rows = await patiently(() => this.inbox.after(AlertDesk.looker(who), number, BATCH));
        caller.renewBudget();
        for (const alert of await patiently(() => this.desk.visible(who, rows))) {
          if (subscriber.hasLeft) return;
          yield { cursor: this.#cursor(who, alert.number), alert };
        }
        number = rows.at(-1)?.number ?? number;
        if (rows.length < BATCH) await newsOr(subscriber.news.promise, caller.expiresAt);
      }
    } finally {
      this.#subscribers.delete(subscriber);
    }
  }

  #cursor(who: Principal, number: bigint): string {
    return this.seal.close('alert', [...placeOf(who), number.toString()]);
  }

  #resumed(who: Principal, cursor: string): bigint {
    const opened = this.seal.open('alert', cursor);
    const place = placeOf(who);
    if (opened.length !== place.length + 1 || place.some((each, at) => each !== opened[at])) throw new BadToken();
    return BigInt(opened.at(-1) as string);
  }

  #wake(): void {
    this.#again = true;
    if (!this.#isReading) void this.#read();
  }

  /** Wakes those, and those alone, for whom something has come. */
  async #read(): Promise<void> {
    this.#isReading = true;
    while (this.#again) {
      this.#again = false;
      try {
        this.#head ??= await this.inbox.latest();
        const { number, recipients } = await this.inbox.news(this.#head);
        this.#head = number;
        const told: ReadonlySet<string> = new Set(recipients);
        for (const { caller, news } of told.size > 0 ? this.#subscribers : []) if (isFor(caller, told)) news.resolve();
      } catch {
        // The questions themselves report an outage; the next news reads on.
      }
    }
    this.#isReading = false;
  }
}

const isFor = (caller: Caller, told: ReadonlySet<string>): boolean => {
  try {
    return AlertDesk.looker(caller.who).recipients.some((each) => told.has(each));
  } catch {
    // Its rights have ended: it finds out itself.
    return true;
  }
};

const placeOf = (who: Principal): readonly string[] => [
  who.person,
  partyOf(who) ?? '',
  who.exports ? 'EXPORT' : 'READ',
];

const newsOr = async (news: Promise<void>, until: number): Promise<void> => {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, Math.min(Math.max(until - Date.now(), 0), LOOK_MS));
  await Promise.race([news, late.promise]);
  clearTimeout(timer);
};

/** A subscription outlives a short outage of the store. */
const patiently = async <T>(ask: () => Promise<T>): Promise<T> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      if (attempt === 20 || error instanceof FeedExpired) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
};
