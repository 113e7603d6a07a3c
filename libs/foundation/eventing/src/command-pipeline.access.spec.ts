import { EventStoreDbEventStore } from '@adapters/event-store-db';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  accept,
  instant,
  ownerAlone,
  partyOf,
  reject,
  defineRecordType,
  type AnyRecordType,
  type Audience,
  type Capability,
  type Command,
  type DomainEvent,
  type Instant,
  type Marked,
  type Marking,
  type MarkingRequest,
  type Principal,
  type RecordId,
} from '@kernel';
import { EU, JP, NOW, person, US } from '@kernel/testing';
import { startEventStore, type StartedEventStore } from '../../../../test/support/event-store.js';
import { Untold } from '../../../../test/support/untold.js';
import { CommandPipeline } from './command-pipeline.js';
import type { Outcome } from './outcome.js';
import { EventStore } from './event-store.js';
import { newId } from './identifiers.js';

/* Boxes that are made, or called by a name; lids, each a part of a box; and labels, of another capability, which name
   boxes. Everybody may issue what there is; what is there, its owner alone may act on. */
type Made = DomainEvent<'things.Made.v1', Marked & { of: RecordId | null }>;
type Turned = DomainEvent<'things.Turned.v1', Record<never, never>>;
type Thing = { of: RecordId | null; isTurned: boolean };
type ThingCommand =
  | { type: 'Make'; of?: RecordId; marking?: MarkingRequest }
  | { type: 'Call'; name: string; marking?: MarkingRequest }
  | { type: 'Turn'; id: RecordId };
const thing = (category: string, more: Partial<AnyRecordType> = {}): AnyRecordType =>
  defineRecordType<ThingCommand, Made | Turned, Thing, string>({
    category,
    rejections: {},
    notFound: 'THINGS.NOT_FOUND',
    targetOf: (command) =>
      command.type === 'Make'
        ? { fresh: true }
        : command.type === 'Call'
          ? { key: command.name, mayCreate: true }
          : { id: command.id },
    access: { mayIssue: () => true, mayAct: (_, who, __, { owner }) => partyOf(who) === owner },
    decider: {
      initial: { of: null, isTurned: false },
      evolve: (state, event) =>
        event.type === 'things.Made.v1' ? { of: event.data.of, isTurned: false } : { ...state, isTurned: true },
      decide: (command, state, { marking }) =>
        command.type === 'Turn'
          ? state.isTurned
            ? accept()
            : accept<Made | Turned>({ type: 'things.Turned.v1', data: {} })
          : accept<Made | Turned>({
              type: 'things.Made.v1',
              data: { marking, of: (command.type === 'Make' && command.of) || null },
            }),
    },
    ...more,
  });
const ofBox = (of: RecordId | undefined) =>
  of === undefined
    ? []
    : [
        {
          category: 'box',
          at: { id: of },
          missing: reject('THINGS.NO_BOX'),
          rejectIf: ((box: Thing) => (box.isTurned ? reject('THINGS.TURNED') : null)) as never,
        },
      ];
const boxes = thing('box');
const lids = thing('lid', { parentOf: (lid: Thing) => lid.of && { category: 'box', at: { id: lid.of } } });
const labels = thing('label', { refersTo: (command: ThingCommand) => ofBox('of' in command ? command.of : undefined) });
/** Anybody may turn one, and then it is its owner's alone. */
const crates = thing('crate', {
  access: {
    mayIssue: () => true,
    mayAct: () => true,
    markingIn: ({ isTurned }: Thing, marking: Marking) => (isTurned ? ownerAlone(marking) : marking),
  },
});
const packing: Capability = { name: 'packing', recordTypes: [boxes, lids, crates], events: [], views: [] };
const writing: Capability = { name: 'writing', recordTypes: [labels], events: [], views: [] };

const [japan, colleague] = [person(JP, 'DELEGATE', 'a'), person(JP, 'DELEGATE', 'b')];
const america = person(US, 'DELEGATE');
const forAmerica = { releaseTo: ['country:US' as Audience] };
const forMembers: MarkingRequest = { releaseTo: ['MEMBERS'] };
const UNSEEN = 'group:00000000-0000-5000-8000-00000000000e' as Audience;
const after = instant('2026-06-01T10:00:00.000Z');

