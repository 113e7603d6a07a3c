/** Expected revisions that are no number of an event; the values are EventStoreDB's own. */
export const ANY = -2;
export const NO_STREAM = -1;
export const STREAM_EXISTS = -4;

/** A proposed event without its bytes: they travel between the threads in one buffer for the whole group. */
export interface ProposedHeader {
  id: string;
  type: string;
  isJson: boolean;
  metadataLength: number;
  dataLength: number;
}

/** What a client asks to be written to a stream, all of it or nothing. */
export interface WriteRequest {
  kind: 'append' | 'soft-delete' | 'tombstone';
  stream: string;
  /** A revision, or {@link ANY}, {@link NO_STREAM}, {@link STREAM_EXISTS}. */
  expected: number;
  /** Time after which the client no longer waits, in milliseconds since 1970; `Infinity` for none. */
  deadline: number;
  /** Empty unless `kind` is `append`. */
  events: ProposedHeader[];
}

/** What became of a request. `revision` and `position` are those of its last event. */
export type WriteOutcome =
  | { kind: 'written'; revision: number; position: number }
  | { kind: 'wrong-expected-revision'; current: number }
  | { kind: 'stream-deleted' }
  | { kind: 'timed-out' }
  | { kind: 'shutting-down' }
  | { kind: 'disk-full'; message: string }
  | { kind: 'failed'; message: string };

/** Requests that are committed together. `bytes` holds metadata and data of each event, in order. */
export interface WriteGroup {
  requests: WriteRequest[];
  bytes: Uint8Array;
}

/** The answer to a group, outcomes in the order of its requests. */
export interface GroupOutcome {
  outcomes: WriteOutcome[];
  /** Position of the last event in the file. */
  head: number;
  /** Set when the file can no longer be trusted and the process must end. */
  fatal?: string;
}

/** What the writer thread says first. `large` tells that the file was too large to be checked as a whole. */
export type Opening =
  { kind: 'ready'; head: number; large: boolean } | { kind: 'damaged'; position: number | undefined; reason: string };
