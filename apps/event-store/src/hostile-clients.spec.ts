import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

import { binaryEvent, type EventStoreDBClient, jsonEvent, streamNameFilter } from '@eventstore/db-client';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { Client, type ClientReadableStream, credentials } from '@grpc/grpc-js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';

import { collect, RunningStore } from '../testing/running-store.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';

const MEBIBYTE = 1024 * 1024;
const SERVICE = '/event_store.client.streams.Streams';

/** A Read request for all events, as bytes: a subscription, or a read from the end. */
function readRequest(kind: 'subscription' | 'backwards'): Buffer {
  const options = new streams.ReadReq.Options();
  const all = new streams.ReadReq.Options.AllOptions();
  options.setAll(all);
  if (kind === 'subscription') {
    all.setStart(new shared.Empty());
    options.setSubscription(new streams.ReadReq.Options.SubscriptionOptions());
  } else {
    all.setEnd(new shared.Empty());
    options.setReadDirection(streams.ReadReq.Options.ReadDirection.BACKWARDS);
    options.setCount('1000000');
  }
  options.setNoFilter(new shared.Empty());
  const request = new streams.ReadReq();
  request.setOptions(options);
  return Buffer.from(request.serializeBinary());
}

describe('the server goes on for everyone else', () => {
  let store: RunningStore;
  let client: EventStoreDBClient;
  let raw: Client;
  const same = (bytes: Buffer) => bytes;

  /** Resident memory of the server in bytes, as Linux tells it. */
  const memory = () =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${store.process.pid}/status`, 'utf8'))?.[1]) * 1024;

  beforeAll(async () => {
    store = await RunningStore.start(temporaryFolder());
    client = store.client();
    await client.appendToStream('before', jsonEvent({ type: 'Written', data: {} }));
  });
  afterAll(async () => {
    await store.stop();
  });
  afterEach(async () => {
    raw?.close();
    await client.appendToStream('others', jsonEvent({ type: 'Written', data: {} }));
    expect((await collect(client.readStream('before'))).length).toBe(1);
  });
  const connectRaw = () => (raw = new Client(`127.0.0.1:${store.port}`, credentials.createInsecure()));

  it('when a message is larger than any may be', async () => {
    const huge = Buffer.alloc(18 * MEBIBYTE);
    const call = connectRaw().makeBidiStreamRequest(`${SERVICE}/BatchAppend`, same, same);
    const failed = once(call, 'error') as Promise<[{ code: number }]>;
    call.on('data', () => {});
    call.write(huge);
    expect((await failed)[0].code).toBe(8);
  });

  it('when a message is no message', async () => {
    const call = connectRaw().makeBidiStreamRequest(`${SERVICE}/BatchAppend`, same, same);
    const failed = once(call, 'error') as Promise<[{ code: number }]>;
    call.on('data', () => {});
    call.write(Buffer.from('\xff\xff\xff\xff garbage', 'latin1'));
    expect((await failed)[0].code).toBeGreaterThan(0);
  });

  it('when a batch is never finished', async () => {
    const call = connectRaw().makeBidiStreamRequest(`${SERVICE}/BatchAppend`, same, same);
    const failed = once(call, 'error') as Promise<[{ code: number; details: string }]>;
    call.on('data', () => {});
    for (let batch = 0; batch < 40; batch += 1) {
      const request = new streams.BatchAppendReq();
      const id = new shared.UUID();
      id.setString(`00000000-0000-4000-8000-0000000000${10 + batch}`);
      request.setCorrelationId(id);
      const options = new streams.BatchAppendReq.Options();
      const identifier = new shared.StreamIdentifier();
      identifier.setStreamName(Buffer.from('unfinished'));
      options.setStreamIdentifier(identifier);
      request.setOptions(options);
      const message = new streams.BatchAppendReq.ProposedMessage();
      message.setId(id);
      message.getMetadataMap().set('type', 'x').set('content-type', 'x');
      message.setData(Buffer.alloc(MEBIBYTE));
      request.addProposedMessages(message);
      call.write(Buffer.from(request.serializeBinary()));
    }
    expect((await failed)[0]).toMatchObject({ code: 8, details: expect.stringMatching(/unfinished/) });
  });

  it('when bytes arrive that are no HTTP/2, or stop half-way', async () => {
    for (const bytes of [
      'GET / HTTP/1.1\r\n\r\n',
      '\0'.repeat(5000),
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\xff\xff\xff\xff\xff\xff\xff',
      'PRI * HT',
    ]) {
      const socket = connect(store.port, '127.0.0.1');
      socket.on('error', () => {});
      await once(socket, 'connect');
      socket.write(Buffer.from(bytes, 'latin1'));
      await pause(50);
      socket.destroy();
    }
    const session = connectHttp2(`http://127.0.0.1:${store.port}`);
    session.on('error', () => {});
    const stream = session.request({
      ':method': 'POST',
      ':path': `${SERVICE}/Append`,
      'content-type': 'application/grpc',
    });
    stream.on('error', () => {});
    stream.write(Buffer.from([0, 255, 255, 255, 255, 1, 2, 3]));
    await pause(50);
    session.destroy();
  });

  it('when a filter is made to backtrack without end', async () => {
    await client.appendToStream('a'.repeat(60) + '!', jsonEvent({ type: 'Written', data: {} }));
    const filter = streamNameFilter({ regex: '^(a+)+$' });
    const subscription = client.subscribeToAll({ filter });
    await once(
      subscription.on('data', () => {}),
      'caughtUp',
    );
    await subscription.unsubscribe();
  });

  it('when a thousand subscriptions are idle', async () => {
    const before = memory();
    const request = readRequest('subscription');
    connectRaw();
    const calls: ClientReadableStream<Buffer>[] = [];
    let confirmed = 0;
    await new Promise<void>((resolve, reject) => {
      for (let index = 0; index < 1000; index += 1) {
        const call: ClientReadableStream<Buffer> = raw.makeServerStreamRequest(`${SERVICE}/Read`, same, same, request);
        let first = true;
        call.on('error', (error: { code?: number }) => error.code !== 1 && reject(error as Error));
        call.on('data', () => {
          if (first) confirmed += 1;
          first = false;
          if (confirmed === 1000) resolve();
        });
        calls.push(call);
      }
    });
    expect(memory() - before).toBeLessThan(200 * MEBIBYTE);
    for (const call of calls) call.cancel();
  });

  it('when readers never read', async () => {
    const flood = Array.from({ length: 40 }, () => binaryEvent({ type: 'Flood', data: Buffer.alloc(MEBIBYTE) }));
    await Promise.all(flood.map((event) => client.appendToStream('flood', event)));
    const before = memory();
    connectRaw();
    const calls = Array.from({ length: 20 }, () =>
      raw.makeServerStreamRequest<Buffer, Buffer>(`${SERVICE}/Read`, same, same, readRequest('backwards')),
    );
    for (const call of calls) call.on('error', () => {}).pause();
    // Twenty times forty mebibytes are there to be sent.
    for (let look = 0; look < 30; look += 1) {
      await pause(100);
      expect(memory() - before).toBeLessThan(200 * MEBIBYTE);
    }
    for (const call of calls) call.cancel();
  });
});

