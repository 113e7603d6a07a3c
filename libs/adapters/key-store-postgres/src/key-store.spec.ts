import { EventStoreDbEventStore } from '@adapters/event-store-db';
import {
  commitTo,
  isCommitmentTo,
  leafOf,
  newId,
  SealedEventStore,
  type NewEvent,
  type StoredEvent,
} from '@foundation/eventing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DomainEvent, Instant, RecordId } from '@kernel';
import { markedFor, JP, NOW } from '@kernel/testing';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startDatabase, type StartedDatabase } from '../../../../test/support/database.js';
import { startEventStore, type StartedEventStore } from '../../../../test/support/event-store.js';
import { admitKeyKeeper, OwnerKeyFiles, PostgresDataKeys } from './index.js';

const SECRET = 'forty-two tonnes of gallium';
let database: StartedDatabase;
let server: StartedEventStore;
let folder: string;
let url: string;
let raw: EventStoreDbEventStore;
const opened: PostgresDataKeys[] = [];

/** As a process of its own: it remembers nothing of what others asked. */
const process = () => {
  const keys = new PostgresDataKeys(url, new OwnerKeyFiles(folder));
  opened.push(keys);
  return { keys, store: new SealedEventStore(raw, keys, (category) => category === 'group') };
};

beforeAll(async () => {
  [database, server] = await Promise.all([startDatabase(), startEventStore()]);
  folder = mkdtempSync(join(tmpdir(), 'lodestone-owner-keys-'));
  url = await admitKeyKeeper(database.url, 'a password');
  raw = new EventStoreDbEventStore(server.url);
});

