import { EventStoreDBClient } from '@eventstore/db-client';
import {
  commitTo,
  EventStoreUnavailable,
  HIDDEN,
  isUnreadable,
  newId,
  StreamMoved,
  wholly,
  type NewEvent,
  type StoredEvent,
} from '@foundation/eventing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RecordId } from '@kernel';
import { NOW } from '@kernel/testing';
import { startEventStore, type StartedEventStore } from '../../../../test/support/event-store.js';
import { PATIENCE_MS } from '../../../../test/support/patience.js';
import { EventStoreDbEventStore } from './index.js';

const DIGEST = commitTo('something');

const fact = (number: number): NewEvent => ({
  id: newId(),
  event: { type: 'test.Counted.v1', data: { number, text: 'é 😀 "x"', amount: '999999999999999.999999', none: null } },
  metadata: {
    actor: 'a',
    party: 'JP',
    roles: ['DELEGATE'],
    commandId: `command ${number}`,
    commandDigest: DIGEST,
    correlationId: 'c',
    causationId: 'c',
    recordedAt: NOW,
    policyVersion: 1,
    commitment: DIGEST,
  },
});
const facts = (from: number, to: number): NewEvent[] =>
  Array.from({ length: to - from + 1 }, (_, index) => fact(from + index));
const numberOf = ({ event }: StoredEvent): number => (event.data as { number: number }).number;
const record = (): RecordId => newId() as RecordId;

