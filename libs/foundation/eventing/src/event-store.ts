import type { DomainEvent, Instant, Marking, Party, PersonRef, Recorded, RecordId } from '@kernel';

/** What the pipeline notes beside each fact. Nothing in it names a person: `actor` is an opaque reference. */
export type Metadata = {
  readonly actor: string;
  /** Country or secretariat in whose name the command was given. */
  readonly party: string;
  readonly roles: readonly string[];
  /** Where a person of another party acted in the party's name: under which mandate, and whose person. */
  readonly capacity?: { readonly mandate: RecordId; readonly delegate: Party };
  readonly commandId: string;
  /** Type of the command, `ProposeProject`. */
  readonly command?: string;
  /** The signature that the client sent with its command, where it did. */
  readonly signature?: CommandSignature;
  /** The act by which two persons gave the command, where it takes two; `actor` is the second. */
  readonly act?: Act;
  /** Salted digest of the command's body: tells a retry from another command under the same id. */
  readonly commandDigest: SaltedDigest;
  readonly correlationId: string;
  readonly causationId: string;
  readonly recordedAt: Instant;
  readonly policyVersion: number;
  /** On the last event of a command. Records from before it was noted have none until their next command. */
  readonly standing?: Standing;
  /** Salted commitment to the event's data: the data can be withdrawn later and the history still proved. */
  readonly commitment: SaltedDigest;
  /** What binds the event to all of this, its place and its marking. Events from before leaf version 2 have none. */
  readonly binding?: Binding;
};

export type Act = { readonly id: RecordId; readonly preparedBy: PersonRef };

/** Both in base64url, and both open for ever: without the rest of the event they tell nothing. */
export type Binding = {
  /** 32 bytes: of the commitment to marking and metadata that stands in the event's leaf. */
  readonly salt: string;
  /** SHA-256 over what is sealed with the content: the salts of its digests, and the signature. */
  readonly secrets: string;
};

/** How a record stands after a command, as far as it decides who may know of it. See RecordGateway. */
export type Standing = {
  /** The marking in force; null once the content is erased. */
  readonly marking: Marking | null;
  /** In whose names commands were given to it, in alphabetical order. */
  readonly parties: readonly string[];
};

/** Whose key signed a command, and the detached JWS. It stands for what was signed, so it is sealed with the content. */
export type CommandSignature = { readonly kid: string; readonly jws?: string };

/**
 * SHA-256 over a 32 byte salt followed by the RFC 8785 canonical form of the value; both in base64url. Without the salt,
 * which is sealed with the content, it tells nothing of the value.
 */
export type SaltedDigest = { readonly alg: 'sha256-salted'; readonly salt?: string; readonly digest: string };

export type NewEvent = { readonly id: string; readonly event: DomainEvent; readonly metadata: Metadata };
export type StoredEvent = Recorded & { readonly id: string; readonly metadata: Metadata };
/** An event that stands in the history and cannot be read. It is a fact about the history, and no outage of its store. */
export type Unreadable = Foreign | Unopened;

type Place = {
  readonly id: string;
  /** Name of the stream, `<category>-<record id>` where it is one of a record. */
  readonly stream: string;
  /** Empty where the name of the stream has no dash. */
  readonly category: string;
  readonly recordId: RecordId;
  readonly revision: bigint;
  readonly position: bigint;
  /** As the platform noted it; where it did not, as the store did. */
  readonly recordedAt: Instant;
  readonly type: string;
  /** What is wrong with it, for whoever runs the platform; it holds nothing of the content. */
  readonly problem: string;
};

/** It is none that the platform writes: another program wrote it, or somebody changed it. */
export type Foreign = Place & {
  readonly unreadable: 'FOREIGN';
  /** SHA-256 over its data and metadata, base64url. */
  readonly digest: string;
};

/** It is the platform's, and its content cannot be read: it was changed, or the key at hand is not its own, or newer code wrote it. */
export type Unopened = Place & {
  readonly unreadable: 'UNOPENED';
  /** It may be what was recorded: the key of its owner is not the one at hand, which is told of by itself. */
  readonly lacksOwnerKey?: true;
  /** As it is kept. */
  readonly stored: StoredEvent;
};

export type Appended = { readonly revision: bigint; readonly position: bigint };

/** The stream is no longer at the revision that the append expected. */
export class StreamMoved extends Error {
  override readonly name = 'StreamMoved';
}

/** The event store did not answer. Whether an append under way was recorded is not known; a retry with the same ids is safe. */
export class EventStoreUnavailable extends Error {
  override readonly name = 'EventStoreUnavailable';
}

/** The history. What stands in it and cannot be read is told in its place, and stops nobody. */
export abstract class EventStore {
  /** The events of one record in order, after `after` if given. Nothing for an absent stream. */
  abstract read(category: string, id: RecordId, after?: bigint): AsyncIterable<StoredEvent | Unreadable>;
  /** The last event of one record, its content as sealed as it is kept; null for an absent stream. Costs one event. */
  abstract last(category: string, id: RecordId): Promise<StoredEvent | Unreadable | null>;
  /**
   * Records all events or none; they are on disk when this returns. `expected` is the revision of the stream's last
   * event, -1 for a stream that must not exist.
   * @throws StreamMoved, EventStoreUnavailable, OwnerKeyUnfit
   */
  abstract append(category: string, id: RecordId, expected: bigint, events: readonly NewEvent[]): Promise<Appended>;
  /**
   * Every event of the platform after a position, in order, then the new ones as they come, with one `caughtUp`
   * as soon as all that was there at the call has come.
   * `categories` limits it to those kinds of records, `types` to those facts, of whatever kind: one of the two at most.
   * Ends when the signal aborts; throws EventStoreUnavailable when the connection is lost.
   */
  abstract follow(from: {
    readonly after: bigint | null;
    readonly categories?: readonly string[];
    readonly types?: readonly string[];
    readonly signal: AbortSignal;
  }): AsyncIterable<StoredEvent | Unreadable | 'caughtUp'>;
}
