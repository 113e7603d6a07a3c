import { crc32 } from 'node:zlib';

/** Revision given to the tombstone of a stream; on the wire it is the largest int64, which JavaScript cannot count to. */
export const TOMBSTONE_REVISION = Number.MAX_SAFE_INTEGER;

/** Type of the event that ends a stream for good. */
export const TOMBSTONE_TYPE = '$streamDeleted';

/** Type of the event that carries the settings of a stream, recorded in its metastream. */
export const METADATA_TYPE = '$metadata';

/** An event as a client proposes it, not yet recorded. */
export interface ProposedEvent {
  /** UUID in lower case with hyphens. */
  id: string;
  type: string;
  isJson: boolean;
  /** The client's own metadata; may be empty. */
  metadata: Uint8Array;
  data: Uint8Array;
}

/** An event as it was recorded. */
export interface RecordedEvent extends ProposedEvent {
  /** Place in the log of all events: 0, 1, 2 … without a gap. */
  position: number;
  stream: string;
  /** Place in its stream: 0, 1, 2 … without a gap, or {@link TOMBSTONE_REVISION}. */
  revision: number;
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  created: number;
}

/** CRC-32 over every field of the event, so that a flipped bit anywhere in its row is found when it is read. */
export function checksumOf(event: RecordedEvent): number {
  const { position, revision, created, isJson, id, type, stream, metadata, data } = event;
  const head = `${position} ${revision} ${created} ${isJson ? 1 : 0} ${metadata.length} ${id} ${type}\n${stream}`;
  return crc32(data, crc32(metadata, crc32(head)));
}

/** The stream that holds the settings of `stream`. */
export function metastreamOf(stream: string): string {
  return `$$${stream}`;
}

export function isMetastream(stream: string): boolean {
  return stream.startsWith('$$');
}

/** The stream whose settings `metastream` holds. */
export function originalOf(metastream: string): string {
  return metastream.slice(2);
}
