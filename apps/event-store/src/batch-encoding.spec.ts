import { hash } from 'node:crypto';

import shared from '@eventstore/db-client/generated/shared_pb.js';
import status from '@eventstore/db-client/generated/status_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { describe, expect, it } from '@jest/globals';
import {
  array,
  assert,
  boolean,
  constantFrom,
  maxSafeNat,
  nat,
  oneof,
  option,
  property,
  record,
  string,
  uint8Array,
  uuid,
} from 'fast-check';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import timestamp from 'google-protobuf/google/protobuf/timestamp_pb.js';

import { batchMessage, errorMessage, nameIn, successMessage } from './batch-encoding.js';
import { encodedUuid } from './proposal.js';
import { ANY, NO_STREAM, STREAM_EXISTS } from './write-request.js';

const { BatchAppendReq, BatchAppendResp } = streams;

const asked = record({
  correlation: uuid(),
  options: option(
    record({
      stream: string({ unit: 'grapheme' }),
      expected: oneof(
        constantFrom(ANY, NO_STREAM, STREAM_EXISTS),
        maxSafeNat().map((n) => Math.max(0, n - 2)),
      ),
      deadline: option(nat({ max: 4e12 }), { nil: Infinity }),
    }),
    { nil: undefined },
  ),
  events: array(
    record({
      id: uuid(),
      type: string({ unit: 'grapheme' }),
      contentType: string(),
      metadata: uint8Array(),
      data: oneof(
        uint8Array(),
        constantFrom(127, 128, 16_384, 70_000).map((length) => new Uint8Array(length).fill(7)),
      ),
    }),
    { maxLength: 3 },
  ),
  isFinal: boolean(),
});
type Asked = typeof asked extends { generate(...rest: never[]): { value: infer T } } ? T : never;

const digest = (bytes: Uint8Array) => hash('sha1', bytes);

/** A UUID in one of the two forms of the wire. */
function uuidMessage(id: string, structured: boolean): InstanceType<typeof shared.UUID> {
  const message = new shared.UUID();
  if (!structured) {
    message.setString(id);
    return message;
  }
  const digits = id.replaceAll('-', '');
  const halves = new shared.UUID.Structured();
  halves.setMostSignificantBits(String(BigInt.asIntN(64, BigInt(`0x${digits.slice(0, 16)}`))));
  halves.setLeastSignificantBits(String(BigInt.asIntN(64, BigInt(`0x${digits.slice(16)}`))));
  message.setStructured(halves);
  return message;
}

function generated({ correlation, options, events, isFinal }: Asked, structured: boolean): Buffer {
  const request = new BatchAppendReq();
  request.setCorrelationId(uuidMessage(correlation, structured));
  if (options) {
    const message = new BatchAppendReq.Options();
    const identifier = new shared.StreamIdentifier();
    identifier.setStreamName(Buffer.from(options.stream));
    message.setStreamIdentifier(identifier);
    if (options.expected === ANY) message.setAny(new empty.Empty());
    else if (options.expected === NO_STREAM) message.setNoStream(new empty.Empty());
    else if (options.expected === STREAM_EXISTS) message.setStreamExists(new empty.Empty());
    else message.setStreamPosition(String(options.expected));
    if (options.deadline !== Infinity) message.setDeadline(timestamp.Timestamp.fromDate(new Date(options.deadline)));
    request.setOptions(message);
  }
  for (const { id, type, contentType, metadata, data } of events) {
    const message = new BatchAppendReq.ProposedMessage();
    message.setId(uuidMessage(id, structured));
    message.getMetadataMap().set('type', type).set('content-type', contentType);
    message.setCustomMetadata(metadata);
    message.setData(data);
    request.addProposedMessages(message);
  }
  request.setIsFinal(isFinal);
  return Buffer.from(request.serializeBinary());
}

describe('batches in bytes', () => {
  it('are read as they were written, whatever form the ids have', () => {
    assert(
      property(asked, boolean(), (wanted, structured) => {
        const { correlation, options, events, isFinal } = batchMessage(generated(wanted, structured));
        expect({
          correlation: encodedUuid(correlation),
          options: options && { ...options, stream: nameIn(options.identifier).toString() },
          events: events.map((event) => ({
            ...event,
            id: encodedUuid(event.id),
            metadata: new Uint8Array(event.metadata),
            data: digest(event.data),
          })),
          isFinal,
        }).toEqual({
          ...wanted,
          events: wanted.events.map((event) => ({ ...event, data: digest(event.data) })),
          options: wanted.options && { ...wanted.options, identifier: expect.anything() as unknown },
        });
      }),
    );
  });

  it('skip fields that are unknown and refuse what ends too early', () => {
    const bytes = generated({ correlation: crypto.randomUUID(), options: undefined, events: [], isFinal: true }, false);
    const unknown = Buffer.from([0x78, 0x96, 0x01, 0x71, 1, 2, 3, 4, 5, 6, 7, 8, 0x7a, 2, 9, 9, 0x75, 1, 2, 3, 4]);
    expect(batchMessage(Buffer.concat([unknown, bytes]))).toEqual(batchMessage(bytes));
    expect(() => batchMessage(bytes.subarray(0, 10))).toThrow('ends within a field');
    expect(() => batchMessage(Buffer.from([0x08, 0xff]))).toThrow('ends within a number');
    expect(() => batchMessage(Buffer.alloc(32, 0xff))).toThrow('ends within a number');
    expect(() => batchMessage(Buffer.from([0x0b]))).toThrow('unknown');
  });
});

describe('answers to batches', () => {
  const refused = new status.Status();
  refused.setMessage('refused');

  it('repeat the request and say what became of it', () => {
    assert(
      property(asked, oneof(maxSafeNat(), constantFrom(-1)), maxSafeNat(), (request, revision, position) => {
        const { correlation, options } = batchMessage(generated(request, false));
        if (!options) return;
        const success = BatchAppendResp.deserializeBinary(successMessage(correlation, options, revision, position));
        const error = BatchAppendResp.deserializeBinary(errorMessage(correlation, options, refused.serializeBinary()));
        for (const answer of [success, error]) {
          expect(answer.getCorrelationId()?.getString()).toBe(request.correlation);
          expect(Buffer.from(answer.getStreamIdentifier()!.getStreamName_asU8()).toString()).toBe(
            request.options?.stream,
          );
          expect([answer.hasAny(), answer.hasNoStream(), answer.hasStreamExists()]).toEqual(
            [ANY, NO_STREAM, STREAM_EXISTS].map((expected) => expected === options.expected),
          );
          expect(answer.getStreamPosition()).toBe(String(Math.max(0, options.expected)));
        }
        expect(success.getSuccess()?.hasNoStream()).toBe(revision < 0);
        expect(success.getSuccess()?.getCurrentRevision()).toBe(String(Math.max(0, revision)));
        expect(success.getSuccess()?.getPosition()?.getCommitPosition()).toBe(String(position));
        expect(success.getSuccess()?.getPosition()?.getPreparePosition()).toBe(String(position));
        expect(error.getError()?.getMessage()).toBe('refused');
      }),
    );
  });
});
