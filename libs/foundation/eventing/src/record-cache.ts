import {
  mayRead,
  partyOf,
  readerFor,
  type AnyRecordType,
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
import { elapsed } from './elapsed.js';
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
  readonly #recordTypes: ReadonlyMap<string, AnyRecordType>;
  /** Names of capabilities, by stream category. */
  readonly #capabilities: ReadonlyMap<string, string>;
  readonly #now: () => Instant;
  readonly #folded = new LRUCache<string, RecordSnapshot>({ max: CACHED_RECORDS });

  constructor(store: EventStore, capabilities: readonly Capability[], now: () => Instant) {
    const named = capabilities.flatMap(({ name, recordTypes }) =>
      recordTypes.map((recordType) => ({ name, recordType })),
    );
    this.#store = store;
    this.#door = new RecordGateway(store, capabilities, now);
    this.#recordTypes = new Map(named.map(({ recordType }) => [recordType.category, recordType]));
    this.#capabilities = new Map(named.map(({ name, recordType }) => [recordType.category, name]));
    this.#now = now;
  }

  /** @throws Error when no capability has such records */
  recordTypeOf(category: string): AnyRecordType {
    const recordType = this.#recordTypes.get(category);
    if (!recordType) throw new Error(`there are no records of the category ${category}`);
    return recordType;
  }

  /** Name of the capability whose records these are. */
  capabilityOf({ category }: AnyRecordType): string {
    return this.#capabilities.get(category)!;
  }

  /** The record as it was last folded here; another node may have moved it on. */
  known(recordType: AnyRecordType, id: RecordId): RecordSnapshot | undefined {
    return this.#folded.get(nameOf(recordType, id));
  }

  keep(recordType: AnyRecordType, id: RecordId, record: RecordSnapshot): void {
    this.#folded.set(nameOf(recordType, id), record);
  }

  forget(recordType: AnyRecordType, id: RecordId): void {
    this.#folded.delete(nameOf(recordType, id));
  }

  /** The record as it stands now: time takes effect whether or not anybody has noted it. */
  asOfNow(recordType: AnyRecordType, id: RecordId, record: RecordSnapshot): RecordSnapshot {
    return elapsed(recordType, id, record, this.#now()).record;
  }

  /** Whether this person may read a record of the stream in that state, now. */
  mayRead(recordType: AnyRecordType, id: RecordId, { state, record }: RecordSnapshot, who: Principal): boolean {
    const { marking, isErased } = record;
    if (marking === null || isErased) return false;
    const reader = this.readerOf(recordType, who);
    return reader.breakGlassRecords.includes(id) || mayRead(inForce(recordType, state, marking), reader, this.#now());
  }

  /** Whether the record may be read at all on behalf of this person: see RecordGateway. */
  async mayAddress(recordType: AnyRecordType, id: RecordId, who: Principal): Promise<boolean> {
    const known = this.#folded.get(nameOf(recordType, id));
    const isKnown =
      known &&
      (known.parties.has(partyOf(who)!) || this.mayRead(recordType, id, this.asOfNow(recordType, id, known), who));
    return isKnown || (await this.#door.mayAddress(recordType.category, id, who));
  }

  readerOf(recordType: AnyRecordType, who: Principal): Reader {
    return readerFor(who, this.capabilityOf(recordType));
  }

  /**
   * The record at its stream's true end: the fold at hand, if any, and what came after it.
   * @throws EventStoreUnavailable, OwnerKeyUnfit
   */
  async refreshed(recordType: AnyRecordType, id: RecordId): Promise<RecordSnapshot> {
    const known = this.#folded.get(nameOf(recordType, id));
    let folded = known ?? absentRecord(recordType);
    let lacking: Unopened | null = null;
    for await (const stored of this.#store.read(recordType.category, id, known?.revision)) {
      if (isUnreadable(stored)) {
        if (lacksOwnerKey(stored)) lacking = stored;
        folded = withEvent(recordType, folded, asWithheld(stored));
        continue;
      }
      const { commandDigest: digest } = stored.metadata;
      folded = withEvent(recordType, folded, stored);
      const name = commandOf(stored.metadata);
      const { event, revision, metadata } = stored;
      folded.parties.add(stored.metadata.party);
      folded.commands.set(name, {
        digest,
        leaves: [
          // Read twice where two commands look at the record at one time.
          ...(folded.commands.get(name)?.leaves ?? []).filter(({ eventId }) => eventId !== stored.id),
          leafFor(recordType, id, { id: stored.id, event, metadata }, revision),
        ],
        revision: publicRevision(folded),
        position: stored.position,
      });
    }
    // Where an event tells who may know of the record, only they come here: no answer may rest on its absence.
    if (lacking?.stored.metadata.standing) throw new OwnerKeyUnfit(lacking.problem);
    folded = { ...folded, readAt: performance.now() };
    if (folded.revision !== ABSENT && lacking === null) this.#folded.set(nameOf(recordType, id), folded);
    return folded;
  }

  /**
   * All that has been recorded of the kinds of records that decisions of this stream rest on.
   * @throws EventStoreUnavailable also where it does not come to an end: half a history is none
   * @throws OwnerKeyUnfit for the same reason
   */
  async historyFor({ readsHistoryOf }: AnyRecordType): Promise<readonly Recorded[]> {
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
