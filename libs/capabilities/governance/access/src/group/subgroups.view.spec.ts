import { describe, expect, it } from '@jest/globals';
import { recordId } from '@kernel';
import { JP, markedFor, NOW, RECORD, specifyView, US } from '@kernel/testing';
import { subgroupsView } from './subgroups.view.js';

const INNER = recordId('00000000-0000-5000-8000-000000000002');
const taken = { type: 'access.SubgroupAdmitted.v1', data: { group: INNER, owner: JP } } as const;
const gone = { type: 'access.SubgroupRemoved.v1', data: { group: INNER } } as const;
const key = `${RECORD}:${INNER}`;
const row = { group: RECORD, subgroup: INNER, admittedAt: NOW, marking: markedFor(JP, `group:${INNER}`) };
const list = specifyView(subgroupsView);

describe('The groups in a group', () => {
  it('are listed when taken in, for its owner and for the inner one', () => list.given(taken).thenRow(row, key));
  it('are off the list when taken out', () => {
    list.given(taken, gone).thenRow(null, key);
    list.given(taken, gone, taken).thenRow(row, key);
  });
  it('belong with the outer group to whom it passed to, and go with it', () => {
    const data = { from: JP, members: [US], subgroups: [INNER] };
    list
      .given(taken, { type: 'access.GroupPassedOn.v1', data: { ...data, to: US, membersVisible: false } })
      .thenRow({ ...row, marking: markedFor(US, `group:${INNER}`) }, key);
    list.given(taken, { type: 'access.GroupEnded.v1', data }).thenRow(null, key);
  });
  it('are shown to nobody who cannot see the outer one', () =>
    expect(subgroupsView.parent).toEqual({ view: 'access.groups', field: 'group' }));
});
