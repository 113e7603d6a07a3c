import {
  CONTENT_WITHHELD,
  isErasure,
  isRecordId,
  type DomainEvent,
  type ContentErased,
  type Marked,
  type RecordId,
} from '@kernel';
import { LRUCache } from 'lru-cache';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import {
  associatedData,
  holdsSecrets,
  isAsCommitted,
  joined,
  markingIn,
  parted,
  placed,
  type Placed,
  type Secrets,
} from './binding.js';
import { DataKeysUnavailable, DataKeyUnusable, OwnerKeyUnfit, type DataKey, type DataKeys } from './data-keys.js';
import {
  EventStore,
  EventStoreUnavailable,
  type Appended,
  type NewEvent,
  type StoredEvent,
  type Unreadable,
} from './event-store.js';
import type { Kinds } from './kinds.js';
import { isCommitmentTo } from './salted-digest.js';
import { isUnreadable, unopened } from './unreadable.js';

const CIPHER = 'aes-256-gcm';
/** Bytes of the nonce that AES-GCM takes without hashing it first (NIST SP 800-38D, 8.2). */
const NONCE_LENGTH = 12;
const REMEMBERED_RECORDS = 20_000;

/**
 * A content as it stands in the history. All but the ids of version and key is base64url. Version 1 is bound to the
 * event's id, stream and type; version 2 to all that is open of the event.
 */
type Sealed = {
  readonly v: 1 | 2;
  readonly key: string;
  readonly nonce: string;
  readonly tag: string;
  readonly text: string;
};
type SealedBody = Partial<Marked> & { readonly sealed: Sealed };
/** What is sealed: the content without its marking, and what would help to guess it. */
type Content = Secrets & { readonly data: object };

/** An event is not what was recorded there. The message finishes "the event … cannot be read: ". */
class NotAsRecorded extends Error {
  override readonly name = 'NotAsRecorded';
}

/**
 * The history with its contents sealed: whoever reads the store, or a copy of it, sees structure and markings and
 * nothing of what was said. Where the key was destroyed an event is still there, in its place, with its content withheld.
 */
export class EncryptedEventStore extends EventStore {
  readonly #keyIds = new LRUCache<string, string>({ max: REMEMBERED_RECORDS });

  /**
   * @param onUnreadable hears of every event that cannot be read, each time it is met
   */
  constructor(
    private readonly store: EventStore,
    private readonly keys: DataKeys,
    private readonly kinds: Kinds,
    private readonly onUnreadable: (event: Unreadable) => void = () => {},
  ) {
    super();
  }

  async *read(category: string, id: RecordId, after?: bigint): AsyncIterable<StoredEvent | Unreadable> {
    for await (const event of this.store.read(category, id, after)) yield await this.#opened(event);
  }

  async last(category: string, id: RecordId): Promise<StoredEvent | Unreadable | null> {
    return await this.store.last(category, id);
  }

  async append(category: string, id: RecordId, expected: bigint, events: readonly NewEvent[]): Promise<Appended> {
    if (!this.kinds.isEncrypted(category)) return await this.store.append(category, id, expected, events);
    const stream = `${category}-${id}`;
    const key = await this.#keyFor(category, id, expected, events);
    // The append holds at this revision or not at all, so the place of each event is known before.
    const shut = events.map((each, index) =>
      isErasure(each.event) ? each : sealed(each, stream, expected + 1n + BigInt(index), key),
    );
    const appended = await this.store.append(category, id, expected, shut);
    if (events.some(isOfErasedContent)) await this.#erase(category, id);
    // Known only now: a record that another node was first to make has that node's key.
    else this.#keyIds.set(stream, key.id);
    return appended;
  }

  async *follow(from: Parameters<EventStore['follow']>[0]): AsyncIterable<StoredEvent | Unreadable | 'caughtUp'> {
    for await (const item of this.store.follow(from)) {
      // Whoever recorded the erasure may have died before the key did.
      if (item !== 'caughtUp' && !isUnreadable(item) && isOfErasedContent(item))
        await this.#erase(item.category, item.recordId);
      yield item === 'caughtUp' ? item : await this.#opened(item);
    }
  }

