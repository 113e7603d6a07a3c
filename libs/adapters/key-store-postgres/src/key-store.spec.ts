import { EventStoreDbEventStore } from '@adapters/event-store-db';
import {
  asWithheld,
  committed,
  commitTo,
  isCommitmentTo,
  isUnreadable,
  leafOf,
  newId,
  OwnerKeyUnfit,
  placed,
  EncryptedEventStore,
  type NewEvent,
  type StoredEvent,
  type Unreadable,
} from '@foundation/eventing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { DomainEvent, Instant, RecordId } from '@kernel';
import { markedFor, JP, NOW, US } from '@kernel/testing';
import fc from 'fast-check';
import { hash, randomBytes } from 'node:crypto';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startDatabase, type StartedDatabase } from '../../../../test/support/database.js';
import { startEventStore, type StartedEventStore } from '../../../../test/support/event-store.js';
import { temporaryFolder } from '../../../../test/support/temporary-folder.js';
import { admitKeyKeeper, OwnerKeyFiles, PostgresDataKeys } from './index.js';

const SECRET = 'forty-two tonnes of gallium';
let database: StartedDatabase;
let server: StartedEventStore;
let folder: string;
let url: string;
let raw: EventStoreDbEventStore;
/** A second store, for what the first one never held. */
let forgery: StartedEventStore;
let forged: EventStoreDbEventStore;
const opened: PostgresDataKeys[] = [];

/** As a process of its own: it remembers nothing of what others asked. */
const process = (history: EventStoreDbEventStore = raw) => {
  const keys = new PostgresDataKeys(url, new OwnerKeyFiles(folder));
  opened.push(keys);
  const alarms: Unreadable[] = [];
  const kinds = { isRecord: () => true, isKnown: () => true, isEncrypted: (category: string) => category !== 'group' };
  return { keys, alarms, store: new EncryptedEventStore(history, keys, kinds, (event) => alarms.push(event)) };
};

beforeAll(async () => {
  [database, server, forgery] = await Promise.all([startDatabase(), startEventStore(), startEventStore()]);
  folder = mkdtempSync(join(tmpdir(), 'lodestone-owner-keys-'));
  url = await admitKeyKeeper(database.url, 'a password');
  raw = new EventStoreDbEventStore(server.url);
  forged = new EventStoreDbEventStore(forgery.url);
});