describe('The event store', () => {
  let server: StartedEventStore;
  let store: EventStoreDbEventStore;
  beforeAll(async () => {
    server = await startEventStore();
    store = new EventStoreDbEventStore(server.url);
  });
  afterAll(async () => {
    await store?.close();
    await server?.stop();
  });

  const read = async (category: string, id: RecordId, after?: bigint): Promise<readonly StoredEvent[]> =>
    wholly(await Array.fromAsync(store.read(category, id, after)))!;
  /** What a follower gets, until it has got so many items. */
  const followed = async (
    from: { after: bigint | null; categories?: string[]; types?: string[] },
    count: number,
    meanwhile?: () => Promise<unknown>,
  ): Promise<(StoredEvent | 'caughtUp')[]> => {
    const stop = new AbortController();
    const items: (StoredEvent | 'caughtUp')[] = [];
    for await (const item of store.follow({ ...from, signal: stop.signal })) {
      if (isUnreadable(item)) throw new Error(item.problem);
      items.push(item);
      if (item === 'caughtUp') await meanwhile?.();
      if (items.length === count) stop.abort();
    }
    return items;
  };

  it('gives back what it was given, with its place in the stream and in the history', async () => {
    const id = record();
    const given = facts(0, 2);
    const appended = await store.append('round', id, -1n, given);
    const back = await read('round', id);
    expect(back).toEqual(
      given.map((each, index) => ({
        ...each,
        category: 'round',
        recordId: id,
        revision: BigInt(index),
        position: expect.any(BigInt),
        recordedAt: NOW,
      })),
    );
    expect(appended).toEqual({ revision: 2n, position: back[2]!.position });
    expect(back[0]!.position < back[1]!.position && back[1]!.position < back[2]!.position).toBe(true);
  });

  it('reads on after a revision, and nothing of a stream that is not there', async () => {
    const id = record();
    await store.append('after', id, -1n, facts(0, 4));
    expect((await read('after', id, 2n)).map(numberOf)).toEqual([3, 4]);
    expect(await read('after', id, 4n)).toEqual([]);
    expect(await read('after', record())).toEqual([]);
  });

  it('reads the last event alone, and nothing of a stream that is not there', async () => {
    const id = record();
    await store.append('last', id, -1n, facts(0, 4));
    expect(await store.last('last', id)).toEqual((await read('last', id)).at(-1));
    expect(await store.last('last', record())).toBeNull();
  });

  it('names the streams of which somebody hid events', async () => {
    const [shortened, deleted, buried, mended, whole] = [record(), record(), record(), record(), record()];
    for (const id of [shortened, deleted, buried, mended, whole]) await store.append('hidden', id, -1n, facts(0, 4));
    const other = EventStoreDBClient.connectionString(server.url);
    await other.setStreamMetadata(`hidden-${shortened}`, { maxCount: 1 });
    await other.deleteStream(`hidden-${deleted}`);
    await other.tombstoneStream(`hidden-${buried}`);
    await other.setStreamMetadata(`hidden-${mended}`, { truncateBefore: 2 });
    await other.setStreamMetadata(`hidden-${mended}`, {});
    await other.setStreamMetadata(`hidden-${whole}`, { aNoteOfOthers: 'x' });
    await other.dispose();
    expect((await store.hidden()).toSorted()).toEqual(
      [shortened, deleted, buried].map((id) => `hidden-${id}`).toSorted(),
    );
  });

  it('takes nothing for read where others hide events that came before', async () => {
    const id = record();
    await store.append('cut', id, -1n, facts(0, 1_200));
    const other = EventStoreDBClient.connectionString(server.url);
    await other.setStreamMetadata(`cut-${id}`, { truncateBefore: 700 });
    await other.dispose();
    const [first, ...rest] = await Array.fromAsync(store.read('cut', id));
    expect(first).toMatchObject({ unreadable: 'UNOPENED', revision: 700n, problem: HIDDEN });
    expect(rest.map(({ revision }) => Number(revision))).toEqual(Array.from({ length: 500 }, (_, at) => 701 + at));
    // Who knows what came before is told what came since.
    expect((await read('cut', id, 1_198n)).map(numberOf)).toEqual([1_199, 1_200]);
  });

  it('appends only where the stream stands at what was expected, and then all or nothing', async () => {
    const id = record();
    await expect(store.append('moved', id, 0n, facts(0, 1))).rejects.toThrow(StreamMoved);
    await store.append('moved', id, -1n, facts(0, 0));
    for (const expected of [-1n, 1n, 7n])
      await expect(store.append('moved', id, expected, facts(1, 2))).rejects.toThrow(StreamMoved);
    expect((await read('moved', id)).map(numberOf)).toEqual([0]);
  });

  it('lets one of many win a race for a revision', async () => {
    const id = record();
    const race = await Promise.allSettled(facts(0, 19).map((each) => store.append('race', id, -1n, [each])));
    const lost = race.filter((each) => each.status === 'rejected');
    expect(lost).toHaveLength(19);
    for (const { reason } of lost) expect(reason).toBeInstanceOf(StreamMoved);
    expect(await read('race', id)).toHaveLength(1);
  });

  it('is followed through all that was, then caught up, then what comes, in one order', async () => {
    const [one, other] = [record(), record()];
    await store.append('followed', one, -1n, facts(0, 499));
    await store.append('alsoFollowed', other, -1n, facts(500, 999));
    const items = await followed({ after: null, categories: ['followed', 'alsoFollowed'] }, 1003, async () => {
      await store.append('followed', one, 499n, [fact(1000)]);
      await store.append('notFollowed', record(), -1n, [fact(-1)]);
      await store.append('alsoFollowed', other, 499n, [fact(1001)]);
    });
    expect(items.map((item) => (item === 'caughtUp' ? item : numberOf(item)))).toEqual([
      ...Array(1000).keys(),
      'caughtUp',
      1000,
      1001,
    ]);
  });

  it('is followed by the facts themselves, whatever streams they stand in', async () => {
    const named = (number: number, type: string): NewEvent => ({
      ...fact(number),
      event: { ...fact(number).event, type },
    });
    const [one, other] = [record(), record()];
    await store.append('byFact', one, -1n, [named(0, 'test.Wanted.v1'), fact(-1), named(1, 'test.Sought.v1')]);
    const items = await followed({ after: null, types: ['test.Wanted.v1', 'test.Sought.v1'] }, 4, async () => {
      await store.append('byFact', one, 2n, [fact(-1)]);
      await store.append('alsoByFact', other, -1n, [named(2, 'test.Wanted.v1')]);
    });
    expect(items.map((item) => (item === 'caughtUp' ? item : numberOf(item)))).toEqual([0, 1, 'caughtUp', 2]);
  });

  it('is followed on from a position, without that event and without a gap', async () => {
    const id = record();
    await store.append('resumed', id, -1n, facts(0, 9));
    const all = await read('resumed', id);
    for (const index of [0, 4, 8]) {
      const items = await followed({ after: all[index]!.position, categories: ['resumed'] }, 10 - index);
      expect(items.map((item) => (item === 'caughtUp' ? item : numberOf(item)))).toEqual(
        [...Array(10).keys()].slice(index + 1).concat('caughtUp' as never),
      );
    }
  });

  it('gives a slow follower everything too', async () => {
    const id = record();
    await store.append('slow', id, -1n, facts(0, 999));
    await store.append('slow', id, 999n, facts(1000, 2009));
    const stop = new AbortController();
    const seen: number[] = [];
    for await (const item of store.follow({ after: null, categories: ['slow'], signal: stop.signal })) {
      if (item === 'caughtUp' || isUnreadable(item)) break;
      // Meanwhile a little more arrives than is held ready, and the announcement after it.
      if (seen.push(numberOf(item)) === 1) await new Promise((resolve) => setTimeout(resolve, 1_500));
    }
    expect(seen).toEqual([...Array(2010).keys()]);
  });

  it('has caught up with what was there at first, though the history never rests', async () => {
    const id = record();
    const long = (number: number): NewEvent => ({
      ...fact(number),
      event: { ...fact(number).event, data: { number, text: 'x'.repeat(5_000) } },
    });
    // More than is held ready on the way: the store has not come to its end when more is written.
    const count = 2_600;
    for (let from = 0; from < count; from += 100)
      await store.append(
        'restless',
        id,
        BigInt(from - 1),
        Array.from({ length: 100 }, (_, at) => long(from + at)),
      );
    const stop = new AbortController();
    const items: (number | 'caughtUp')[] = [];
    for await (const item of store.follow({ after: null, categories: ['restless'], signal: stop.signal })) {
      items.push(item === 'caughtUp' ? item : numberOf(item as StoredEvent));
      if (items.length === 1) {
        await new Promise((resolve) => setTimeout(resolve, 500));
        await store.append('restless', id, BigInt(count - 1), [fact(count)]);
      }
      if (items.length === count + 2) stop.abort();
    }
    expect(items.slice(-3)).toEqual([count - 1, 'caughtUp', count]);
  });

  it('ends a follower quietly when it is told to stop, waiting or not', async () => {
    const stop = new AbortController();
    const following = Array.fromAsync(store.follow({ after: null, categories: ['nothing'], signal: stop.signal }));
    setTimeout(() => stop.abort(), 50);
    expect((await following).filter((item) => item !== 'caughtUp')).toEqual([]);
    expect(await Array.fromAsync(store.follow({ after: null, signal: AbortSignal.abort() }))).toEqual([]);
  });

  it('says of an outage that it is one, whatever was asked', async () => {
    const other = await startEventStore();
    const away = new EventStoreDbEventStore(other.url);
    const follower = (async () => {
      for await (const _ of away.follow({ after: null, signal: AbortSignal.timeout(PATIENCE_MS) }));
    })();
    const outcome = expect(follower).rejects.toThrow(EventStoreUnavailable);
    await away.ping();
    await other.stop();
    await outcome;
    await expect(away.append('away', record(), -1n, facts(0, 0))).rejects.toThrow(EventStoreUnavailable);
    await expect(Array.fromAsync(away.read('away', record()))).rejects.toThrow(EventStoreUnavailable);
    await expect(away.ping()).rejects.toThrow(EventStoreUnavailable);
    await away.close();
  });
});