  /** A record has one key, which its first event names. */
  async #keyFor(category: string, id: RecordId, expected: bigint, events: readonly NewEvent[]): Promise<DataKey> {
    const fresh = (): Promise<DataKey> => reachable(() => this.keys.fresh(ownerOf(events)));
    if (expected < 0n) return await fresh();
    const keyId = this.#keyIds.get(`${category}-${id}`) ?? (await this.#keyIdOf(category, id));
    // A record from before contents were sealed goes on sealed.
    if (keyId === null) return await fresh();
    const key = await reachable(() => this.keys.find(keyId));
    if (key === null) throw new Error(`the key of ${category}-${id} was destroyed: nothing more can be recorded in it`);
    return key;
  }

  async #keyIdOf(category: string, id: RecordId): Promise<string | null> {
    for await (const item of this.store.read(category, id))
      if (!isUnreadable(item)) return (item.event.data as SealedBody).sealed?.key ?? null;
    return null;
  }

  async #erase(category: string, id: RecordId): Promise<void> {
    const keyId = await this.#keyIdOf(category, id);
    if (keyId !== null) await reachable(() => this.keys.destroy(keyId));
  }

  async #opened(item: StoredEvent | Unreadable): Promise<StoredEvent | Unreadable> {
    const opened = isUnreadable(item) ? item : await this.#asRecorded(item);
    if (isUnreadable(opened)) this.onUnreadable(opened);
    return opened;
  }

  async #asRecorded(stored: StoredEvent): Promise<StoredEvent | Unreadable> {
    const { category, event, metadata } = stored;
    try {
      if (this.kinds.isRecord(category) && !this.kinds.isKnown(category, event.type))
        throw new NotAsRecorded('this version of the platform knows no such fact');
      const { sealed: content } = event.data as SealedBody;
      if (content !== undefined) return await this.#unsealed(stored, content);
      const mayBeOpen = !this.kinds.isEncrypted(category) || isErasure(event) || metadata.binding === undefined;
      if (!mayBeOpen) throw new NotAsRecorded('its content is not sealed');
      return proved(stored);
    } catch (error) {
      if (error instanceof OwnerKeyUnfit) return { ...unopened(stored, error.message), lacksOwnerKey: true };
      if (error instanceof NotAsRecorded || error instanceof DataKeyUnusable) return unopened(stored, error.message);
      throw error;
    }
  }

  async #unsealed(stored: StoredEvent, content: Sealed | null): Promise<StoredEvent> {
    if (content === null || !isRecordId(content.key)) throw new NotAsRecorded('its content names no key');
    if (holdsSecrets(stored.metadata)) throw new NotAsRecorded('what is sealed with its content stands open beside it');
    this.#keyIds.set(`${stored.category}-${stored.recordId}`, content.key);
    const key = await reachable(() => this.keys.find(content.key));
    if (key === null) return erased(stored);
    const { data, ...secrets } = unsealed(content, key, stored);
    const marking = markingIn(stored.event);
    return {
      ...stored,
      event: { type: stored.event.type, data: { ...data, ...(marking && { marking }) } } satisfies DomainEvent,
      metadata: joined(stored.metadata, secrets),
    };
  }
}

const isOfErasedContent = ({ event }: { readonly event: DomainEvent }): boolean =>
  event.type === ('access.ContentErased.v1' satisfies ContentErased['type']);

/** @throws NotAsRecorded where what stands open is not what was committed to */
const proved = (stored: StoredEvent): StoredEvent => {
  // A category that was opened later, and a record from before contents were sealed, hold their salts as well.
  if (isAsCommitted(stored)) return stored;
  throw new NotAsRecorded('its content is not the one that was committed to');
};

const erased = (stored: StoredEvent): StoredEvent => {
  const { event } = stored;
  const marking = markingIn(event);
  return {
    ...stored,
    event: { type: CONTENT_WITHHELD, data: { of: event.type, because: 'ERASED', ...(marking && { marking }) } },
  };
};

/** Only the first event of a record names its owner, and only then is there no key yet. */
const ownerOf = (events: readonly NewEvent[]): string =>
  (events[0]!.event.data as Partial<Marked>).marking?.owner ?? events[0]!.metadata.party;

const sealed = (
  { id, event, metadata }: NewEvent,
  stream: string,
  revision: bigint,
  { id: key, key: bytes }: DataKey,
): NewEvent => {
  const { marking, ...data } = event.data as Partial<Marked>;
  const { shown, secrets } = parted(metadata);
  const nonce = randomBytes(NONCE_LENGTH);
  const place: Placed = { stream, revision, id, type: event.type, marking, metadata: shown };
  const cipher = createCipheriv(CIPHER, bytes, nonce).setAAD(associatedData(place));
  const content: Content = { data, ...secrets };
  const text = Buffer.concat([cipher.update(JSON.stringify(content)), cipher.final()]);
  const seal: Sealed = {
    v: 2,
    key,
    nonce: nonce.toString('base64url'),
    tag: cipher.getAuthTag().toString('base64url'),
    text: text.toString('base64url'),
  };
  return {
    id,
    event: { type: event.type, data: { ...(marking && { marking }), sealed: seal } satisfies SealedBody },
    metadata: shown,
  };
};

/** @throws NotAsRecorded when the content is not the one that was sealed there */
const unsealed = (content: Sealed, { key }: DataKey, stored: StoredEvent): Content => {
  try {
    const place = placed(stored);
    const decipher = createDecipheriv(CIPHER, key, Buffer.from(content.nonce, 'base64url'), { authTagLength: 16 })
      .setAAD(content.v === 1 ? Buffer.from(`${place.id} ${place.stream} ${place.type}`) : associatedData(place))
      .setAuthTag(Buffer.from(content.tag, 'base64url'));
    const plain = Buffer.concat([decipher.update(Buffer.from(content.text, 'base64url')), decipher.final()]);
    const opened = JSON.parse(plain.toString('utf8')) as Content;
    // Version 1 is not bound to the marking; the commitment is, and its salt was sealed.
    if (content.v !== 1 || isOfWhole(opened, place)) return opened;
  } catch (error) {
    throw new NotAsRecorded('its content does not open as what was sealed there', { cause: error });
  }
  throw new NotAsRecorded('its marking is not the one that was committed to');
};

const isOfWhole = ({ data, salts }: Content, { marking, metadata }: Placed): boolean =>
  isCommitmentTo({ ...data, ...(marking && { marking }) }, { ...metadata.commitment, salt: salts.commitment });

/** Whoever asks the history needs the keys as much as the store. */
const reachable = async <T>(ask: () => Promise<T>): Promise<T> => {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof DataKeysUnavailable) {
      throw new EventStoreUnavailable('the keys of the contents did not answer', { cause: error });
    }
    throw error;
  }
};
