import { instant, party, readModel, recordId, required, flag, type RowOf } from '@kernel';
import { charter, type GroupEnded, type GroupFounded, type GroupPassedOn } from './group.events.js';

const row = {
  id: required(recordId, 'Id of the group: name it in a marking to release a record to the group.'),
  name: charter.name,
  purpose: charter.purpose,
  owner: required(party, 'The country that rules it and decides who is in: its founder, or whom it passed to.'),
  membersVisible: required(flag, 'Whether every member sees who the others are.'),
  foundedAt: required(instant, 'When it was founded.'),
};
export type GroupRow = RowOf<typeof row>;

/** The sharing groups, each as its marking says; left out, for its owner and its members. */
export const groupsView = readModel<GroupFounded | GroupPassedOn | GroupEnded, GroupRow>({
  name: 'access.groups',
  version: 1,
  of: row,
  node: {
    name: 'Group',
    description:
      'Countries that share among themselves. Shown as its marking says; left out, to its owner and its members.',
    marking: 'Who may know of it.',
  },
  list: {
    name: 'groups',
    description:
      'The sharing groups that you may see: as their markings say; left out, those that your country owns or is in.',
  },
  changed:
    'The sharing groups that you may see, as they change: their names and markings, and that you lose sight of them.',
  filter: { owner: 'Owners.' },
  sort: ['name', 'foundedAt'],
  on: {
    'access.GroupFounded.v1': (_, { event, recordId: id, recordedAt }) => {
      const { members: __, ...founded } = event.data;
      return { ...founded, id, owner: founded.marking.owner, foundedAt: recordedAt };
    },
    'access.GroupPassedOn.v1': (row, { event: { data } }) =>
      row && { ...row, owner: data.to, marking: { ...row.marking, owner: data.to } },
    'access.GroupEnded.v1': () => null,
  },
});
