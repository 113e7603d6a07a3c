import { status as Code, type ServerDuplexStream } from '@grpc/grpc-js';

import { refusal, writableStream } from './append-call.js';
import type { Authorization } from './authorization.js';
import { type BatchMessage, type BatchOptions, errorMessage, nameIn, successMessage } from './batch-encoding.js';
import type { CommitQueue } from './commit-queue.js';
import { asFailure, cancelled, Failure, invalid, MAX_APPEND_BYTES } from './failure.js';
import { Outlet } from './outlet.js';
import { encodedUuid, Proposal } from './proposal.js';
import { any, empty, shared, status } from './protocol.js';
import { ANY, NO_STREAM, STREAM_EXISTS, type WriteOutcome, type WriteRequest } from './write-request.js';

export type BatchAppendHandlerCall = ServerDuplexStream<BatchMessage, Buffer>;

/** What one client may leave unfinished at a time. */
const UNFINISHED_BATCHES = 1_024;
const UNFINISHED_BYTES = 16 * 1024 * 1024;

/** A batch whose messages are still coming in. A failed one is remembered, without its events, until its last message. */
interface Batch {
  options: BatchOptions;
  request: Omit<WriteRequest, 'events'>;
  proposal: Proposal;
  failure?: Failure;
}

/** Answers `Streams.BatchAppend`: many appends over one call, each told apart by its correlation id and answered on its own. */
export function serveBatchAppend(
  call: BatchAppendHandlerCall,
  commits: CommitQueue,
  authorization: Authorization,
): void {
  const outlet = new Outlet(call, cancelled);
  try {
    authorization.authenticate(call.metadata);
  } catch (error) {
    outlet.fail(error);
    return;
  }
  const batches = new Map<string, Batch>();
  let unanswered = 0;
  let holds = 0;
  let ended = false;

  /** Reads nothing from the client until then. */
  const hold = (until: Promise<void> | undefined) => {
    if (!until) return;
    holds += 1;
    call.pause();
    void until.then(() => {
      holds -= 1;
      if (holds === 0) call.resume();
    });
  };

  const finish = () => {
    if (ended && unanswered === 0) outlet.end();
  };

  const receive = (message: BatchMessage): void => {
    const correlation = encodedUuid(message.correlation);
    const { options } = message;
    if (options) {
      const { expected, deadline } = options;
      const stream = writableStream(nameIn(options.identifier));
      const request = { kind: 'append', stream, expected, deadline } as const;
      batches.set(correlation, { options, request, proposal: new Proposal() });
    }
    const batch = batches.get(correlation);
    if (!batch) throw invalid('The first message of a batch must carry its options.');
    if (!batch.failure) addTo(batch, message);
    if (!message.isFinal) {
      const bytes = [...batches.values()].reduce((sum, { proposal }) => sum + proposal.bytes, 0);
      if (batches.size <= UNFINISHED_BATCHES && bytes <= UNFINISHED_BYTES) return;
      throw new Failure(Code.RESOURCE_EXHAUSTED, 'Too many batches are unfinished on this call: finish some first.');
    }
    batches.delete(correlation);
    unanswered += 1;
    void settle(batch).then((result) => {
      // The call as a whole is about to be ended.
      if ('kind' in result && result.kind === 'shutting-down') return;
      hold(outlet.send(answer(message.correlation, batch, result)));
      unanswered -= 1;
      finish();
    });
  };

  const addTo = (batch: Batch, message: BatchMessage): void => {
    try {
      authorization.require(call.metadata, 'write', batch.request.stream);
      for (const event of message.events) batch.proposal.add({ ...event, id: encodedUuid(event.id) });
    } catch (error) {
      batch.failure = asFailure(error);
      batch.proposal = new Proposal();
    }
  };

  const settle = async (batch: Batch): Promise<WriteOutcome | Failure> => {
    if (batch.failure) return batch.failure;
    try {
      return await commits.write(batch.request, batch.proposal.events);
    } catch (error) {
      return asFailure(error);
    }
  };

  call.on('data', (message: BatchMessage) => {
    if (outlet.closed) return;
    try {
      receive(message);
    } catch (error) {
      outlet.fail(error);
      return;
    }
    if (commits.crowded) hold(commits.room());
  });
  call.on('end', () => {
    ended = true;
    finish();
  });
}

function answer(correlation: Buffer, { options, request }: Batch, result: WriteOutcome | Failure): Buffer {
  return 'kind' in result && result.kind === 'written'
    ? successMessage(correlation, options, result.revision, result.position)
    : errorMessage(correlation, options, errorStatus(request, result).serializeBinary());
}

/** In a batch an error is a `google.rpc.Status` whose detail tells which it is. */
function errorStatus(
  request: Omit<WriteRequest, 'events'>,
  result: Exclude<WriteOutcome, { kind: 'written' }> | Failure,
): InstanceType<typeof status.Status> {
  const failure = 'kind' in result ? refusal(request, result) : result;
  const error = new status.Status();
  error.setCode(failure.code as number);
  error.setMessage(failure.details);
  const detail = new any.Any();
  const [name, message] = detailOf(request, result, failure);
  detail.pack(message.serializeBinary(), `event_store.client.${name}`);
  error.setDetails(detail);
  return error;
}

function detailOf(
  request: Omit<WriteRequest, 'events'>,
  result: Exclude<WriteOutcome, { kind: 'written' }> | Failure,
  failure: Failure,
): [string, { serializeBinary(): Uint8Array }] {
  if ('kind' in result && result.kind === 'timed-out') return ['Timeout', new shared.Timeout()];
  if ('kind' in result && result.kind === 'wrong-expected-revision') {
    const wrong = new shared.WrongExpectedVersion();
    if (result.current < 0) wrong.setCurrentNoStream(new empty.Empty());
    else wrong.setCurrentStreamRevision(String(result.current));
    if (request.expected === ANY) wrong.setExpectedAny(new empty.Empty());
    else if (request.expected === NO_STREAM) wrong.setExpectedNoStream(new empty.Empty());
    else if (request.expected === STREAM_EXISTS) wrong.setExpectedStreamExists(new empty.Empty());
    else wrong.setExpectedStreamPosition(String(request.expected));
    return ['WrongExpectedVersion', wrong];
  }
  const identifier = new shared.StreamIdentifier();
  identifier.setStreamName(Buffer.from(request.stream));
  switch (String(failure.metadata.get('exception')[0])) {
    case 'stream-deleted': {
      const deleted = new shared.StreamDeleted();
      deleted.setStreamIdentifier(identifier);
      return ['StreamDeleted', deleted];
    }
    case 'access-denied':
      return ['AccessDenied', new shared.AccessDenied()];
    case 'maximum-append-size-exceeded': {
      const exceeded = new shared.MaximumAppendSizeExceeded();
      exceeded.setMaxappendsize(MAX_APPEND_BYTES);
      return ['MaximumAppendSizeExceeded', exceeded];
    }
    default: {
      // The official client knows no detail for the rest, but shows the message of the status.
      const bad = new shared.BadRequest();
      bad.setMessage(failure.details);
      return ['BadRequest', bad];
    }
  }
}