let server: StartedEventStore;
let store: EventStoreDbEventStore;
/** So that what the record gateway would refuse by itself is refused without it, too. */
let untold: EventStore;
let now: Instant;
let pipeline: CommandPipeline;
beforeAll(async () => {
  server = await startEventStore();
  store = new EventStoreDbEventStore(server.url);
  untold = new Untold(store);
});
afterAll(async () => {
  await store?.close();
  await server?.stop();
});
beforeEach(() => {
  now = NOW;
  pipeline = new CommandPipeline(untold, [packing, writing], () => now);
});

const give = (who: Principal, of: AnyRecordType, command: ThingCommand | Command): Promise<Outcome> =>
  pipeline.issue({ recordType: of, command, who, commandId: newId(), correlationId: 'c' });
const made = async (who: Principal, of: AnyRecordType, marking: MarkingRequest, box?: RecordId): Promise<RecordId> => {
  const outcome = await give(who, of, { type: 'Make', marking, ...(box && { of: box }) });
  if (outcome.accepted !== true) throw new Error(JSON.stringify(outcome));
  return outcome.recordId;
};
const turn = (id: RecordId): ThingCommand => ({ type: 'Turn', id });
const code = (outcome: Outcome): string | null => (outcome.accepted ? null : outcome.code);
const absent = async (of: AnyRecordType, who = america): Promise<Outcome> => give(who, of, turn(newId() as RecordId));

describe('A command', () => {
  it('is given by nobody who acts for no party, whatever its kind allows', async () =>
    expect(code(await give(person(null, ['AUDITOR', 'OBSERVER']), boxes, { type: 'Make' }))).toBe('ACCESS.DENIED'));

  it('acts on what its kind lets that person act on', async () => {
    const id = await made(japan, boxes, forMembers);
    expect(code(await give(america, boxes, turn(id)))).toBe('ACCESS.DENIED');
    expect(code(await give(colleague, boxes, turn(id)))).toBeNull();
  });

  it('names only what is in a state to be named', async () => {
    const id = await made(japan, boxes, forMembers);
    expect(code(await give(america, labels, { type: 'Make', of: id }))).toBeNull();
    await give(japan, boxes, turn(id));
    pipeline = new CommandPipeline(untold, [packing, writing], () => now);
    expect(code(await give(america, labels, { type: 'Make', of: id }))).toBe('THINGS.TURNED');
  });

  it('is refused without a name where the name is one of something hidden', async () => {
    const name = newId();
    expect(code(await give(japan, boxes, { type: 'Call', name }))).toBeNull();
    expect(code(await give(america, boxes, { type: 'Call', name }))).toBe('ACCESS.DENIED');
    const shown = newId();
    expect(code(await give(japan, boxes, { type: 'Call', name: shown, marking: forMembers }))).toBeNull();
    expect(code(await give(america, boxes, { type: 'Call', name: shown }))).toBe('ACCESS.DENIED');
  });
});

describe('A commandId', () => {
  it('stands for one command, on every node', async () => {
    const id = await made(japan, boxes, forMembers);
    const commandId = newId();
    const under = (command: Command): Promise<Outcome> =>
      pipeline.issue({ recordType: boxes, command, who: japan, commandId, correlationId: 'c' });
    const first = await under(turn(id));
    const other = { type: 'ChangeMarking', id, reason: 'agreed' } as Command;
    for (let node = 0; node < 2; node++) {
      expect(code(await under(other))).toBe('COMMAND.ID_REUSED');
      expect(await under(turn(id))).toEqual(first);
      pipeline = new CommandPipeline(untold, [packing, writing], () => now);
    }
  });
});

