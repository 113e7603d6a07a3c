import { randomUUID } from 'node:crypto';

import streams from '@eventstore/db-client/generated/streams_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import { Client, credentials, type ClientDuplexStream } from '@grpc/grpc-js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';

const SERVICE = '/event_store.client.streams.Streams';

/** A BatchAppend request with one event, as bytes. */
export function encodedAppend(stream: string, body: Buffer): Buffer {
  const request = new streams.BatchAppendReq();
  const correlation = new shared.UUID();
  correlation.setString(randomUUID());
  request.setCorrelationId(correlation);
  const options = new streams.BatchAppendReq.Options();
  const identifier = new shared.StreamIdentifier();
  identifier.setStreamName(Buffer.from(stream));
  options.setStreamIdentifier(identifier);
  options.setAny(new empty.Empty());
  request.setOptions(options);
  const message = new streams.BatchAppendReq.ProposedMessage();
  const id = new shared.UUID();
  id.setString(randomUUID());
  message.setId(id);
  message.getMetadataMap().set('type', 'Measured');
  message.getMetadataMap().set('content-type', 'application/json');
  message.setData(body);
  request.addProposedMessages(message);
  request.setIsFinal(true);
  return Buffer.from(request.serializeBinary());
}

/** Sends requests that are encoded already, `inFlight` at a time, and resolves with the time each took in milliseconds. */
export async function rawAppends(target: string, requests: readonly Buffer[], inFlight: number): Promise<number[]> {
  const client = new Client(target, credentials.createInsecure());
  const same = (bytes: Buffer) => bytes;
  const call: ClientDuplexStream<Buffer, Buffer> = client.makeBidiStreamRequest(`${SERVICE}/BatchAppend`, same, same);
  const started: number[] = [];
  const took: number[] = [];
  await new Promise<void>((resolve, reject) => {
    const send = () => {
      started.push(performance.now());
      call.write(requests[started.length - 1]!);
    };
    call.on('error', reject);
    call.on('data', () => {
      // Answers come in the order of the requests: they all go through one queue.
      took.push(performance.now() - started[took.length]!);
      if (started.length < requests.length) send();
      else if (took.length === requests.length) resolve();
    });
    for (let index = 0; index < Math.min(inFlight, requests.length); index += 1) send();
  });
  call.end();
  client.close();
  return took;
}

/** Reads all events and resolves with their number; the messages are not decoded. */
export async function rawRead(target: string): Promise<number> {
  const options = new streams.ReadReq.Options();
  const all = new streams.ReadReq.Options.AllOptions();
  all.setStart(new shared.Empty());
  options.setAll(all);
  options.setCount('1000000000');
  options.setNoFilter(new shared.Empty());
  const request = new streams.ReadReq();
  request.setOptions(options);
  const client = new Client(target, credentials.createInsecure());
  const same = (bytes: Buffer) => bytes;
  const call = client.makeServerStreamRequest(`${SERVICE}/Read`, same, same, Buffer.from(request.serializeBinary()));
  let count = 0;
  for await (const _ of call) count += 1;
  client.close();
  return count;
}
