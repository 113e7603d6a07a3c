import { randomUUID } from 'node:crypto';

import {
  AccessDeniedError,
  ANY,
  BACKWARDS,
  binaryEvent,
  CancelledError,
  DeadlineExceededError,
  END,
  type EventStoreDBClient,
  eventTypeFilter,
  excludeSystemEvents,
  jsonEvent,
  MaxAppendSizeExceededError,
  NO_STREAM,
  START,
  STREAM_EXISTS,
  StreamDeletedError,
  StreamNotFoundError,
  streamNameFilter,
  UnavailableError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { Client, credentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { collect, RunningStore } from '../testing/running-store.js';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';

const event = (number = 0, type = 'Tested') => jsonEvent({ type, data: { number } });
const events = (count: number, type?: string) => Array.from({ length: count }, (_, number) => event(number, type));

/** What a subscription gives, in words, until `done` says it is enough. */
async function heard(
  subscription: ReturnType<EventStoreDBClient['subscribeToAll']>,
  done: (words: string[]) => boolean,
): Promise<string[]> {
  const words: string[] = [];
  try {
    await new Promise<void>((resolve, reject) => {
      const hear = (word: string) => {
        words.push(word);
        if (done(words)) resolve();
      };
      subscription
        .on('error', reject)
        .on('confirmation', () => hear('confirmed'))
        .on('caughtUp', () => hear('caught up'))
        .on('data', (resolved) => hear(`${resolved.event?.streamId}/${resolved.event?.revision}`));
    });
  } finally {
    await subscription.unsubscribe();
  }
  return words;
}

describe.each([
  ['plaintext', false],
  ['TLS', true],
])('the unmodified official client over %s', (_, tls) => {
  let store: RunningStore;
  let client: EventStoreDBClient;

  beforeAll(async () => {
    store = await RunningStore.start(temporaryFolder(), { tls });
    client = store.client();
  });
  afterAll(() => store.stop());

  /** The two ways of the client to append: batched, and unary when the call has credentials of its own. */
  const ways = [
    ['batched', {}],
    ['unary', { credentials: { username: 'admin', password: 'changeit' } }],
  ] as const;

  describe.each(ways)('an append, %s,', (way, options) => {
    const fresh = () => `append-${way}-${randomUUID()}`;

    it('answers with the revision and position of its last event', async () => {
      const stream = fresh();
      const first = await client.appendToStream(stream, events(3), options);
      const second = await client.appendToStream(stream, event(), options);
      expect(first.nextExpectedRevision).toBe(2n);
      expect(second.nextExpectedRevision).toBe(3n);
      expect(second.position).toEqual({ commit: first.position!.commit + 1n, prepare: first.position!.prepare + 1n });
    });

    it('keeps what it is given: JSON, bytes, metadata, type and id', async () => {
      const stream = fresh();
      const id = randomUUID();
      const json = jsonEvent({
        id,
        type: 'Ünïcode ✓',
        data: { text: 'CC ‐ 1830', nested: [1, null] },
        metadata: { by: 'JP' },
      });
      const bytes = binaryEvent({ type: 'bytes', data: Buffer.from([0, 255, 1]), metadata: Buffer.from([7, 8]) });
      await client.appendToStream(stream, [json, bytes], options);
      const [first, second] = await collect(client.readStream(stream));
      expect(first?.event).toMatchObject({
        id,
        type: json.type,
        data: json.data,
        metadata: json.metadata,
        isJson: true,
      });
      expect(Date.now() - first!.event!.created.getTime()).toBeLessThan(60_000);
      expect(Buffer.from(second!.event!.data as Uint8Array)).toEqual(Buffer.from([0, 255, 1]));
      expect(Buffer.from(second!.event!.metadata as Uint8Array)).toEqual(Buffer.from([7, 8]));
      expect(second?.event?.isJson).toBe(false);
    });

    it('checks the expected revision', async () => {
      const stream = fresh();
      const append = (expectedRevision: bigint | typeof ANY | typeof NO_STREAM | typeof STREAM_EXISTS) =>
        client.appendToStream(stream, event(), { ...options, expectedRevision });
      const wrong = { constructor: WrongExpectedVersionError, streamName: stream };
      await expect(append(STREAM_EXISTS)).rejects.toMatchObject({
        expectedVersion: STREAM_EXISTS,
        actualVersion: NO_STREAM,
        ...wrong,
      });
      await expect(append(4n)).rejects.toMatchObject({ expectedVersion: 4n, actualVersion: NO_STREAM, ...wrong });
      await append(NO_STREAM);
      await expect(append(NO_STREAM)).rejects.toMatchObject({
        expectedVersion: NO_STREAM,
        actualVersion: 0n,
        ...wrong,
      });
      await append(0n);
      await append(ANY);
      await append(STREAM_EXISTS);
      await expect(append(0n)).rejects.toMatchObject({ expectedVersion: 0n, actualVersion: 3n, ...wrong });
      expect(await collect(client.readStream(stream))).toHaveLength(4);
    });

    it('tells of a wrong revision without an error where the client asks for that', async () => {
      const quiet = store.client('admin:changeit', '&throwOnAppendFailure=false');
      const stream = fresh();
      await quiet.appendToStream(stream, event(), options);
      const result = await quiet.appendToStream(stream, event(), { ...options, expectedRevision: NO_STREAM });
      expect(result.success).toBe(false);
    });

    it('counts a stream with settings alone as one that exists', async () => {
      const stream = fresh();
      await client.setStreamMetadata(stream, { maxCount: 5 }, options);
      const { nextExpectedRevision } = await client.appendToStream(stream, event(), {
        ...options,
        expectedRevision: STREAM_EXISTS,
      });
      expect(nextExpectedRevision).toBe(0n);
    });

    it('is recognised when it is sent again, and refused when only a part of it is', async () => {
      const stream = fresh();
      const sent = events(2);
      for (const expectedRevision of [NO_STREAM, ANY] as const) {
        const first = await client.appendToStream(stream, sent, { ...options, expectedRevision });
        const again = await client.appendToStream(stream, sent, { ...options, expectedRevision });
        expect(again).toEqual(first);
      }
      await expect(
        client.appendToStream(stream, [sent[0]!, event()], { ...options, expectedRevision: NO_STREAM }),
      ).rejects.toBeInstanceOf(WrongExpectedVersionError);
      await expect(client.appendToStream(stream, [sent[1]!, event()], options)).rejects.toBeInstanceOf(
        WrongExpectedVersionError,
      );
      expect(await collect(client.readStream(stream))).toHaveLength(2);
    });

    it('carries up to one mebibyte of data and no more', async () => {
      const stream = fresh();
      const most = 1024 * 1024;
      await client.appendToStream(stream, binaryEvent({ type: 'big', data: Buffer.alloc(most, 5) }), options);
      const [read] = await collect(client.readStream(stream));
      expect((read!.event!.data as Uint8Array).length).toBe(most);
      const halves = [1, 2, 3].map(() => binaryEvent({ type: 'big', data: Buffer.alloc(most / 2) }));
      await expect(client.appendToStream(stream, halves, options)).rejects.toMatchObject({
        constructor: MaxAppendSizeExceededError,
        maxAppendSize: most,
      });
      expect(await collect(client.readStream(stream))).toHaveLength(1);
    });

    it('gives up at its deadline', async () => {
      const late = client.appendToStream(fresh(), events(5_000), { ...options, deadline: 1 });
      await expect(late).rejects.toBeInstanceOf(DeadlineExceededError);
    });
  });

  describe('a read of a stream', () => {
    const stream = 'read-stream';
    const revisions = async (options: Parameters<EventStoreDBClient['readStream']>[1]) =>
      (await collect(client.readStream(stream, options))).map(({ event }) => Number(event?.revision));

    beforeAll(() => client.appendToStream(stream, events(100)));

    it('goes forwards and backwards from either end or a revision, as far as asked', async () => {
      expect(await revisions({})).toEqual(Array.from({ length: 100 }, (_, revision) => revision));
      expect(await revisions({ fromRevision: 97n })).toEqual([97, 98, 99]);
      expect(await revisions({ maxCount: 2 })).toEqual([0, 1]);
      expect(await revisions({ direction: BACKWARDS, fromRevision: END, maxCount: 3 })).toEqual([99, 98, 97]);
      expect(await revisions({ direction: BACKWARDS, fromRevision: 1n })).toEqual([1, 0]);
      expect(await revisions({ fromRevision: END })).toEqual([]);
      expect(await revisions({ fromRevision: 500n })).toEqual([]);
    });

    it('gives the position of each event in the log', async () => {
      const { position } = await client.appendToStream('read-position', event());
      const [read] = await collect(client.readStream('read-position'));
      expect(read?.event?.position).toEqual(position);
      expect(read?.commitPosition).toBe(position?.commit);
    });

    it('says that a stream is not found', async () => {
      await expect(collect(client.readStream('nowhere'))).rejects.toMatchObject({
        constructor: StreamNotFoundError,
        streamName: 'nowhere',
      });
    });

    it('gives a link, or the event it points to as well', async () => {
      await client.appendToStream('links', binaryEvent({ type: '$>', data: Buffer.from(`2@${stream}`) }));
      const [plain] = await collect(client.readStream('links'));
      expect(plain?.event?.type).toBe('$>');
      expect(plain?.link).toBeUndefined();
      const [resolved] = await collect(client.readStream('links', { resolveLinkTos: true }));
      expect(resolved?.event).toMatchObject({ streamId: stream, revision: 2n });
      expect(resolved?.link).toMatchObject({ streamId: 'links', type: '$>' });
      await client.appendToStream('dead-links', binaryEvent({ type: '$>', data: Buffer.from('5@nowhere') }));
      const [dead] = await collect(client.readStream('dead-links', { resolveLinkTos: true }));
      expect(dead?.event).toBeUndefined();
      expect(dead?.link?.streamId).toBe('dead-links');
    });
  });

  describe('a read of all events', () => {
    it('goes forwards with the given position and backwards without it', async () => {
      const { position } = await client.appendToStream('all-a', events(5));
      const at = (offset: bigint) => ({ commit: position!.commit + offset, prepare: position!.prepare + offset });
      const forwards = await collect(client.readAll({ fromPosition: at(-2n), maxCount: 2 }));
      expect(forwards.map(({ event }) => event?.position.commit)).toEqual([at(-2n).commit, at(-1n).commit]);
      const backwards = await collect(client.readAll({ fromPosition: at(-2n), maxCount: 2, direction: BACKWARDS }));
      expect(backwards.map(({ event }) => event?.position.commit)).toEqual([at(-3n).commit, at(-4n).commit]);
    });

    it('shows every event once, in order and without a gap, system events among them', async () => {
      const all = await collect(client.readAll());
      expect(all.map(({ event }) => Number(event?.position.commit))).toEqual(all.map((_, position) => position));
      expect(all.some(({ event }) => event?.type.startsWith('$'))).toBe(true);
      const back = await collect(client.readAll({ direction: BACKWARDS, fromPosition: END }));
      expect(back.map(({ event }) => event?.id)).toEqual(all.map(({ event }) => event?.id).reverse());
    });
  });

  describe('a subscription', () => {
    it('to a stream gives what is there, says that it caught up, and goes on', async () => {
      const stream = `live-${randomUUID()}`;
      await client.appendToStream(stream, events(2));
      const words = heard(client.subscribeToStream(stream) as never, (all) => {
        if (all.at(-1) === 'caught up') void client.appendToStream(stream, event());
        return all.at(-1) === `${stream}/2`;
      });
      expect(await words).toEqual(['confirmed', `${stream}/0`, `${stream}/1`, 'caught up', `${stream}/2`]);
    });

    it('starts after the given revision, or at the end', async () => {
      const stream = `from-${randomUUID()}`;
      await client.appendToStream(stream, events(3));
      const after = heard(client.subscribeToStream(stream, { fromRevision: 1n }) as never, (all) =>
        all.includes('caught up'),
      );
      expect(await after).toEqual(['confirmed', `${stream}/2`, 'caught up']);
      const end = heard(client.subscribeToStream(stream, { fromRevision: END }) as never, (all) =>
        all.includes('caught up'),
      );
      expect(await end).toEqual(['confirmed', 'caught up']);
    });

    it('to a stream waits for one that does not exist, and ends with a tombstone', async () => {
      const stream = `born-${randomUUID()}`;
      const words = heard(client.subscribeToStream(stream) as never, (all) => {
        if (all.at(-1) === 'caught up') void client.appendToStream(stream, event());
        if (all.at(-1) === `${stream}/0`) void client.tombstoneStream(stream);
        return false;
      });
      await expect(words).rejects.toBeInstanceOf(StreamDeletedError);
    });

    it('to all events starts after the given position', async () => {
      const stream = `all-${randomUUID()}`;
      const { position } = await client.appendToStream(stream, event());
      const words = heard(client.subscribeToAll({ fromPosition: position! }), (all) => {
        if (all.at(-1) === 'caught up') void client.appendToStream(stream, event());
        return all.at(-1) === `${stream}/1`;
      });
      expect(await words).toEqual(['confirmed', 'caught up', `${stream}/1`]);
    });

    it.each([
      ['stream prefix', (tag: string) => streamNameFilter({ prefixes: ['no-such', `${tag}-a`] }), '-a'],
      ['stream expression', (tag: string) => streamNameFilter({ regex: `^${tag}-[bc]$` }), '-b'],
      ['type prefix', (tag: string) => eventTypeFilter({ prefixes: [`${tag}-t`] }), '-a'],
      ['type expression', (tag: string) => eventTypeFilter({ regex: `${tag}-t.$` }), '-a'],
    ])('to all events is filtered by %s', async (_name, filterOf, matching) => {
      const tag = `f${randomUUID()}`;
      const { position } = await client.appendToStream(`${tag}-x`, event());
      await client.appendToStream(`${tag}-a`, events(2, `${tag}-t1`));
      await client.appendToStream(`${tag}-b`, events(2, 'other'));
      const words = await heard(client.subscribeToAll({ fromPosition: position!, filter: filterOf(tag) }), (all) =>
        all.includes('caught up'),
      );
      expect(words).toEqual(['confirmed', `${tag}${matching}/0`, `${tag}${matching}/1`, 'caught up']);
    });

    it('gives a checkpoint for every so many events looked at, and one when it has caught up', async () => {
      const { position } = await client.appendToStream('checkpoints', event());
      await client.appendToStream('checkpoints', events(100));
      const checkpoints: bigint[] = [];
      const filter = streamNameFilter({
        prefixes: ['nothing'],
        maxSearchWindow: 10,
        checkpointInterval: 3,
        checkpointReached: (_, reached) => void checkpoints.push(reached.commit - position!.commit),
      });
      await heard(client.subscribeToAll({ fromPosition: position!, filter }), (all) => all.includes('caught up'));
      expect(checkpoints).toEqual([30n, 60n, 90n, 100n]);
    });

    it('leaves out system events when asked to', async () => {
      const words = await heard(client.subscribeToAll({ fromPosition: START, filter: excludeSystemEvents() }), (all) =>
        all.includes('caught up'),
      );
      expect(words.filter((word) => word.startsWith('$'))).toEqual([]);
      expect(words.length).toBeGreaterThan(100);
    });

    it('with an expression that is none is refused', async () => {
      const filter = streamNameFilter({ regex: '(' });
      await expect(heard(client.subscribeToAll({ filter }), () => false)).rejects.toThrow(/regular expression: \(/);
    });
  });

  describe('the settings of a stream', () => {
    it('are kept with keys of the user’s own', async () => {
      const stream = `settings-${randomUUID()}`;
      expect((await client.getStreamMetadata(stream)).metadata).toBeUndefined();
      const metadata = {
        maxAge: 2,
        cacheControl: 15,
        truncateBefore: 1,
        maxCount: 12,
        acl: { readRoles: ['admin'] },
        kitten: '😾',
      };
      await client.setStreamMetadata(stream, { maxCount: 1 });
      await client.setStreamMetadata(stream, metadata);
      expect((await client.getStreamMetadata(stream)).metadata).toEqual(metadata);
    });

    it('cut off a stream’s past for its readers, not for readers of all events', async () => {
      const stream = `cut-${randomUUID()}`;
      const { position } = await client.appendToStream(stream, events(10));
      const seen = async () => (await collect(client.readStream(stream))).map(({ event }) => Number(event?.revision));
      await client.setStreamMetadata(stream, { maxCount: 2 });
      expect(await seen()).toEqual([8, 9]);
      await client.setStreamMetadata(stream, { truncateBefore: 7 });
      expect(await seen()).toEqual([7, 8, 9]);
      await client.setStreamMetadata(stream, { maxAge: 3600 });
      expect(await seen()).toHaveLength(10);
      const [back] = await collect(
        client.readAll({
          fromPosition: { commit: position!.commit - 9n, prepare: position!.prepare - 9n },
          maxCount: 1,
        }),
      );
      expect(back?.event).toMatchObject({ streamId: stream, revision: 0n });
    });
  });

  describe('a deleted stream', () => {
    it('is not found, and goes on where it ended when it is written to again', async () => {
      const stream = `deleted-${randomUUID()}`;
      await client.appendToStream(stream, events(3));
      await expect(client.deleteStream(stream, { expectedRevision: 7n })).rejects.toMatchObject({
        constructor: WrongExpectedVersionError,
        streamName: stream,
        expectedVersion: 7n,
        actualVersion: 2n,
      });
      await client.deleteStream(stream, { expectedRevision: 2n });
      await expect(collect(client.readStream(stream))).rejects.toBeInstanceOf(StreamNotFoundError);
      await expect(client.appendToStream(stream, event(), { expectedRevision: STREAM_EXISTS })).rejects.toBeInstanceOf(
        StreamDeletedError,
      );
      const { nextExpectedRevision } = await client.appendToStream(stream, event(), { expectedRevision: NO_STREAM });
      expect(nextExpectedRevision).toBe(3n);
      expect((await collect(client.readStream(stream))).map(({ event }) => event?.revision)).toEqual([3n]);
    });

    it('that never was cannot be deleted, and nothing is recorded of the try', async () => {
      for (const expectedRevision of [ANY, NO_STREAM, 0n] as const) {
        const stream = `never-${randomUUID()}`;
        const refused = client.deleteStream(stream, { expectedRevision });
        await expect(refused).rejects.toBeInstanceOf(WrongExpectedVersionError);
        await expect(refused).rejects.toThrow(`Delete failed due to WrongExpectedVersion. Stream: ${stream}, Expected`);
        await expect(refused).rejects.toThrow('Actual version: -1');
        await expect(collect(client.readStream(`$$${stream}`))).rejects.toBeInstanceOf(StreamNotFoundError);
        const exists = client.appendToStream(stream, event(), { expectedRevision: STREAM_EXISTS });
        await expect(exists).rejects.toBeInstanceOf(WrongExpectedVersionError);
        expect(
          (await client.appendToStream(stream, event(), { expectedRevision: NO_STREAM })).nextExpectedRevision,
        ).toBe(0n);
      }
    });

    it('is deleted again, and ended for good though it never was', async () => {
      const stream = `twice-${randomUUID()}`;
      await client.appendToStream(stream, event());
      await client.deleteStream(stream);
      await client.deleteStream(stream);
      await expect(collect(client.readStream(stream))).rejects.toBeInstanceOf(StreamNotFoundError);
      const never = `ended-${randomUUID()}`;
      await client.tombstoneStream(never);
      await expect(client.appendToStream(never, event())).rejects.toBeInstanceOf(StreamDeletedError);
    });

    it('comes back with new settings, which are kept', async () => {
      const stream = `revived-${randomUUID()}`;
      await client.appendToStream(stream, events(3));
      await client.deleteStream(stream);
      await client.setStreamMetadata(stream, { maxCount: 9 });
      expect((await client.getStreamMetadata(stream)).metadata).toEqual({ maxCount: 9, truncateBefore: 3 });
      await client.appendToStream(stream, event(), { expectedRevision: 2n });
      expect((await collect(client.readStream(stream))).map(({ event }) => event?.revision)).toEqual([3n]);
    });

    it('never comes back after a tombstone', async () => {
      const stream = `tombstoned-${randomUUID()}`;
      await client.appendToStream(stream, events(2));
      await expect(client.tombstoneStream(stream, { expectedRevision: NO_STREAM })).rejects.toBeInstanceOf(
        WrongExpectedVersionError,
      );
      await client.tombstoneStream(stream, { expectedRevision: 1n });
      const gone = { constructor: StreamDeletedError, streamName: stream };
      await expect(collect(client.readStream(stream))).rejects.toMatchObject(gone);
      await expect(client.appendToStream(stream, event())).rejects.toMatchObject(gone);
      await expect(client.tombstoneStream(stream)).rejects.toMatchObject(gone);
      await expect(client.setStreamMetadata(stream, {})).rejects.toBeInstanceOf(StreamDeletedError);
    });
  });

  describe('the connection', () => {
    it('says what the server can do, and nothing it cannot', async () => {
      // The client keeps these to itself.
      const { capabilities } = client as unknown as {
        capabilities: Promise<{ serverVersion: string; supports(method: { path: string }): boolean }>;
      };
      const { serverVersion, supports } = await capabilities;
      expect(serverVersion).toMatch(/^24\.6/);
      expect(supports({ path: '/event_store.client.streams.Streams/BatchAppend' })).toBe(true);
      expect(supports({ path: '/event_store.client.persistent_subscriptions.PersistentSubscriptions/Create' })).toBe(
        false,
      );
      await expect(client.createProjection('any', 'fromAll()')).rejects.toMatchObject({ code: 12 });
    });

    it('is found by gossip', async () => {
      const { EventStoreDBClient } = await import('@eventstore/db-client');
      const url = new URL(store.url);
      const parameters = new URL(
        `esdb://${url.host}${tls ? `?tls=true&tlsCAFile=${store.certificateFile}` : '?tls=false'}`,
      ).search;
      const found = EventStoreDBClient.connectionString(`esdb://admin:changeit@${url.host},${url.host}${parameters}`);
      await found.appendToStream('gossip', event(), { requiresLeader: true });
      expect(await collect(found.readStream('gossip'))).toHaveLength(1);
      await found.dispose();
    });
  });
});

describe('over TLS', () => {
  let store: RunningStore;
  beforeAll(async () => {
    store = await RunningStore.start(temporaryFolder(), { tls: true });
  });
  afterAll(() => store.stop());

  it('a wrong password, or none, opens nothing', async () => {
    for (const user of ['admin:wrong', 'nobody:changeit', '']) {
      const client = store.client(user);
      await expect(client.appendToStream('locked', event())).rejects.toBeInstanceOf(AccessDeniedError);
      await expect(collect(client.readAll())).rejects.toBeInstanceOf(AccessDeniedError);
      await expect(client.tombstoneStream('locked')).rejects.toBeInstanceOf(AccessDeniedError);
    }
  });

  it('a stream’s access list is kept, system streams and all events are for administrators', async () => {
    const admin = store.client();
    const ops = store.client('ops:changeit');
    await ops.appendToStream('shared', event());
    await admin.setStreamMetadata('shared', {
      acl: { readRoles: ['admin'], writeRoles: ['$ops'], metaReadRoles: ['nobody'] },
    });
    await ops.appendToStream('shared', event());
    await expect(collect(ops.readStream('shared'))).rejects.toBeInstanceOf(AccessDeniedError);
    await expect(ops.getStreamMetadata('shared')).rejects.toBeInstanceOf(AccessDeniedError);
    await expect(ops.appendToStream('$system', event())).rejects.toBeInstanceOf(AccessDeniedError);
    await expect(collect(ops.readAll())).rejects.toBeInstanceOf(AccessDeniedError);
    expect(await collect(admin.readStream('shared'))).toHaveLength(2);
  });
});

describe('a read', () => {
  it.each([
    ['text', 'setString'],
    ['two numbers', 'setStructured'],
  ] as const)('is answered with ids as %s where it asks for them, written either way', async (form, ask) => {
    const store = await RunningStore.start(temporaryFolder());
    const written = [event(), event(), event()];
    await store.client().appendToStream('ids', written);
    const options = new streams.ReadReq.Options();
    const stream = new streams.ReadReq.Options.StreamOptions();
    const identifier = new shared.StreamIdentifier();
    identifier.setStreamName(Buffer.from('ids'));
    stream.setStreamIdentifier(identifier);
    stream.setStart(new shared.Empty());
    options.setStream(stream);
    options.setCount('9');
    options.setNoFilter(new shared.Empty());
    const uuids = new streams.ReadReq.Options.UUIDOption();
    uuids[ask](new shared.Empty());
    options.setUuidOption(uuids);
    const request = new streams.ReadReq();
    request.setOptions(options);
    const raw = new Client(`127.0.0.1:${store.port}`, credentials.createInsecure());
    const call = raw.makeServerStreamRequest(
      '/event_store.client.streams.Streams/Read',
      (bytes: Buffer) => bytes,
      (bytes: Buffer) => streams.ReadResp.deserializeBinary(bytes),
      Buffer.from(request.serializeBinary()),
    );
    const ids = (await collect(call as AsyncIterable<InstanceType<typeof streams.ReadResp>>)).map((answer) =>
      answer.getEvent()!.getEvent()!.getId()!,
    );
    const isText = form === 'text';
    expect(ids.map((id) => [id.hasString(), id.hasStructured()])).toEqual(written.map(() => [isText, !isText]));
    const halvesOf = (id: string) =>
      [0, 16].map((at) => BigInt.asIntN(64, BigInt(`0x${id.replaceAll('-', '').slice(at, at + 16)}`)).toString());
    expect(
      ids.map((id) => {
        const halves = id.getStructured();
        return halves ? [halves.getMostSignificantBits(), halves.getLeastSignificantBits()] : id.getString();
      }),
    ).toEqual(written.map(({ id }) => (isText ? id : halvesOf(id))));
    raw.close();
    await store.stop();
  });
});

describe('a stopping server', () => {
  const bytes = (request: Buffer) => request;
  const service = '/event_store.client.streams.Streams';

  it('ends batches as cancelled, and tells unary appends that it does not record that it is unavailable', async () => {
    const store = await RunningStore.start(temporaryFolder());
    const batched = store.client();
    await batched.appendToStream('stopped', event());
    const raw = new Client(`127.0.0.1:${store.port}`, credentials.createInsecure());
    // AppendReq { options { stream_identifier { stream_name: "half" } any {} } }
    const options = Buffer.from('\x0a\x0a\x0a\x06\x1a\x04half\x22\x00', 'latin1');
    const append = new Promise<number | undefined>((resolve) => {
      raw.makeClientStreamRequest(`${service}/Append`, bytes, bytes, (error) => resolve(error?.code)).write(options);
    });
    const batch = new Promise<number>((resolve) => {
      const call = raw.makeBidiStreamRequest(`${service}/BatchAppend`, bytes, bytes);
      call.on('data', () => undefined);
      call.on('error', ({ code }: Error & { code: number }) => resolve(code));
      // BatchAppendReq { correlation_id { string: "…" } options { stream_identifier { stream_name: "half" } any {} } }
      const correlation = Buffer.from(randomUUID());
      const begin = [Buffer.from([0x0a, 38, 0x12, 36]), correlation, Buffer.from([0x12, 10]), options.subarray(2)];
      call.write(Buffer.concat(begin));
    });
    let written = 0;
    const enough = Promise.withResolvers<void>();
    const loops = Array.from({ length: 16 }, async (_, writer): Promise<never> => {
      for (;;) {
        await batched.appendToStream(`stopped-${writer}`, events(50));
        if (++written === 200) enough.resolve();
      }
    });
    const ended = Promise.allSettled(loops);
    await enough.promise;
    store.process.kill('SIGTERM');
    const reasons = (await ended).map((loop) => (loop as PromiseRejectedResult).reason as Error);
    // Who was answered just then meets a server that is gone.
    const isForeseen = (reason: Error) => reason instanceof CancelledError || reason instanceof UnavailableError;
    expect(reasons.filter((reason) => !isForeseen(reason))).toEqual([]);
    expect(reasons.some((reason) => reason instanceof CancelledError)).toBe(true);
    expect([await append, await batch]).toEqual([14, 1]);
    raw.close();
    expect(await store.stop()).toBe(0);
  });
});

describe('a restarted server', () => {
  it('ends reads and batches as EventStoreDB does, and the same client goes on with the next one', async () => {
    const folder = temporaryFolder();
    const first = await RunningStore.start(folder);
    const client = first.client();
    await client.appendToStream('kept', events(3));
    const subscription = heard(client.subscribeToAll(), () => false).catch((error: unknown) => error);
    await client.appendToStream('kept', event());
    const port = first.port;
    expect(await first.stop()).toBe(0);
    expect(await subscription).toBeInstanceOf(CancelledError);
    const again = first.client();
    await expect(again.appendToStream('kept', event())).rejects.toMatchObject({ code: 14 });
    const second = await RunningStore.start(folder, { port });
    const { nextExpectedRevision } = await again.appendToStream('kept', event());
    expect(nextExpectedRevision).toBe(4n);
    expect(await collect(again.readStream('kept'))).toHaveLength(5);
    await again.dispose();
    await second.stop();
  });
});
