import {
  FeedExpired,
  isUnreadable,
  newId,
  OwnerKeyUnfit,
  type ChangeFeed,
  type CommandPipeline,
  type ReadModels,
  type Register,
  type StoredEvent,
  type Unreadable,
  type Watch,
} from '@foundation/eventing';
import type { Issuer } from '@foundation/bus';
import {
  mayRead,
  SECRETARIAT,
  type AnyView,
  type Capability,
  type Instant,
  type Marked,
  type Marking,
  type Party,
  type Principal,
  type RecordId,
} from '@kernel';
import { principalOf, type AccessRegister } from '../../../access/src/contract.js';
import type { ReadLog } from './read-log.process.js';
import { HeldReadings, recallCausingFacts, type Held } from './recall.reaction.js';

const RETRY_MS = 500;
/** Rows that are looked at, and announcements that are read, at a time. */
const AT_A_TIME = 500;

/**
 * Watches the history for readings and what ends a record, the read models for rows that are for others now, and the
 * register for parties whose rights are others; looks, as the party that had read, whether it is still shown the row; and
 * issues the recalls that are due. Each node does; a recall is issued once, because the record of the reading decides. All
 * that was read is looked at when a node starts, so that nothing is missed while none runs.
 */
export class Recalls implements Watch {
  readonly types: readonly string[];
  readonly #state: HeldReadings;
  readonly #views: ReadonlyMap<string, AnyView>;
  /** What this node lacks an owner's key for, as other nodes may not: looked at again with whatever is next. */
  readonly #lacking = new Set<Held>();

  constructor(
    private readonly issuer: Issuer,
    private readonly pipeline: Pick<CommandPipeline, 'markingInForce'>,
    private readonly register: Register<AccessRegister>,
    private readonly reads: ReadModels,
    private readonly feed: ChangeFeed,
    private readonly readLog: ReadLog,
    capabilities: readonly Capability[],
    private readonly now: () => Instant,
  ) {
    this.types = recallCausingFacts(capabilities);
    this.#state = new HeldReadings(capabilities);
    this.#views = new Map(capabilities.flatMap(({ views }) => views.map((view) => [view.name, view])));
  }

  note(item: StoredEvent | Unreadable): void {
    if (isUnreadable(item)) return;
    this.#state.note(item);
    // What was read before a recall is noted again when it is read after it.
    if (item.event.type === 'sharing.RecallIssued.v1') this.readLog.forget();
  }

  /** Looks at what is suspected, until nothing is. */
  async act(): Promise<null> {
    for (const held of this.#lacking) this.#state.suspects.add(held);
    this.#lacking.clear();
    await this.register.ready;
    while (this.#state.suspects.size > 0) await this.#lookAtSome();
    return null;
  }

  async listen(wake: () => void, signal: AbortSignal, onInterruption: (reason: unknown) => void): Promise<void> {
    const retryOutage = async (work: () => Promise<void>): Promise<void> => {
      while (!signal.aborted) {
        await work().catch((reason: unknown) => !signal.aborted && onInterruption(reason));
        if (!signal.aborted) await pause();
      }
    };
    await Promise.all([
      retryOutage(() => this.#followRows(signal, wake)),
      retryOutage(() => this.#followRights(signal, wake)),
    ]);
  }

  async #followRows(signal: AbortSignal, wake: () => void): Promise<void> {
    let news = Promise.withResolvers<void>();
    this.feed.listen(() => news.resolve(), signal);
    signal.addEventListener('abort', () => news.resolve(), { once: true });
    for (let at = await this.feed.latest(); !signal.aborted;) {
      news = Promise.withResolvers<void>();
      const changes = await this.feed.after(at, AT_A_TIME).catch((reason: unknown) => {
        if (!(reason instanceof FeedExpired)) throw reason;
        // Nobody knows what was missed.
        this.#state.noteParties(this.#state.parties);
        return null;
      });
      if (changes === null) at = await this.feed.latest();
      else for (const { key } of changes) this.#state.noteRow(key);
      if (changes?.length === 0) await news.promise;
      else wake();
      at = changes?.at(-1)?.number ?? at;
    }
  }

  async #followRights(signal: AbortSignal, wake: () => void): Promise<void> {
    const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    const known = new Map<Party | null, string>();
    await Promise.race([this.register.ready, aborted]);
    while (!signal.aborted) {
      const { moved } = this.register;
      const others = [...this.#state.parties].filter((party) => {
        const rights = this.#personOf(party).audiences.toSorted().join();
        const isSame = known.get(party) === rights;
        known.set(party, rights);
        return !isSame;
      });
      this.#state.noteParties(new Set(others));
      wake();
      await Promise.race([moved, aborted]);
    }
  }

  /** Suspects of one party and one view: as many questions as there are of these, however many suspects. */
  async #lookAtSome(): Promise<void> {
    const [first] = this.#state.suspects as Set<Held> & [Held];
    const { reader, kind } = first!.subject;
    const some = [...this.#state.suspects]
      .filter(({ subject }) => subject.reader === reader && subject.kind === kind)
      .slice(0, AT_A_TIME);
    // What comes up meanwhile is looked at again.
    for (const held of some) this.#state.suspects.delete(held);
    try {
      await this.#lookAt(some);
    } catch (error) {
      for (const held of some) this.#state.suspects.add(held);
      throw error;
    }
  }

  async #lookAt(some: readonly Held[]): Promise<void> {
    const { reader, kind } = some[0]!.subject;
    const view = this.#views.get(kind);
    const find = async (who: Principal, held: readonly Held[]): Promise<ReadonlyMap<string, Marked>> =>
      view && held.length > 0 ? this.reads.find(view, who, held.map(({ subject }) => subject.record)) : new Map(); // prettier-ignore
    const seen = await find(this.#personOf(reader), some);
    const unseen = some.filter(({ subject }) => !seen.has(subject.record));
    const owned = new Map<string, Marked>();
    for (const [owner, held] of Map.groupBy(unseen, ({ marking }) => marking.owner))
      for (const [key, row] of await find(this.#personOf(owner), held)) owned.set(key, row);
    for (const held of some) {
      const { record } = held.subject;
      await this.#recall(held, seen.has(record), owned.get(record)?.marking ?? null).catch((error: unknown) => {
        if (!(error instanceof OwnerKeyUnfit)) throw error;
        this.#lacking.add(held);
      });
    }
  }

  async #recall(held: Held, isSeen: boolean, marking: Marking | null): Promise<void> {
    const look = { isSeen, marking, mayRead: isSeen || (await this.#mayRead(held)) };
    const recall = this.#state.due(held, look);
    const commandId = newId();
    if (recall) await this.issuer.issue({ ...recall, commandId, correlationId: commandId });
  }

  /** Whether the party could read a record that has ended, were its content still there. */
  async #mayRead(held: Held): Promise<boolean> {
    const ended = this.#state.endOf(held);
    const marking = ended && (await this.pipeline.markingInForce(ended.category, held.subject.record as RecordId));
    return marking !== null && mayRead(marking, this.#personOf(held.subject.reader), this.now());
  }

  /** Somebody of the party who is shown all that any of its people can be shown. */
  #personOf(party: Party | null): Principal {
    const roles = party === null ? ['OBSERVER'] : party === SECRETARIAT ? [SECRETARIAT] : ['DELEGATE'];
    const country = party === SECRETARIAT ? null : party;
    const who = principalOf({ person: newId(), country, roles }, this.register.state, this.now());
    return { ...who, clearance: 'SECRET' };
  }
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref());