/** The store, with a note of what is read of it. */
class Counted extends EventStore {
  readonly reads: string[] = [];
  events = 0;
  async *read(...of: Parameters<EventStore['read']>): ReturnType<EventStore['read']> {
    this.reads.push('all');
    for await (const event of store.read(...of)) {
      this.events++;
      yield event;
    }
  }
  last: EventStore['last'] = (...of) => {
    this.reads.push('last');
    return store.last(...of);
  };
  append: EventStore['append'] = (...of) => store.append(...of);
  follow: EventStore['follow'] = (...of) => store.follow(...of);
}

describe('A record', () => {
  /** What each way to name a record makes a node read that knows of nothing, or of what it has just done. */
  const readFor = async (id: RecordId, knows: (node: CommandPipeline) => Promise<unknown>) => {
    const reads: unknown[] = [];
    for (const ask of [
      () => give(america, boxes, turn(id)),
      () => give(america, boxes, { type: 'ChangeMarking', id, reason: 'x', marking: forMembers } as Command),
      () => give(america, boxes, { type: 'RequestErasure', id, basis: 'law' } as Command),
      () => give(america, labels, { type: 'Make', of: id } as Command),
    ]) {
      const counted = new Counted();
      pipeline = new CommandPipeline(counted, [packing, writing], () => now);
      await knows(pipeline);
      counted.reads.length = counted.events = 0;
      await ask();
      reads.push({ reads: [...counted.reads], events: counted.events });
    }
    return reads;
  };
  const long = async (marking: MarkingRequest): Promise<RecordId> => {
    const id = await made(japan, boxes, marking);
    for (let times = 0; times < 20; times++)
      await give(japan, boxes, {
        type: 'ChangeMarking',
        id,
        reason: `${times}`,
        marking: { ...marking, expiresAt: times % 2 ? after : undefined },
      } as Command);
    return id;
  };

  it('costs one event where it is hidden, however long it is, as where it is absent, acted on or named', async () => {
    const ofAbsent = await readFor(newId() as RecordId, async () => {});
    expect(ofAbsent.slice(0, 3)).toEqual(Array(3).fill({ reads: ['last'], events: 0 }));
    for (const hidden of [await made(japan, boxes, {}), await long({})]) {
      expect(await readFor(hidden, async () => {})).toEqual(ofAbsent);
      const turned = () => give(japan, boxes, turn(hidden));
      expect(await readFor(hidden, turned)).toEqual(ofAbsent);
    }
  });

  it('costs the same where what it is now, and not its marking, hides it', async () => {
    const ofAbsent = await readFor(newId() as RecordId, async () => {});
    const crate = await made(japan, crates, forMembers);
    await give(japan, crates, turn(crate));
    const turned = new Counted();
    pipeline = new CommandPipeline(turned, [packing, writing], () => now);
    expect(await give(america, crates, turn(crate))).toEqual(await absent(crates));
    expect(turned).toMatchObject({ reads: ['last', 'last'], events: 0 });
    const shut = await made(japan, boxes, forMembers);
    await give(japan, boxes, { type: 'RequestErasure', id: shut, basis: 'law' } as Command);
    await give(colleague, boxes, { type: 'ApproveErasure', id: shut } as Command);
    expect(await readFor(shut, async () => {})).toEqual(ofAbsent);
    const closing = await made(japan, boxes, { ...forAmerica, expiresAt: now });
    expect(await readFor(closing, async () => {})).toEqual(ofAbsent);
  });

  it('is answered of as before to the party that has acted on it, though it is hidden from it now', async () => {
    const id = await made(japan, crates, forMembers);
    const commandId = newId();
    const turned = (): Promise<Outcome> =>
      pipeline.issue({ recordType: crates, command: turn(id), who: america, commandId, correlationId: 'c' });
    const first = await turned();
    expect(code(first)).toBeNull();
    pipeline = new CommandPipeline(store, [packing, writing], () => now);
    expect(await turned()).toEqual(first);
    expect(await give(america, crates, turn(id))).toEqual(await absent(crates));
  });

  it('is there for others from the end of its embargo to its expiry', async () => {
    const opening = await made(japan, boxes, { ...forAmerica, embargoUntil: after });
    const closing = await made(japan, boxes, { ...forAmerica, expiresAt: after });
    const answers = async () => [await give(america, boxes, turn(opening)), await give(america, boxes, turn(closing))];
    const nothing = await absent(boxes);
    expect(nothing).toMatchObject({ code: 'THINGS.NOT_FOUND' });
    const [before, open] = await answers();
    expect([before, code(open!)]).toEqual([nothing, 'ACCESS.DENIED']);
    now = after;
    const [opened, closed] = await answers();
    expect([code(opened!), closed]).toEqual(['ACCESS.DENIED', nothing]);
  });

  it('that was erased is not there any more, for its owner either', async () => {
    const id = await made(japan, boxes, forMembers);
    await give(japan, boxes, { type: 'RequestErasure', id, basis: 'law' } as Command);
    expect(await give(colleague, boxes, { type: 'ApproveErasure', id } as Command)).toMatchObject({ accepted: true });
    expect(await give(japan, boxes, turn(id))).toEqual(await absent(boxes, japan));
    expect(code(await give(japan, labels, { type: 'Make', of: id }))).toBe('THINGS.NO_BOX');
  });

  it('that is a part is not there where its whole is hidden, save for its owner', async () => {
    const hidden = await made(japan, boxes, {});
    const part = await made(japan, lids, forMembers, hidden);
    expect(await give(america, lids, turn(part))).toEqual(await absent(lids));
    const own = await made(america, lids, {}, hidden);
    expect(code(await give(america, lids, turn(own)))).toBeNull();
  });

  it('that is nobody’s to see leaves no gap in what others are told', async () => {
    const id = await made(japan, boxes, forMembers);
    await give(japan, boxes, { type: 'ChangeMarking', id, reason: 'agreed', marking: forAmerica } as Command);
    expect(await give(japan, boxes, turn(id))).toMatchObject({ accepted: true, revision: 1n });
  });
});

