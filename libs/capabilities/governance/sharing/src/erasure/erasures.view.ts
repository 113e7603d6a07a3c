import {
  instant,
  oneOf,
  optional,
  ownerAlone,
  personRef,
  readModel,
  recordId,
  required,
  text,
  type ContentErased,
  type ErasureRequested,
  type RowOf,
} from '@kernel';

const erasureStatus = oneOf('ErasureStatus', 'How far an erasure has come.', {
  REQUESTED: 'One person has asked; a second one has to approve.',
  ERASED: 'The key of the content is destroyed.',
});

const row = {
  record: required(recordId, 'Id of the record.'),
  kind: required(text(200), 'What kind of record, such as stockDeclaration.'),
  status: required(erasureStatus, 'How far it has come.'),
  basis: required(text(2000), 'The law or rule that asks for it.'),
  requestedBy: required(personRef, 'Reference of the person who asked.'),
  requestedAt: required(instant, 'When it was asked for.'),
  erasedAt: optional(instant, 'When the content was erased.'),
};
export type ErasureRow = RowOf<typeof row>;

/** That somebody wants the content of a record erased, and whether it was: the owner's business alone. */
export const erasuresView = readModel<ErasureRequested | ContentErased, ErasureRow>({
  name: 'sharing.erasures',
  version: 1,
  of: row,
  node: {
    name: 'Erasure',
    description: 'That the content of a record is to be erased, or was: told to its owner only.',
  },
  list: {
    name: 'erasures',
    description: 'Erasures of records of your country, asked for and carried out: nobody else is told.',
    orderBy: 'requestedAt',
  },
  filter: { status: { one: 'How far they have come.' } },
  internal: ['kind'],
  sort: ['requestedAt'],
  // A request is not released with its record.
  onMarkingChanged: (before, marking) => ({ ...before, marking: ownerAlone(marking) }),
  on: {
    'access.ErasureRequested.v1': (_, { event, recordId: record, category: kind, recordedAt }) => ({
      ...event.data,
      ...{ record, kind, requestedAt: recordedAt, status: 'REQUESTED' },
    }),
    'access.ContentErased.v1': (before, { event: { data }, recordId: record, category: kind, recordedAt }) => ({
      ...data,
      ...{ record, kind, requestedAt: before?.requestedAt ?? recordedAt, erasedAt: recordedAt, status: 'ERASED' },
      marking: before?.marking ?? data.marking,
    }),
  },
});
