import { EventStoreDbEventStore } from '@adapters/event-store-db';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  accept,
  fold,
  hasRole,
  mayRead,
  ownerAlone,
  partyOf,
  reject,
  stream,
  type Audience,
  type DomainEvent,
  type Marked,
  type Marking,
  type MarkingRequest,
  type Principal,
  type RecordId,
} from '@kernel';
import { EU, JP, NOW, person, secretariat, US } from '@kernel/testing';
import fc from 'fast-check';
import { startEventStore, type StartedEventStore } from '../../../../test/support/event-store.js';
import { CommandPipeline, PIPELINE_REFUSALS, type Outcome } from './command-pipeline.js';
import { EventStoreUnavailable, type StoredEvent } from './event-store.js';
import { newId, recordIdOfCommand, recordIdOfKey } from './identifiers.js';
import { isCommitmentTo } from './salted-digest.js';

jest.setTimeout(60_000);

/* A small kind of record that uses every part of a stream definition: sheds that are filled, emptied and closed. */
type ShedEvent =
  | DomainEvent<'sheds.ShedBuilt.v1', Marked & { room: number }>
  | DomainEvent<'sheds.ShedFilled.v1', { tonnes: number }>
  | DomainEvent<'sheds.ShedEmptied.v1', { tonnes: number }>
  | DomainEvent<'sheds.ShedClosed.v1', { by: string }>;
type ShedCommand =
  | { type: 'BuildShed'; room: number; marking?: MarkingRequest | undefined }
  | { type: 'NameShed'; name: string; marking?: MarkingRequest | undefined }
  | { type: 'FillShed'; id: RecordId; tonnes: number; from?: RecordId | undefined }
  | { type: 'EmptyShed'; id: RecordId }
  | { type: 'CloseShed'; id: RecordId };
type Shed = { room: number; tonnes: number; isClosed: boolean };

const refusals = {
  'SHEDS.NOT_FOUND': 'No such shed.',
  'SHEDS.FULL': 'No room.',
  'SHEDS.CLOSED': 'It is closed.',
  'SHEDS.NO_SOURCE': 'No such source.',
};

const sheds = stream<ShedCommand, ShedEvent, Shed, keyof typeof refusals>({
  category: 'shed',
  refusals,
  notFound: 'SHEDS.NOT_FOUND',
  targetOf: (command) =>
    command.type === 'BuildShed'
      ? { fresh: true }
      : command.type === 'NameShed'
        ? { key: command.name, mayCreate: true }
        : { id: command.id },
  refersTo: (command) =>
    command.type === 'FillShed' && command.from !== undefined
      ? [
          {
            category: 'shed',
            at: { id: command.from },
            missing: reject('SHEDS.NO_SOURCE'),
            unfit: ((shed: Shed) => (shed.isClosed ? reject('SHEDS.CLOSED') : null)) as never,
          },
        ]
      : [],
  access: {
    mayIssue: (command, who) =>
      hasRole(who, 'DELEGATE', 'SECRETARIAT') && !(command.type === 'EmptyShed' && who.country === null),
    mayAct: (command, who, _, { owner }) => command.type !== 'CloseShed' || partyOf(who) === owner,
    markingIn: ({ isClosed }, marking) => (isClosed ? ownerAlone(marking) : marking),
  },
  decider: {
    initial: { room: 0, tonnes: 0, isClosed: false },
    evolve: (shed, { type, data }) => {
      switch (type) {
        case 'sheds.ShedBuilt.v1':
          return { ...shed, room: data.room };
        case 'sheds.ShedFilled.v1':
          return { ...shed, tonnes: shed.tonnes + data.tonnes };
        case 'sheds.ShedEmptied.v1':
          return { ...shed, tonnes: 0 };
        case 'sheds.ShedClosed.v1':
          return { ...shed, isClosed: true };
      }
    },
    decide: (command, shed, { marking, who }) => {
      switch (command.type) {
        case 'BuildShed':
          return accept<ShedEvent>({ type: 'sheds.ShedBuilt.v1', data: { marking, room: command.room } });
        case 'NameShed':
          return shed.room > 0
            ? accept()
            : accept<ShedEvent>({ type: 'sheds.ShedBuilt.v1', data: { marking, room: 5 } });
        case 'FillShed':
          if (shed.isClosed) return reject('SHEDS.CLOSED');
          if (shed.tonnes + command.tonnes > shed.room)
            return reject('SHEDS.FULL', { left: String(shed.room - shed.tonnes) });
          return accept<ShedEvent>({ type: 'sheds.ShedFilled.v1', data: { tonnes: command.tonnes } });
        case 'EmptyShed':
          return shed.tonnes === 0
            ? accept()
            : accept<ShedEvent>({ type: 'sheds.ShedEmptied.v1', data: { tonnes: shed.tonnes } });
        case 'CloseShed': {
          const closed: ShedEvent = { type: 'sheds.ShedClosed.v1', data: { by: who.person } };
          if (shed.isClosed) return accept();
          return shed.tonnes === 0
            ? accept(closed)
            : accept<ShedEvent>({ type: 'sheds.ShedEmptied.v1', data: { tonnes: shed.tonnes } }, closed);
        }
      }
    },
  },
});