describe('A marking', () => {
  it.each<[string, MarkingRequest]>([
    ['ACCESS.DENIED', { owner: JP }],
    ['MARKING.HANDLING_CONFLICT', { releaseTo: ['PUBLIC'], handling: 'AMBER' }],
    ['MARKING.HANDLING_CONFLICT', { displayOnlyTo: ['MEMBERS'], handling: 'RED' }],
    ['MARKING.CONTRADICTION', { ...forMembers, denyTo: ['country:US' as Audience] }],
    ['MARKING.CONTRADICTION', { ...forMembers, embargoUntil: after, expiresAt: after }],
    ['MARKING.UNKNOWN_AUDIENCE', { releaseTo: [UNSEEN] }],
    ['MARKING.UNKNOWN_AUDIENCE', { ...forMembers, denyTo: [UNSEEN] }],
  ])('is refused with %s: %j', async (rejection, marking) =>
    expect(code(await give(america, boxes, { type: 'Make', marking }))).toBe(rejection),
  );
});

describe('Under a mandate', () => {
  const acting = (subjects: readonly string[], mayCommand = true): Principal => ({
    ...person(JP, 'DELEGATE'),
    mandate: { id: newId() as RecordId, delegate: EU, subjects, mayCommand },
  });

  it('commands are given where it allows them, and in its subjects', async () => {
    expect(code(await give(acting(['packing']), boxes, { type: 'Make' }))).toBeNull();
    expect(code(await give(acting(['packing'], false), boxes, { type: 'Make' }))).toBe('ACCESS.DENIED');
    expect(code(await give(acting(['writing']), boxes, { type: 'Make' }))).toBe('ACCESS.DENIED');
  });

  it('a command names of other subjects only what is public', async () => {
    const own = await made(japan, boxes, forMembers);
    const open = await made(japan, boxes, { releaseTo: ['PUBLIC'] });
    const label = (of: RecordId, subjects: readonly string[]) => give(acting(subjects), labels, { type: 'Make', of });
    expect(code(await label(own, ['writing']))).toBe('THINGS.NO_BOX');
    expect(code(await label(own, ['writing', 'packing']))).toBeNull();
    expect(code(await label(open, ['writing']))).toBeNull();
  });
});
