import { Metadata, status as Code, type ServerErrorResponse } from '@grpc/grpc-js';

import { DamageError } from './event-table.js';

/** Most data one append may carry, in bytes: EventStoreDB's default. */
export const MAX_APPEND_BYTES = 1024 * 1024;

const STOPPING = 'The event store is shutting down.';

/** An answer to a call that is no success: a gRPC status, and trailers by which the official client tells which error it is. */
export class Failure extends Error implements ServerErrorResponse {
  override readonly name = 'Failure';
  readonly details: string;
  readonly metadata = new Metadata();

  constructor(
    readonly code: Code,
    message: string,
    trailers: Record<string, string> = {},
  ) {
    super(message);
    this.details = message;
    for (const [name, value] of Object.entries(trailers)) this.metadata.set(name, value);
  }
}

export function streamDeleted(stream: string): Failure {
  return new Failure(Code.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, {
    exception: 'stream-deleted',
    'stream-name': trailerText(stream),
  });
}

/**
 * Of a tombstone EventStoreDB says that the delete failed, too.
 *
 * @param current last revision of the stream, -1 when it has no event.
 */
export function wrongExpectedVersion(
  operation: 'Append' | 'Delete',
  stream: string,
  expected: number,
  current: number,
): Failure {
  return new Failure(
    Code.FAILED_PRECONDITION,
    `${operation} failed due to WrongExpectedVersion. Stream: ${stream}, Expected version: ${expected}, Actual version: ${current}`,
    {
      exception: 'wrong-expected-version',
      'stream-name': trailerText(stream),
      'expected-version': String(expected),
      'actual-version': String(current),
    },
  );
}

export function maximumAppendSizeExceeded(): Failure {
  return new Failure(Code.INVALID_ARGUMENT, `Maximum Append Size of ${MAX_APPEND_BYTES} Exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(MAX_APPEND_BYTES),
  });
}

export function missingMetadata(): Failure {
  return new Failure(Code.INVALID_ARGUMENT, "Required metadata properties 'type' and 'content-type' are missing.", {
    exception: 'missing-required-metadata-property',
    'required-metadata-properties': 'type,content-type',
  });
}

export function accessDenied(): Failure {
  return new Failure(Code.PERMISSION_DENIED, 'Access Denied.', { exception: 'access-denied' });
}

/** For a write that was not recorded because the server stops: it can be sent again to the next one. */
export function unavailable(): Failure {
  return new Failure(Code.UNAVAILABLE, STOPPING);
}

/** For a call that ends because the server stops, as EventStoreDB says it of reads and of batches: what was acknowledged is recorded. */
export function cancelled(): Failure {
  return new Failure(Code.CANCELLED, STOPPING);
}

export function invalid(message: string): Failure {
  return new Failure(Code.INVALID_ARGUMENT, message);
}

/** What a call is told of any error: what we meant to say, or that something unforeseen happened. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof DamageError) {
    process.stderr.write(`${error.message}\n`);
    return new Failure(Code.DATA_LOSS, error.message);
  }
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return new Failure(Code.INTERNAL, 'The event store met an unforeseen error; its log says more.');
}

/** Trailers carry ASCII alone; a name outside it is written percent-encoded. */
function trailerText(text: string): string {
  return /^[\x20-\x7e]*$/.test(text) ? text : encodeURIComponent(text);
}
