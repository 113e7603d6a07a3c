import { describe, expect, it } from '@jest/globals';
import { country, recordId, type CountryCode, type RecordId } from '@kernel';
import { EU, JP, markedFor, RECORD, US } from '@kernel/testing';
import type { GroupEvent } from './group.events.js';
import { departuresFrom, noGroups, noteDeparture, noteInGroup, type GroupRegister } from './group.register.js';

const AU = country('AU');
const INNER = recordId('00000000-0000-5000-8000-000000000002');
const INNERMOST = recordId('00000000-0000-5000-8000-000000000003');

type Step = readonly [GroupEvent, RecordId] | CountryCode;
const founded = (id: RecordId, owner: CountryCode, ...members: CountryCode[]): Step => [
  { type: 'access.GroupFounded.v1', data: { name: 'G', members, membersVisible: false, marking: markedFor(owner) } },
  id,
];
const entered = (one: CountryCode, id = RECORD): Step => [
  { type: 'access.AdmittedToGroup.v1', data: { country: one, owner: JP, membersVisible: false } },
  id,
];
const removed = (one: CountryCode, id = RECORD): Step => [
  { type: 'access.RemovedFromGroup.v1', data: { country: one } },
  id,
];
const taken = (group: RecordId, id = RECORD): Step => [
  { type: 'access.SubgroupAdmitted.v1', data: { group, owner: JP } },
  id,
];
const passed = (from: CountryCode, to: CountryCode, ...members: CountryCode[]): Step => [
  { type: 'access.GroupPassedOn.v1', data: { from, to, membersVisible: false, members, subgroups: [] } },
  RECORD,
];
const ended = (from: CountryCode, members: CountryCode[], subgroups: RecordId[] = []): Step => [
  { type: 'access.GroupEnded.v1', data: { from, members, subgroups } },
  RECORD,
];

/** Facts of groups, and countries as they leave the alliance. */
const after = (...steps: Step[]): GroupRegister => {
  const register = noGroups();
  for (const step of steps)
    if (typeof step === 'string') noteDeparture(register, step);
    else noteInGroup(register, ...step);
  return register;
};
const due = (register: GroupRegister, id = RECORD, left: readonly CountryCode[] = []) =>
  departuresFrom(register, new Set(left), id);

describe('What is to be noted in a group', () => {
  it('is nothing as long as nobody leaves the alliance', () => {
    expect(due(after(founded(RECORD, JP, US)))).toBeNull();
    expect(due(after())).toBeNull();
  });

  it('is who has left it with the alliance, the country that rules it and any other', () => {
    expect(due(after(founded(RECORD, JP, US, EU), JP), RECORD, [JP])).toEqual({
      who: expect.objectContaining({ country: JP, audiences: [`country:${JP}`, `country:${US}`, `country:${EU}`] }),
      command: { type: 'NoteDepartures', id: RECORD, left: [JP], outside: [] },
    });
    expect(due(after(founded(RECORD, JP, US, EU), EU))?.command.left).toEqual([EU]);
  });

  it('is nothing in groups that the country was not in', () =>
    expect(due(after(founded(RECORD, JP, US), founded(INNER, EU), EU))).toBeNull());

  it('stays to be noted though the country comes back to the alliance: its groups do not come back by themselves', () => {
    const register = after(founded(RECORD, JP, US), JP);
    expect(due(register, RECORD, [])?.command.left).toEqual([JP]);
    expect(register.groupsOf.get(JP)).toEqual(new Set());
  });

  it('is nothing any more once it is noted, whatever node did', () => {
    expect(due(after(founded(RECORD, JP, US), JP, passed(JP, US, US)))).toBeNull();
    expect(due(after(founded(RECORD, JP, US), US, removed(US)))).toBeNull();
    expect(due(after(founded(RECORD, JP), JP, ended(JP, [])))).toBeNull();
  });

  it('says who of the group had left the alliance before it came: such a country rules nothing', () =>
    expect(due(after(founded(RECORD, JP), EU, entered(EU), JP), RECORD, [EU, JP])?.command.outside).toEqual([EU]));

  it.each<[string, Step[], CountryCode[], CountryCode | undefined]>([
    ['its ruler', [founded(INNER, US), taken(INNER), JP], [JP], US],
    [
      'the oldest that has one',
      [founded(INNER, JP), founded(INNERMOST, AU), taken(INNER), taken(INNERMOST), JP],
      [JP],
      AU,
    ],
    ['whom it passes to itself', [founded(INNER, JP, EU, US), taken(INNER), JP], [JP], EU],
    [
      'a group in it',
      [founded(INNER, JP), founded(INNERMOST, US), taken(INNER), taken(INNERMOST, INNER), JP],
      [JP],
      US,
    ],
    [
      'nobody, of whom came when they had left',
      [founded(INNER, US), EU, entered(EU, INNER), taken(INNER), US, JP],
      [EU, US, JP],
      undefined,
    ],
    ['nobody, in a circle', [founded(INNER, JP), taken(INNER), taken(RECORD, INNER), JP], [JP], undefined],
  ])('names for a group without countries, of a group in it, %s', (_, steps, left, ruler) =>
    expect(due(after(founded(RECORD, JP), ...steps), RECORD, left)?.command.otherwise).toBe(ruler),
  );
});

describe('A group that passed on', () => {
  it('is left by the country that ruled it, and has the one in it that rules it', () => {
    const { groupsOf } = after(founded(RECORD, JP), founded(INNER, US), taken(INNER), JP, passed(JP, US));
    expect(groupsOf.get(JP)).toEqual(new Set());
    expect(groupsOf.get(US)).toEqual(new Set([INNER, RECORD]));
  });

  it('is left by it also where nobody knows that it has left the alliance', () =>
    expect(after(founded(RECORD, JP, US), passed(JP, US, US)).groupsOf.get(JP)).toEqual(new Set()));

  it('is in by nobody once it has ended, not through groups in it either', () => {
    const steps = [founded(RECORD, JP), entered(EU), founded(INNER, US), taken(INNER)];
    const { groupsOf } = after(...steps, JP, ended(JP, [EU], [INNER]));
    expect([JP, EU, US].map((each) => [...(groupsOf.get(each) ?? [])])).toEqual([[], [], [INNER]]);
  });
});