const people: readonly Principal[] = [
  person(JP, 'DELEGATE', 'a'),
  person(JP, 'DELEGATE', 'b'),
  person(US, 'DELEGATE'),
  person(EU, ['LIAISON']),
  secretariat,
  { ...secretariat, roles: ['AUDITOR'] },
];
const [japan, , america] = people as [Principal, Principal, Principal];

/** What the pipeline promises, in the plainest words: lists of events, one fold after the other, no cache and no store. */
class Model {
  readonly records = new Map<
    RecordId,
    { events: ShedEvent[]; marking: Marking; given: Map<string, { body: string; answer: Outcome }> }
  >();
  /** First answers that each node remembers: another node finds a repetition only in the record itself. */
  readonly answered = [0, 1].map(() => new Map<string, { id: RecordId; body: string; answer: Outcome }>());

  expected(
    node: number,
    who: Principal,
    commandId: string,
    command: ShedCommand,
  ): { answer: Outcome; id: RecordId | null; events: readonly ShedEvent[] } {
    const refused = (code: string, details = {}) => ({
      answer: {
        accepted: false as const,
        code,
        message: { ...refusals, ...PIPELINE_REFUSALS }[code as keyof typeof refusals],
        details,
      },
      id: null,
      events: [],
    });
    const party = partyOf(who);
    if (party === null || !sheds.access.mayIssue(command, who)) return refused('ACCESS.DENIED');
    const id =
      'id' in command
        ? command.id
        : command.type === 'NameShed'
          ? recordIdOfKey('shed', command.name)
          : recordIdOfCommand('shed', party, commandId);
    const first = this.answered[node]!.get(`${party} ${commandId}`);
    if (first)
      return first.body === JSON.stringify(command)
        ? { answer: first.answer, id: first.id, events: [] }
        : refused('COMMAND.ID_REUSED');

    const record = this.records.get(id);
    const earlier = record?.given.get(`${party} ${commandId}`);
    if (earlier)
      return earlier.body === JSON.stringify(command)
        ? { answer: earlier.answer, id, events: [] }
        : refused('COMMAND.ID_REUSED');
    if (!record && 'id' in command) return refused('SHEDS.NOT_FOUND');
    if (record && !this.#sees(record, who)) return refused('id' in command ? 'SHEDS.NOT_FOUND' : 'ACCESS.DENIED');
    if (record && command.type === 'CloseShed' && party !== record.marking.owner) return refused('ACCESS.DENIED');

    const asked = ('marking' in command && command.marking) || {};
    const releaseTo = asked.releaseTo ?? [];
    if (asked.owner !== undefined && asked.owner !== party) return refused('ACCESS.DENIED');
    if (releaseTo.some((one) => one.startsWith('group:')))
      return refused('MARKING.UNKNOWN_AUDIENCE', { field: 'marking.releaseTo' });
    if (asked.handling === 'RED' && releaseTo.some((one) => one === 'PUBLIC' || one === 'MEMBERS'))
      return refused('MARKING.HANDLING_CONFLICT', { field: 'marking.handling' });
    const usual = releaseTo.includes('PUBLIC') ? 'CLEAR' : releaseTo.includes('MEMBERS') ? 'GREEN' : 'AMBER';
    const marking: Marking = { owner: party, releaseTo, handling: asked.handling ?? usual };

    if (command.type === 'FillShed' && command.from) {
      const source = this.records.get(command.from);
      if (!source || !this.#sees(source, who)) return refused('SHEDS.NO_SOURCE');
      if (fold(sheds.decider, source.events).isClosed) return refused('SHEDS.CLOSED');
    }
    const before = record?.events ?? [];
    const decision = sheds.decider.decide(command, fold(sheds.decider, before), {
      now: NOW,
      who,
      recordId: id,
      marking,
    });
    if (!decision.ok) return refused(decision.code, decision.details);
    const revision = BigInt(before.length + decision.events.length - 1);
    return {
      answer: {
        accepted: true,
        commandId,
        recordId: id,
        recorded: decision.events.length > 0,
        revision,
        position: expect.any(BigInt) as never,
      },
      id,
      events: decision.events,
    };
  }

  note(
    node: number,
    who: Principal,
    commandId: string,
    command: ShedCommand,
    { id, events }: { id: RecordId | null; events: readonly ShedEvent[] },
    answer: Outcome,
  ): void {
    if (id === null) return;
    const key = `${partyOf(who)} ${commandId}`;
    if (!this.answered[node]!.has(key)) this.answered[node]!.set(key, { id, body: JSON.stringify(command), answer });
    if (events.length === 0) return;
    const record = this.records.get(id) ?? {
      events: [],
      marking: (events[0]!.data as Marked).marking,
      given: new Map<string, never>(),
    };
    record.events.push(...events);
    record.given.set(`${partyOf(who)} ${commandId}`, { body: JSON.stringify(command), answer } as never);
    this.records.set(id, record);
  }

  #sees({ events, marking }: { events: ShedEvent[]; marking: Marking }, who: Principal): boolean {
    return mayRead(fold(sheds.decider, events).isClosed ? { ...marking, releaseTo: [] } : marking, who);
  }
}

/* Steps name records by their number among those made so far, and command ids out of a few, so that they meet. */
const absent = '00000000-0000-5000-8000-00000000dead' as RecordId;
const markings = fc.constantFrom<MarkingRequest | undefined>(
  undefined,
  {},
  { releaseTo: ['country:US' as Audience] },
  { releaseTo: ['MEMBERS'] },
  { releaseTo: ['PUBLIC'] },
  { releaseTo: ['MEMBERS'], handling: 'RED' },
  { releaseTo: [`group:${absent}`] },
  { owner: US },
);
const which = fc.oneof({ weight: 9, arbitrary: fc.nat(2) }, { weight: 1, arbitrary: fc.constant(99) });
type Plan = { make: (record: (index: number) => RecordId, run: string) => ShedCommand };
const plan = (refers: boolean): fc.Arbitrary<Plan> =>
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc
        .record({ room: fc.integer({ min: 1, max: 9 }), marking: markings })
        .map(({ room, marking }): Plan => ({ make: () => ({ type: 'BuildShed', room, ...(marking && { marking }) }) })),
    },
    {
      weight: 1,
      arbitrary: fc
        .record({ name: fc.constantFrom('north', 'south'), marking: markings })
        .map(({ name, marking }): Plan => ({
          make: (_, run) => ({ type: 'NameShed', name: `${run} ${name}`, ...(marking && { marking }) }),
        })),
    },
    {
      weight: 6,
      arbitrary: fc
        .record({
          at: which,
          tonnes: fc.integer({ min: 1, max: 4 }),
          from: refers ? fc.option(which) : fc.constant(null),
        })
        .map(({ at, tonnes, from }): Plan => ({
          make: (record) => ({
            type: 'FillShed',
            id: record(at),
            tonnes,
            ...(from !== null && { from: record(from) }),
          }),
        })),
    },
    { weight: 3, arbitrary: which.map((at): Plan => ({ make: (record) => ({ type: 'EmptyShed', id: record(at) }) })) },
    { weight: 2, arbitrary: which.map((at): Plan => ({ make: (record) => ({ type: 'CloseShed', id: record(at) }) })) },
  );
