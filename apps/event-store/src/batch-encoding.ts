import { ANY, NO_STREAM, STREAM_EXISTS } from './write-request.js';
import { bytes, bytesLength, EMPTY, Fields, lengthPrefix, number, numberLength } from './wire.js';

// `event_store.client.streams.BatchAppendReq` and `BatchAppendResp`, read and written by hand.

/** One message of a batch. Ids, names and types are not checked yet. */
export interface BatchMessage {
  /** The encoded UUID that tells the batch apart. */
  correlation: Buffer;
  /** Only the first message of a batch has them. */
  options: BatchOptions | undefined;
  events: BatchEvent[];
  isFinal: boolean;
}

export interface BatchOptions {
  /** The encoded name of the stream. */
  identifier: Buffer;
  expected: number;
  /** Milliseconds since 1970, `Infinity` for none. */
  deadline: number;
}

export interface BatchEvent {
  /** An encoded UUID. */
  id: Buffer;
  type: string;
  contentType: string;
  metadata: Buffer;
  data: Buffer;
}

/** @throws RangeError for bytes that are no such message. */
export function batchMessage(encoded: Buffer): BatchMessage {
  const message: BatchMessage = { correlation: EMPTY, options: undefined, events: [], isFinal: false };
  for (const fields = new Fields(encoded); fields.next();) {
    if (fields.number === 1) message.correlation = fields.content;
    else if (fields.number === 2) message.options = options(fields.content);
    else if (fields.number === 3) message.events.push(event(fields.content));
    else if (fields.number === 4) message.isFinal = fields.value !== 0;
  }
  return message;
}

function options(encoded: Buffer): BatchOptions {
  const read: BatchOptions = { identifier: EMPTY, expected: 0, deadline: Infinity };
  for (const fields = new Fields(encoded); fields.next();) {
    if (fields.number === 1) read.identifier = fields.content;
    else if (fields.number === 2) read.expected = Math.min(fields.value, Number.MAX_SAFE_INTEGER - 1);
    else if (fields.number === 3) read.expected = NO_STREAM;
    else if (fields.number === 4) read.expected = ANY;
    else if (fields.number === 5) read.expected = STREAM_EXISTS;
    else if (fields.number === 6) read.deadline = milliseconds(fields.content);
  }
  return read;
}

/** A `google.protobuf.Timestamp`. */
function milliseconds(encoded: Buffer): number {
  let time = 0;
  for (const fields = new Fields(encoded); fields.next();) {
    time += fields.number === 1 ? fields.value * 1_000 : fields.value / 1_000_000;
  }
  return time;
}

function event(encoded: Buffer): BatchEvent {
  const read: BatchEvent = { id: EMPTY, type: '', contentType: '', metadata: EMPTY, data: EMPTY };
  for (const fields = new Fields(encoded); fields.next();) {
    if (fields.number === 1) read.id = fields.content;
    else if (fields.number === 2) property(read, fields.content);
    else if (fields.number === 3) read.metadata = fields.content;
    else if (fields.number === 4) read.data = fields.content;
  }
  return read;
}

/** An entry of the map of properties. */
function property(event: BatchEvent, encoded: Buffer): void {
  let key = '';
  for (const fields = new Fields(encoded); fields.next();) {
    if (fields.number === 1) key = fields.content.toString();
    else if (fields.number === 2 && key === 'type') event.type = fields.content.toString();
    else if (fields.number === 2 && key === 'content-type') event.contentType = fields.content.toString();
  }
}

/** The bytes of a StreamIdentifier's name; empty for none. */
export function nameIn(identifier: Buffer): Buffer {
  let name = EMPTY;
  for (const fields = new Fields(identifier); fields.next();) if (fields.number === 3) name = fields.content;
  return name;
}

/** What every answer repeats of the request. */
function repeated(correlation: Buffer, { identifier, expected }: BatchOptions): Buffer {
  const revision = expected < 0 ? 2 : numberLength(expected);
  const out = Buffer.allocUnsafe(bytesLength(correlation.length) + bytesLength(identifier.length) + revision);
  let at = bytes(out, 0, 1, correlation);
  at = bytes(out, at, 4, identifier);
  if (expected < 0) lengthPrefix(out, at, expected === NO_STREAM ? 6 : expected === ANY ? 7 : 8, 0);
  else number(out, at, 5, expected);
  return out;
}

/** The answer to a batch that is recorded. `revision` is -1 for a stream that has no event still. */
export function successMessage(correlation: Buffer, options: BatchOptions, revision: number, position: number): Buffer {
  const positionLength = 2 * numberLength(position);
  const length = (revision < 0 ? 2 : numberLength(revision)) + bytesLength(positionLength);
  const out = Buffer.allocUnsafe(bytesLength(length));
  let at = lengthPrefix(out, 0, 3, length);
  at = revision < 0 ? lengthPrefix(out, at, 2, 0) : number(out, at, 1, revision);
  at = lengthPrefix(out, at, 3, positionLength);
  at = number(out, at, 1, position);
  number(out, at, 2, position);
  return Buffer.concat([repeated(correlation, options), out]);
}

/** The answer to a batch that is refused. @param status an encoded `google.rpc.Status`. */
export function errorMessage(correlation: Buffer, options: BatchOptions, status: Uint8Array): Buffer {
  const out = Buffer.allocUnsafe(bytesLength(status.length));
  bytes(out, 0, 2, status);
  return Buffer.concat([repeated(correlation, options), out]);
}
