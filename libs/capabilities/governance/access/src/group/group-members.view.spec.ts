import { describe, expect, it } from '@jest/globals';
import { EU, JP, markedFor, NOW, RECORD, specifyView, US } from '@kernel/testing';
import type { AdmittedToGroup, GroupFounded, GroupPassedOn, RemovedFromGroup } from './group.events.js';
import { groupMembersView } from './group-members.view.js';

const group = `group:${RECORD}` as const;
const founded = (membersVisible: boolean): GroupFounded => ({
  type: 'access.GroupFounded.v1',
  data: { name: 'Gallium round', members: [US], membersVisible, marking: markedFor(JP, group) },
});
const admitted = (membersVisible: boolean): AdmittedToGroup => ({
  type: 'access.AdmittedToGroup.v1',
  data: { country: EU, owner: JP, membersVisible },
});
const removed: RemovedFromGroup = { type: 'access.RemovedFromGroup.v1', data: { country: US } };
const keyOf = (country: string) => `${RECORD}:${country}`;
const row = (country: typeof US, releaseTo: typeof group | `country:${typeof US}`) => ({
  group: RECORD,
  country,
  admittedAt: NOW,
  marking: markedFor(JP, releaseTo),
});
const list = specifyView(groupMembersView);

describe('The members of a group', () => {
  it('are listed from its founding, its owner among them', () => {
    list.given(founded(false)).thenRow(row(JP, group), keyOf('JP'));
    list.given(founded(false)).thenRow(row(US, `country:${US}`), keyOf('US'));
    list.given(founded(false)).thenRow(null, keyOf('EU'));
  });
  it('are listed when admitted', () =>
    list.given(founded(false), admitted(false)).thenRow(row(EU, `country:${EU}`), keyOf('EU')));
  it('are shown to the whole group where it says so', () => {
    list.given(founded(true), admitted(true)).thenRow(row(US, group), keyOf('US'));
    list.given(founded(true), admitted(true)).thenRow(row(EU, group), keyOf('EU'));
  });
  it('are off the list when removed, and the others stay', () => {
    list.given(founded(false), admitted(false), removed).thenRow(null, keyOf('US'));
    list.given(founded(false), admitted(false), removed).thenRow(row(EU, `country:${EU}`), keyOf('EU'));
  });
  it('are shown to nobody who cannot see the group', () =>
    expect(groupMembersView.parent).toEqual({ view: 'access.groups', field: 'group' }));
  it.each([true, false])('belong with the group to whom it passed to, without who has left: %s', (membersVisible) => {
    const passed: GroupPassedOn = {
      type: 'access.GroupPassedOn.v1',
      data: { from: JP, to: US, membersVisible, members: [US, EU], subgroups: [] },
    };
    const given = list.given(founded(membersVisible), admitted(membersVisible), passed);
    given.thenRow(null, keyOf('JP'));
    given.thenRow({ ...row(US, group), marking: markedFor(US, group) }, keyOf('US'));
    given.thenRow({ ...row(EU, group), marking: markedFor(US, membersVisible ? group : `country:${EU}`) }, keyOf('EU'));
  });
  it('has among them whom it passed to though it was not', () =>
    list
      .given(founded(false), {
        type: 'access.GroupPassedOn.v1',
        data: { from: JP, to: EU, membersVisible: false, members: [US], subgroups: [] },
      })
      .thenRow({ ...row(EU, group), marking: markedFor(EU, group) }, keyOf('EU')));
  it('are nobody once it has ended', () => {
    const given = list.given(founded(false), {
      type: 'access.GroupEnded.v1',
      data: { from: JP, members: [US], subgroups: [] },
    });
    given.thenRow(null, keyOf('JP'));
    given.thenRow(null, keyOf('US'));
  });
});