const steps = (nodes: number, refers: boolean) =>
  fc.array(
    fc.record({
      node: fc.nat(nodes - 1),
      isRestarted: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
      who: fc.constantFrom(...people, japan, japan, america),
      commandId: fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom('a', 'b', 'c') },
        { weight: 4, arbitrary: fc.uuid() },
      ),
      repeats: fc.option(fc.record({ back: fc.nat(4), isChanged: fc.boolean() }), { freq: 3 }),
      plan: plan(refers),
    }),
    { minLength: 8, maxLength: 30, size: 'max' },
  );

type Step = ReturnType<typeof steps> extends fc.Arbitrary<(infer S)[]> ? S : never;
/** Every run begins with a shed that all members see, and one that two countries see. */
const BEGINNING: readonly Step[] = [{ releaseTo: ['MEMBERS'] }, { releaseTo: ['country:US'] }].map(
  (marking, index): Step => ({
    node: 0,
    isRestarted: false,
    who: japan,
    commandId: `first ${index}`,
    repeats: null,
    plan: { make: () => ({ type: 'BuildShed', room: 6, marking: marking as MarkingRequest }) },
  }),
);

/** Another command about the same record. */
const changed = (command: ShedCommand): ShedCommand => {
  switch (command.type) {
    case 'BuildShed':
      return { ...command, room: command.room + 1 };
    case 'NameShed':
      return { ...command, marking: { releaseTo: ['SECRETARIAT'] } };
    case 'FillShed':
      return { ...command, tonnes: command.tonnes + 1 };
    case 'EmptyShed':
    case 'CloseShed':
      return { type: 'FillShed', id: command.id, tonnes: 1 };
  }
};

