import { EventStoreDbEventStore } from '@adapters/event-store-db';
import {
  CommandPipeline,
  Dues,
  EventStore,
  EventStoreUnavailable,
  Follower,
  newId,
  Reactions,
  wholly,
  type Outcome,
  type StoredEvent,
} from '@foundation/eventing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  accept,
  capability,
  hoursAfter,
  members,
  owners,
  recordType,
  reject,
  required,
  text,
  type AnyRecordType,
  type Command,
  type DomainEvent,
  type Instant,
  type Marked,
  type Principal,
  type RecordId,
} from '@kernel';
import { JP, NOW, person, US } from '@kernel/testing';
import fc from 'fast-check';
import { startEventStore, type StartedEventStore } from '../../../../../test/support/event-store.js';
import { until } from '../../../../../test/support/waiting.js';
import { actsOver } from './acts.manifest.js';
import { actRecordType } from './act/act.record.js';
import { actRecords } from './act/act.rule.js';

/* Treaties, which two persons sign and denounce; one is enough for a note. */
type TreatyEvent =
  | DomainEvent<'treaties.Signed.v1', Marked & { readonly title: string }>
  | DomainEvent<'treaties.Noted.v1', { readonly note: string }>
  | DomainEvent<'treaties.Denounced.v1', { readonly why: string }>;
type Treaty = { readonly isDenounced: boolean } | null;
const treaty = recordType<TreatyEvent, Treaty>()({
  category: 'treaty',
  rejections: { 'TREATIES.NOT_FOUND': 'No such treaty.', 'TREATIES.DENOUNCED': 'It is over.' },
  notFound: 'TREATIES.NOT_FOUND',
  initial: null,
  evolve: {
    'treaties.Signed.v1': () => ({ isDenounced: false }),
    'treaties.Noted.v1': (state) => state,
    'treaties.Denounced.v1': () => ({ isDenounced: true }),
  },
});
const signTreaty = treaty.create({
  type: 'SignTreaty',
  description: 'Sign.',
  input: { description: 'A treaty.', of: { title: required(text(50), 'Its title.') } },
  marking: 'Who may see it.',
  may: [members('DELEGATE')],
  twoPersons: true,
  decide: (given, { marking }) => accept({ type: 'treaties.Signed.v1', data: { ...given, marking } }),
});
const noteTreaty = treaty.change({
  type: 'NoteTreaty',
  description: 'Note something.',
  input: { description: 'A note.', of: { note: required(text(50), 'What.') } },
  may: [members('DELEGATE')],
  decide: (given) => accept({ type: 'treaties.Noted.v1', data: given }),
});
const denounceTreaty = treaty.change({
  type: 'DenounceTreaty',
  description: 'Denounce.',
  input: { description: 'A treaty.', of: { why: required(text(50), 'Why.') } },
  may: [owners('DELEGATE')],
  twoPersons: true,
  decide: ({ why }, { isDenounced }) =>
    isDenounced
      ? reject('TREATIES.DENOUNCED')
      : accept({ type: 'treaties.Noted.v1', data: { note: 'over' } }, { type: 'treaties.Denounced.v1', data: { why } }),
});
const treatyRecordType = treaty.withCommands(signTreaty, noteTreaty, denounceTreaty);
const treaties = capability({ name: 'treaties', recordTypes: [treatyRecordType], views: [] });
const all = [treaties, actsOver([treaties])];

const author = person(JP, ['DELEGATE', 'APPROVER'], 'author');
const approver = person(JP, 'APPROVER', 'approver');
const america = person(US, ['DELEGATE', 'APPROVER'], 'american');

/** A store that fails at what a test names. */
class Failing extends EventStore {
  failsAt: (category: string) => boolean = () => false;
  constructor(private readonly store: EventStore) {
    super();
  }
  read: EventStore['read'] = (...of) => this.store.read(...of);
  last: EventStore['last'] = (...of) => this.store.last(...of);
  follow: EventStore['follow'] = (...of) => this.store.follow(...of);
  append: EventStore['append'] = async (...of) => {
    if (this.failsAt(of[0])) throw new EventStoreUnavailable('killed here');
    return this.store.append(...of);
  };
}

