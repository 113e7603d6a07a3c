import { EventStoreDbEventStore } from '@adapters/event-store-db';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  hoursAfter,
  PLATFORM,
  platformFor,
  type Audience,
  type DomainEvent,
  type Instant,
  type Principal,
  type RecordId,
} from '@kernel';
import { JP, NOW, person, secretariat, US } from '@kernel/testing';
import fc from 'fast-check';
import { startEventStore, type StartedEventStore } from '../../../../test/support/event-store.js';
import { offers, offerRecordType, type OfferCommand, type OfferEvent } from '../testing/offers.js';
import { CommandPipeline } from './command-pipeline.js';
import { duesOf, elapsed } from './elapsed.js';
import type { StoredEvent } from './event-store.js';
import { newId } from './identifiers.js';
import type { Outcome } from './outcome.js';
import { absentRecord, withEvent } from './record-snapshot.js';
import { wholly } from './unreadable.js';

const japan = person(JP, 'DELEGATE');
const america = person(US, 'DELEGATE');
const LAPSES_AT = hoursAfter(NOW, 1n);
const ARCHIVED_AT = hoursAfter(NOW, 2n);
const justBefore = (at: Instant): Instant => new Date(Date.parse(at) - 1).toISOString() as Instant;
const minutesOn = (minutes: number): Instant => new Date(Date.parse(NOW) + minutes * 60_000).toISOString() as Instant;

