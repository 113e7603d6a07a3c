import type { RecordedEvent } from './event.js';
import { shared, streams } from './protocol.js';
import { bytes, bytesLength, lengthPrefix, number, numberLength } from './wire.js';

// Events make up nearly all of what the server sends, so they are written by hand, straight into the bytes of
// `event_store.client.streams.ReadResp`. The rest uses the generated classes.

/** Field 3 with the largest int64, which a number cannot hold. */
const TOMBSTONE_REVISION_FIELD = Buffer.from('18ffffffffffffffff7f', 'hex');
const JSON_TYPE = Buffer.from('application/json');
const BINARY_TYPE = Buffer.from('application/octet-stream');
const withTextIds = new WeakMap<RecordedEvent, Buffer>();
const withStructuredIds = new WeakMap<RecordedEvent, Buffer>();

/** A ReadResp with one event. Encoded once, however many subscribers it goes to. */
export function eventMessage(event: RecordedEvent, structuredIds = false): Buffer {
  const encodings = structuredIds ? withStructuredIds : withTextIds;
  let encoded = encodings.get(event);
  if (!encoded) {
    encoded = readEvent(recordedEvent(event, 1, structuredIds), event.position);
    encodings.set(event, encoded);
  }
  return encoded;
}

/** A ReadResp with a link and the event it points to, if that is still there. */
export function linkMessage(link: RecordedEvent, target: RecordedEvent | undefined, structuredIds = false): Buffer {
  const parts = [...(target ? [recordedEvent(target, 1, structuredIds)] : []), recordedEvent(link, 2, structuredIds)];
  return readEvent(Buffer.concat(parts), link.position);
}

function readEvent(content: Buffer, position: number): Buffer {
  const length = content.length + numberLength(position);
  const out = Buffer.allocUnsafe(bytesLength(length));
  let at = lengthPrefix(out, 0, 1, length);
  at += content.copy(out, at);
  number(out, at, 3, position);
  return out;
}

/** A RecordedEvent as field `field` of a ReadEvent. */
function recordedEvent(event: RecordedEvent, field: number, structuredId: boolean): Buffer {
  const id = structuredId ? structured(event.id) : text(event.id);
  const stream = Buffer.from(event.stream);
  const type = Buffer.from(event.type);
  const created = Buffer.from(`${event.created}0000`);
  const content = event.isJson ? JSON_TYPE : BINARY_TYPE;
  const tombstone = event.revision === Number.MAX_SAFE_INTEGER;
  const revisionLength = tombstone ? 10 : numberLength(event.revision);
  const streamField = bytesLength(stream.length);
  const length =
    bytesLength(id.length) +
    bytesLength(streamField) +
    revisionLength +
    2 * numberLength(event.position) +
    entryLength('type', type) +
    entryLength('content-type', content) +
    entryLength('created', created) +
    bytesLength(event.metadata.length) +
    bytesLength(event.data.length);
  const out = Buffer.allocUnsafe(bytesLength(length));
  let at = lengthPrefix(out, 0, field, length);
  at = bytes(out, at, 1, id);
  at = lengthPrefix(out, at, 2, streamField);
  at = bytes(out, at, 3, stream);
  at = tombstone ? at + TOMBSTONE_REVISION_FIELD.copy(out, at) : number(out, at, 3, event.revision);
  at = number(out, at, 4, event.position);
  at = number(out, at, 5, event.position);
  at = entry(out, at, 'type', type);
  at = entry(out, at, 'content-type', content);
  at = entry(out, at, 'created', created);
  at = bytes(out, at, 7, event.metadata);
  bytes(out, at, 8, event.data);
  return out;
}

/** A UUID as text: field 2. */
function text(id: string): Buffer {
  const out = Buffer.allocUnsafe(bytesLength(id.length));
  out.write(id, lengthPrefix(out, 0, 2, id.length), 'latin1');
  return out;
}

/** A UUID as two signed numbers, the first eight bytes and the last. */
function structured(id: string): Buffer {
  const hex = id.replaceAll('-', '');
  const half = (from: number) => BigInt.asIntN(64, BigInt(`0x${hex.slice(from, from + 16)}`)).toString();
  const halves = new shared.UUID.Structured();
  halves.setMostSignificantBits(half(0));
  halves.setLeastSignificantBits(half(16));
  const uuid = new shared.UUID();
  uuid.setStructured(halves);
  return Buffer.from(uuid.serializeBinary());
}

/** An entry of the map `metadata` (field 6). */
function entry(out: Buffer, at: number, key: string, value: Uint8Array): number {
  at = lengthPrefix(out, at, 6, bytesLength(key.length) + bytesLength(value.length));
  at = lengthPrefix(out, at, 1, key.length);
  at += out.write(key, at, 'latin1');
  return bytes(out, at, 2, value);
}

function entryLength(key: string, value: Uint8Array): number {
  return bytesLength(bytesLength(key.length) + bytesLength(value.length));
}

export function confirmationMessage(subscriptionId: string): Buffer {
  const confirmation = new streams.ReadResp.SubscriptionConfirmation();
  confirmation.setSubscriptionId(subscriptionId);
  return encoded((response) => response.setConfirmation(confirmation));
}

export function checkpointMessage(position: number): Buffer {
  const checkpoint = new streams.ReadResp.Checkpoint();
  checkpoint.setCommitPosition(String(position));
  checkpoint.setPreparePosition(String(position));
  return encoded((response) => response.setCheckpoint(checkpoint));
}

export function caughtUpMessage(): Buffer {
  return encoded((response) => response.setCaughtUp(new streams.ReadResp.CaughtUp()));
}

export function streamNotFoundMessage(stream: string): Buffer {
  const identifier = new shared.StreamIdentifier();
  identifier.setStreamName(Buffer.from(stream));
  const notFound = new streams.ReadResp.StreamNotFound();
  notFound.setStreamIdentifier(identifier);
  return encoded((response) => response.setStreamNotFound(notFound));
}

function encoded(fill: (response: InstanceType<typeof streams.ReadResp>) => void): Buffer {
  const response = new streams.ReadResp();
  fill(response);
  return Buffer.from(response.serializeBinary());
}
