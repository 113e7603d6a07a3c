import { EventStoreDbEventStore } from '@adapters/event-store-db';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Instant, RecordId } from '@kernel';
import { JP, person } from '@kernel/testing';
import fc from 'fast-check';
import { startEventStore, type StartedEventStore } from '../../../../test/support/event-store.js';
import { until } from '../../../../test/support/waiting.js';
import { ledgerRecordType, offerRecordType, offers, type LedgerEvent, type OfferCommand } from '../testing/offers.js';
import { CommandPipeline } from './command-pipeline.js';
import { Dues } from './dues.js';
import { EventStoreUnavailable } from './event-store.js';
import { Follower, type Watch } from './follower.js';
import { newId, recordIdOfKey } from './identifiers.js';
import type { Issue } from './of-itself.js';
import type { Outcome } from './outcome.js';
import { Reactions } from './reactions.js';
import { wholly } from './unreadable.js';

const japan = person(JP, 'DELEGATE');

describe('What the platform does by itself', () => {
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

  /** Two nodes whose clock can be set on. Other tests’ offers stand in the same history, so the clock starts anew for each. */
  const world = () => {
    let aheadMs = 0;
    const now = (): Instant => new Date(Date.now() + aheadMs).toISOString() as Instant;
    const pipelines = stores.map((store) => new CommandPipeline(store, [offers], now));
    const alarms: string[] = [];
    const interruptions: unknown[] = [];
    const give = (command: OfferCommand, node = 0, who = japan): Promise<Outcome> =>
      pipelines[node]!.issue({ recordType: offerRecordType, command, who, commandId: newId(), correlationId: 'c' });
    const make = async (ledger: string): Promise<RecordId> => {
      const outcome = await give({ type: 'MakeOffer', ledger, marking: { releaseTo: ['MEMBERS'] } });
      if (outcome.accepted !== true) throw new Error(JSON.stringify(outcome));
      return outcome.recordId;
    };
    const take = (id: RecordId, note = 'taken'): Promise<Outcome> => give({ type: 'TakeOffer', id, note });

    /** A follower on one node; `issue` stands before the pipeline. */
    const start = (node = 0, issue: (next: Issue) => Issue = (next) => next): { stop: () => Promise<void> } => {
      const running = new AbortController();
      const given = issue((issued) => pipelines[node]!.issue(issued));
      const watches: Watch[] = [
        new Reactions([offers], given, (alarm) => alarms.push(alarm)),
        new Dues([offers], pipelines[node]!, given, now, (alarm) => alarms.push(alarm)),
      ];
      const follower = new Follower(stores[node]!, watches, now);
      const ended = follower.follow(running.signal, (reason) => interruptions.push(reason));
      return {
        stop: async () => {
          running.abort();
          await ended;
        },
      };
    };
    const hoursOn = (hours: number): void => void (aheadMs += hours * 3_600_000);
    return { make, take, give, start, hoursOn, alarms, interruptions };
  };

  const countedIn = async (ledger: string): Promise<string[]> => {
    const id = recordIdOfKey(ledgerRecordType.category, ledger);
    const events = wholly(await Array.fromAsync(stores[0]!.read(ledgerRecordType.category, id)))!;
    return events.map(({ event }) => (event as LedgerEvent).data.what);
  };
  const factsOf = async (id: RecordId): Promise<string[]> =>
    wholly(await Array.fromAsync(stores[0]!.read('offer', id)))!.map(({ event }) => event.type);
  /** Until a ledger is as long as expected, and then exactly that. */
  const counts = async (ledger: string, ...what: string[]): Promise<void> => {
    await until(`${what.length} counted`, async () => (await countedIn(ledger)).length >= what.length);
    expect(await countedIn(ledger)).toEqual(what);
  };

  it('gives what follows from a fact, in the order of the facts, to one record after the other', async () => {
    const { make, take, start } = world();
    const ledger = newId();
    const follower = start();
    await take(await make(ledger), 'first');
    await take(await make(ledger), 'second');
    await counts(ledger, 'first', 'first', 'second', 'second');
    await follower.stop();
  });

  it('lets everybody see what time has changed, and what follows from it', async () => {
    const { make, start, hoursOn } = world();
    const ledger = newId();
    const id = await make(ledger);
    // A moment before it lapses; nothing is recorded that would wake anybody.
    hoursOn(1 - 1 / 3600);
    const followers = [start(0), start(1)];
    await counts(ledger, 'lapsed', 'lapsed');
    expect(await factsOf(id)).toEqual(['offers.Offered.v1', 'offers.Lapsed.v1']);
    await Promise.all(followers.map((each) => each.stop()));
  });

  it('does what came due while nobody followed, once, whoever starts', async () => {
    const { make, start, hoursOn, give } = world();
    const ledger = newId();
    const [lapsed, renewed] = [await make(ledger), await make(ledger)];
    hoursOn(1.5);
    await give({ type: 'RenewOffer', id: renewed });
    const followers = [start(0), start(1)];
    await counts(ledger, 'lapsed', 'lapsed', 'lapsed', 'lapsed');
    hoursOn(0.6);
    // Any fact wakes.
    await make(newId());
    await until('archived', async () => (await factsOf(lapsed)).includes('offers.Archived.v1'));
    expect(await factsOf(lapsed)).toHaveLength(3);
    await Promise.all(followers.map((each) => each.stop()));
  });

  it('notes the time of a record that had nothing due and has again', async () => {
    const { make, start, hoursOn, give } = world();
    const ledger = newId();
    const id = await make(ledger);
    hoursOn(1);
    const follower = start();
    await counts(ledger, 'lapsed', 'lapsed');
    await give({ type: 'RenewOffer', id });
    hoursOn(1);
    await make(newId());
    await counts(ledger, 'lapsed', 'lapsed', 'lapsed', 'lapsed');
    await follower.stop();
  });

  it('is done once, wherever its programs are killed, started twice or on two nodes', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('take', 'start 0', 'start 1', 'stop 0', 'stop 1', 'drop'), { maxLength: 8 }),
        async (steps) => {
          const { make, take, start } = world();
          const ledger = newId();
          const expected: string[] = [];
          const running = new Map<string, { stop: () => Promise<void> }[]>();
          /** The next command is carried out, and its giver dies before it hears so. */
          let isToDrop = false;
          const dropping =
            (next: Issue): Issue =>
            async (issued) => {
              const outcome = await next(issued);
              if (!isToDrop) return outcome;
              isToDrop = false;
              throw new EventStoreUnavailable('dropped');
            };
          for (const step of [...steps, 'take', 'start 0']) {
            const [what, node = '0'] = step.split(' ');
            if (what === 'start') {
              running.set(node, [...(running.get(node) ?? []), start(Number(node), dropping)]);
            } else if (what === 'stop') await running.get(node)?.pop()?.stop();
            else if (what === 'drop') isToDrop = true;
            else {
              const note = `taken ${expected.length}`;
              await take(await make(ledger), note);
              expected.push(note, note);
            }
          }
          await counts(ledger, ...expected);
          await Promise.all([...running.values()].flat().map((each) => each.stop()));
        },
      ),
      { numRuns: 6 },
    ));

  it('keeps the order of what waits for a busy record, and lets no other record wait for it', async () => {
    const { make, take, start, alarms } = world();
    const [busy, free] = [newId(), newId()];
    const isBusy = Promise.withResolvers<void>();
    let isOver = false;
    void isBusy.promise.then(() => (isOver = true));
    const follower = start(0, (next) => async (issued) => {
      const { ledger, number } = issued.command as never as { ledger: string; number: number };
      if (ledger === busy && number === 1 && !isOver)
        return { accepted: false, code: 'STREAM.BUSY', message: '', details: {} };
      return next(issued);
    });
    await take(await make(busy), 'first');
    await take(await make(free), 'second');
    await counts(free, 'second', 'second');
    expect(await countedIn(busy)).toEqual([]);
    isBusy.resolve();
    await counts(busy, 'first', 'first');
    expect(alarms).toEqual([]);
    await follower.stop();
  });

  it('tells each watch of the facts that it is about, and of no others', async () => {
    const { make, take } = world();
    const told: string[] = [];
    const running = new AbortController();
    const watch: Watch = {
      types: ['offers.Taken.v1'],
      note: (item) => void told.push('event' in item ? item.event.type : item.type),
      act: async () => null,
    };
    const other: Watch = { types: ['offers.Offered.v1'], note: () => {}, act: async () => null };
    const ended = new Follower(stores[0]!, [watch, other], () => '2026-06-01T09:00:00.000Z' as Instant).follow(
      running.signal,
      () => {},
    );
    await take(await make(newId()));
    await until('told', () => told.length > 0);
    expect(new Set(told)).toEqual(new Set(['offers.Taken.v1']));
    running.abort();
    await ended;
  });

  it('asks again where a store does not answer, and says so', async () => {
    const { make, take, start, interruptions } = world();
    const ledger = newId();
    let failures = 2;
    const follower = start(0, (next) => async (issued) => {
      if (failures-- > 0) throw new EventStoreUnavailable('no answer');
      return next(issued);
    });
    await take(await make(ledger));
    await counts(ledger, 'taken', 'taken');
    expect(interruptions.map(String)).toContain('EventStoreUnavailable: no answer');
    await follower.stop();
  });

  // The last one: what is refused stands in the history that all of these share.
  it('tells a refusal as a mistake, without contents, and goes on with all else', async () => {
    const { make, take, start, alarms } = world();
    const ledger = newId();
    const follower = start();
    await take(await make(ledger), 'uncountable');
    await take(await make(ledger), 'countable');
    await counts(ledger, 'countable', 'countable');
    expect(alarms).toHaveLength(2);
    expect(alarms[0]).toMatch(/^ALARM Count to a ledger, .* refused with LEDGERS.UNCOUNTABLE/);
    expect(alarms.join()).not.toMatch(new RegExp(`${ledger}|${japan.person}|uncountable`));
    await follower.stop();
  });
});
