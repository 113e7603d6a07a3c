import { composite, instant, many, ownerAlone, readModel, recordId, required, type RowOf } from '@kernel';
import { reading, subject, type RecordRead } from './reading.events.js';

/** Noted once a day, so this is the first time on the latest day. */
const lastAt = required(instant, 'When last. It is noted once a day (UTC).');
const { how, delegate, person } = reading;
const readingWay = composite('ReadingWay', 'One way in which a party has read a record.', {
  how,
  delegate,
  person,
  lastAt,
});

const row = {
  id: required(recordId, 'Id of the entry.'),
  ...subject,
  firstAt: required(instant, 'When first.'),
  lastAt,
  ways: many(readingWay, 'In which ways.'),
};
export type ReadingRow = RowOf<typeof row>;

// Its recall has the same id: the one among all records is derived.
const { id: _id, ...shown } = row;

/** The read log, each owner's for itself. */
export const readingsView = readModel<RecordRead, ReadingRow>({
  name: 'sharing.readings',
  version: 1,
  of: row,
  node: {
    name: 'Reading',
    description: 'That a party has read a record of yours: told to its owner only.',
    of: shown,
    show: ({ id: _, ...reading }) => reading,
  },
  list: {
    name: 'readings',
    description: 'Who has read or exported records of your country, other than what is public: nobody else is told.',
  },
  filter: { record: 'Ids of records.', reader: 'Who has read.' },
  internal: ['kind'],
  sort: ['lastAt'],
  on: {
    'sharing.RecordRead.v1': (before, { event, recordId: id, recordedAt: at }) => {
      const { marking, day: _, record, kind, reader, ...read } = event.data;
      const others = (before?.ways ?? []).filter(
        (each) => each.how !== read.how || each.delegate !== read.delegate || each.person !== read.person,
      );
      return {
        ...{ id, record, kind, reader, firstAt: before?.firstAt ?? at, lastAt: at },
        ways: [...others, { ...read, lastAt: at }],
        marking: ownerAlone(marking),
      };
    },
  },
});
