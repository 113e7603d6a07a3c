import { view, type Instant, type Marked, type Party, type RecordId } from '@kernel';
import type { GroupFounded } from './group.events.js';

export type GroupRow = Marked & {
  readonly id: RecordId;
  readonly name: string;
  readonly purpose?: string;
  readonly owner: Party;
  readonly membersVisible: boolean;
  readonly foundedAt: Instant;
};

/** The sharing groups, each as its marking says; left out, for its owner and its members. */
export const groupsView = view<GroupFounded, GroupRow>({
  name: 'access.groups',
  version: 1,
  events: ['access.GroupFounded.v1'],
  fields: {
    owner: { kind: 'text', filter: true },
    name: { kind: 'text', sort: true },
    foundedAt: { kind: 'text', sort: true },
  },
  project: (_, { event, recordId, recordedAt }) => {
    const { members: __, ...charter } = event.data;
    return { ...charter, id: recordId, owner: charter.marking.owner, foundedAt: recordedAt };
  },
});
