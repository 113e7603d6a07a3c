import {
  instant,
  readModel,
  recordId,
  required,
  usualHandling,
  type Marking,
  type Party,
  type RecordId,
  type RowOf,
} from '@kernel';
import {
  groupAudience,
  type GroupEnded,
  type GroupPassedOn,
  type SubgroupAdmitted,
  type SubgroupRemoved,
} from './group.events.js';

const admittedAt = required(instant, 'When it was taken in.');
const row = {
  group: required(recordId, 'Id of the outer group.'),
  subgroup: required(recordId, 'Id of the inner group.'),
  admittedAt,
};
export type SubgroupRow = RowOf<typeof row>;

/** Which group is in which: for the outer one's owner, and for whoever is in the inner one. */
export const subgroupsView = readModel<SubgroupAdmitted | SubgroupRemoved | GroupPassedOn | GroupEnded, SubgroupRow>({
  name: 'access.subgroups',
  version: 1,
  of: row,
  node: {
    name: 'Subgroup',
    description: 'A group in another sharing group.',
    of: { id: row.subgroup, admittedAt },
    show: ({ subgroup, ...inner }) => ({ ...inner, id: subgroup }),
  },
  nested: {
    name: 'subgroups',
    description:
      'The groups in it, of those that you may know to be: all for its owner, otherwise those that you are in.',
    most: 10_000,
  },
  filter: {},
  internal: ['group'],
  sort: [],
  parent: { view: 'access.groups', field: 'group' },
  keysOf: ({ event: { data }, recordId: outer }) =>
    ('subgroups' in data ? data.subgroups : [data.group]).map((inner) => `${outer}:${inner}`),
  on: {
    'access.SubgroupAdmitted.v1': (_, { event: { data }, recordId: group, recordedAt }) => ({
      group,
      subgroup: data.group,
      admittedAt: recordedAt,
      marking: subgroupMarking(data.group, data.owner),
    }),
    'access.SubgroupRemoved.v1': () => null,
    'access.GroupPassedOn.v1': (row, { event: { data } }) =>
      row && { ...row, marking: subgroupMarking(row.subgroup, data.to) },
    'access.GroupEnded.v1': () => null,
  },
});

/**
 * Who may know that a group is in another: the owner of the outer one, and the inner one. Whether the members of the
 * outer group see each other does not matter here, because the inner one's existence is no business of theirs.
 */
export const subgroupMarking = (inner: RecordId, owner: Party): Marking => {
  const releaseTo = [groupAudience(inner)];
  return { owner, releaseTo, handling: usualHandling(releaseTo) };
};
