import { status as Code, type sendUnaryData, type ServerReadableStream, type ServerUnaryCall } from '@grpc/grpc-js';

import type { Authorization } from './authorization.js';
import type { CommitQueue } from './commit-queue.js';
import { isMetastream } from './event.js';
import {
  accessDenied,
  asFailure,
  Failure,
  invalid,
  streamDeleted,
  unavailable,
  wrongExpectedVersion,
} from './failure.js';
import { openCalls } from './outlet.js';
import { expectedRevision, Proposal, uuid } from './proposal.js';
import { shared, streams } from './protocol.js';
import { streamName } from './read-request.js';
import { ANY, NO_STREAM, STREAM_EXISTS, type WriteOutcome, type WriteRequest } from './write-request.js';

type AppendReq = InstanceType<typeof streams.AppendReq>;
type AppendResp = InstanceType<typeof streams.AppendResp>;
type DeleteReq = InstanceType<typeof streams.DeleteReq>;
type DeleteResp = InstanceType<typeof streams.DeleteResp>;
type TombstoneReq = InstanceType<typeof streams.TombstoneReq>;
type TombstoneResp = InstanceType<typeof streams.TombstoneResp>;

export type AppendHandlerCall = ServerReadableStream<AppendReq, AppendResp>;
export type AppendAnswer = sendUnaryData<AppendResp>;
export type DeleteHandlerCall = ServerUnaryCall<DeleteReq, DeleteResp>;
export type TombstoneHandlerCall = ServerUnaryCall<TombstoneReq, TombstoneResp>;

/** Answers `Streams.Append`: options first, then one event per message, one answer at the end. */
export function serveAppend(
  call: AppendHandlerCall,
  answer: AppendAnswer,
  commits: CommitQueue,
  authorization: Authorization,
): void {
  const proposal = new Proposal();
  let request: Omit<WriteRequest, 'events'> | undefined;
  let answered = false;
  const once = (error: Failure | null, response?: AppendResp) => {
    if (!answered) answer(error, response);
    leave();
  };
  const stop = () => once(unavailable());
  const leave = () => {
    answered = true;
    openCalls.delete(stop);
  };
  openCalls.add(stop);
  call.on('data', (message: AppendReq) => {
    if (answered) return;
    try {
      const options = message.getOptions();
      const event = message.getProposedMessage();
      if (options) {
        const stream = writableStream(options.getStreamIdentifier()?.getStreamName_asU8());
        authorization.require(call.metadata, 'write', stream);
        const expected = expectedRevision(options, options.getRevision());
        request = { kind: 'append', stream, expected, deadline: deadlineOf(call.getDeadline()) };
      } else if (request && event) {
        const properties = event.getMetadataMap();
        proposal.add({
          id: uuid(event.getId()),
          type: properties.get('type'),
          contentType: properties.get('content-type'),
          metadata: event.getCustomMetadata_asU8(),
          data: event.getData_asU8(),
        });
      } else {
        throw invalid('The first message of an append must carry its options.');
      }
    } catch (error) {
      once(asFailure(error));
    }
  });
  call.on('error', leave);
  call.on('cancelled', leave);
  call.on('end', () => {
    if (answered) return;
    if (!request) return once(invalid('The append has no options.'));
    const asked = request;
    commits.write(asked, proposal.events).then(
      (outcome) => {
        const response = appendResponse(asked, outcome);
        once(response instanceof Failure ? response : null, response instanceof Failure ? undefined : response);
      },
      (error: unknown) => once(asFailure(error)),
    );
  });
}

/** Answers `Streams.Delete`: cuts off everything recorded so far; the stream may be written to again. */
export async function serveDelete(
  call: DeleteHandlerCall,
  commits: CommitQueue,
  authorization: Authorization,
): Promise<DeleteResp> {
  const { position } = await remove(call, 'soft-delete', commits, authorization);
  const at = new streams.DeleteResp.Position();
  at.setCommitPosition(position);
  at.setPreparePosition(position);
  const response = new streams.DeleteResp();
  response.setPosition(at);
  return response;
}

