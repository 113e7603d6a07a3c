import { instant, party, readModel, recordId, required, flag, type Marked, type Of } from '@kernel';
import { charter, type GroupFounded } from './group.events.js';

const row = {
  id: required(recordId, 'Id of the group: name it in a marking to release a record to the group.'),
  name: charter.name,
  purpose: charter.purpose,
  owner: required(party, 'The country that founded it and decides who is in.'),
  membersVisible: required(flag, 'Whether every member sees who the others are.'),
  foundedAt: required(instant, 'When it was founded.'),
};
export type GroupRow = Marked & Of<typeof row>;

/** The sharing groups, each as its marking says; left out, for its owner and its members. */
export const groupsView = readModel<GroupFounded, GroupRow>({
  name: 'access.groups',
  version: 1,
  of: row,
  node: {
    name: 'Group',
    description:
      'Countries that share among themselves. Shown as its marking says; left out, to its owner and its members.',
    marking: 'Who may know of it.',
  },
  filter: { owner: 'Owners.' },
  sort: ['name', 'foundedAt'],
  on: {
    'access.GroupFounded.v1': (_, { event, recordId: id, recordedAt }) => {
      const { members: __, ...founded } = event.data;
      return { ...founded, id, owner: founded.marking.owner, foundedAt: recordedAt };
    },
  },
});
