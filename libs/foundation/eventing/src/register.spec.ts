import { EventStoreDbEventStore } from '@adapters/event-store-db';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DomainEvent, Instant, RecordId } from '@kernel';
import { NOW } from '@kernel/testing';
import { startEventStore, type StartedEventStore } from '../../../../test/support/event-store.js';
import { committed } from './binding.js';
import type { DataKeys } from './data-keys.js';
import type { NewEvent, Unreadable } from './event-store.js';
import { newId } from './identifiers.js';
import { Register } from './register.js';
import { commitTo } from './salted-digest.js';
import { EncryptedEventStore } from './encrypted-event-store.js';

const said = (role: string, isHeld: boolean): NewEvent => {
  const event: DomainEvent = { type: 'test.Said.v1', data: { role, isHeld } };
  const about = { actor: 'p', party: 'JP', roles: [], correlationId: 'c', causationId: 'c', policyVersion: 2 };
  const metadata = committed(event.data, {
    ...about,
    commandId: newId(),
    commandDigest: commitTo(role),
    recordedAt: NOW as Instant,
  });
  return { id: newId(), event, metadata };
};
const altered = (one: NewEvent): NewEvent => ({
  ...one,
  event: { ...one.event, data: { ...one.event.data, isHeld: true } },
});

describe('A register', () => {
  let server: StartedEventStore;
  let stored: EventStoreDbEventStore;
  const over = new AbortController();
  beforeAll(async () => {
    server = await startEventStore();
    stored = new EventStoreDbEventStore(server.url);
  });
  afterAll(async () => {
    over.abort();
    await stored.close();
    await server.stop();
  });

  it('says nothing of a record with an event that was altered, neither from before nor from after it', async () => {
    const [whole, rewritten] = [newId() as RecordId, newId() as RecordId];
    await stored.append('role', whole, -1n, [said('delegate', true)]);
    // The revocation of the role was made to say otherwise.
    await stored.append('role', rewritten, -1n, [
      said('approver', true),
      altered(said('approver', false)),
      said('auditor', true),
    ]);
    await stored.append('role', whole, 0n, [said('observer', true)]);
    const alarms: Unreadable[] = [];
    const note = (problem: Unreadable) => alarms.push(problem);
    const kinds = { isRecord: () => true, isKnown: () => true, isEncrypted: () => false };
    const events = new EncryptedEventStore(stored, undefined as unknown as DataKeys, kinds, note);
    const register = new Register(events, {
      categories: ['role'],
      initial: [] as readonly string[],
      evolve: (held, { data }) => {
        const { role, isHeld } = data as { role: string; isHeld: boolean };
        return isHeld ? [...held, role] : held.filter((each) => each !== role);
      },
    });
    void register.follow(over.signal, () => undefined);
    await register.ready;
    expect(register.state).toEqual(['delegate', 'observer']);
    expect(alarms[0]).toMatchObject({ stream: `role-${rewritten}`, revision: 1n });
  });
});
