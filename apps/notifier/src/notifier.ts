import type { AlertLedger, HeldLedger } from '@foundation/alerting';
import {
  inBatches,
  NotCaughtUp,
  type EventStore,
  type ReadModels,
  type StoredEvent,
  type Unreadable,
} from '@foundation/eventing';
import type { Capability, Instant } from '@kernel';
import { DueWatch } from './due-watch.js';
import { Matcher } from './matcher.js';
import { Rules } from './rules.js';
import type { Sight } from './sight.js';

const BATCH = 500;
const RETRY_MS = 500;
/** The longest sleep until a deadline is to be announced: a rule may change meanwhile, or the clock. */
const LONGEST_MS = 5_000;
/** How long alerts are kept, and how old a fact may be to become one. */
const KEPT_MS = 30 * 24 * 3_600_000;
const FORGET_EVERY_MS = 3_600_000;

type Report = {
  /** It holds the tables, and has matched what there was. */
  readonly caughtUp: () => void;
  readonly interrupted: (reason: unknown) => void;
};

/** Matches the history and the time against what people want to be told of. One at a time; others stand by. */
export class Notifier {
  #rules: Rules | null = null;

  constructor(
    private readonly capabilities: readonly Capability[],
    private readonly events: EventStore,
    private readonly reads: ReadModels,
    private readonly ledger: AlertLedger,
    private readonly sight: Sight,
    private readonly now: () => Instant,
    private readonly report: Report,
  ) {}

  /** What people want to be told of, where this notifier is the one that matches. */
  get rules(): Rules | null {
    return this.#rules;
  }

  /** Until the signal aborts, through outages of the stores. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await using held = await this.ledger.hold(signal);
        await this.#match(held, signal);
      } catch (error) {
        if (!signal.aborted) this.report.interrupted(error);
      }
      this.#rules = null;
      await pause(RETRY_MS, signal);
    }
  }

  async #match(held: HeldLedger, signal: AbortSignal): Promise<void> {
    const { kept, dues, clock, position } = held.ledger;
    const watch = new DueWatch(this.capabilities, dues, this.events, clock ?? this.now());
    const rules = new Rules(kept);
    this.#rules = rules;
    const find = (ids: readonly string[]) => held.find(ids);
    const matcher = new Matcher(this.capabilities, rules, watch, this.sight, find, this.now);
    const over = new AbortController();
    const either = AbortSignal.any([signal, over.signal]);
    let turn: Promise<void> = Promise.resolve();
    /** What the history and what the time add, one after the other. */
    const inTurn = (work: () => Promise<void>): Promise<void> => {
      turn = turn.then(work);
      return turn;
    };
    const read = async (): Promise<void> => {
      for await (const batch of inBatches(this.events.follow({ after: position, signal: either }), BATCH)) {
        const items = batch.filter((item) => item !== 'caughtUp');
        if (items.length > 0)
          await inTurn(async () => {
            await this.#shown(items, either);
            await held.commit(await matcher.step(items.filter(this.#isFresh), watch.clock, items.at(-1)!.position));
          });
        if (batch.includes('caughtUp')) this.report.caughtUp();
      }
    };
    const keepTime = async (): Promise<void> => {
      for (let forgotten = 0; !either.aborted;) {
        const now = this.now();
        await inTurn(async () => held.commit(await matcher.stepOfTime(now)));
        if (Date.parse(now) - forgotten > FORGET_EVERY_MS) {
          await inTurn(() => held.forget(new Date(Date.parse(now) - KEPT_MS).toISOString() as Instant));
          forgotten = Date.parse(now);
        }
        const next = matcher.next(now);
        const wait = next === null ? LONGEST_MS : Date.parse(next) - Date.parse(this.now());
        await pause(Math.min(Math.max(wait, 1), LONGEST_MS), either);
      }
    };
    try {
      await Promise.all([read(), keepTime()]);
    } finally {
      over.abort();
      await turn.catch(() => undefined);
    }
  }

  /** What is older than any alert that is kept is told to nobody. */
  readonly #isFresh = ({ recordedAt, category }: StoredEvent | Unreadable): boolean =>
    Rules.categories.includes(category) || Date.parse(recordedAt) > Date.parse(this.now()) - KEPT_MS;

  /** Waits until the rows are at least as new as the facts. */
  async #shown(items: readonly (StoredEvent | Unreadable)[], signal: AbortSignal): Promise<void> {
    const kinds = this.capabilities.flatMap(({ alerts = [] }) => alerts);
    const last = items.findLast((item) => kinds.some(({ of }) => 'event' in item && of.includes(item.event.type)));
    if (!last) return;
    const views = [...new Set(kinds.map(({ view }) => view))];
    while (!signal.aborted)
      try {
        return await this.reads.reached(views, last.position);
      } catch (error) {
        if (!(error instanceof NotCaughtUp)) throw error;
      }
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
