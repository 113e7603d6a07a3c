import { describe, it } from '@jest/globals';
import { JP, markedFor, NOW, RECORD, specifyView, US } from '@kernel/testing';
import type { GroupFounded } from './group.events.js';
import { groupsView } from './groups.view.js';

const marking = markedFor(JP, `group:${RECORD}`);

const founded: GroupFounded = {
  type: 'access.GroupFounded.v1',
  data: { name: 'Gallium round', members: [US], membersVisible: false, marking },
};

describe('The list of groups', () => {
  it('names whom a group passed to, and it is that one’s', () =>
    specifyView(groupsView)
      .given(founded, {
        type: 'access.GroupPassedOn.v1',
        data: { from: JP, to: US, membersVisible: false, members: [US], subgroups: [] },
      })
      .thenRow({
        ...{ id: RECORD, name: 'Gallium round', owner: US, membersVisible: false, foundedAt: NOW },
        marking: { ...marking, owner: US },
      }));
  it('does not name a group that has ended', () =>
    specifyView(groupsView)
      .given(founded, { type: 'access.GroupEnded.v1', data: { from: JP, members: [], subgroups: [] } })
      .thenRow(null));

  it('names the group and its owner, and no member', () =>
    specifyView(groupsView)
      .given({
        type: 'access.GroupFounded.v1',
        data: { name: 'Gallium round', purpose: 'joint offtake', members: [US], membersVisible: false, marking },
      })
      .thenRow({
        id: RECORD,
        name: 'Gallium round',
        purpose: 'joint offtake',
        owner: JP,
        membersVisible: false,
        foundedAt: NOW,
        marking,
      }));
});
