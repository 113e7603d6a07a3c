import { EventStoreDbEventStore } from '@adapters/event-store-db';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  accept,
  audience,
  fold,
  hasRole,
  mayRead,
  ownerAlone,
  partyOf,
  reject,
  defineRecordType,
  type Audience,
  type Capability,
  type DomainEvent,
  type Command,
  type ChangeMarking,
  type Marked,
  type Marking,
  type MarkingChanged,
  type MarkingRequest,
  type DerivationApproval,
  type Principal,
  type RecordId,
  type Reference,
  type AnyRecordType,
} from '@kernel';
import { EU, JP, NOW, person, secretariat, US } from '@kernel/testing';
import { leafHash } from '@foundation/transparency';
import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { startEventStore, type StartedEventStore } from '../../../../test/support/event-store.js';
import { Untold } from '../../../../test/support/untold.js';
import { CommandPipeline } from './command-pipeline.js';
import { POLICY_VERSION } from './metadata.js';
import { PIPELINE_REJECTIONS, type Outcome } from './outcome.js';
import { EventStoreUnavailable, type StoredEvent } from './event-store.js';
import { wholly } from './unreadable.js';
import { newId, recordIdOfCommand, recordIdOfKey } from './identifiers.js';
import { placed } from './binding.js';
import { leafOf } from './leaf.js';
import { isCommitmentTo } from './salted-digest.js';

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

const rejections = {
  'SHEDS.NOT_FOUND': 'No such shed.',
  'SHEDS.FULL': 'No room.',
  'SHEDS.CLOSED': 'It is closed.',
  'SHEDS.NO_SOURCE': 'No such source.',
};

