import {
  CONTENT_WITHHELD,
  isErasure,
  type DomainEvent,
  type Capability,
  type ContentErased,
  type Marked,
  type RecordId,
} from '@kernel';
import { LRUCache } from 'lru-cache';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { DataKeysUnavailable, type DataKey, type DataKeys } from './data-keys.js';
import { EventStore, EventStoreUnavailable, type Appended, type NewEvent, type StoredEvent } from './event-store.js';

const CIPHER = 'aes-256-gcm';
/** Bytes of the nonce that AES-GCM takes without hashing it first (NIST SP 800-38D, 8.2). */
const NONCE_LENGTH = 12;
const REMEMBERED_RECORDS = 20_000;

/** A content as it stands in the history. All but the ids of version and key is base64url. */
type Sealed = {
  readonly v: 1;
  readonly key: string;
  readonly nonce: string;
  readonly tag: string;
  readonly text: string;
};
type SealedBody = Partial<Marked> & { readonly sealed: Sealed };
/**
 * What is sealed: the content without its marking, the salts, without which its digests tell nothing, and the signature
 * over the command, by which a guess of it could be checked.
 */
type Content = {
  readonly data: object;
  readonly salts: { readonly commitment: string; readonly command: string };
  readonly jws?: string;
};

/**
 * The history with its contents sealed: whoever reads the store, or a copy of it, sees structure and markings and
 * nothing of what was said. Where the key was destroyed an event is still there, in its place, with its content withheld.
 */
export class SealedEventStore extends EventStore {
  readonly #keyIds = new LRUCache<string, string>({ max: REMEMBERED_RECORDS });

  /**
   * @param isOpen stream categories whose events are kept as they are: registers, and what is public by its nature
   */
  constructor(
    private readonly store: EventStore,
    private readonly keys: DataKeys,
    private readonly isOpen: (category: string) => boolean,
  ) {
    super();
  }

  async *read(category: string, id: RecordId, after?: bigint): AsyncIterable<StoredEvent> {
    for await (const event of this.store.read(category, id, after)) yield await this.#opened(event);
  }

  async append(category: string, id: RecordId, expected: bigint, events: readonly NewEvent[]): Promise<Appended> {
    if (this.isOpen(category)) return await this.store.append(category, id, expected, events);
    const stream = `${category}-${id}`;
    const key = await this.#keyFor(category, id, expected, events);
    const shut = events.map((each) => (isErasure(each.event) ? each : sealed(each, stream, key)));
    const appended = await this.store.append(category, id, expected, shut);
    if (events.some(isOfErasedContent)) await this.#erase(category, id);
    // Known only now: a record that another node was first to make has that node's key.
    else this.#keyIds.set(stream, key.id);
    return appended;
  }

  async *follow(from: Parameters<EventStore['follow']>[0]): AsyncIterable<StoredEvent | 'caughtUp'> {
    for await (const item of this.store.follow(from)) {
      // Whoever recorded the erasure may have died before the key did.
      if (item !== 'caughtUp' && isOfErasedContent(item)) await this.#erase(item.category, item.recordId);
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
    for await (const { event } of this.store.read(category, id)) return (event.data as SealedBody).sealed?.key ?? null;
    return null;
  }

  async #erase(category: string, id: RecordId): Promise<void> {
    const keyId = await this.#keyIdOf(category, id);
    if (keyId !== null) await reachable(() => this.keys.destroy(keyId));
  }

  async #opened(stored: StoredEvent): Promise<StoredEvent> {
    const { sealed: content, marking } = stored.event.data as SealedBody;
    if (content === undefined) return stored;
    this.#keyIds.set(`${stored.category}-${stored.recordId}`, content.key);
    const key = await reachable(() => this.keys.find(content.key));
    if (key === null) {
      const data = { of: stored.event.type, ...(marking && { marking }) };
      return { ...stored, event: { type: CONTENT_WITHHELD, data } };
    }
    const { data, salts, jws } = unsealed(content, key, placeOf(stored));
    return {
      ...stored,
      event: { type: stored.event.type, data: { ...data, ...(marking && { marking }) } } satisfies DomainEvent,
      metadata: {
        ...stored.metadata,
        ...(jws !== undefined && { signature: { ...stored.metadata.signature!, jws } }),
        commitment: { ...stored.metadata.commitment, salt: salts.commitment },
        commandDigest: { ...stored.metadata.commandDigest, salt: salts.command },
      },
    };
  }
}

const isOfErasedContent = ({ event }: { readonly event: DomainEvent }): boolean =>
  event.type === ('access.ContentErased.v1' satisfies ContentErased['type']);

/** Which streams of the capabilities are kept as they are. What no capability knows is sealed. */
export const isOpenIn = (capabilities: readonly Capability[]): ((category: string) => boolean) => {
  const open = new Set(
    capabilities.flatMap(({ streams }) => streams.filter(({ isOpen }) => isOpen).map(({ category }) => category)),
  );
  return (category) => open.has(category);
};

/** What the seal is bound to: an event moved to another place, or under another name, does not open. */
const placeOf = (stored: StoredEvent): string =>
  `${stored.id} ${stored.category}-${stored.recordId} ${stored.event.type}`;

/** Only the first event of a record names its owner, and only then is there no key yet. */
const ownerOf = (events: readonly NewEvent[]): string =>
  (events[0]!.event.data as Partial<Marked>).marking?.owner ?? events[0]!.metadata.party;

const sealed = ({ id, event, metadata }: NewEvent, stream: string, { id: key, key: bytes }: DataKey): NewEvent => {
  const { marking, ...data } = event.data as Partial<Marked>;
  const { salt: commitment, ...commitmentShown } = metadata.commitment;
  const { salt: command, ...commandShown } = metadata.commandDigest;
  const jws = metadata.signature?.jws;
  const nonce = randomBytes(NONCE_LENGTH);
  const cipher = createCipheriv(CIPHER, bytes, nonce).setAAD(Buffer.from(`${id} ${stream} ${event.type}`));
  const content: Content = {
    data,
    salts: { commitment: commitment!, command: command! },
    ...(jws !== undefined && { jws }),
  };
  const text = Buffer.concat([cipher.update(JSON.stringify(content)), cipher.final()]);
  const seal: Sealed = {
    v: 1,
    key,
    nonce: nonce.toString('base64url'),
    tag: cipher.getAuthTag().toString('base64url'),
    text: text.toString('base64url'),
  };
  return {
    id,
    event: { type: event.type, data: { ...(marking && { marking }), sealed: seal } satisfies SealedBody },
    metadata: {
      ...metadata,
      ...(metadata.signature && { signature: { kid: metadata.signature.kid } }),
      commitment: commitmentShown,
      commandDigest: commandShown,
    },
  };
};

/** @throws when the content is not the one that was sealed there */
const unsealed = ({ nonce, tag, text }: Sealed, { key }: DataKey, place: string): Content => {
  const decipher = createDecipheriv(CIPHER, key, Buffer.from(nonce, 'base64url'), { authTagLength: 16 })
    .setAAD(Buffer.from(place))
    .setAuthTag(Buffer.from(tag, 'base64url'));
  try {
    const plain = Buffer.concat([decipher.update(Buffer.from(text, 'base64url')), decipher.final()]);
    return JSON.parse(plain.toString('utf8')) as Content;
  } catch (error) {
    throw new Error(`the content of the event ${place} is not what was sealed: the history was tampered with`, {
      cause: error,
    });
  }
};

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