describe('a connection that is half open', () => {
  it('is ended when its client gives no sign of life, and others stay', async () => {
    const environment = { EVENTSTORE_KEEP_ALIVE_INTERVAL: '200', EVENTSTORE_KEEP_ALIVE_TIMEOUT: '500' };
    const store = await RunningStore.start(temporaryFolder(), { environment });
    const idle = store.client().subscribeToAll();
    let failures = 0;
    await once(
      idle.on('error', () => (failures += 1)).on('data', () => {}),
      'caughtUp',
    );
    // Speaks HTTP/2 as far as its greeting, and answers no ping.
    const silent = connect(store.port, '127.0.0.1');
    await once(silent, 'connect');
    silent.write(
      Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), Buffer.from('000000040000000000', 'hex')]),
    );
    silent.on('error', () => {}).resume();
    await once(silent, 'close');
    const delivered = once(idle, 'data') as Promise<[{ event: { streamId: string } }]>;
    await store.client().appendToStream('after', jsonEvent({ type: 'Written', data: {} }));
    expect((await delivered)[0].event.streamId).toBe('after');
    expect(failures).toBe(0);
    await store.stop();
  });
});

describe('a time that is no number', () => {
  it('is refused by the name of its variable', async () => {
    const environment = { EVENTSTORE_KEEP_ALIVE_TIMEOUT: '10s' };
    await expect(RunningStore.start(temporaryFolder(), { environment })).rejects.toThrow(
      'EVENTSTORE_KEEP_ALIVE_TIMEOUT is "10s", which is not a whole number',
    );
  });
});

describe('the end of the server', () => {
  it('is not held up by a client that does not react', async () => {
    const store = await RunningStore.start(temporaryFolder());
    const client = `const call = require('node:http2').connect('http://127.0.0.1:${store.port}').request({
      ':method': 'POST', ':path': '${SERVICE}/Append', 'content-type': 'application/grpc' });
      call.on('ready', () => setTimeout(() => console.log('connected'), 100));`;
    const frozen = spawn(process.execPath, ['-e', client], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(frozen.stdout, 'data');
    frozen.kill('SIGSTOP');
    expect(await store.stop()).toBe(0);
    frozen.kill('SIGKILL');
  });
});
