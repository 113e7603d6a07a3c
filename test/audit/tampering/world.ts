import { EventStoreDbEventStore } from '@adapters/event-store-db';
import { admitKeyKeeper, OwnerKeyFiles, PostgresDataKeys } from '@adapters/key-store-postgres';
import { LogStore, tilesOf } from '@adapters/transparency-log-sqlite';
import {
  committed,
  commitTo,
  type DataKeys,
  type EventStore,
  leafOf,
  newId,
  type NewEvent,
  placed,
  EncryptedEventStore,
  type StoredEvent,
  wholly,
} from '@foundation/eventing';
import {
  ED25519,
  formatCheckpoint,
  formatSignerKey,
  formatVerifierKey,
  leafHash,
  parsePolicy,
  parseSignerKey,
  signNote,
  TileTree,
} from '@foundation/transparency';
import type { DomainEvent, Instant, RecordId } from '@kernel';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { NO_CONTENTS } from '../../../apps/auditor/src/contents.js';
import { exportBundle } from '../../../apps/auditor/src/export.js';
import { LogFile } from '../../../apps/auditor/src/log-source.js';
import { between } from '../../../apps/auditor/src/replay.js';
import type { Trust } from '../../../apps/auditor/src/trusted-checkpoint.js';
import type { RecordedEvent } from '../../../apps/event-store/src/event.js';
import { startProgram } from '../../support/program.js';
import { startDatabase } from '../../support/database.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { eventsIn } from './event-file.js';

/** A history of records of every kind, with its keys and its log. */
export type World = {
  readonly events: readonly RecordedEvent[];
  readonly keys: DataKeys;
  /** As they are read with the keys. */
  readonly read: readonly StoredEvent[];
  /** Holds every leaf, and no content. */
  readonly bundle: string;
  readonly trust: Trust;
};

export const opened = (store: EventStore, keys: DataKeys): EventStore =>
  new EncryptedEventStore(store, keys, {
    isRecord: () => true,
    isKnown: () => true,
    isEncrypted: (category) => category !== 'register',
  });

export const startWorld = async (): Promise<World> => {
  const folder = temporaryFolder();
  const [database, store] = await Promise.all([
    startDatabase(),
    startProgram<{ eventStore: string }>('dist/apps/event-store/src/main.js', {
      args: ['--port', '0', '--data', folder],
    }),
  ]);
  const keysUrl = await admitKeyKeeper(database.url, 'a password');
  const keys = new PostgresDataKeys(keysUrl, new OwnerKeyFiles(temporaryFolder()));
  const history = new EventStoreDbEventStore(store.ready.eventStore);
  await tell(opened(history, keys));
  const read = wholly(await Array.fromAsync(between(opened(history, keys), undefined, undefined)))!;
  const { bundle, trust } = await loggedIn(temporaryFolder(), read);
  await history.close();
  await store.stop();
  return { events: eventsIn(folder), keys, read, bundle, trust };
};

const MARKING = { owner: 'JP', releaseTo: ['country:AU'], handling: 'AMBER' };
let count = 0;
const said = (type: string, data: object): NewEvent => {
  const capacity = { mandate: newId() as RecordId, delegate: 'US' as never };
  const signature = { kid: 'k1', jws: `eyJ.${''}.c2ln${count}` };
  const metadata = committed(data, {
    actor: newId(),
    party: 'JP',
    roles: ['DELEGATE', 'APPROVER'],
    ...(count % 3 === 0 && { capacity }),
    ...(count % 2 === 0 && { signature }),
    commandId: newId(),
    command: 'Say',
    commandDigest: commitTo({ type, count }),
    correlationId: newId(),
    causationId: newId(),
    recordedAt: new Date(Date.UTC(2026, 5, 1, 9, count++)).toISOString() as Instant,
    policyVersion: 2,
    standing: { marking: MARKING as never, parties: ['JP'] },
  });
  return { id: newId(), event: { type, data } as DomainEvent, metadata };
};

/** Open and sealed records, re-marked and erased ones, one event and several at a time. */
const tell = async (store: EventStore): Promise<void> => {
  const declared = () =>
    said('test.Declared.v1', { marking: MARKING, quantity: '1200.5', of: ['gallium', { form: 'metal' }] });
  const noted = () => said('test.Noted.v1', { text: `a note ${count}`, amount: 12 });
  for (const category of ['register', 'stock', 'register', 'stock', 'stock']) {
    const id = newId() as RecordId;
    await store.append(category, id, -1n, [declared()]);
    await store.append(category, id, 0n, [noted(), noted()]);
    const onMarkingChanged = said('access.MarkingChanged.v1', {
      marking: { ...MARKING, releaseTo: [] },
      reason: 'closed',
    });
    await store.append(category, id, 2n, [onMarkingChanged]);
  }
  const erased = newId() as RecordId;
  const erasure = { marking: { ...MARKING, releaseTo: [] }, basis: 'law', requestedBy: newId() };
  await store.append('stock', erased, -1n, [declared(), noted()]);
  await store.append('stock', erased, 1n, [said('access.ErasureRequested.v1', erasure)]);
  await store.append('stock', erased, 2n, [said('access.ContentErased.v1', erasure)]);
};

const ORIGIN = 'lodestone/test';
const loggedIn = async (folder: string, read: readonly StoredEvent[]): Promise<{ bundle: string; trust: Trust }> => {
  const key = parseSignerKey(formatSignerKey(ORIGIN, ED25519, randomBytes(32)));
  const store = LogStore.open(join(folder, 'log.db'), ORIGIN);
  const tree = await TileTree.resume(0, tilesOf(store));
  const leaves = read.map((event) => {
    const text = leafOf(placed(event));
    const hash = leafHash(Buffer.from(text));
    tree.append(hash);
    return { eventId: event.id, position: event.position, text, hash };
  });
  store.append(leaves, tree.takeTiles(), read.at(-1)!.position);
  store.keepCheckpoint(
    signNote(formatCheckpoint({ origin: ORIGIN, size: leaves.length, root: tree.root() }), [key.at()]),
  );
  store.close();
  const source = new LogFile(join(folder, 'log.db'));
  const bundle = join(folder, 'bundle');
  await exportBundle(source, NO_CONTENTS, bundle);
  source.close();
  return { bundle, trust: { policy: parsePolicy(`log ${formatVerifierKey(key.verifier)}\nquorum none\n`) } };
};