const sheds = defineRecordType<ShedCommand, ShedEvent, Shed, keyof typeof rejections>({
  category: 'shed',
  rejections,
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
            rejectIf: ((shed: Shed) => (shed.isClosed ? reject('SHEDS.CLOSED') : null)) as never,
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

const yard: Capability = { name: 'sheds', recordTypes: [sheds], events: [], views: [] };

/* Records that are parts of sheds, permits for what is in sheds, and mixtures derived from sheds, bins and mixtures. */
type BinCommand = { type: 'PlaceBin'; shed: RecordId; marking?: MarkingRequest };
const bins = defineRecordType<
  BinCommand,
  DomainEvent<'bins.BinPlaced.v1', Marked & { shed: RecordId }>,
  RecordId | null,
  'BINS.NOT_FOUND'
>({
  category: 'bin',
  rejections: { 'BINS.NOT_FOUND': 'No such bin.' },
  notFound: 'BINS.NOT_FOUND',
  targetOf: () => ({ fresh: true }),
  parentOf: (shed) => shed && { category: 'shed', at: { id: shed } },
  access: { mayIssue: () => true, mayAct: () => true },
  decider: {
    initial: null,
    evolve: (_, { data }) => data.shed,
    decide: ({ shed }, _, { marking }) => accept({ type: 'bins.BinPlaced.v1', data: { marking, shed } }),
  },
});

type LeaveCommand =
  { type: 'GiveLeave'; leave: DerivationApproval; marking?: MarkingRequest } | { type: 'EndLeave'; id: RecordId };
type LeaveEvent =
  | DomainEvent<'leaves.LeaveGiven.v1', Marked & { leave: DerivationApproval }>
  | DomainEvent<'leaves.LeaveEnded.v1', Record<never, never>>;
const leaves = defineRecordType<LeaveCommand, LeaveEvent, DerivationApproval | null, 'LEAVES.NOT_FOUND'>({
  category: 'leave',
  rejections: { 'LEAVES.NOT_FOUND': 'No such leave.' },
  notFound: 'LEAVES.NOT_FOUND',
  targetOf: (command) => (command.type === 'GiveLeave' ? { fresh: true } : { id: command.id }),
  access: { mayIssue: () => true, mayAct: () => true },
  decider: {
    initial: null,
    evolve: (_, event) => (event.type === 'leaves.LeaveGiven.v1' ? event.data.leave : null),
    decide: (command, _, { marking }) =>
      command.type === 'GiveLeave'
        ? accept<LeaveEvent>({ type: 'leaves.LeaveGiven.v1', data: { marking, leave: command.leave } })
        : accept<LeaveEvent>({ type: 'leaves.LeaveEnded.v1', data: {} }),
  },
});

type From = { readonly from: readonly [category: string, id: RecordId][]; readonly leaves?: readonly RecordId[] };
type MixtureCommand = ({ type: 'Mix'; marking?: MarkingRequest } & From) | ({ type: 'MixAnew'; id: RecordId } & From);
type MixtureEvent =
  | DomainEvent<'mixtures.Mixed.v1', Marked & From & { owners: readonly string[] }>
  | DomainEvent<'mixtures.MixedAnew.v1', From>;
const sourcesOf = ({ from, leaves: given = [] }: From): readonly Reference[] => [
  ...from.map(([category, id]): Reference => ({
    category,
    at: { id },
    missing: reject('MIXTURES.NO_SOURCE'),
    derivedFrom: { unapproved: reject('MIXTURES.UNAPPROVED') },
  })),
  ...given.map((id) => ({
    category: 'leave',
    at: { id },
    missing: reject('MIXTURES.NO_LEAVE'),
    approvalIn: ((leave: DerivationApproval | null) => leave) as never,
  })),
];
const mixtures = defineRecordType<MixtureCommand, MixtureEvent, From, string>({
  category: 'mixture',
  rejections: {},
  notFound: 'MIXTURES.NOT_FOUND',
  targetOf: (command) => (command.type === 'Mix' ? { fresh: true } : { id: command.id }),
  refersTo: sourcesOf,
  sourcesOf,
  access: { mayIssue: () => true, mayAct: () => true },
  decider: {
    initial: { from: [] },
    evolve: (_, { data }) => data,
    decide: ({ type: _, ...command }, __, { marking, references }) =>
      'id' in command
        ? accept<MixtureEvent>({ type: 'mixtures.MixedAnew.v1', data: { from: command.from } })
        : accept<MixtureEvent>({
            type: 'mixtures.Mixed.v1',
            data: { ...command, marking, owners: references.map((each) => each.marking.owner) },
          }),
  },
});

/* Counts of bins and of earlier counts, which rest on records that whoever counts may not read. */
type Counts = { readonly bins: number; readonly tallies: number };
const tallies = defineRecordType<
  Command<'Count'>,
  DomainEvent<'tallies.Counted.v1', Marked & Counts>,
  null,
  'TALLIES.NOT_FOUND'
>({
  category: 'tally',
  rejections: { 'TALLIES.NOT_FOUND': 'No such tally.' },
  notFound: 'TALLIES.NOT_FOUND',
  targetOf: () => ({ fresh: true }),
  readsHistoryOf: ['bin', 'tally'],
  access: { mayIssue: () => true, mayAct: () => true },
  decider: {
    initial: null,
    evolve: () => null,
    decide: (_, __, { marking, history }) => {
      const of = (category: string): number => history.filter((each) => each.category === category).length;
      return accept({ type: 'tallies.Counted.v1', data: { marking, bins: of('bin'), tallies: of('tally') } });
    },
  },
});
const works: Capability = {
  name: 'works',
  recordTypes: [sheds, bins, leaves, mixtures, tallies],
  events: [],
  views: [],
};

const people: readonly Principal[] = [
  person(JP, 'DELEGATE', 'a'),
  person(JP, 'DELEGATE', 'b'),
  person(US, 'DELEGATE'),
  person(EU, ['LIAISON']),
  secretariat,
  { ...secretariat, roles: ['AUDITOR'] },
];
const [japan, , america] = people as [Principal, Principal, Principal];

/** What is asked of a shed, its audience included, and what is recorded of it. */
type Asked = ShedCommand | ChangeMarking;
type Told = ShedEvent | MarkingChanged;
const contentOf = (events: readonly Told[]): ShedEvent[] =>
  events.filter((event): event is ShedEvent => event.type !== 'access.MarkingChanged.v1');

/** What the pipeline promises, in the plainest words: lists of events, one fold after the other, no cache and no store. */
class Model {
  readonly records = new Map<
    RecordId,
    { events: Told[]; marking: Marking; given: Map<string, { body: string; answer: Outcome }> }
  >();
  /** First answers that each node remembers: another node finds a repetition only in the record itself. */
  readonly answered = [0, 1].map(() => new Map<string, { id: RecordId; body: string; answer: Outcome }>());

  expected(
    node: number,
    who: Principal,
    commandId: string,
    command: Asked,
  ): { answer: Outcome; id: RecordId | null; events: readonly Told[] } {
    const rejected = (code: string, details = {}) => ({
      answer: {
        accepted: false as const,
        code,
        message: { ...rejections, ...PIPELINE_REJECTIONS }[code as keyof typeof rejections],
        details,
      },
      id: null,
      events: [],
    });
    const party = partyOf(who);
    const mayIssue =
      command.type === 'ChangeMarking' ? hasRole(who, 'DELEGATE', 'SECRETARIAT') : sheds.access.mayIssue(command, who);
    if (party === null || !mayIssue) return rejected('ACCESS.DENIED');
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
        : rejected('COMMAND.ID_REUSED');

    const record = this.records.get(id);
    const earlier = record?.given.get(`${party} ${commandId}`);
    if (earlier)
      return earlier.body === JSON.stringify(command)
        ? { answer: earlier.answer, id, events: [] }
        : rejected('COMMAND.ID_REUSED');
    if (!record && 'id' in command) return rejected('SHEDS.NOT_FOUND');
    if (record && !this.#sees(record, who)) return rejected('id' in command ? 'SHEDS.NOT_FOUND' : 'ACCESS.DENIED');
    const isOwners = command.type === 'CloseShed' || command.type === 'ChangeMarking';
    if (record && isOwners && party !== record.marking.owner) return rejected('ACCESS.DENIED');

    const asked = ('marking' in command && command.marking) || {};
    const releaseTo = asked.releaseTo ?? [];
    if (asked.owner !== undefined && asked.owner !== party) return rejected('ACCESS.DENIED');
    for (const field of ['releaseTo', 'denyTo', 'needToKnow'] as const)
      if (asked[field]?.some((one) => one.startsWith('group:')))
        return rejected('MARKING.UNKNOWN_AUDIENCE', { field: `marking.${field}` });
    if (asked.handling === 'RED' && releaseTo.some((one) => one === 'PUBLIC' || one === 'MEMBERS'))
      return rejected('MARKING.HANDLING_CONFLICT', { field: 'marking.handling' });
    const { denyTo } = asked;
    if (denyTo?.includes(party === 'SECRETARIAT' ? 'SECRETARIAT' : `country:${party}`))
      return rejected('MARKING.CONTRADICTION', { field: 'marking.denyTo' });
    const usual = releaseTo.includes('PUBLIC') ? 'CLEAR' : releaseTo.includes('MEMBERS') ? 'GREEN' : 'AMBER';
    const marking: Marking = {
      owner: party,
      releaseTo,
      handling: asked.handling ?? usual,
      ...(denyTo && { denyTo }),
    };

    if (command.type === 'FillShed' && command.from) {
      const source = this.records.get(command.from);
      if (!source || !this.#sees(source, who)) return rejected('SHEDS.NO_SOURCE');
      if (fold(sheds.decider, contentOf(source.events)).isClosed) return rejected('SHEDS.CLOSED');
    }
    const before = record?.events ?? [];
    const context = { now: NOW, who, recordId: id, marking, references: [], history: [] };
    const decision =
      command.type === 'ChangeMarking'
        ? isDeepStrictEqual(record?.marking, marking)
          ? accept<Told>()
          : accept<Told>({ type: 'access.MarkingChanged.v1', data: { marking, reason: command.reason } })
        : sheds.decider.decide(command, fold(sheds.decider, contentOf(before)), context);
    if (!decision.ok) return rejected(decision.code, decision.details);
    // Changes of audience leave no gap.
    const revision = BigInt(contentOf([...before, ...decision.events]).length - 1);
    return {
      answer: {
        accepted: true,
        commandId,
        recordId: id,
        recorded: decision.events.length > 0,
        leaves: expect.any(Array) as never,
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
    command: Asked,
    { id, events }: { id: RecordId | null; events: readonly Told[] },
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
    for (const { type, data } of events) if (type === 'access.MarkingChanged.v1') record.marking = data.marking;
    record.given.set(`${partyOf(who)} ${commandId}`, { body: JSON.stringify(command), answer } as never);
    this.records.set(id, record);
  }

  #sees({ events, marking }: { events: Told[]; marking: Marking }, who: Principal): boolean {
    return mayRead(fold(sheds.decider, contentOf(events)).isClosed ? { ...marking, releaseTo: [] } : marking, who, NOW);
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
  { releaseTo: ['MEMBERS'], needToKnow: [`group:${absent}`] },
  { releaseTo: ['MEMBERS'], denyTo: ['country:US' as Audience] },
  { owner: US },
);
const which = fc.oneof({ weight: 9, arbitrary: fc.nat(2) }, { weight: 1, arbitrary: fc.constant(99) });
type Plan = { make: (record: (index: number) => RecordId, run: string) => Asked };
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
    {
      weight: 3,
      arbitrary: fc.record({ at: which, marking: markings }).map(({ at, marking }): Plan => ({
        make: (record) => ({ type: 'ChangeMarking', id: record(at), reason: 'agreed', marking }),
      })),
    },
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
const changed = (command: Asked): Asked => {
  switch (command.type) {
    case 'BuildShed':
      return { ...command, room: command.room + 1 };
    case 'NameShed':
      return { ...command, marking: { releaseTo: ['SECRETARIAT'] } };
    case 'FillShed':
      return { ...command, tonnes: command.tonnes + 1 };
    case 'ChangeMarking':
      return { ...command, reason: `${command.reason} again` };
    case 'EmptyShed':
    case 'CloseShed':
      return { type: 'FillShed', id: command.id, tonnes: 1 };
  }
};

const leafIn = (stored: StoredEvent) => ({
  eventId: stored.id,
  leafHash: leafHash(Buffer.from(leafOf(placed(stored)))),
  recordedAt: stored.recordedAt,
});

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

  /** The first asks whole records where the record gateway would do, the others the door. */
  const node = (index: number, of = yard): CommandPipeline =>
    new CommandPipeline(index === 0 ? new Untold(stores[0]!) : stores[index]!, [of], () => NOW);
  const issue = (pipeline: CommandPipeline, who: Principal, commandId: string, command: Asked): Promise<Outcome> =>
    pipeline.issue({ recordType: sheds, command, who, commandId, correlationId: 'c' });
  const stored = async (id: RecordId): Promise<readonly StoredEvent[]> =>
    wholly(await Array.fromAsync(stores[0]!.read('shed', id)))!;
  const build = async (
    pipeline: CommandPipeline,
    who: Principal,
    releaseTo: Audience[],
    room = 9,
  ): Promise<RecordId> => {
    const built = await issue(pipeline, who, newId(), { type: 'BuildShed', room, marking: { releaseTo } });
    if (built.accepted !== true) throw new Error(JSON.stringify(built));
    return built.recordId;
  };

  /** Any commands, one after the other, answered as the model answers; then the history is the model's. */
  const answersAsModel = async (plans: readonly Step[], nodes: number): Promise<void> => {
    const run = newId();
    const pipelines = Array.from({ length: nodes }, (_, index) => node(index));
    const model = new Model();
    const past: { who: Principal; commandId: string; command: Asked }[] = [];
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
      const content = history.filter(({ event }) => event.type !== 'access.MarkingChanged.v1');
      for (const [name, { answer, body }] of given) {
        if (answer.accepted !== true) continue;
        const isContent = (JSON.parse(body) as Asked).type !== 'ChangeMarking';
        if (isContent) expect(content[Number(answer.revision)]!.position).toBe(answer.position);
        else expect(history.map(({ position }) => position)).toContain(answer.position);
        const own = history.filter(({ metadata: { party, commandId } }) => `${party} ${commandId}` === name);
        // As the log will have them: from what the store holds, by whichever node answered.
        if (answer.recorded) expect(answer.leaves).toEqual(own.map(leafIn));
      }
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

  it('gives a record another audience at its owner’s word, with the very next command', async () => {
    const pipelines = [node(0), node(1)];
    const id = await build(pipelines[0]!, japan, ['MEMBERS']);
    const remark = (who: Principal, marking: MarkingRequest, at = id): Promise<Outcome> =>
      issue(pipelines[0]!, who, newId(), { type: 'ChangeMarking', id: at, reason: 'agreed', marking });
    const fill = (pipeline: CommandPipeline) => issue(pipeline, america, newId(), { type: 'FillShed', id, tonnes: 1 });
    expect(await fill(pipelines[1]!)).toMatchObject({ accepted: true, revision: 1n });

    expect(await remark(america, { releaseTo: ['PUBLIC'] })).toMatchObject({ code: 'ACCESS.DENIED' });
    expect(await remark({ ...japan, roles: ['LIAISON'] }, {})).toMatchObject({ code: 'ACCESS.DENIED' });
    const mandate = { id, delegate: US, subjects: ['sheds'], mayCommand: true };
    expect(await remark({ ...japan, mandate }, {})).toMatchObject({ code: 'ACCESS.DENIED' });

    expect(await remark(japan, { releaseTo: [] })).toMatchObject({ accepted: true, recorded: true, revision: 1n });
    for (const pipeline of pipelines) expect(await fill(pipeline)).toMatchObject({ code: 'SHEDS.NOT_FOUND' });
    expect(await remark(america, {})).toEqual(await remark(america, {}, newId() as RecordId));
    expect(await remark(japan, { releaseTo: [] })).toMatchObject({ accepted: true, recorded: false });

    expect(await remark(japan, { releaseTo: ['MEMBERS'] })).toMatchObject({ recorded: true });
    expect(await fill(pipelines[1]!)).toMatchObject({ accepted: true, revision: 2n });
  });

  it('tells whose audience is not its owner’s to change', async () => {
    const fixed: Capability = { ...yard, recordTypes: [{ ...sheds, isMarkingFixed: true }] };
    const [recordType] = fixed.recordTypes as [AnyRecordType];
    const id = await build(node(0), japan, ['MEMBERS']);
    const command: ChangeMarking = { type: 'ChangeMarking', id, reason: 'agreed', marking: {} };
    expect(
      await node(0, fixed).issue({ recordType, command, who: japan, commandId: newId(), correlationId: 'c' }),
    ).toMatchObject({ code: 'MARKING.FIXED' });
  });

  it('says the same of a group that does not exist and of one that exists unseen, wherever a marking names it', async () => {
    const unseen: Audience = `group:${newId() as RecordId}`;
    const insider = { ...japan, audiences: [...japan.audiences, unseen] };
    const id = await build(node(0), japan, ['MEMBERS']);
    for (const field of ['releaseTo', 'displayOnlyTo', 'denyTo', 'needToKnow'] as const) {
      const remark = (who: Principal, group: Audience): Promise<Outcome> =>
        issue(node(0), who, newId(), { type: 'ChangeMarking', id, reason: 'agreed', marking: { [field]: [group] } });
      expect(await remark(insider, unseen)).toMatchObject({ accepted: true });
      const ofUnseen = await remark(japan, unseen);
      expect(ofUnseen).toMatchObject({ code: 'MARKING.UNKNOWN_AUDIENCE', details: { field: `marking.${field}` } });
      expect(await remark(japan, `group:${newId() as RecordId}`)).toEqual(ofUnseen);
    }
  });

  it('tells the platform under which marking a record is now', async () => {
    const pipeline = node(0);
    const id = await build(pipeline, japan, ['MEMBERS']);
    expect(await pipeline.markingInForce('shed', id)).toMatchObject({ releaseTo: ['MEMBERS'] });
    await issue(node(1), japan, newId(), {
      type: 'ChangeMarking',
      id,
      reason: 'agreed',
      marking: { releaseTo: ['PUBLIC'] },
    });
    expect(await pipeline.markingInForce('shed', id)).toMatchObject({ releaseTo: ['PUBLIC'] });
    await issue(node(1), japan, newId(), { type: 'CloseShed', id });
    expect(await pipeline.markingInForce('shed', id)).toMatchObject({ releaseTo: [] });
    expect(await pipeline.markingInForce('shed', newId() as RecordId)).toBeNull();
    await expect(pipeline.markingInForce('barn', id)).rejects.toThrow('barn');
  });

  it('stamps no event earlier than the one before it, whatever the clocks of its nodes, in batches too', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ node: fc.nat(1), second: fc.nat(60), isClosing: fc.boolean() }), { minLength: 1 }),
        async (turns) => {
          let now = NOW;
          const nodes = [0, 1].map((index) => new CommandPipeline(stores[index]!, [yard], () => now));
          const id = await build(nodes[0]!, japan, ['MEMBERS'], 99);
          for (const { node: index, second, isClosing } of turns) {
            now = `2026-06-01T08:59:${String(second % 60).padStart(2, '0')}.000Z` as never;
            const command: ShedCommand = isClosing ? { type: 'CloseShed', id } : { type: 'FillShed', id, tonnes: 1 };
            await issue(nodes[index]!, japan, newId(), command);
          }
          const stamps = (await stored(id)).map(({ recordedAt }) => recordedAt);
          expect(stamps).toEqual(stamps.toSorted());
        },
      ),
      { numRuns: 25 },
    ));

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
            const made = answers[index]!.filter((answer) => answer.accepted === true && answer.recorded);
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
              references: [],
              history: [],
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
      const recorded = answers.filter((answer) => answer.accepted === true && answer.recorded);
      const reused = answers.filter((answer) => !answer.accepted && answer.code === 'COMMAND.ID_REUSED');
      // Emptying what is empty already makes no fact, and so takes no id.
      const idle = answers.filter((answer) => answer.accepted === true && !answer.recorded);
      expect([recorded.length, reused.length + idle.length]).toEqual([1, 1]);
      const winner = recorded[0]!;
      if (winner.accepted !== true) throw new Error('unreachable');
      const made = (await stored(winner.recordId)).filter(({ metadata }) => metadata.commandId === commandId);
      expect(made.map(({ revision }) => revision)).toEqual([winner.revision]);
    }
  });

  it('notes beside each fact who made it, under which command, and a commitment to it', async () => {
    const commandId = newId();
    const built = await issue(node(0), japan, commandId, { type: 'BuildShed', room: 3 });
    if (built.accepted !== true) throw new Error(JSON.stringify(built));
    const [{ metadata, event, recordedAt }] = (await stored(built.recordId)) as [StoredEvent];
    expect(metadata).toMatchObject({
      actor: japan.person,
      party: 'JP',
      roles: ['DELEGATE'],
      commandId,
      causationId: commandId,
      correlationId: 'c',
      recordedAt: NOW,
      policyVersion: POLICY_VERSION,
    });
    expect(recordedAt).toBe(NOW);
    expect(isCommitmentTo(event.data, metadata.commitment)).toBe(true);
    expect((event.data as Marked).marking).toEqual({ owner: 'JP', releaseTo: [], handling: 'AMBER' });
  });

  it('notes under which mandate a fact was made, and whose person made it, where it was in another’s name', async () => {
    const mandate = { id: newId() as RecordId, delegate: EU, subjects: ['sheds'], mayCommand: true };
    const acting: Principal = { ...person(JP, 'DELEGATE'), mandate };
    const built = await issue(node(0), acting, newId(), { type: 'BuildShed', room: 3 });
    const own = await issue(node(0), japan, newId(), { type: 'BuildShed', room: 3 });
    if (built.accepted !== true || own.accepted !== true) throw new Error('refused');
    const [{ metadata }] = (await stored(built.recordId)) as [StoredEvent];
    expect(metadata).toMatchObject({ party: 'JP', capacity: { mandate: mandate.id, delegate: 'EU' } });
    expect((await stored(own.recordId))[0]!.metadata).not.toHaveProperty('capacity');
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
      node(0).issue({ recordType: careless, command, who: japan, commandId, correlationId: 'c' }),
    ).rejects.toThrow('no marking');
    expect(await Array.fromAsync(stores[0]!.read('careless', recordIdOfCommand('careless', 'JP', commandId)))).toEqual(
      [],
    );
  });

  it('says of an outage that it is one, never a refusal', async () => {
    const other = await startEventStore();
    const store = new EventStoreDbEventStore(other.url);
    const pipeline = new CommandPipeline(store, [yard], () => NOW);
    await other.stop();
    await expect(issue(pipeline, japan, newId(), { type: 'BuildShed', room: 3 })).rejects.toThrow(
      EventStoreUnavailable,
    );
    await store.close();
  });

  describe('where a record is derived from others', () => {
    const [forAmerica, forKorea] = ['US', 'KR'].map(audience) as [Audience, Audience];
    const give = (who: Principal, of: AnyRecordType, command: Command, on = node(0, works)): Promise<Outcome> =>
      on.issue({ recordType: of, command, who, commandId: newId(), correlationId: 'c' });
    const made = async (
      who: Principal,
      of: AnyRecordType,
      command: Command,
      on = node(0, works),
    ): Promise<RecordId> => {
      const outcome = await give(who, of, command, on);
      if (outcome.accepted !== true) throw new Error(JSON.stringify(outcome));
      return outcome.recordId;
    };
    const shedOf = (who: Principal, marking: MarkingRequest): Promise<RecordId> =>
      made(who, sheds, { type: 'BuildShed', room: 9, marking } as Command);
    const mix = (
      releaseTo: Audience[],
      from: From['from'],
      given: readonly RecordId[] = [],
      limits: MarkingRequest = {},
    ): Command => ({ type: 'Mix', marking: { releaseTo, ...limits }, from, leaves: given }) as Command;
    const remark = (id: RecordId, releaseTo: Audience[], limits: MarkingRequest = {}): ChangeMarking => ({
      type: 'ChangeMarking',
      id,
      reason: 'others need it',
      marking: { releaseTo, ...limits },
    });
    const code = async (outcome: Promise<Outcome>): Promise<string | null> => {
      const answer = await outcome;
      return answer.accepted ? null : answer.code;
    };
    const leaveFor = (source: RecordId, audience: Audience[] = []): Promise<RecordId> =>
      made(japan, leaves, {
        type: 'GiveLeave',
        leave: { source, to: US, audience, until: null },
        marking: { releaseTo: [forAmerica] },
      } as Command);
    const WIDER = 'MARKING.WIDER_THAN_SOURCE';

    it('lets it go no further than each of its sources', async () => {
      const narrow = await shedOf(japan, { releaseTo: [forAmerica, forKorea] });
      const wide = await shedOf(japan, { releaseTo: ['PUBLIC'] });
      const from: From['from'] = [
        ['shed', wide],
        ['shed', narrow],
      ];
      expect(await code(give(america, mixtures, mix(['MEMBERS'], from)))).toBe(WIDER);
      expect(await code(give(america, mixtures, mix([forKorea], from)))).toBeNull();
    });

    it('takes the marking of a source that is in force, not the one to come', async () => {
      const closed = await shedOf(japan, { releaseTo: ['MEMBERS'] });
      await give(japan, sheds, { type: 'CloseShed', id: closed } as Command);
      expect(await code(give(japan, mixtures, mix(['MEMBERS'], [['shed', closed]])))).toBe(WIDER);
      expect(await code(give(japan, mixtures, mix([], [['shed', closed]])))).toBeNull();
    });

    it('answers a hidden source and an absent one alike, also where only the whole of it is hidden', async () => {
      const hidden = await shedOf(japan, { releaseTo: [forKorea] });
      const part = await made(japan, bins, {
        type: 'PlaceBin',
        shed: hidden,
        marking: { releaseTo: ['MEMBERS'] },
      } as Command);
      const asked = (category: string, id: RecordId) => give(america, mixtures, mix([], [[category, id]]));
      const ofAbsent = await asked('shed', newId() as RecordId);
      expect(ofAbsent).toMatchObject({ code: 'MIXTURES.NO_SOURCE' });
      expect(await asked('shed', hidden)).toEqual(ofAbsent);
      expect(await asked('bin', part)).toEqual(ofAbsent);
    });

    it('binds it to the whole of a source too', async () => {
      const whole = await shedOf(japan, { releaseTo: [forAmerica] });
      const part = await made(america, bins, {
        type: 'PlaceBin',
        shed: whole,
        marking: { releaseTo: ['MEMBERS'] },
      } as Command);
      expect(await code(give(america, mixtures, mix(['MEMBERS'], [['bin', part]])))).toBe(WIDER);
      expect(await code(give(america, mixtures, mix([], [['bin', part]])))).toBeNull();
    });

    it('needs the approval of the owner where that controls it, for as long as it is given', async () => {
      const source = await shedOf(japan, { releaseTo: ['MEMBERS'], originatorControl: true });
      const control = { originatorControl: true };
      const derived = (given: RecordId[] = []) => mix([], [['shed', source]], given, control);
      expect(await code(give(america, mixtures, derived()))).toBe('MIXTURES.UNAPPROVED');
      expect(await code(give(japan, mixtures, mix([], [['shed', source]])))).toBeNull();
      const leave = await leaveFor(source);
      expect(await code(give(america, mixtures, derived([leave])))).toBeNull();
      // Another node ends it; the next command on this one finds that out.
      const one = node(0, works);
      await made(america, mixtures, derived([leave]), one);
      await give(japan, leaves, { type: 'EndLeave', id: leave } as Command, node(1, works));
      expect(await code(give(america, mixtures, derived([leave]), one))).toBe('MIXTURES.UNAPPROVED');
      expect(await code(give(america, mixtures, derived([newId() as RecordId])))).toBe('MIXTURES.NO_LEAVE');
    });

    it('lets it go further where the owner approves of that', async () => {
      const source = await shedOf(japan, { releaseTo: [forAmerica] });
      const leave = await leaveFor(source, ['MEMBERS']);
      expect(await code(give(america, mixtures, mix(['MEMBERS'], [['shed', source]])))).toBe(WIDER);
      expect(await code(give(america, mixtures, mix(['MEMBERS'], [['shed', source]], [leave])))).toBeNull();
      expect(await code(give(america, mixtures, mix(['PUBLIC'], [['shed', source]], [leave])))).toBe(WIDER);
    });

    it('binds it again whenever its marking changes, and whenever it is made anew', async () => {
      const source = await shedOf(japan, { releaseTo: [forAmerica, forKorea] });
      const leave = await leaveFor(source, ['MEMBERS']);
      const bound = await made(america, mixtures, mix([], [['shed', source]]));
      expect(await code(give(america, mixtures, remark(bound, ['MEMBERS'])))).toBe(WIDER);
      expect(await code(give(america, mixtures, remark(bound, [forKorea])))).toBeNull();
      const lifted = await made(america, mixtures, mix([], [['shed', source]], [leave]));
      expect(await code(give(america, mixtures, remark(lifted, ['MEMBERS'])))).toBeNull();
      const anew = { type: 'MixAnew', id: lifted, from: [['shed', source]] } as Command;
      expect(await code(give(america, mixtures, anew))).toBe(WIDER);
      expect(await code(give(america, mixtures, { ...anew, leaves: [leave] } as Command))).toBeNull();
    });

    it('lets it become narrower whatever has become of its sources, and nothing else', async () => {
      const source = await shedOf(japan, { releaseTo: ['MEMBERS'], originatorControl: true });
      const leave = await leaveFor(source);
      const limits = { originatorControl: true };
      const derived = await made(america, mixtures, mix(['MEMBERS'], [['shed', source]], [leave], limits));
      await give(japan, sheds, remark(source, []));
      expect(await code(give(america, mixtures, remark(derived, ['MEMBERS'])))).toBe('MIXTURES.NO_SOURCE');
      expect(await code(give(america, mixtures, remark(derived, ['PUBLIC'], limits)))).toBe('MIXTURES.NO_SOURCE');
      expect(await code(give(america, mixtures, remark(derived, [], limits)))).toBeNull();
      expect(await code(give(america, mixtures, remark(derived, [forKorea], limits)))).toBe('MIXTURES.NO_SOURCE');
    });

    it('tells the decider whose the named records are', async () => {
      const from: From['from'] = [
        ['shed', await shedOf(japan, { releaseTo: ['MEMBERS'] })],
        ['shed', await shedOf(america, {})],
      ];
      const id = await made(america, mixtures, mix([], from));
      const [{ event }] = (await Array.fromAsync(stores[0]!.read('mixture', id))) as [StoredEvent];
      expect(event.data).toMatchObject({ owners: ['JP', 'US'] });
    });

    describe('or rests on others', () => {
      const counted = async (by: Principal, on = node(0, works)): Promise<Counts> => {
        const id = await made(by, tallies, { type: 'Count' } as Command, on);
        const [{ event }] = (await Array.fromAsync(stores[0]!.read('tally', id))) as [StoredEvent];
        return event.data as Counts;
      };

      it('gives the decider all of them to its end, whoever may read them, and nothing else', async () => {
        const before = await counted(america);
        const shed = await shedOf(japan, {});
        for (let bin = 0; bin < 3; bin++) await made(japan, bins, { type: 'PlaceBin', shed } as Command);
        const { bins: found, tallies: earlier } = await counted(america);
        expect([found - before.bins, earlier - before.tallies]).toEqual([3, 1]);
      });

      it('decides one after the other, so that each rests on those before', async () => {
        const on = node(0, works);
        const all = await Promise.all(Array.from({ length: 8 }, () => counted(america, on)));
        expect(new Set(all.map((each) => each.tallies)).size).toBe(8);
      });
    });
  });
});