describe('A record that time changes', () => {
  let server: StartedEventStore;
  let stores: EventStoreDbEventStore[];
  beforeAll(async () => {
    server = await startEventStore();
    stores = [new EventStoreDbEventStore(server.url), new EventStoreDbEventStore(server.url)];
  });
  afterAll(async () => {
    await Promise.all(stores.map((store) => store.close()));
    await server.stop();
  });

  /** Two nodes and what their clocks say. */
  const world = () => {
    const clock = { now: NOW };
    const nodes = stores.map((store) => new CommandPipeline(store, [offers], () => clock.now));
    const give = (
      who: Principal,
      command: OfferCommand | { type: 'NoteTime'; id: RecordId },
      node = 0,
    ): Promise<Outcome> =>
      nodes[node]!.issue({ recordType: offerRecordType, command, who, commandId: newId(), correlationId: 'c' });
    const note = (id: RecordId, node = 0, by: Principal = platformFor(JP)): Promise<Outcome> =>
      give(by, { type: 'NoteTime', id }, node);
    const made = async (releaseTo: Audience[] = ['MEMBERS']): Promise<RecordId> => {
      const outcome = await give(japan, { type: 'MakeOffer', ledger: newId(), marking: { releaseTo } });
      if (outcome.accepted !== true) throw new Error(JSON.stringify(outcome));
      return outcome.recordId;
    };
    return { clock, nodes, give, note, made };
  };
  const take = (id: RecordId, other?: RecordId): OfferCommand => ({
    type: 'TakeOffer',
    id,
    note: 'ours',
    ...(other && { other }),
  });
  const stored = async (id: RecordId): Promise<readonly StoredEvent[]> =>
    wholly(await Array.fromAsync(stores[0]!.read('offer', id)))!;
  const factsOf = async (id: RecordId): Promise<DomainEvent[]> => (await stored(id)).map(({ event }) => event);

  it('is judged as it stands at that moment, though nobody has noted the time', async () => {
    const { clock, give, made } = world();
    const [before, at] = [await made(), await made()];
    clock.now = justBefore(LAPSES_AT);
    expect(await give(japan, take(before))).toMatchObject({ accepted: true });
    clock.now = LAPSES_AT;
    expect(await give(japan, take(at), 1)).toMatchObject({ code: 'OFFERS.LAPSED' });
    // What was refused has recorded nothing.
    expect(await stored(at)).toHaveLength(1);
  });

  it('holds what was due before the facts of the next command, in one append, as the platform’s own', async () => {
    const { clock, give, made } = world();
    const id = await made();
    clock.now = minutesOn(90);
    const answer = await give(japan, { type: 'RenewOffer', id });
    expect(answer).toMatchObject({ accepted: true, recorded: true, revision: 2n });
    const [, lapsed, renewed] = (await stored(id)) as [StoredEvent, StoredEvent, StoredEvent];
    expect(lapsed.event).toEqual({ type: 'offers.Lapsed.v1', data: { at: LAPSES_AT } });
    expect(lapsed.metadata).toMatchObject({ actor: PLATFORM, party: 'JP', roles: [], command: 'NoteTime' });
    expect(lapsed.metadata.commandId).toBe(`due:${id}:lapses:${LAPSES_AT}`);
    expect(lapsed.metadata.standing).toBeUndefined();
    expect(renewed.metadata).toMatchObject({ actor: japan.person, standing: { parties: ['JP'] } });
    // The receipt is for what the command itself made.
    expect(answer).toMatchObject({ leaves: [{ eventId: renewed.id }] });
  });

  it('takes effect due after due, each asked of what the one before has left', async () => {
    const { clock, give, made, note } = world();
    const id = await made();
    clock.now = ARCHIVED_AT;
    expect(await give(japan, { type: 'RenewOffer', id })).toMatchObject({ code: 'OFFERS.TAKEN' });
    expect(await note(id)).toMatchObject({ accepted: true, recorded: true, revision: 2n });
    expect((await factsOf(id)).slice(1)).toEqual([
      { type: 'offers.Lapsed.v1', data: { at: LAPSES_AT } },
      { type: 'offers.Archived.v1', data: { at: ARCHIVED_AT } },
    ]);
  });

  it('is read and named by others as it stands at that moment', async () => {
    const { clock, give, made, nodes } = world();
    const [lapsing, taken] = [await made(), await made()];
    clock.now = minutesOn(30);
    const fresh = await made();
    clock.now = LAPSES_AT;
    // A lapsed offer is its owner's alone, for others as if it were not there.
    expect(await give(america, take(lapsing), 1)).toMatchObject({ code: 'OFFERS.NOT_FOUND' });
    expect(await give(japan, take(fresh, lapsing))).toMatchObject({ code: 'OFFERS.LAPSED' });
    expect(await nodes[0]!.markingInForce('offer', taken)).toMatchObject({ releaseTo: [] });
  });

  it('lets nobody but the platform note the time', async () => {
    const { clock, made, note } = world();
    const id = await made();
    clock.now = LAPSES_AT;
    for (const who of [japan, america, secretariat])
      expect(await note(id, 0, who)).toMatchObject({ code: 'ACCESS.DENIED' });
    expect(await note(id)).toMatchObject({ recorded: true });
  });

  it('takes a note that comes too early for no answer to a later one', async () => {
    const { clock, made, nodes } = world();
    const id = await made();
    const note = () =>
      nodes[0]!.issue({
        ...{ recordType: offerRecordType, command: { type: 'NoteTime', id } as never, who: platformFor(JP) },
        ...{ commandId: `due:${id}:lapses:${LAPSES_AT}`, correlationId: 'c' },
      });
    clock.now = justBefore(LAPSES_AT);
    expect(await note()).toMatchObject({ accepted: true, recorded: false });
    clock.now = LAPSES_AT;
    const first = await note();
    expect(first).toMatchObject({ recorded: true, leaves: [{ eventId: (await stored(id))[1]!.id }] });
    // Again, and after time went on, it is the answer of the first time.
    clock.now = ARCHIVED_AT;
    expect(await note()).toEqual(first);
  });

  it('is noted once by two nodes that do it at one time', async () => {
    const { clock, made, note } = world();
    const id = await made();
    clock.now = ARCHIVED_AT;
    await Promise.all([note(id, 0), note(id, 1), note(id, 0)]);
    expect(await factsOf(id)).toHaveLength(3);
  });

  it('is judged by the time that its events are stamped with, also where a clock is behind', async () => {
    const { clock, give, made, note } = world();
    const id = await made();
    clock.now = LAPSES_AT;
    await note(id);
    clock.now = justBefore(LAPSES_AT);
    expect(await give(japan, { type: 'RenewOffer', id }, 1)).toMatchObject({ recorded: true });
    const [, , renewed] = await stored(id);
    expect(renewed!.event).toMatchObject({ data: { lapsesAt: ARCHIVED_AT } });
    expect(renewed!.recordedAt).toBe(LAPSES_AT);
  });

  it('has nothing due while it is not there, nor once its content is erased', async () => {
    const { clock, made, nodes, note } = world();
    const id = await made();
    for (const [who, type] of [
      [japan, 'RequestErasure'],
      [person(JP, 'APPROVER', 'b'), 'ApproveErasure'],
    ] as const)
      await nodes[0]!.issue({
        ...{ recordType: offerRecordType, command: { type, id, basis: 'asked' } as never, who },
        ...{ commandId: newId(), correlationId: 'c' },
      });
    clock.now = ARCHIVED_AT;
    expect(await note(id)).toMatchObject({ code: 'OFFERS.NOT_FOUND' });
    expect(await note(newId() as RecordId)).toMatchObject({ code: 'OFFERS.NOT_FOUND' });
    expect(await stored(id)).toHaveLength(3);
  });

  it('fails where its dues never end, and names them', () => {
    const endless = { ...offerRecordType, dueOf: () => [{ at: NOW, key: 'again', facts: [] }] };
    const made = {
      ...{ event: { type: 'offers.Offered.v1', data: { marking: { owner: JP, releaseTo: [], handling: 'AMBER' } } } },
      ...{ revision: 0n, position: 0n, recordedAt: NOW },
    };
    const record = withEvent(offerRecordType, absentRecord(offerRecordType), made);
    expect(() => elapsed(endless as never, newId() as RecordId, record, NOW)).toThrow('offer never end: again');
  });

  /* The clock goes on by some minutes, somebody gives a command on one node or the other, and the time is noted, or not. */
  const steps = fc.array(
    fc.record({
      minutes: fc.integer({ min: 0, max: 70 }),
      // Exactly at the instant at which the offer lapses or is archived, too.
      isExact: fc.boolean(),
      what: fc.constantFrom('TakeOffer', 'RenewOffer', 'RenewOffer', null),
      node: fc.nat(1),
      noted: fc.constantFrom<readonly ('before' | 'after')[]>([], ['before'], ['after'], ['before', 'before', 'after']),
    }),
    { minLength: 1, maxLength: 6 },
  );

  it('answers alike and comes to the same, whether its time is noted at once, late, twice or never', () =>
    fc.assert(
      fc.asyncProperty(steps, async (plan) => {
        const run = async (notes: boolean) => {
          const { clock, give, made, note, nodes } = world();
          const id = await made();
          const answers: unknown[] = [];
          for (const { minutes, isExact, what, node, noted } of plan) {
            const { record } = elapsed(offerRecordType, id, await nodes[0]!.snapshotOf('offer', id), clock.now);
            const due = duesOf(offerRecordType, id, record)[0]?.at;
            const later = new Date(Date.parse(clock.now) + minutes * 60_000).toISOString() as Instant;
            clock.now = isExact && due ? due : later;
            for (const when of notes ? noted : []) if (when === 'before') await note(id, 1 - node);
            if (what === null) continue;
            const answer = await give(japan, what === 'TakeOffer' ? take(id) : { type: what, id }, node);
            answers.push(answer.accepted === true ? [answer.recorded, answer.revision] : answer);
            for (const when of notes ? noted : []) if (when === 'after') await note(id, node);
          }
          // In the end its time is noted in any case.
          await note(id);
          return { answers, facts: contentOf(await factsOf(id)) };
        };
        const [noted, unnoted] = [await run(true), await run(false)];
        expect(noted).toEqual(unnoted);
      }),
      { numRuns: 15 },
    ));
});

/** Without what differs between two records that are alike. */
const contentOf = (facts: readonly DomainEvent[]): readonly object[] =>
  facts.map((fact) => {
    const { type, data } = fact as OfferEvent;
    const { ledger: _, ...said } = data as { ledger?: string };
    return { type, data: said };
  });
