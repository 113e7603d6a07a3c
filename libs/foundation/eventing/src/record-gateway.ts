import {
  mayRead,
  partyOf,
  readerFor,
  type Capability,
  type Instant,
  type Marked,
  type Principal,
  type RecordId,
} from '@kernel';
import type { EventStore, Standing, StoredEvent, Unreadable } from './event-store.js';
import { isUnreadable } from './unreadable.js';

/**
 * Says who may read a record from its last event alone, before anything is read whose size depends on the record: an
 * absent record and a hidden one, short or long, cost one event each. Whatever answers out of the history asks here
 * first, and lets the whole record decide what is shown: a "no" from here is certain, a "yes" is not.
 */
export class RecordGateway {
  /** Names of capabilities, by stream category. */
  readonly #capabilities: ReadonlyMap<string, string>;

  /** @param store of which no content is read: the history as it is kept will do */
  constructor(
    private readonly store: EventStore,
    capabilities: readonly Capability[],
    private readonly now: () => Instant,
  ) {
    this.#capabilities = new Map(
      capabilities.flatMap(({ name, recordTypes }) => recordTypes.map(({ category }) => [category, name])),
    );
  }

  /**
   * Whether this person may read the record now. True also of a record from before its standing was noted, of which only
   * the whole can tell.
   * @throws EventStoreUnavailable
   */
  async mayRead(category: string, id: RecordId, who: Principal): Promise<boolean> {
    return this.#isReadable(await this.store.last(category, id), category, id, who);
  }

  /**
   * The same, or whether the person's party has acted on the record: what a party did itself is nothing new to it, and
   * its command, sent again, is answered as the first time.
   * @throws EventStoreUnavailable
   */
  async mayAddress(category: string, id: RecordId, who: Principal): Promise<boolean> {
    const last = await this.store.last(category, id);
    const standing = last === null || isUnreadable(last) ? undefined : last.metadata.standing;
    const hasActed = standing?.parties.includes(partyOf(who) ?? '') ?? false;
    return hasActed || this.#isReadable(last, category, id, who);
  }

  #isReadable(last: StoredEvent | Unreadable | null, category: string, id: RecordId, who: Principal): boolean {
    // A record with an event that cannot be read is withheld.
    if (last === null || isUnreadable(last)) return false;
    const marking = markingAfter(last);
    if (marking === undefined) return true;
    const reader = readerFor(who, this.#capabilities.get(category)!);
    return marking !== null && (reader.breakGlassRecords.includes(id) || mayRead(marking, reader, this.now()));
  }
}

/** The marking in force after a record's last event; undefined where that does not tell it. */
const markingAfter = ({ event, metadata, revision }: StoredEvent): Standing['marking'] | undefined => {
  if (metadata.standing) return metadata.standing.marking;
  return revision === 0n ? (event.data as Partial<Marked>).marking : undefined;
};
