import { instant, oneOf, optional, personRef, readModel, recordId, required, type RowOf } from '@kernel';
import { lapsesAt, prepared, preparedBy, type ActEvent } from './act.events.js';

export const actState = oneOf('ActState', 'What has become of an act.', {
  PREPARED: 'It waits for a second person.',
  CARRIED_OUT: 'A second person approved it, and it is carried out.',
  WITHDRAWN: 'Somebody of the party took it back.',
  LAPSED: 'Nobody approved it in time.',
});

const row = {
  id: required(recordId, 'Id of the act.'),
  ...prepared,
  state: required(actState, 'What has become of it.'),
  preparedBy,
  preparedAt: required(instant, 'When.'),
  lapsesAt,
  approvedBy: optional(personRef, 'Reference of the second person.'),
};
export type ActRow = RowOf<typeof row>;

/** The commands of a party that take two persons: the party's alone. */
export const actsView = readModel<ActEvent, ActRow>({
  name: 'acts.acts',
  version: 1,
  of: row,
  node: {
    name: 'Act',
    description: 'A command that takes effect when a second person has approved it; known to its party alone.',
  },
  list: {
    name: 'acts',
    description: 'What people of your party have prepared for a second person, whatever has become of it.',
  },
  changed: 'Acts of your party, as they change.',
  filter: { state: 'What has become of them.', command: 'Which commands.', record: 'To which records.' },
  sort: ['preparedAt', 'lapsesAt'],
  on: {
    'acts.ActPrepared.v1': (_, { event, recordId: id, recordedAt: preparedAt }) => {
      const { roles: __, ...shown } = event.data;
      return { ...shown, id, state: 'PREPARED', preparedAt };
    },
    'acts.ActCarriedOut.v1': (before, { event: { data } }) => before && { ...before, ...data, state: 'CARRIED_OUT' },
    'acts.ActWithdrawn.v1': (before) => before && { ...before, state: 'WITHDRAWN' },
    'acts.ActLapsed.v1': (before) => before && { ...before, state: 'LAPSED' },
  },
});
