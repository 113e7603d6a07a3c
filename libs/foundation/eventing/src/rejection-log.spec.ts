import { EventStoreDbEventStore } from '@adapters/event-store-db';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  accept,
  reject,
  defineRecordType,
  type Command,
  type Decision,
  type DomainEvent,
  type Instant,
  type Marked,
  type Principal,
  type RecordId,
} from '@kernel';
import { JP, NOW, person, US } from '@kernel/testing';
import { startEventStore, type StartedEventStore } from '../../../../test/support/event-store.js';
import { CommandPipeline } from './command-pipeline.js';
import { POLICY_VERSION } from './metadata.js';
import { EventStoreUnavailable, type StoredEvent } from './event-store.js';
import { newId } from './identifiers.js';
import { RejectionLog, type RejectedCommand } from './rejection-log.js';
import { isUnreadable } from './unreadable.js';

type Door = { readonly type: 'OpenDoor' | 'PassDoor'; readonly id?: RecordId };
const doors = defineRecordType({
  category: 'door',
  decider: {
    initial: null,
    evolve: () => null,
    decide: (
      command: Door & Command,
      _,
      { marking },
    ): Decision<DomainEvent<string, Marked>, 'DOORS.SHUT' | 'DOORS.NOT_FOUND'> =>
      command.type === 'OpenDoor' ? accept({ type: 'doors.Opened.v1', data: { marking } }) : reject('DOORS.SHUT'),
  },
  access: { mayIssue: (_, who) => who.roles.includes('DELEGATE'), mayAct: () => true },
  rejections: { 'DOORS.SHUT': 'It is shut.', 'DOORS.NOT_FOUND': 'No such door.' },
  notFound: 'DOORS.NOT_FOUND',
  targetOf: ({ id }) => (id === undefined ? { fresh: true } : { id }),
});
const delegate = person(JP, 'DELEGATE');

describe('Rejections', () => {
  let server: StartedEventStore;
  let store: EventStoreDbEventStore;
  let category: string;
  let now: Instant;
  let log: RejectionLog;
  let pipeline: CommandPipeline;
  beforeAll(async () => {
    server = await startEventStore();
    store = new EventStoreDbEventStore(server.url);
  });
  afterAll(async () => {
    await store.close();
    await server.stop();
  });
  beforeEach(() => {
    category = `rejection${newId().replaceAll('-', '')}`;
    now = NOW;
    log = new RejectionLog(
      store,
      category,
      (data) => ({ type: 'audit.CommandRefused.v1', data }),
      () => now,
      () => {},
    );
    pipeline = new CommandPipeline(
      store,
      [{ name: 'doors', recordTypes: [doors], events: [], views: [] }],
      () => now,
      (issued, code) => log.note(issued, code),
    );
  });

  const issue = (who: Principal, command: Door, more: object = {}) =>
    pipeline.issue({ recordType: doors, command, who, commandId: newId(), correlationId: newId(), ...more });
  const recorded = async (): Promise<StoredEvent[]> => {
    const found: StoredEvent[] = [];
    for await (const item of store.follow({
      after: null,
      categories: [category],
      signal: AbortSignal.timeout(10_000),
    })) {
      if (item === 'caughtUp') return found;
      if (!isUnreadable(item)) found.push(item);
    }
    return found;
  };
  const told = async (): Promise<RejectedCommand[]> =>
    (await recorded()).map(({ event }) => event.data as RejectedCommand);

  it('are recorded for the party that gave the command, with the code and under which policy', async () => {
    const opened = await issue(delegate, { type: 'OpenDoor' });
    if (opened.accepted !== true) throw new Error(JSON.stringify(opened));
    expect(await issue(delegate, { type: 'PassDoor', id: opened.recordId })).toMatchObject({ code: 'DOORS.SHUT' });
    const [{ event, metadata, revision }] = (await recorded()) as [StoredEvent];
    expect(event.data).toEqual({
      code: 'DOORS.SHUT',
      command: 'PassDoor',
      category: 'door',
      record: opened.recordId,
      party: 'JP',
      times: 1,
      marking: { owner: 'JP', releaseTo: [], handling: 'AMBER' },
    });
    expect(metadata).toMatchObject({ actor: delegate.person, party: 'JP', policyVersion: POLICY_VERSION });
    expect(revision).toBe(0n);
  });
  it('are recorded alike for what is hidden and for what does not exist', async () => {
    const opened = await issue(delegate, { type: 'OpenDoor' });
    if (opened.accepted !== true) throw new Error(JSON.stringify(opened));
    for (const id of [opened.recordId, newId() as RecordId])
      await issue(person(US, 'DELEGATE'), { type: 'PassDoor', id });
    const both = (await told()).map(({ record: _, ...rest }) => rest);
    expect(both[0]).toEqual(both[1]);
    expect(both[0]).toMatchObject({ code: 'DOORS.NOT_FOUND', party: 'US' });
  });
  it('are recorded of people who act for nobody', async () => {
    await issue({ ...person(null, 'AUDITOR'), audiences: ['PUBLIC'] }, { type: 'OpenDoor' });
    expect(await told()).toMatchObject([{ code: 'ACCESS.DENIED', party: null, marking: { owner: 'SECRETARIAT' } }]);
  });
  it('are recorded of what stands against a command before it is looked at', async () => {
    const rejected = reject('SIGNATURES.REQUIRED');
    expect(await issue(delegate, { type: 'OpenDoor' }, { rejected })).toMatchObject({ code: 'SIGNATURES.REQUIRED' });
    expect(await told()).toMatchObject([{ code: 'SIGNATURES.REQUIRED', command: 'OpenDoor' }]);
  });
  it('are counted beyond sixty of one person in a minute, and each again in the next', async () => {
    const absent = newId() as RecordId;
    for (let index = 0; index < 65; index++) await issue(delegate, { type: 'PassDoor', id: absent });
    await issue(person(JP, 'DELEGATE', 'b'), { type: 'PassDoor', id: absent });
    expect(await told()).toHaveLength(61);
    await log.flush();
    const [last] = (await told()).slice(61);
    expect(last).toMatchObject({ code: 'DOORS.NOT_FOUND', command: 'PassDoor', times: 5 });
    expect(last).not.toHaveProperty('record');
    now = '2026-06-01T09:01:00.000Z' as Instant;
    await issue(delegate, { type: 'PassDoor', id: absent });
    expect(await told()).toHaveLength(63);
  });
  it('are not answered while they cannot be recorded', async () => {
    const away = new RejectionLog(
      { append: () => Promise.reject(new EventStoreUnavailable()) } as never,
      category,
      (data) => ({ type: 'audit.CommandRefused.v1', data }) as { type: string; data: RejectedCommand & Marked },
      () => now,
      () => {},
    );
    const other = new CommandPipeline(
      store,
      [{ name: 'doors', recordTypes: [doors], events: [], views: [] }],
      () => now,
      (issued, code) => away.note(issued, code),
    );
    await expect(
      other.issue({
        recordType: doors,
        command: { type: 'PassDoor' },
        who: person(JP, 'LIAISON'),
        commandId: 'c',
        correlationId: 'c',
      }),
    ).rejects.toThrow(EventStoreUnavailable);
  });
});