describe('The command pipeline', () => {
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

  const node = (index: number): CommandPipeline => new CommandPipeline(stores[index]!, [sheds], () => NOW);
  const issue = (
    pipeline: CommandPipeline,
    who: Principal,
    commandId: string,
    command: ShedCommand,
  ): Promise<Outcome> => pipeline.issue({ stream: sheds, command, who, commandId, correlationId: 'c' });
  const stored = async (id: RecordId): Promise<StoredEvent[]> => Array.fromAsync(stores[0]!.read('shed', id));
  const build = async (
    pipeline: CommandPipeline,
    who: Principal,
    releaseTo: Audience[],
    room = 9,
  ): Promise<RecordId> => {
    const built = await issue(pipeline, who, newId(), { type: 'BuildShed', room, marking: { releaseTo } });
    if (!built.accepted) throw new Error(built.code);
    return built.recordId;
  };

  /** Any commands, one after the other, answered as the model answers; then the history is the model's. */
  const answersAsModel = async (plans: readonly Step[], nodes: number): Promise<void> => {
    const run = newId();
    const pipelines = Array.from({ length: nodes }, (_, index) => node(index));
    const model = new Model();
    const past: { who: Principal; commandId: string; command: ShedCommand }[] = [];
    for (const step of [...BEGINNING, ...plans]) {
      if (step.isRestarted) {
        pipelines[step.node] = node(step.node);
        model.answered[step.node]!.clear();
      }
      const made = [...model.records.keys()];
      const repeated = step.repeats && past.at(-1 - step.repeats.back);
      const { who, commandId, command } = repeated
        ? { ...repeated, command: step.repeats!.isChanged ? changed(repeated.command) : repeated.command }
        : {
            who: step.who,
            commandId: `${run} ${step.commandId}`,
            command: step.plan.make((index) => made[index] ?? absent, run),
          };
      past.push({ who, commandId, command });
      const expected = model.expected(step.node, who, commandId, command);
      const answer = await issue(pipelines[step.node]!, who, commandId, command);
      expect(answer).toEqual(expected.answer);
      model.note(step.node, who, commandId, command, expected, answer);
    }
    for (const [id, { events, given }] of model.records) {
      const history = await stored(id);
      expect(history.map(({ event }) => event)).toEqual(events);
      expect(new Set(history.map(({ metadata: { party, commandId } }) => `${party} ${commandId}`))).toEqual(
        new Set(given.keys()),
      );
      for (const { answer } of given.values())
        if (answer.accepted) expect(history[Number(answer.revision)]!.position).toBe(answer.position);
    }
  };

  it('answers any sequence of commands as the pure fold does, and records the same', () =>
    fc.assert(
      fc.asyncProperty(steps(1, true), (plans) => answersAsModel(plans, 1)),
      { numRuns: 25 },
    ));

  it('answers so on two nodes too, whichever of them a command comes to', () =>
    fc.assert(
      fc.asyncProperty(steps(2, false), (plans) => answersAsModel(plans, 2)),
      { numRuns: 25 },
    ));

  it('answers a hidden record and an absent one alike, whatever is asked of it', async () => {
    const pipelines = [node(0), node(1)];
    const hidden = await build(pipelines[0]!, japan, ['country:EU' as Audience]);
    const closed = await build(pipelines[0]!, japan, ['MEMBERS']);
    await issue(pipelines[0]!, japan, newId(), { type: 'CloseShed', id: closed });
    const open = await build(pipelines[0]!, america, []);
    const asked = (id: RecordId): ShedCommand[] => [
      { type: 'FillShed', id, tonnes: 1 },
      { type: 'FillShed', id, tonnes: 99 },
      { type: 'FillShed', id: open, tonnes: 1, from: id },
      { type: 'EmptyShed', id },
      { type: 'CloseShed', id },
    ];
    for (const pipeline of pipelines) {
      const answers = async (id: RecordId): Promise<Outcome[]> =>
        Promise.all(asked(id).map((command) => issue(pipeline, america, newId(), command)));
      const ofAbsent = await answers(newId() as RecordId);
      expect(await answers(hidden)).toEqual(ofAbsent);
      expect(await answers(closed)).toEqual(ofAbsent);
      expect(ofAbsent.every(({ accepted }) => !accepted)).toBe(true);
    }
    expect(await stored(hidden)).toHaveLength(1);
  });

  it('loses nothing when two nodes race for one record, and records each accepted command once', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ isRepeated: fc.boolean(), tonnes: fc.integer({ min: 0, max: 3 }) }), {
          minLength: 2,
          maxLength: 14,
        }),
        async (wishes) => {
          const pipelines = [node(0), node(1)];
          const id = await build(pipelines[0]!, japan, ['MEMBERS'], 12);
          const issued = wishes.map(({ tonnes, isRepeated }, index) => {
            const command: ShedCommand = tonnes === 0 ? { type: 'EmptyShed', id } : { type: 'FillShed', id, tonnes };
            return {
              command,
              commandId: newId(),
              who: index % 3 === 0 ? america : japan,
              nodes: isRepeated ? [0, 1, 0] : [index % 2],
            };
          });
          const answers = await Promise.all(
            issued.map(({ who, commandId, command, nodes }) =>
              Promise.all(nodes.map((each) => issue(pipelines[each]!, who, commandId, command))),
            ),
          );

          const history = (await stored(id)).slice(1);
          expect(history.map(({ revision }) => revision)).toEqual(history.map((_, index) => BigInt(index + 1)));
          for (const [index, { commandId }] of issued.entries()) {
            const recorded = history.filter(({ metadata }) => metadata.commandId === commandId);
            const made = answers[index]!.filter((answer) => answer.accepted && answer.recorded);
            expect(recorded).toHaveLength(made.length > 0 ? 1 : 0);
            for (const answer of made)
              expect(answer).toEqual({ ...made[0], position: recorded[0]!.position, revision: recorded[0]!.revision });
          }
          // What was recorded is what the decider says of each command at the very place where it stands.
          let shed = fold(sheds.decider, [(await stored(id))[0]!.event as ShedEvent]);
          for (const { event, metadata } of history) {
            const { command, who } = issued.find(({ commandId }) => commandId === metadata.commandId)!;
            const decision = sheds.decider.decide(command, shed, {
              now: NOW,
              who,
              recordId: id,
              marking: {} as Marking,
            });
            expect(decision).toEqual({ ok: true, events: [event] });
            shed = sheds.decider.evolve(shed, event as ShedEvent);
          }
        },
      ),
      { numRuns: 12 },
    ));

  it('knows an id by the party that uses it, and takes it for one command alone', async () => {
    const pipeline = node(0);
    const id = await build(pipeline, japan, ['MEMBERS']);
    const command: ShedCommand = { type: 'FillShed', id, tonnes: 1 };
    const commandId = newId();
    const first = await issue(pipeline, japan, commandId, command);
    expect(await issue(pipeline, japan, commandId, { type: 'BuildShed', room: 1 })).toMatchObject({
      code: 'COMMAND.ID_REUSED',
    });
    expect(await issue(pipeline, japan, commandId, { ...command, tonnes: 2 })).toMatchObject({
      code: 'COMMAND.ID_REUSED',
    });
    expect(await issue(pipeline, america, commandId, command)).toMatchObject({ accepted: true, revision: 2n });
    expect(await issue(node(1), japan, commandId, command)).toEqual(first);
    expect(await stored(id)).toHaveLength(3);
  });

  it('records one of two commands that come to two nodes under one id, and refuses the other', async () => {
    const nodes = [node(0), node(1)];
    const id = await build(nodes[0]!, japan, ['MEMBERS']);
    const pairs: (readonly [ShedCommand, ShedCommand])[] = Array.from({ length: 10 }, (_, index) =>
      index % 2 === 0
        ? [
            { type: 'BuildShed', room: 1 },
            { type: 'BuildShed', room: 2 },
          ]
        : [
            { type: 'FillShed', id, tonnes: 1 },
            { type: 'EmptyShed', id },
          ],
    );
    for (const [one, other] of pairs) {
      const commandId = newId();
      const answers = await Promise.all([
        issue(nodes[0]!, japan, commandId, one),
        issue(nodes[1]!, japan, commandId, other),
      ]);
      const recorded = answers.filter((answer) => answer.accepted && answer.recorded);
      const reused = answers.filter((answer) => !answer.accepted && answer.code === 'COMMAND.ID_REUSED');
      // Emptying what is empty already makes no fact, and so takes no id.
      const idle = answers.filter((answer) => answer.accepted && !answer.recorded);
      expect([recorded.length, reused.length + idle.length]).toEqual([1, 1]);
      const winner = recorded[0]!;
      if (!winner.accepted) throw new Error('unreachable');
      const made = (await stored(winner.recordId)).filter(({ metadata }) => metadata.commandId === commandId);
      expect(made.map(({ revision }) => revision)).toEqual([winner.revision]);
    }
  });

  it('notes beside each fact who made it, under which command, and a commitment to it', async () => {
    const commandId = newId();
    const built = await issue(node(0), japan, commandId, { type: 'BuildShed', room: 3 });
    if (!built.accepted) throw new Error(built.code);
    const [{ metadata, event, recordedAt }] = (await stored(built.recordId)) as [StoredEvent];
    expect(metadata).toMatchObject({
      actor: japan.person,
      party: 'JP',
      roles: ['DELEGATE'],
      commandId,
      causationId: commandId,
      correlationId: 'c',
      recordedAt: NOW,
      policyVersion: 1,
    });
    expect(recordedAt).toBe(NOW);
    expect(isCommitmentTo(event.data, metadata.commitment)).toBe(true);
    expect((event.data as Marked).marking).toEqual({ owner: 'JP', releaseTo: [], handling: 'AMBER' });
  });

  it('never lets a record begin without a marking', async () => {
    const careless = {
      ...sheds,
      category: 'careless',
      decider: { ...sheds.decider, decide: () => accept({ type: 'sheds.ShedFilled.v1', data: { tonnes: 1 } }) },
    };
    const command: ShedCommand = { type: 'BuildShed', room: 1 };
    const commandId = newId();
    await expect(
      node(0).issue({ stream: careless, command, who: japan, commandId, correlationId: 'c' }),
    ).rejects.toThrow('no marking');
    expect(await Array.fromAsync(stores[0]!.read('careless', recordIdOfCommand('careless', 'JP', commandId)))).toEqual(
      [],
    );
  });

  it('says of an outage that it is one, never a refusal', async () => {
    const other = await startEventStore();
    const store = new EventStoreDbEventStore(other.url);
    const pipeline = new CommandPipeline(store, [sheds], () => NOW);
    await other.stop();
    await expect(issue(pipeline, japan, newId(), { type: 'BuildShed', room: 3 })).rejects.toThrow(
      EventStoreUnavailable,
    );
    await store.close();
  });
});