describe('A command that takes two persons', () => {
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

  const world = () => {
    const clock = { now: NOW };
    const failing = new Failing(stores[0]!);
    const pipelines = [failing, stores[1]!].map(
      (store) =>
        new CommandPipeline(
          store,
          all,
          () => clock.now,
          async () => {},
          actRecords,
        ),
    );
    const give = (
      of: AnyRecordType,
      command: Command & object,
      { who = author, commandId = newId(), node = 0 }: { who?: Principal; commandId?: string; node?: number } = {},
    ): Promise<Outcome> => pipelines[node]!.issue({ recordType: of, command, who, commandId, correlationId: 'c' });
    type How = Parameters<typeof give>[2];
    const sign = (how?: How, title = 'peace'): Promise<Outcome> =>
      give(treatyRecordType, { type: 'SignTreaty', title, marking: { releaseTo: ['MEMBERS'] } } as Command, how);
    const denounce = (id: RecordId, how?: How): Promise<Outcome> =>
      give(treatyRecordType, { type: 'DenounceTreaty', id, why: 'broken' } as Command, how);
    const prepared = async (asked: Promise<Outcome>) => {
      const outcome = await asked;
      if (outcome.accepted !== 'prepared') throw new Error(JSON.stringify(outcome));
      return outcome;
    };
    const approve = (
      { act, digest }: { readonly act: RecordId; readonly digest: string },
      how: How = {},
    ): Promise<Outcome> =>
      give(actRecordType, { type: 'ApproveAct', id: act, digest } as Command, { who: approver, ...how });
    const withdraw = (act: RecordId, how?: How): Promise<Outcome> =>
      give(actRecordType, { type: 'WithdrawAct', id: act } as Command, how);
    /** A treaty that was signed by two. */
    const signed = async (): Promise<RecordId> => {
      const outcome = await approve(await prepared(sign()));
      if (outcome.accepted !== true) throw new Error(JSON.stringify(outcome));
      return outcome.recordId;
    };
    const follow = () => {
      const running = new AbortController();
      const issue = pipelines[1]!.issue.bind(pipelines[1]!);
      const alarm = (sentence: string): void => {
        throw new Error(sentence);
      };
      const now = (): Instant => clock.now;
      const watches = [new Reactions(all, issue, alarm), new Dues(all, pipelines[1]!, issue, now, alarm)];
      const ended = new Follower(stores[1]!, watches, now).follow(running.signal, () => {});
      return async () => {
        running.abort();
        await ended;
      };
    };
    return { clock, failing, give, sign, denounce, prepared, approve, withdraw, signed, follow };
  };
  const stored = async (category: string, id: RecordId): Promise<readonly StoredEvent[]> =>
    wholly(await Array.fromAsync(stores[0]!.read(category, id)))!;
  const factsOf = async (category: string, id: RecordId): Promise<string[]> =>
    (await stored(category, id)).map(({ event }) => event.type);

  it('is judged at once, kept for its party alone, and not recorded', async () => {
    const { sign, denounce, prepared, signed, clock } = world();
    const id = await signed();
    const { act, lapsesAt } = await prepared(denounce(id));
    expect(lapsesAt).toBe(hoursAfter(clock.now, 72n));
    expect(await factsOf('treaty', id)).toEqual(['treaties.Signed.v1']);
    const [kept] = await stored('act', act);
    expect(kept!.event.data).toMatchObject({
      ...{ category: 'treaty', record: id, command: 'DenounceTreaty', preparedBy: author.person },
      marking: { owner: 'JP', releaseTo: [] },
    });
    // What would be refused is refused to the first person already.
    expect(await denounce(id, { who: america })).toMatchObject({ code: 'ACCESS.DENIED' });
    expect(await sign({ who: approver })).toMatchObject({ code: 'ACCESS.DENIED' });
  });

  it('sent again is answered as the first time, whatever has become of its record', async () => {
    const { denounce, prepared, approve, signed } = world();
    const id = await signed();
    const commandId = newId();
    const first = await prepared(denounce(id, { commandId }));
    expect(await denounce(id, { commandId, node: 1 })).toEqual(first);
    await approve(await prepared(denounce(id)));
    expect(await denounce(id, { commandId, node: 1 })).toEqual(first);
    expect(await denounce(id)).toMatchObject({ code: 'TREATIES.DENOUNCED' });
  });

  it('is recorded when the second has approved it, in both their names, and once', async () => {
    const { sign, prepared, approve } = world();
    const act = await prepared(sign());
    const answers = await Promise.all([approve(act), approve(act, { node: 1 }), approve(act)]);
    const [{ recordId }] = answers as unknown as [{ recordId: RecordId }];
    for (const each of answers) expect(each).toMatchObject({ accepted: true, recorded: true, recordId, revision: 0n });
    const [{ metadata }, ...more] = (await stored('treaty', recordId)) as [StoredEvent, ...StoredEvent[]];
    expect(more).toEqual([]);
    expect(metadata).toMatchObject({
      ...{ actor: approver.person, party: 'JP', commandId: `act:${act.act}` },
      act: { id: act.act, preparedBy: author.person },
    });
    expect(await factsOf('act', act.act)).toEqual(['acts.ActPrepared.v1', 'acts.ActCarriedOut.v1']);
    expect(await approve(act)).toMatchObject({ recorded: true, recordId });
    expect(await stored('treaty', recordId)).toHaveLength(1);
  });

  it('is judged anew by what has become of its record; a refusal leaves it as it is', async () => {
    const { denounce, prepared, approve, signed } = world();
    const id = await signed();
    const [one, other] = [await prepared(denounce(id)), await prepared(denounce(id))];
    expect(await approve(one)).toMatchObject({ accepted: true, revision: 2n });
    expect(await approve(other)).toMatchObject({ code: 'TREATIES.DENOUNCED' });
    expect(await factsOf('act', other.act)).toEqual(['acts.ActPrepared.v1']);
  });

  it('is approved by nobody else: not its author, not for another party, not unseen', async () => {
    const { sign, prepared, approve, withdraw } = world();
    const act = await prepared(sign());
    expect(await approve(act, { who: author })).toMatchObject({ code: 'ACTS.SAME_PERSON' });
    expect(await approve({ ...act, digest: 'another' })).toMatchObject({ code: 'ACTS.DIFFERENT' });
    const absent = { ...act, act: newId() as RecordId };
    expect(await approve(act, { who: america })).toEqual(await approve(absent, { who: america }));
    expect(await withdraw(act.act, { who: america })).toEqual(await withdraw(absent.act, { who: america }));
    expect(await factsOf('act', act.act)).toEqual(['acts.ActPrepared.v1']);
  });

  it('is withdrawn, or lapses, and then is no more', async () => {
    const { sign, prepared, approve, withdraw, clock } = world();
    const [taken, late, last] = [await prepared(sign()), await prepared(sign()), await prepared(sign())];
    expect(await withdraw(taken.act, { who: approver })).toMatchObject({ recorded: true });
    expect(await approve(taken)).toMatchObject({ code: 'ACTS.WITHDRAWN' });
    clock.now = new Date(Date.parse(late.lapsesAt) - 1).toISOString() as Instant;
    expect(await approve(last)).toMatchObject({ accepted: true });
    clock.now = late.lapsesAt;
    expect(await approve(late)).toMatchObject({ code: 'ACTS.LAPSED' });
    expect(await withdraw(last.act)).toMatchObject({ code: 'ACTS.CARRIED_OUT' });
  });

  it('is carried out for ever, though its node died before that was noted', async () => {
    const { denounce, prepared, approve, withdraw, signed, failing, follow } = world();
    const id = await signed();
    const [one, other] = [await prepared(denounce(id)), await prepared(denounce(await signed()))];
    failing.failsAt = (category) => category === 'act';
    for (const act of [one, other]) await expect(approve(act)).rejects.toThrow('killed here');
    failing.failsAt = () => false;
    expect(await factsOf('act', one.act)).toEqual(['acts.ActPrepared.v1']);
    // Asked of it, it knows; and whoever follows notes it, too.
    expect(await withdraw(one.act, { node: 1 })).toMatchObject({ code: 'ACTS.CARRIED_OUT' });
    expect(await approve(one, { node: 1 })).toMatchObject({ accepted: true, recorded: true, revision: 2n });
    const stop = follow();
    await until('noted', async () => (await factsOf('act', other.act)).includes('acts.ActCarriedOut.v1'));
    for (const { act } of [one, other])
      expect(await factsOf('act', act)).toEqual(['acts.ActPrepared.v1', 'acts.ActCarriedOut.v1']);
    await stop();
  });

  it('has two persons behind each of its facts, in whatever order it is prepared, approved, withdrawn or late', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            what: fc.constantFrom('prepare', 'approve', 'approve', 'withdraw', 'note'),
            by: fc.constantFrom(author, approver, person(JP, ['DELEGATE', 'APPROVER'], 'third')),
            which: fc.nat(3),
            node: fc.nat(1),
            hours: fc.constantFrom(0, 0, 1, 40),
          }),
          { minLength: 3, maxLength: 9 },
        ),
        async (steps) => {
          const { clock, give, denounce, approve, withdraw, signed } = world();
          const id = await signed();
          const acts: { act: RecordId; digest: string }[] = [];
          for (const { what, by: who, which, node, hours } of steps) {
            clock.now = hoursAfter(clock.now, BigInt(hours));
            const act = acts[which % Math.max(acts.length, 1)];
            if (what === 'note')
              await give(treatyRecordType, { type: 'NoteTreaty', id, note: 'n' } as Command, { node });
            else if (what === 'prepare' || !act) {
              const outcome = await denounce(id, { who, node });
              if (outcome.accepted === 'prepared') acts.push(outcome);
            } else if (what === 'approve') await approve(act, { who, node });
            else await withdraw(act.act, { who, node });
          }
          for (const { event, metadata } of await stored('treaty', id)) {
            if (metadata.command === 'NoteTreaty') continue;
            expect({ type: event.type, act: metadata.act }).toEqual({
              type: event.type,
              act: { id: expect.any(String), preparedBy: expect.any(String) },
            });
            expect(metadata.act!.preparedBy).not.toBe(metadata.actor);
          }
          for (const { act } of acts) {
            const facts = await factsOf('act', act);
            const hasFacts = (await stored('treaty', id)).some(({ metadata }) => metadata.act?.id === act);
            expect(facts.includes('acts.ActCarriedOut.v1')).toBe(hasFacts);
            expect(facts.length).toBeLessThanOrEqual(2);
          }
        },
      ),
      { numRuns: 8 },
    ));
});