afterEach(async () => void (await Promise.all(opened.splice(0).map((keys) => keys.close()))));
afterAll(async () => {
  await Promise.all([raw?.close(), forged?.close()]);
  await Promise.all([database?.stop(), server?.stop(), forgery?.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

const said = (event: DomainEvent): NewEvent => ({
  id: newId(),
  event,
  metadata: committed(event.data, {
    actor: 'p',
    party: 'JP',
    roles: ['DELEGATE'],
    commandId: newId(),
    commandDigest: commitTo({ quantity: SECRET }),
    correlationId: 'c',
    causationId: 'c',
    recordedAt: NOW as Instant,
    policyVersion: 2,
  }),
});
const declared = (): NewEvent =>
  said({ type: 'test.Declared.v1', data: { marking: markedFor(JP), text: SECRET } } as DomainEvent);
/** What stands in a stream, as whoever folds its record takes it. */
const read = async (
  store: { read: EncryptedEventStore['read'] },
  category: string,
  id: RecordId,
): Promise<Pick<StoredEvent, 'id' | 'event' | 'metadata'>[]> =>
  (await Array.fromAsync(store.read(category, id))).map((each) =>
    isUnreadable(each) ? { ...asWithheld(each), id: each.id, metadata: {} as never } : each,
  );

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
    expect(stored.event.data).toMatchObject({ marking: markedFor(JP), sealed: { v: 2 } });
    for (const hidden of [SECRET, event.metadata.commitment.salt!, event.metadata.commandDigest.salt!]) {
      expect(text).not.toContain(hidden);
    }
  });

  it('has the same leaf in the verifiable log before and after it is sealed', async () => {
    const id = newId() as RecordId;
    const event = declared();
    await process().store.append('stock', id, -1n, [event]);
    const [stored] = (await read(raw, 'stock', id)) as [StoredEvent];
    expect(leafOf(placed(stored))).toBe(leafOf(placed({ ...stored, ...event })));
    const [opened] = (await read(process().store, 'stock', id)) as [StoredEvent];
    expect(leafOf(placed(opened))).toBe(leafOf(placed(stored)));
  });

  type Stored = Pick<StoredEvent, 'id' | 'event' | 'metadata'>;
  const sealedIn = ({ event }: Stored) => (event.data as unknown as { sealed: Record<string, unknown> }).sealed;
  const withSealed = (stored: Stored, changes: object): DomainEvent => ({
    ...stored.event,
    data: { ...stored.event.data, sealed: { ...sealedIn(stored), ...changes } },
  });
  it.each<[string, (stored: Stored) => Partial<Stored>]>([
    ['in the place of another event', () => ({ id: newId() })],
    ['under another name', ({ event }) => ({ event: { ...event, type: 'test.Noted.v1' } })],
    [
      'under another marking',
      ({ event }) => ({ event: { ...event, data: { ...event.data, marking: markedFor(US) } } }),
    ],
    ['without its marking', ({ event }) => ({ event: { ...event, data: { ...event.data, marking: undefined } } })],
    ['as somebody else’s', ({ metadata }) => ({ metadata: { ...metadata, actor: 'q' } })],
    ['in the name of another party', ({ metadata }) => ({ metadata: { ...metadata, party: 'US' } })],
    ['in other roles', ({ metadata }) => ({ metadata: { ...metadata, roles: ['APPROVER'] } })],
    [
      'at another time',
      ({ metadata }) => ({ metadata: { ...metadata, recordedAt: '2027-01-01T00:00:00.000Z' as Instant } }),
    ],
    ['under another policy', ({ metadata }) => ({ metadata: { ...metadata, policyVersion: 1 } })],
    ['for another command', ({ metadata }) => ({ metadata: { ...metadata, commandId: 'c' } })],
    ['under another commitment', ({ metadata }) => ({ metadata: { ...metadata, commitment: commitTo('x') } })],
    ['without its binding', ({ metadata: { binding: _, ...metadata } }) => ({ metadata })],
    ['with a bit changed', (stored) => ({ event: withSealed(stored, { tag: 'A'.repeat(22) }) })],
    ['as an older version', (stored) => ({ event: withSealed(stored, { v: 1 }) })],
    ['with no key named', (stored) => ({ event: withSealed(stored, { key: 'none' }) })],
    ['with nothing sealed', ({ event }) => ({ event: { ...event, data: { ...event.data, sealed: null } } })],
    ['with a part missing', (stored) => ({ event: withSealed(stored, { nonce: undefined }) })],
  ])('does not open %s: its record is withheld, and it is an alarm', async (_, change) => {
    const id = newId() as RecordId;
    await process().store.append('stock', id, -1n, [declared()]);
    const [stored] = (await read(raw, 'stock', id)) as [StoredEvent];
    // As if whoever runs the store had rewritten it.
    await forged.append('stock', id, -1n, [{ ...stored, ...change(stored) }]);
    const { store, alarms } = process(forged);
    const [seen] = (await read(store, 'stock', id)) as [StoredEvent];
    expect(seen.event).toMatchObject({ type: 'access.ContentWithheld.v1', data: { because: 'ALTERED' } });
    expect(alarms.map(({ stream, revision }) => [stream, revision])).toEqual([[`stock-${id}`, 0n]]);
  });

  it('does not open at another revision of its stream', async () => {
    const id = newId() as RecordId;
    const notes = [
      declared(),
      said({ type: 'test.Noted.v1', data: { text: '1' } }),
      said({ type: 'test.Noted.v1', data: { text: '2' } }),
    ];
    await process().store.append('stock', id, -1n, notes);
    const [first, one, two] = (await read(raw, 'stock', id)) as [StoredEvent, StoredEvent, StoredEvent];
    await forged.append('stock', id, -1n, [first, two, one]);
    const { store, alarms } = process(forged);
    expect((await read(store, 'stock', id)).map(({ event }) => event.type)).toEqual([
      'test.Declared.v1',
      'access.ContentWithheld.v1',
      'access.ContentWithheld.v1',
    ]);
    expect(alarms.map((each) => each.id)).toEqual([two.id, one.id]);
  });

  it('cannot be replaced by one that is not sealed', async () => {
    const id = newId() as RecordId;
    await forged.append('stock', id, -1n, [declared()]);
    const { store, alarms } = process(forged);
    expect((await read(store, 'stock', id))[0]!.event).toMatchObject({ data: { because: 'ALTERED' } });
    expect(alarms).toMatchObject([{ problem: 'its content is not sealed' }]);
  });

  it('is not for open kinds of record; what stands there open is held to its commitment', async () => {
    const id = newId() as RecordId;
    await process().store.append('group', id, -1n, [declared()]);
    const [stored] = (await read(raw, 'group', id)) as [StoredEvent];
    expect(stored.event.data).toMatchObject({ text: SECRET });
    const { metadata } = stored;
    const changes: [string, Partial<Stored>][] = [
      ['the content', { event: { ...stored.event, data: { ...stored.event.data, text: 'otherwise' } } }],
      ['the marking', { event: { ...stored.event, data: { ...stored.event.data, marking: markedFor(US) } } }],
      [
        'the salt of the command',
        { metadata: { ...metadata, commandDigest: { ...metadata.commandDigest, salt: 'AA' } } },
      ],
      ['no commitment', { metadata: { ...metadata, commitment: undefined as never } }],
    ];
    for (const [what, change] of changes) {
      const other = newId() as RecordId;
      await forged.append('group', other, -1n, [{ ...stored, ...change }]);
      const { store, alarms } = process(forged);
      const [seen] = (await read(store, 'group', other)) as [StoredEvent];
      expect([what, seen.event.type, alarms.length]).toEqual([what, 'access.ContentWithheld.v1', 1]);
    }
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

  it('is not made on a node that lacks the key of the owner, and nothing is recorded there', async () => {
    await process().keys.fresh('JP');
    const elsewhere = new PostgresDataKeys(url, new OwnerKeyFiles(temporaryFolder()));
    opened.push(elsewhere);
    const id = newId() as RecordId;
    const store = new EncryptedEventStore(raw, elsewhere, {
      isRecord: () => true,
      isKnown: () => true,
      isEncrypted: () => true,
    });
    await expect(store.append('stock', id, -1n, [declared()])).rejects.toThrow(OwnerKeyUnfit);
    expect(await read(raw, 'stock', id)).toEqual([]);
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
        {
          type: 'access.ContentWithheld.v1',
          data: { of: 'test.Declared.v1', because: 'ERASED', marking: markedFor(JP) },
        },
        { type: 'access.ContentWithheld.v1', data: { of: 'test.Noted.v1', because: 'ERASED' } },
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
  const asOwner = async (text: string, values: unknown[]) => {
    const owner = new Client({ connectionString: database.url });
    await owner.connect();
    return await owner.query(text, values).finally(() => owner.end());
  };
  /** As an older version left the database. */
  const forgetCheckValues = async (owner: string) =>
    await asOwner('DELETE FROM lodestone_keys.owner_keys WHERE owner = $1', [owner]);
  let owners = 0;
  const newOwner = (): string => `OWNER${String.fromCharCode(65 + Math.floor(owners / 26), 65 + (owners++ % 26))}`;
  /** A folder of its own with one key of the platform, by which it is not a stranger. */
  const ownFolder = (): string => {
    const own = temporaryFolder();
    copyFileSync(join(folder, 'JP.key'), join(own, 'JP.key'));
    return own;
  };
  const keysIn = (own: string): string[] => readdirSync(own).filter((file) => file !== 'JP.key');
  const node = (at = ownFolder()) => {
    const told: string[] = [];
    const keys = new PostgresDataKeys(url, new OwnerKeyFiles(at), (sentence) => told.push(sentence));
    opened.push(keys);
    return { keys, folder: at, told };
  };

  it('lie in files that this user alone can read', () => {
    const files = readdirSync(folder);
    expect(files.sort()).toEqual(['JP.key', 'US.key']);
    for (const file of files) expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
  });

  it('that are damaged are not replaced: the contents would be lost unseen', async () => {
    const other = temporaryFolder();
    writeFileSync(join(other, 'FR.key'), 'short');
    await expect(node(other).keys.fresh('FR')).rejects.toThrow('is not a key of 32 bytes');
    expect(readdirSync(other)).toEqual(['FR.key']);
    await expect(node(other).keys.fresh('../JP')).rejects.toThrow('is not an owner');
  });

  it('are made for an owner that the database does not know, and for no other', async () => {
    const [first, second] = [node(), node()];
    const made = await first.keys.fresh('CA');
    await expect(second.keys.fresh('CA')).rejects.toThrow(OwnerKeyUnfit);
    await expect(second.keys.find(made.id)).rejects.toThrow(OwnerKeyUnfit);
    expect(keysIn(second.folder)).toEqual([]);
    expect(await second.keys.fresh('NZ')).toBeDefined();
    expect(keysIn(second.folder)).toEqual(['NZ.key']);
  });

  it('are not made in a folder that holds no key of the platform', async () => {
    const stranger = node(temporaryFolder());
    await expect(stranger.keys.fresh(newOwner())).rejects.toThrow(OwnerKeyUnfit);
    expect(readdirSync(stranger.folder)).toEqual([]);
  });

  it('are not made by looking at them', async () => {
    const other = node(temporaryFolder());
    await expect(other.keys.fresh(newOwner())).rejects.toThrow(OwnerKeyUnfit);
    for (const file of readdirSync(folder)) copyFileSync(join(folder, file), join(other.folder, file));
    const before = readdirSync(other.folder);
    await other.keys.allFit();
    await other.keys.survey();
    expect(readdirSync(other.folder)).toEqual(before);
  });

  it('are not made where something is to be opened', async () => {
    const made = await node().keys.fresh('KR');
    await forgetCheckValues('KR');
    const stranger = node();
    await expect(stranger.keys.find(made.id)).rejects.toThrow(OwnerKeyUnfit);
    expect(keysIn(stranger.folder)).toEqual([]);
  });

  it('are one for each owner, however many nodes with folders of their own meet it at once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 6 }), async (count) => {
        const owner = newOwner();
        const nodes = Array.from({ length: count }, () => node());
        const outcomes = await Promise.allSettled(nodes.map(({ keys }) => keys.fresh(owner)));
        expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
        expect(nodes.flatMap((each) => keysIn(each.folder))).toEqual([`${owner}.key`]);
        for (const outcome of outcomes)
          if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(OwnerKeyUnfit);
        await Promise.all(opened.splice(0).map((keys) => keys.close()));
      }),
      { numRuns: 8 },
    );
  });

  it('are used by all nodes of one folder that meet a new owner at once', async () => {
    const [owner, shared] = [newOwner(), ownFolder()];
    const nodes = Array.from({ length: 4 }, () => node(shared));
    const made = await Promise.all(nodes.map(({ keys }) => keys.fresh(owner)));
    for (const { id, key } of made) expect((await node(shared).keys.find(id))?.key).toEqual(key);
  });

  it('that are of another folder are refused, told of once, and used from when the right one is back', async () => {
    const [right, other] = [node(), node()];
    const made = await right.keys.fresh('AU');
    writeFileSync(join(other.folder, 'AU.key'), randomBytes(32));
    for (let count = 0; count < 3; count++) {
      await expect(other.keys.fresh('AU')).rejects.toThrow(OwnerKeyUnfit);
      await expect(other.keys.find(made.id)).rejects.toThrow(OwnerKeyUnfit);
      expect(await other.keys.allFit()).toBe(false);
    }
    expect(other.told.filter((each) => each.includes('AU'))).toEqual([
      expect.stringMatching(/^ALARM the key of AU .*OWNER_KEYS_FOLDER/),
    ]);
    for (const file of readdirSync(folder)) copyFileSync(join(folder, file), join(other.folder, file));
    copyFileSync(join(right.folder, 'AU.key'), join(other.folder, 'AU.key'));
    expect((await other.keys.find(made.id))?.key).toEqual(made.key);
    const again = await other.keys.fresh('AU');
    expect((await node(right.folder).keys.find(again.id))?.key).toEqual(again.key);
    expect(other.told.filter((each) => each.includes('AU'))[1]).toBe('the key of AU fits again');
  });

  it('that are gone while a node runs are refused to it for what is new', async () => {
    const running = node();
    const owner = newOwner();
    const made = await running.keys.fresh(owner);
    rmSync(join(running.folder, `${owner}.key`));
    const later = Array.from({ length: 200 }, () => running.keys.fresh(owner));
    expect((await Promise.allSettled(later)).filter(({ status }) => status === 'fulfilled').length).toBeLessThan(200);
    expect((await running.keys.find(made.id))?.key).toEqual(made.key);
    expect(await running.keys.allFit()).toBe(false);
    expect(keysIn(running.folder)).toEqual([]);
  });

  it('of a database from before check values were kept become known at the first start with those that open', async () => {
    const [right, other] = [node(), node()];
    const owner = newOwner();
    await right.keys.fresh(owner);
    await forgetCheckValues(owner);
    writeFileSync(join(other.folder, `${owner}.key`), randomBytes(32));
    await other.keys.survey();
    expect(other.told.some((each) => each.includes(owner))).toBe(true);
    await expect(other.keys.fresh(owner)).rejects.toThrow(OwnerKeyUnfit);
    const empty = node();
    await empty.keys.survey();
    await expect(empty.keys.fresh(owner)).rejects.toThrow(OwnerKeyUnfit);
    expect(keysIn(empty.folder)).toEqual([]);
    await node(right.folder).keys.survey();
    const { rows } = await asOwner('SELECT owner FROM lodestone_keys.owner_keys WHERE owner = $1', [owner]);
    expect(rows).toHaveLength(1);
    await expect(node().keys.fresh(owner)).rejects.toThrow(OwnerKeyUnfit);
    expect(await right.keys.fresh(owner)).toBeDefined();
  });

  it('are known to the database by what does not contain them', async () => {
    await process().keys.fresh('JP');
    const { rows } = await asOwner('SELECT check_value FROM lodestone_keys.owner_keys WHERE owner = $1', ['JP']);
    const [{ check_value: known }] = rows as [{ check_value: Buffer }];
    const key = readFileSync(join(folder, 'JP.key'));
    expect(known).toHaveLength(32);
    expect(known.equals(key) || known.equals(hash('sha256', key, 'buffer'))).toBe(false);
  });

  it('are for one login of the database, which reads nothing else', async () => {
    const keeper = new Client({ connectionString: url });
    await keeper.connect();
    await expect(keeper.query('CREATE TABLE lodestone_keys.other (a int)')).rejects.toThrow('permission denied');
    await expect(keeper.query('DELETE FROM lodestone_keys.data_keys')).rejects.toThrow('permission denied');
    for (const change of [
      'UPDATE lodestone_keys.owner_keys SET made_at = now()',
      'DELETE FROM lodestone_keys.owner_keys',
    ])
      await expect(keeper.query(change)).rejects.toThrow('permission denied');
    await keeper.end();
  });
});
