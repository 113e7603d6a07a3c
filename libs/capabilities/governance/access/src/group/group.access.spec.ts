import { describe, expect, it } from '@jest/globals';
import { commandsForClients, fold, platformFor, recordId, reject } from '@kernel';
import { EU, JP, markedFor, person, RECORD, secretariat, specify, US } from '@kernel/testing';
import type { GroupEvent } from './group.events.js';
import { groupRecordType } from './group.record.js';
import { membershipMarking } from './group-members.view.js';
import { subgroupMarking } from './subgroups.view.js';

const found = { type: 'FoundGroup', name: 'Gallium round', members: [US], membersVisible: false } as const;
const admit = { type: 'AdmitToGroup', id: RECORD, country: EU } as const;
const remove = { type: 'RemoveFromGroup', id: RECORD, country: US } as const;
const INNER = recordId('00000000-0000-5000-8000-000000000002');
const take = { type: 'AdmitSubgroup', id: RECORD, group: INNER } as const;
const out = { type: 'RemoveSubgroup', id: RECORD, group: INNER } as const;
const owned = markedFor(JP, `group:${RECORD}`);
const founded: GroupEvent = {
  type: 'access.GroupFounded.v1',
  data: { name: 'Gallium round', members: [US], membersVisible: false, marking: owned },
};
const passed: GroupEvent = {
  type: 'access.GroupPassedOn.v1',
  data: { from: JP, to: US, membersVisible: false, members: [US], subgroups: [] },
};
const { mayIssue, mayAct } = specify(groupRecordType);

describe('A group', () => {
  it('is founded by a delegate in the own country’s name', () => {
    expect(mayIssue(found, person(JP, 'DELEGATE'))).toBe(true);
    expect(mayIssue({ ...found, country: JP }, person(JP, 'DELEGATE'))).toBe(true);
    expect(mayIssue({ ...found, country: US }, person(JP, 'DELEGATE'))).toBe(false);
  });
  it.each([found, admit, remove, take, out])('is not the business of others: $type', (command) => {
    for (const who of [person(JP, 'LIAISON'), person(JP, 'APPROVER'), secretariat, person(null, 'AUDITOR')]) {
      expect(mayIssue(command, who)).toBe(false);
    }
    expect(mayIssue(command, { ...person(JP, 'DELEGATE'), country: null })).toBe(false);
  });
  it.each([admit, remove, take, out])('is changed by a delegate of its owner only: $type', (command) => {
    expect(mayIssue(command, person(JP, 'DELEGATE'))).toBe(true);
    expect(mayAct(command, person(JP, 'DELEGATE'), [founded], owned)).toBe(true);
    expect(mayAct(command, person(US, 'DELEGATE'), [founded], owned)).toBe(false);
    expect(mayAct(command, person(JP, 'LIAISON'), [founded], owned)).toBe(false);
  });
  it.each([admit, remove, take, out])('is changed by whom it passed to, and not by its founder: $type', (command) => {
    expect(mayAct(command, person(US, 'DELEGATE'), [founded, passed], owned)).toBe(true);
    expect(mayAct(command, person(JP, 'DELEGATE'), [founded, passed], owned)).toBe(false);
  });
  it('belongs to whom it passed to', () => {
    const { access, decider } = groupRecordType;
    expect(access.markingIn?.(fold(decider, [founded]), owned)).toEqual(owned);
    expect(access.markingIn?.(fold(decider, [founded, passed]), owned)).toEqual({ ...owned, owner: US });
    expect(access.markingIn?.(null, owned)).toEqual(owned);
  });
  it('is passed on by the platform alone', () => {
    const note = { type: 'NoteDepartures', id: RECORD, left: [JP], outside: [] } as const;
    for (const who of [person(JP, 'DELEGATE'), person(US, 'DELEGATE'), secretariat]) {
      expect(mayIssue(note, who)).toBe(false);
      expect(mayAct(note, who, [founded], owned)).toBe(false);
    }
    expect(mayIssue(note, platformFor(JP))).toBe(true);
    expect(mayAct(note, platformFor(JP), [founded], owned)).toBe(true);
    expect(commandsForClients(groupRecordType).map(({ type }) => type)).not.toContain('NoteDepartures');
  });
  it.each([admit, remove, take, out])('is not ruled by a country that has left the alliance: $type', (command) =>
    expect(mayIssue(command, { ...person(JP, 'DELEGATE'), isMember: false, hasLeft: true })).toBe(false),
  );
  it('is released to its own members', () =>
    expect(groupRecordType.defaultMarking?.(found, RECORD)).toEqual({ releaseTo: [`group:${RECORD}`] }));
  it('is a new record when founded, and the one named afterwards', () => {
    expect(groupRecordType.targetOf(found, JP)).toEqual({ fresh: true });
    expect(groupRecordType.targetOf(admit, JP)).toEqual({ id: RECORD });
    expect(groupRecordType.targetOf(remove, JP)).toEqual({ id: RECORD });
  });
});

describe('A group in a group', () => {
  it('is one that whoever takes it in may see', () => {
    expect(groupRecordType.refersTo?.(take)).toEqual([
      { category: 'group', at: { id: INNER }, missing: reject('GROUPS.UNKNOWN_SUBGROUP', { field: 'group' }) },
    ]);
    expect(groupRecordType.refersTo?.(out)).toEqual([]);
  });
  it('is known to the owner of the outer one and to the inner one, and to nobody else in the outer one', () =>
    expect(subgroupMarking(INNER, JP)).toEqual(markedFor(JP, `group:${INNER}`)));
});

describe('That a country is in a group', () => {
  it('is known to the owner and that country', () =>
    expect(membershipMarking(RECORD, US, { owner: JP, membersVisible: false })).toEqual(
      markedFor(JP, `country:${US}`),
    ));
  it('is known to the whole group where its members see each other', () =>
    expect(membershipMarking(RECORD, US, { owner: JP, membersVisible: true })).toEqual(owned));
  it('is known to the whole group of its owner', () =>
    expect(membershipMarking(RECORD, JP, { owner: JP, membersVisible: false })).toEqual(owned));
});
