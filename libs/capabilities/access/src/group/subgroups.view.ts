import { view, type Instant, type Marked, type RecordId } from '@kernel';
import { subgroupMarking } from './group.access.js';
import type { SubgroupAdmitted, SubgroupRemoved } from './group.events.js';

export type SubgroupRow = Marked & {
  readonly group: RecordId;
  readonly subgroup: RecordId;
  readonly admittedAt: Instant;
};

/** Which group is in which: for the outer one's owner, and for whoever is in the inner one. */
export const subgroupsView = view<SubgroupAdmitted | SubgroupRemoved, SubgroupRow>({
  name: 'access.subgroups',
  version: 1,
  events: ['access.SubgroupAdmitted.v1', 'access.SubgroupRemoved.v1'],
  fields: { group: { kind: 'text', filter: true } },
  within: { view: 'access.groups', field: 'group' },
  keysOf: ({ event, recordId }) => [`${recordId}:${event.data.group}`],
  project: (_, { event, recordId: group, recordedAt: admittedAt }) => {
    if (event.type === 'access.SubgroupRemoved.v1') return null;
    const { group: subgroup, owner } = event.data;
    return { group, subgroup, admittedAt, marking: subgroupMarking(subgroup, owner) };
  },
});