afterAll(async () => {
  for (const keys of opened) await keys.close();
  await raw?.close();
  await Promise.all([database?.stop(), server?.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

const said = (event: DomainEvent): NewEvent => ({
  id: newId(),
  event,
  metadata: {
    actor: 'p',
    party: 'JP',
    roles: ['DELEGATE'],
    commandId: newId(),
    commandDigest: commitTo({ quantity: SECRET }),
    correlationId: 'c',
    causationId: 'c',
    recordedAt: NOW as Instant,
    policyVersion: 2,
    commitment: commitTo(event.data),
  },
});
const declared = (): NewEvent =>
  said({ type: 'test.Declared.v1', data: { marking: markedFor(JP), text: SECRET } } as DomainEvent);
const read = async (
  store: { read: SealedEventStore['read'] },
  category: string,
  id: RecordId,
): Promise<StoredEvent[]> => Array.fromAsync(store.read(category, id));

describe('A sealed content', () => {
  it('is read back as it was said, by another process too, and holds to its commitment', async () => {
    const id = newId() as RecordId;
    const event = declared();
    await process().store.append('stock', id, -1n, [event]);
    const [stored] = (await read(process().store, 'stock', id)) as [StoredEvent];
    expect(stored.event).toEqual(event.event);
    expect(stored.metadata).toEqual(event.metadata);
    expect(isCommitmentTo(stored.event.data, stored.metadata.commitment)).toBe(true);
  });

  it('shows in the store who may know of it, and neither what was said nor a salt to guess it by', async () => {
    const id = newId() as RecordId;
    const event = declared();
    await process().store.append('stock', id, -1n, [event]);
    const [stored] = (await read(raw, 'stock', id)) as [StoredEvent];
    const text = JSON.stringify(stored, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
    expect(stored.event.data).toMatchObject({ marking: markedFor(JP), sealed: { v: 1 } });
    for (const hidden of [SECRET, event.metadata.commitment.salt!, event.metadata.commandDigest.salt!]) {
      expect(text).not.toContain(hidden);
    }
  });

  it('has the same leaf in the verifiable log before and after it is sealed', async () => {
    const id = newId() as RecordId;
    const event = declared();
    await process().store.append('stock', id, -1n, [event]);
    const [stored] = (await read(raw, 'stock', id)) as [StoredEvent];
    const of = ({ id: eventId, event: { type }, metadata }: Pick<StoredEvent, 'id' | 'event' | 'metadata'>): string =>
      leafOf({ stream: `stock-${id}`, revision: 0n, id: eventId, type, metadata });
    expect(of(stored)).toBe(of(event));
  });

  it('does not open in the place of another, and whoever put it there is told of', async () => {
    const [one, other] = [newId() as RecordId, newId() as RecordId];
    const { store } = process();
    await store.append('stock', one, -1n, [declared()]);
    const [stored] = (await read(raw, 'stock', one)) as [StoredEvent];
    await raw.append('stock', other, -1n, [{ id: newId(), event: stored.event, metadata: stored.metadata }]);
    await expect(read(store, 'stock', other)).rejects.toThrow('the history was tampered with');
  });

  it('is not for open kinds of record', async () => {
    const id = newId() as RecordId;
    await process().store.append('group', id, -1n, [declared()]);
    expect((await read(raw, 'group', id))[0]!.event.data).toMatchObject({ text: SECRET });
  });
});

describe('The key of a record', () => {
  it('is another for each record, however many are made at once', async () => {
    const { keys } = process();
    const made = await Promise.all(Array.from({ length: 200 }, () => keys.fresh('US')));
    expect(new Set(made.map(({ id }) => id)).size).toBe(200);
    expect(new Set(made.map(({ key }) => Buffer.from(key).toString('hex'))).size).toBe(200);
    const other = process().keys;
    const found = await Promise.all(made.map(({ id }) => other.find(id)));
    expect(found).toEqual(made);
  });

  it('is one, whichever process goes on with the record', async () => {
    const id = newId() as RecordId;
    const note = (): NewEvent => said({ type: 'test.Noted.v1', data: { text: SECRET } });
    await process().store.append('stock', id, -1n, [declared()]);
    await process().store.append('stock', id, 0n, [note()]);
    const sealed = (await read(raw, 'stock', id)).map(
      ({ event }) => (event.data as { sealed?: { key: string } }).sealed,
    );
    expect(sealed[0]!.key).toBe(sealed[1]!.key);
    expect((await read(process().store, 'stock', id))[1]!.event.data).toEqual({ text: SECRET });
  });

  it('is nothing to whoever has the database and not the key of the owner', async () => {
    const { id } = await process().keys.fresh('JP');
    const elsewhere = new PostgresDataKeys(url, new OwnerKeyFiles(mkdtempSync(join(tmpdir(), 'lodestone-stranger-'))));
    opened.push(elsewhere);
    await expect(elsewhere.find(id)).rejects.toThrow();
  });

  it('does not open under another id', async () => {
    const { keys } = process();
    const [one, other] = [await keys.fresh('JP'), await keys.fresh('JP')];
    const owner = new Client({ connectionString: database.url });
    await owner.connect();
    await owner.query(
      `UPDATE lodestone_keys.data_keys SET wrapped = (SELECT wrapped FROM lodestone_keys.data_keys WHERE id = $1) WHERE id = $2`,
      [one.id, other.id],
    );
    await owner.end();
    await expect(process().keys.find(other.id)).rejects.toThrow();
    expect(await process().keys.find(one.id)).toEqual(one);
  });

  it('once destroyed is gone for every process that did not have it, and takes the content with it', async () => {
    const id = newId() as RecordId;
    const { store, keys } = process();
    await store.append('stock', id, -1n, [declared(), said({ type: 'test.Noted.v1', data: { text: SECRET } })]);
    const [first] = (await read(raw, 'stock', id)) as [StoredEvent];
    await keys.destroy((first.event.data as unknown as { sealed: { key: string } }).sealed.key);
    for (const { store: reader } of [process(), { store }]) {
      expect((await read(reader, 'stock', id)).map(({ event }) => event)).toEqual([
        { type: 'access.ContentWithheld.v1', data: { of: 'test.Declared.v1', marking: markedFor(JP) } },
        { type: 'access.ContentWithheld.v1', data: { of: 'test.Noted.v1' } },
      ]);
    }
    await expect(process().store.append('stock', id, 1n, [said({ type: 'test.Noted.v1', data: {} })])).rejects.toThrow(
      'was destroyed',
    );
  });

  it('dies with the fact that the content is erased, and also where whoever recorded that died in between', async () => {
    const [id, orphan] = [newId() as RecordId, newId() as RecordId];
    const erased = (): NewEvent =>
      said({ type: 'access.ContentErased.v1', data: { basis: 'a court order', requestedBy: 'p' } });
    const { store } = process();
    for (const each of [id, orphan]) await store.append('erased', each, -1n, [declared()]);
    await store.append('erased', id, 0n, [erased()]);
    await raw.append('erased', orphan, 0n, [erased()]);

    expect((await read(process().store, 'erased', id)).map(({ event }) => event.type)).toEqual([
      'access.ContentWithheld.v1',
      'access.ContentErased.v1',
    ]);
    const stop = new AbortController();
    for await (const item of process().store.follow({ after: null, categories: ['erased'], signal: stop.signal })) {
      if (item !== 'caughtUp' && item.recordId === orphan && item.revision === 1n) stop.abort();
    }
    expect((await read(process().store, 'erased', orphan))[0]!.event.type).toBe('access.ContentWithheld.v1');
  });
});

describe('The keys of the owners', () => {
  it('lie in files that this user alone can read', () => {
    const files = readdirSync(folder);
    expect(files.sort()).toEqual(['JP.key', 'US.key']);
    for (const file of files) expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
  });

  it('that are damaged are not replaced: the contents would be lost unseen', async () => {
    const other = mkdtempSync(join(tmpdir(), 'lodestone-damaged-'));
    writeFileSync(join(other, 'JP.key'), 'short');
    expect(() => new OwnerKeyFiles(other).wrap('JP', new Uint8Array(32), 'x')).toThrow('restore it from its backup');
    expect(() => new OwnerKeyFiles(other).wrap('../JP', new Uint8Array(32), 'x')).toThrow('is not an owner');
    rmSync(other, { recursive: true });
  });

  it('are for one login of the database, which reads nothing else', async () => {
    const keeper = new Client({ connectionString: url });
    await keeper.connect();
    await expect(keeper.query('CREATE TABLE lodestone_keys.other (a int)')).rejects.toThrow('permission denied');
    await expect(keeper.query('DELETE FROM lodestone_keys.data_keys')).rejects.toThrow('permission denied');
    await keeper.end();
  });
});
