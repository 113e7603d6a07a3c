import { describe, it } from '@jest/globals';
import { JP, markedFor, NOW, RECORD, specifyView, US } from '@kernel/testing';
import { groupsView } from './groups.view.js';

const marking = markedFor(JP, `group:${RECORD}`);

describe('The list of groups', () => {
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
