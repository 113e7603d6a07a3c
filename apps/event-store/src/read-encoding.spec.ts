import { hash } from 'node:crypto';

import streams from '@eventstore/db-client/generated/streams_pb.js';
import { describe, expect, it } from '@jest/globals';
import {
  assert,
  boolean,
  constant,
  constantFrom,
  maxSafeNat,
  oneof,
  property,
  record,
  string,
  uint8Array,
  uuid,
} from 'fast-check';

import { type RecordedEvent, TOMBSTONE_REVISION } from './event.js';
import { eventMessage, linkMessage } from './read-encoding.js';

/** Lengths about which a length takes one byte more. */
const LENGTHS = [127, 128, 16_300, 16_384, 70_000, 1_048_576];

const recorded = record<RecordedEvent>({
  position: maxSafeNat(),
  stream: string({ minLength: 1, unit: 'grapheme' }),
  revision: oneof(maxSafeNat(), constant(TOMBSTONE_REVISION)),
  id: uuid(),
  type: oneof(string({ unit: 'grapheme' }), constant('t'.repeat(200))),
  isJson: boolean(),
  created: maxSafeNat(),
  metadata: uint8Array(),
  data: oneof(
    uint8Array(),
    constantFrom(...LENGTHS).map((length) => Buffer.alloc(length, 7)),
  ),
});

const digest = (bytes: Uint8Array) => hash('sha1', bytes);
const decoded = (message: Buffer) => streams.ReadResp.deserializeBinary(message).getEvent()!;
type Decoded = NonNullable<ReturnType<ReturnType<typeof decoded>['getEvent']>>;

function expectSame(read: Decoded | undefined, event: RecordedEvent): void {
  expect({
    id: read?.getId()?.getString(),
    stream: Buffer.from(read!.getStreamIdentifier()!.getStreamName_asU8()).toString(),
    revision: read?.getStreamRevision(),
    positions: [read?.getCommitPosition(), read?.getPreparePosition()],
    properties: Object.fromEntries(read!.getMetadataMap().toArray()),
    metadata: digest(read!.getCustomMetadata_asU8()),
    data: digest(read!.getData_asU8()),
  }).toEqual({
    id: event.id,
    stream: event.stream,
    revision: event.revision === TOMBSTONE_REVISION ? '9223372036854775807' : String(event.revision),
    positions: [String(event.position), String(event.position)],
    properties: {
      type: event.type,
      'content-type': event.isJson ? 'application/json' : 'application/octet-stream',
      created: `${event.created}0000`,
    },
    metadata: digest(event.metadata),
    data: digest(event.data),
  });
}

/** The id as text, of the two signed numbers by which Java and others write it. */
function structuredId(read: Decoded | undefined): string {
  const halves = read?.getId()?.getStructured();
  expect(read?.getId()?.hasString()).toBe(false);
  const hex = [halves!.getMostSignificantBits(), halves!.getLeastSignificantBits()]
    .map((half) => BigInt.asUintN(64, BigInt(half)).toString(16).padStart(16, '0'))
    .join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

describe('an event written by hand', () => {
  it('reads the same with the generated messages', () => {
    assert(
      property(recorded, (event) => {
        const read = decoded(eventMessage(event));
        expect(read.getCommitPosition()).toBe(String(event.position));
        expectSame(read.getEvent(), event);
        expect(read.getLink()).toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });

  it('has its id as two numbers where they are asked for, of itself and of a link', () => {
    assert(
      property(recorded, recorded, (link, target) => {
        const read = decoded(linkMessage(link, target, true));
        expect(structuredId(read.getEvent())).toBe(target.id);
        expect(structuredId(read.getLink())).toBe(link.id);
        // Whoever asked first must not decide for all.
        expect(decoded(eventMessage(link)).getEvent()?.getId()?.getString()).toBe(link.id);
        expect(structuredId(decoded(eventMessage(link, true)).getEvent())).toBe(link.id);
        expect(decoded(eventMessage(link)).getEvent()?.getId()?.getString()).toBe(link.id);
      }),
      { numRuns: 100 },
    );
  });

  it('reads the same behind a link', () => {
    assert(
      property(recorded, recorded, (link, target) => {
        const read = decoded(linkMessage(link, target));
        expect(read.getCommitPosition()).toBe(String(link.position));
        expectSame(read.getEvent(), target);
        expectSame(read.getLink(), link);
      }),
      { numRuns: 50 },
    );
  });
});
