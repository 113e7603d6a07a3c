import type { ProposedEvent } from './event.js';
import { invalid, maximumAppendSizeExceeded, MAX_APPEND_BYTES, missingMetadata } from './failure.js';
import { shared } from './protocol.js';
import { countOf } from './read-request.js';
import { ANY, NO_STREAM, STREAM_EXISTS } from './write-request.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** An event as a message carries it. */
interface ProposedMessage {
  id: string;
  type: string | undefined;
  contentType: string | undefined;
  metadata: Uint8Array;
  data: Uint8Array;
}

/** The events of one append as they come in. Keeps no more than an append may carry. */
export class Proposal {
  readonly events: ProposedEvent[] = [];
  #dataBytes = 0;
  #metadataBytes = 0;

  /** What the events hold, in bytes. */
  get bytes(): number {
    return this.#dataBytes + this.#metadataBytes;
  }

  /** @throws Failure for a message that cannot be recorded, or one too many. */
  add({ id, type, contentType, metadata, data }: ProposedMessage): void {
    if (!type || !contentType) throw missingMetadata();
    this.#dataBytes += data.length;
    this.#metadataBytes += metadata.length + type.length;
    if (this.#dataBytes > MAX_APPEND_BYTES || this.#metadataBytes > MAX_APPEND_BYTES) throw maximumAppendSizeExceeded();
    this.events.push({ id, type, isJson: contentType === 'application/json', metadata, data });
  }
}

/** The text form of a UUID in either form of the wire. @throws Failure INVALID_ARGUMENT when it is none. */
export function uuid(message: InstanceType<typeof shared.UUID> | undefined): string {
  const structured = message?.getStructured();
  const text = structured
    ? hex(structured.getMostSignificantBits()) + hex(structured.getLeastSignificantBits())
    : (message?.getString() ?? '').toLowerCase();
  return checkedId(structured ? text.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') : text);
}

/** As {@link uuid}, of an encoded message. */
export function encodedUuid(message: Buffer): string {
  // Field 2, a text of 36 bytes: what clients send.
  if (message.length !== 38 || message[0] !== 0x12) return uuid(shared.UUID.deserializeBinary(message));
  return checkedId(message.toString('latin1', 2).toLowerCase());
}

function checkedId(id: string): string {
  if (!UUID.test(id)) throw invalid(`The event id '${id.slice(0, 64)}' is no UUID.`);
  return id;
}

function hex(int64: string): string {
  return BigInt.asUintN(64, BigInt(int64)).toString(16).padStart(16, '0');
}

/** How the three requests that carry an expected revision say so. */
interface ExpectedRevisionOptions {
  hasNoStream(): boolean;
  hasStreamExists(): boolean;
  hasAny(): boolean;
}

/** The expected revision of a request; `revision` is its number on the wire. A request that says nothing expects revision 0. */
export function expectedRevision(options: ExpectedRevisionOptions, revision: string): number {
  if (options.hasNoStream()) return NO_STREAM;
  if (options.hasStreamExists()) return STREAM_EXISTS;
  return options.hasAny() ? ANY : countOf(revision);
}
