import {
  instant,
  nullable,
  optional,
  party,
  readModel,
  recordId,
  required,
  rowKey,
  text,
  value,
  type RowOf,
} from '@kernel';
import { recallCause, type RecallAcknowledged, type RecallIssued } from './reading.events.js';

/** Kept as a word, so that lists can be asked for it. */
const isAcknowledged = value('Boolean', 'text', (given: boolean) => (given ? 'YES' : 'NO'));

const shown = {
  id: required(recordId, 'Id of the notice.'),
  record: required(rowKey, 'Id of the record.'),
  kind: required(text(200), 'The list that it stood in, such as projects.projects.'),
  owner: required(party, 'Whose record it is.'),
  reader: nullable(party, 'Who had read it.'),
  cause: required(recallCause, 'Why.'),
  issuedAt: required(instant, 'Since when.'),
  acknowledgedAt: optional(instant, 'When the reader acknowledged it.'),
  note: optional(text(2000), 'What the reader says that it did about its copies.'),
};
const row = { ...shown, acknowledged: required(isAcknowledged, 'Whether the reader has acknowledged it.') };
export type RecallRow = RowOf<typeof row>;

/** Says that what a party had read is not to be used any more; for the record's owner and that party. */
export const recallsView = readModel<RecallIssued | RecallAcknowledged, RecallRow>({
  name: 'sharing.recalls',
  version: 1,
  of: row,
  node: {
    name: 'Recall',
    description: 'What a party has read is not to be used any more: told to that party and to the owner of the record.',
    of: shown,
  },
  list: {
    name: 'recalls',
    description: 'Recall notices: those that your country got, and those that went out for its records.',
  },
  changed: 'Recall notices that you may see, as they are issued and acknowledged.',
  filter: {
    record: 'Ids of records.',
    owner: 'Whose records.',
    reader: 'Who had read them.',
    acknowledged: { one: 'Whether the reader has acknowledged it.' },
  },
  sort: ['issuedAt'],
  on: {
    'sharing.RecallIssued.v1': (_, { event: { data }, recordId: id, recordedAt }) => ({
      ...data,
      id,
      owner: data.marking.owner,
      issuedAt: recordedAt,
      acknowledged: 'NO',
    }),
    'sharing.RecallAcknowledged.v1': (before, { event, recordedAt }) =>
      before && { ...before, ...event.data, acknowledged: 'YES', acknowledgedAt: recordedAt },
  },
});
