import { hash } from 'node:crypto';
import {
  EventStoreUnavailable,
  OwnerKeyUnfit,
  newId,
  ReadModels,
  type Filter,
  type Found,
  type Issued,
  type Page,
  type PageRequest,
  type Sum,
  type Total,
} from '@foundation/eventing';
import { mayExport, readerFor, type AnyView, type Instant, type Marked, type Principal } from '@kernel';
import { LRUCache } from 'lru-cache';
import type { Issuer } from '@foundation/bus';

/** What the platform says to its own record of readings when a row is served; null where nobody is to know. */
export type ReadAuditPolicy = (
  served: { readonly view: string; readonly key: string; readonly marking: Marked['marking']; readonly who: Principal },
  now: Instant,
) => Pick<Issued, 'recordType' | 'command' | 'who'> | null;

type Note = Pick<Issued, 'recordType' | 'command' | 'who'>;

/** What was noted on this node and need not be said again today. */
const REMEMBERED = 200_000;
/** Notes that wait while the event store is away; what comes on top is lost, and the operator is told so. */
const MAX_WAITING = 50_000;
/** Notes that are written at a time: the store takes them together. */
const AT_A_TIME = 8;
const RETRY_MS = 500;
const DAY_LENGTH = '2026-01-01'.length;

/**
 * Tells owners who has read what, in the background: a reader neither waits for it nor hears of it, and each thing is
 * said once a day. What only an emergency access opened is noted before it is served, or it is not served.
 */
export class ReadLog {
  readonly #said = new LRUCache<string, true>({ max: REMEMBERED });
  readonly #waiting = new Map<string, Note>();
  #work: Promise<void> | null = null;
  #isStopped = false;
  #lost = 0;

  constructor(
    private readonly issuer: Pick<Issuer, 'issue'>,
    private readonly noting: ReadAuditPolicy,
    private readonly now: () => Instant,
    private readonly report: (problem: string) => void,
  ) {}