/** Answers `Streams.Tombstone`: ends a stream for good. */
export async function serveTombstone(
  call: TombstoneHandlerCall,
  commits: CommitQueue,
  authorization: Authorization,
): Promise<TombstoneResp> {
  const { position } = await remove(call, 'tombstone', commits, authorization);
  const at = new streams.TombstoneResp.Position();
  at.setCommitPosition(position);
  at.setPreparePosition(position);
  const response = new streams.TombstoneResp();
  response.setPosition(at);
  return response;
}

async function remove(
  call: ServerUnaryCall<DeleteReq, unknown> | ServerUnaryCall<TombstoneReq, unknown>,
  kind: 'soft-delete' | 'tombstone',
  commits: CommitQueue,
  authorization: Authorization,
): Promise<{ position: string }> {
  const options = call.request.getOptions();
  if (!options) throw invalid('The request has no options.');
  const stream = writableStream(options.getStreamIdentifier()?.getStreamName_asU8());
  if (isMetastream(stream)) throw invalid(`'${stream}' holds the settings of a stream and cannot be deleted itself.`);
  authorization.require(call.metadata, 'delete', stream);
  const request = { kind, stream, expected: expectedRevision(options, options.getRevision()), deadline: Infinity };
  const outcome = await commits.write(request);
  if (outcome.kind === 'written') return { position: String(outcome.position) };
  throw refusal(request, outcome);
}

/** The name of a stream that may be written to. @throws Failure when there is none. */
export function writableStream(name: Uint8Array | undefined): string {
  const stream = streamName(name);
  if (stream === '$all') throw accessDenied();
  if (stream.startsWith('$$$$')) throw invalid(`'${stream}': the settings of a stream have no settings of their own.`);
  return stream;
}

function deadlineOf(deadline: Date | number): number {
  return typeof deadline === 'number' ? deadline : deadline.getTime();
}

function appendResponse(request: Omit<WriteRequest, 'events'>, outcome: WriteOutcome): AppendResp | Failure {
  const response = new streams.AppendResp();
  if (outcome.kind === 'written') {
    const success = new streams.AppendResp.Success();
    if (outcome.revision < 0) {
      success.setNoStream(new shared.Empty());
    } else {
      success.setCurrentRevision(String(outcome.revision));
    }
    const position = new streams.AppendResp.Position();
    position.setCommitPosition(String(outcome.position));
    position.setPreparePosition(String(outcome.position));
    success.setPosition(position);
    response.setSuccess(success);
    return response;
  }
  if (outcome.kind !== 'wrong-expected-revision') return refusal(request, outcome);
  const wrong = new streams.AppendResp.WrongExpectedVersion();
  if (outcome.current < 0) wrong.setCurrentNoStream(new shared.Empty());
  else wrong.setCurrentRevision(String(outcome.current));
  if (request.expected === ANY) wrong.setExpectedAny(new shared.Empty());
  else if (request.expected === NO_STREAM) wrong.setExpectedNoStream(new shared.Empty());
  else if (request.expected === STREAM_EXISTS) wrong.setExpectedStreamExists(new shared.Empty());
  else wrong.setExpectedRevision(String(request.expected));
  response.setWrongExpectedVersion(wrong);
  return response;
}

/** What a client is told of a write that was not recorded. */
export function refusal(
  request: Omit<WriteRequest, 'events'>,
  outcome: Exclude<WriteOutcome, { kind: 'written' }>,
): Failure {
  switch (outcome.kind) {
    case 'wrong-expected-revision':
      return wrongExpectedVersion(
        request.kind === 'append' ? 'Append' : 'Delete',
        request.stream,
        request.expected,
        outcome.current,
      );
    case 'stream-deleted':
      return streamDeleted(request.stream);
    case 'timed-out':
      return new Failure(Code.ABORTED, 'The append was not recorded before its deadline.');
    case 'disk-full':
      return new Failure(Code.RESOURCE_EXHAUSTED, outcome.message);
    case 'shutting-down':
      return unavailable();
    case 'failed':
      return new Failure(Code.INTERNAL, outcome.message);
  }
}
