import {
  mayRead,
  partyOf,
  readerFor,
  type AnyStream,
  type Capability,
  type Instant,
  type Principal,
  type Reader,
  type Recorded,
  type RecordId,
} from '@kernel';
import { LRUCache } from 'lru-cache';
import { OwnerKeyUnfit } from './data-keys.js';
import { EventStoreUnavailable, type EventStore, type Unopened } from './event-store.js';
import { leafFor } from './metadata.js';
import { RecordGateway } from './record-gateway.js';
import {
  ABSENT,
  absentRecord,
  commandOf,
  inForce,
  nameOf,
  publicRevision,
  withEvent,
  type RecordSnapshot,
} from './record-snapshot.js';
import { asWithheld, isUnreadable, lacksOwnerKey } from './unreadable.js';

/** How long reading the history that a decision rests on may take, in milliseconds. */
const HISTORY_WITHIN_MS = 60_000;
const CACHED_RECORDS = 20_000;

/** Records as this node last folded them, and who may read them. */
export class RecordCache {
  readonly #store: EventStore;
  readonly #door: RecordGateway;
  readonly #streams: ReadonlyMap<string, AnyStream>;
  /** Names of capabilities, by stream category. */
  readonly #capabilities: ReadonlyMap<string, string>;
  readonly #now: () => Instant;
  readonly #folded = new LRUCache<string, RecordSnapshot>({ max: CACHED_RECORDS });

  constructor(store: EventStore, capabilities: readonly Capability[], now: () => Instant) {
    const named = capabilities.flatMap(({ name, streams }) => streams.map((stream) => ({ name, stream })));
    this.#store = store;
    this.#door = new RecordGateway(store, capabilities, now);
    this.#streams = new Map(named.map(({ stream }) => [stream.category, stream]));
    this.#capabilities = new Map(named.map(({ name, stream }) => [stream.category, name]));
    this.#now = now;
  }

  /** @throws Error when no capability has such records */
  streamOf(category: string): AnyStream {
    const stream = this.#streams.get(category);
    if (!stream) throw new Error(`there are no records of the category ${category}`);
    return stream;
  }

  /** Name of the capability whose records these are. */
  capabilityOf({ category }: AnyStream): string {
    return this.#capabilities.get(category)!;
  }

  /** The record as it was last folded here; another node may have moved it on. */
  known(stream: AnyStream, id: RecordId): RecordSnapshot | undefined {
    return this.#folded.get(nameOf(stream, id));
  }

  keep(stream: AnyStream, id: RecordId, record: RecordSnapshot): void {
    this.#folded.set(nameOf(stream, id), record);
  }

  forget(stream: AnyStream, id: RecordId): void {
    this.#folded.delete(nameOf(stream, id));
  }

  /** Whether this person may read a record of the stream in that state, now. */
  mayRead(stream: AnyStream, id: RecordId, { state, record }: RecordSnapshot, who: Principal): boolean {
    const { marking, isErased } = record;
    if (marking === null || isErased) return false;
    const reader = this.readerOf(stream, who);
    return reader.opened.includes(id) || mayRead(inForce(stream, state, marking), reader, this.#now());
  }

  /** Whether the record may be read at all on behalf of this person: see RecordGateway. */
  async mayAddress(stream: AnyStream, id: RecordId, who: Principal): Promise<boolean> {
    const known = this.#folded.get(nameOf(stream, id));
    const isKnown = known && (known.parties.has(partyOf(who)!) || this.mayRead(stream, id, known, who));
    return isKnown || (await this.#door.mayAddress(stream.category, id, who));
  }

  readerOf(stream: AnyStream, who: Principal): Reader {
    return readerFor(who, this.capabilityOf(stream));
  }

  /**
   * The record at its stream's true end: the fold at hand, if any, and what came after it.
   * @throws EventStoreUnavailable, OwnerKeyUnfit
   */
  async refreshed(stream: AnyStream, id: RecordId): Promise<RecordSnapshot> {
    const known = this.#folded.get(nameOf(stream, id));
    let folded = known ?? absentRecord(stream);
    let lacking: Unopened | null = null;
    for await (const stored of this.#store.read(stream.category, id, known?.revision)) {
      if (isUnreadable(stored)) {
        if (lacksOwnerKey(stored)) lacking = stored;
        folded = withEvent(stream, folded, asWithheld(stored));
        continue;
      }
      const { commandDigest: digest } = stored.metadata;
      folded = withEvent(stream, folded, stored);
      const name = commandOf(stored.metadata);
      const { event, revision, metadata } = stored;
      folded.parties.add(stored.metadata.party);
      folded.commands.set(name, {
        digest,
        leaves: [
          // Read twice where two commands look at the record at one time.
          ...(folded.commands.get(name)?.leaves ?? []).filter(({ eventId }) => eventId !== stored.id),
          leafFor(stream, id, { id: stored.id, event, metadata }, revision),
        ],
        revision: publicRevision(folded),
        position: stored.position,
      });
    }
    // Where an event tells who may know of the record, only they come here: no answer may rest on its absence.
    if (lacking?.stored.metadata.standing) throw new OwnerKeyUnfit(lacking.problem);
    folded = { ...folded, readAt: performance.now() };
    if (folded.revision !== ABSENT && lacking === null) this.#folded.set(nameOf(stream, id), folded);
    return folded;
  }

  /**
   * All that has been recorded of the kinds of records that decisions of this stream rest on.
   * @throws EventStoreUnavailable also where it does not come to an end: half a history is none
   * @throws OwnerKeyUnfit for the same reason
   */
  async historyFor({ readsHistoryOf }: AnyStream): Promise<readonly Recorded[]> {
    if (!readsHistoryOf) return [];
    const facts: Recorded[] = [];
    const signal = AbortSignal.timeout(HISTORY_WITHIN_MS);
    for await (const item of this.#store.follow({ after: null, categories: readsHistoryOf, signal })) {
      if (item === 'caughtUp') return facts;
      if (isUnreadable(item) && lacksOwnerKey(item)) throw new OwnerKeyUnfit(item.problem);
      facts.push(isUnreadable(item) ? asWithheld(item) : item);
    }
    throw new EventStoreUnavailable(`the history of ${readsHistoryOf.join(', ')} was not read to its end in time`);
  }
}
