import { EventStoreDbEventStore } from '@adapters/event-store-db';
import {
  type DataKeys,
  leafOf,
  type Metadata,
  placed,
  EncryptedEventStore,
  type StoredEvent,
  type Unreadable,
} from '@foundation/eventing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Marking, RecordId } from '@kernel';
import { readdirSync, readFileSync } from 'node:fs';
import { startEventStore, type StartedEventStore } from '../support/event-store.js';

/** An event as some version of the platform recorded it, with the key of its content and its leaf. */
type Frozen = {
  readonly key: string;
  readonly category: string;
  readonly recordId: RecordId;
  readonly id: string;
  readonly type: string;
  readonly data: { readonly marking: Marking; readonly sealed: { readonly key: string } };
  readonly metadata: Metadata;
  readonly opened: { readonly data: object; readonly metadata: Metadata };
  readonly leaf: string;
};
const FOLDER = 'test/audit/frozen';
const frozen = readdirSync(FOLDER).map((file): [string, Frozen] => [
  file,
  JSON.parse(readFileSync(`${FOLDER}/${file}`, 'utf8')) as Frozen,
]);

describe('An event that was sealed by any version', () => {
  const stores: StartedEventStore[] = [];
  const histories: EventStoreDbEventStore[] = [];
  beforeAll(async () => {
    // One for each, and one for what is forged: they are of the same stream.
    stores.push(...(await Promise.all(frozen.concat(frozen).map(() => startEventStore()))));
    histories.push(...stores.map(({ url }) => new EventStoreDbEventStore(url)));
  });
  afterAll(async () => {
    await Promise.all(histories.map((each) => each.close()));
    await Promise.all(stores.map((each) => each.stop()));
  });

  const read = async (history: EventStoreDbEventStore, event: Frozen, data: object) => {
    const { category, recordId, id, type, metadata } = event;
    await history.append(category, recordId, -1n, [{ id, event: { type, data }, metadata }]);
    const key = { id: event.data.sealed.key, key: Buffer.from(event.key, 'base64url') };
    const keys = { find: (asked: string) => Promise.resolve(asked === key.id ? key : null) } as unknown as DataKeys;
    const alarms: Unreadable[] = [];
    const store = new EncryptedEventStore(
      history,
      keys,
      { isRecord: () => true, isKnown: () => true, isEncrypted: () => true },
      (problem) => alarms.push(problem),
    );
    const [seen] = await Array.fromAsync(store.read(category, recordId));
    return { seen: seen as StoredEvent, alarms };
  };

  it('stands here in two versions', () =>
    expect(frozen.map(([file]) => file)).toEqual(['event.v1.json', 'event.v2.json']));

  it.each(frozen)('opens for ever and has its leaf for ever: %s', async (file, event) => {
    const history = histories[frozen.findIndex(([name]) => name === file)]!;
    const { seen, alarms } = await read(history, event, event.data);
    expect(alarms).toEqual([]);
    expect(seen.event).toEqual({ type: event.type, data: event.opened.data });
    expect(seen.metadata).toEqual(event.opened.metadata);
    expect(leafOf(placed(seen))).toBe(event.leaf);
  });

  it.each(frozen)('does not open under another marking: %s', async (file, event) => {
    const history = histories[frozen.length + frozen.findIndex(([name]) => name === file)]!;
    const marking = { ...event.data.marking, releaseTo: ['country:FR'] };
    const { seen, alarms } = await read(history, event, { ...event.data, marking });
    expect(alarms).toHaveLength(1);
    expect(seen).not.toHaveProperty('event');
  });
});