  /**
   * Rows that are about to be served.
   * @throws EventStoreUnavailable, OwnerKeyUnfit where one of them is an emergency's and could not be noted
   */
  async serving(
    view: AnyView,
    who: Principal,
    rows: readonly { readonly key: string; readonly row: Marked }[],
  ): Promise<void> {
    const now = this.now();
    const first: [string, Note][] = [];
    for (const { key, row } of rows) {
      const note = this.noting({ view: view.name, key, marking: row.marking, who }, now);
      if (note === null) continue;
      // Whatever tells two notes of a day apart stands in the command. Kept as a digest, since there are many.
      const name = hash('sha256', now.slice(0, DAY_LENGTH) + JSON.stringify(note.command), 'base64');
      if (this.#said.has(name)) continue;
      if (isEmergency(note)) first.push([name, note]);
      else this.#later(name, note);
    }
    await Promise.all(first.map(([name, note]) => this.#say(name, note)));
  }

  /** What was said before is said again when it happens again: a recall lies between. */
  forget(): void {
    this.#said.clear();
  }

  /** Resolves when nothing waits, or after the given time. */
  async stop(patienceMs: number): Promise<void> {
    const late = new Promise<void>((resolve) => setTimeout(resolve, patienceMs).unref());
    await Promise.race([this.#work, late]);
    this.#isStopped = true;
    if (this.#waiting.size > 0) this.report(`${this.#waiting.size} readings were not noted before the end`);
  }

  #later(name: string, note: Note): void {
    if (this.#waiting.size >= MAX_WAITING) {
      // Said at the first and then ever more rarely: an outage is long.
      this.#lost++;
      if (Number.isInteger(Math.log10(this.#lost))) this.report(`${this.#lost} readings could not be kept to be noted`);
      return;
    }
    this.#waiting.set(name, note);
    this.#work ??= this.#write().finally(() => (this.#work = null));
  }

  async #write(): Promise<void> {
    // After the answer that it is about.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.size > 0 && !this.#isStopped) {
      const some = firstOf(this.#waiting, AT_A_TIME);
      const wasWritten = await Promise.all(some.map(([name, note]) => this.#tried(name, note)));
      if (wasWritten.includes(false)) await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref());
    }
  }

  /** Whether it need not be tried again. */
  async #tried(name: string, note: Note): Promise<boolean> {
    try {
      await this.#say(name, note);
    } catch (error) {
      if (error instanceof EventStoreUnavailable || error instanceof OwnerKeyUnfit) {
        // At the end of the queue: those of other owners go on.
        this.#waiting.delete(name);
        this.#waiting.set(name, note);
        return false;
      }
      this.report(`a reading could not be noted: ${String(error)}`);
    }
    this.#waiting.delete(name);
    return true;
  }

  async #say(name: string, note: Note): Promise<void> {
    const commandId = newId();
    const outcome = await this.issuer.issue({ ...note, commandId, correlationId: commandId });
    if (!outcome.accepted) throw new Error(`the platform's own note was refused with ${outcome.code}`);
    this.#said.set(name, true);
  }
}

const firstOf = <T>(all: Iterable<T>, most: number): T[] => {
  const some: T[] = [];
  for (const one of all) if (some.push(one) === most) break;
  return some;
};

const isEmergency = ({ command }: Note): boolean => (command as { how?: string }).how === 'EMERGENCY';

/**
 * The read gateway with a log beside it. Whatever is read for anybody goes through here, lists, single records, nested ones
 * and subscriptions alike; and what is to leave the platform leaves without what is only for display.
 */
export class LoggedReadModels extends ReadModels {
  constructor(
    private readonly reads: ReadModels,
    private readonly log: ReadLog,
    private readonly now: () => Instant,
  ) {
    super();
  }

  async page<Row extends Marked>(view: AnyView, who: Principal, request: PageRequest): Promise<Page<Row>> {
    const items: Page<Row>['items'][number][] = [];
    let { after } = request;
    for (;;) {
      const page = await this.reads.page<Row>(view, who, { ...request, first: request.first - items.length, after });
      items.push(...this.#allowed(view, who, page.items));
      after = page.items.at(-1)?.place;
      // A page is filled up with what comes after the rows that stay.
      if (!page.hasNext || items.length === request.first) {
        await this.log.serving(view, who, items);
        return { items, hasNext: page.hasNext };
      }
    }
  }

  async find<Row extends Marked>(view: AnyView, who: Principal, keys: readonly string[]) {
    const found = await this.reads.find<Row>(view, who, keys);
    const allowed = this.#allowed(
      view,
      who,
      [...found].map(([key, row]) => ({ key, row })),
    );
    await this.log.serving(view, who, allowed);
    return new Map(allowed.map(({ key, row }) => [key, row]));
  }

  async list<Row extends Marked>(view: AnyView, who: Principal, filter: Filter, limit: number) {
    const allowed = this.#allowed(view, who, await this.reads.list<Row>(view, who, filter, limit));
    await this.log.serving(view, who, allowed);
    return allowed;
  }

  onlyFor(view: AnyView, one: Principal, other: Principal): Promise<readonly string[]> {
    return this.reads.onlyFor(view, one, other);
  }

  count(view: AnyView, who: Principal, filter: Filter): Promise<Total> {
    return this.reads.count(view, who, filter);
  }

  sums(
    view: AnyView,
    who: Principal,
    filter: Filter,
    by: readonly string[],
    fields: readonly string[],
  ): Promise<readonly Sum[]> {
    return this.reads.sums(view, who, filter, by, fields);
  }

  reached(view: AnyView | readonly AnyView[], position: bigint): Promise<void> {
    return this.reads.reached(view, position);
  }

  #allowed<Item extends Found<Marked>>(view: AnyView, who: Principal, rows: readonly Item[]): readonly Item[] {
    if (!who.exports) return rows;
    const now = this.now();
    const reader = readerFor(who, view.name.slice(0, view.name.indexOf('.')));
    return rows.filter(({ row }) => mayExport(row.marking, reader, now));
  }
}
