import {
  instant,
  marking as markingValue,
  ownerAlone,
  party,
  readModel,
  recordId,
  required,
  text,
  type MarkingChanged,
  type RowOf,
} from '@kernel';

const shown = {
  record: required(recordId, 'Id of the record.'),
  at: required(instant, 'When.'),
  by: required(party, 'Who changed it.'),
  reason: required(text(2000), 'Why.'),
  changedTo: required(markingValue, 'The marking from then on.'),
};
const row = { ...shown, kind: required(text(200), 'What kind of record, such as stockDeclaration.') };
export type AudienceChangeRow = RowOf<typeof row>;

/** The changes of who may read a record. Who may read is the owner's business, and so are the changes. */
export const audienceChangesView = readModel<MarkingChanged, AudienceChangeRow>({
  name: 'sharing.audienceChanges',
  version: 1,
  of: row,
  node: {
    name: 'AudienceChange',
    description: 'A change of who may read a record: told to its owner only.',
    of: shown,
  },
  filter: {},
  internal: ['record', 'kind'],
  sort: ['at'],
  keysOf: ({ recordId: id, revision }) => [`${id}:${revision}`],
  keysToErase: ({ recordId: id, revision }) => revisionsBefore(revision).map((each) => `${id}:${each}`),
  on: {
    'access.MarkingChanged.v1': (_, { event, recordId: record, category: kind, recordedAt: at }) => {
      const { marking, reason } = event.data;
      return { record, kind, at, by: marking.owner, reason, changedTo: marking, marking: ownerAlone(marking) };
    },
  },
});

const revisionsBefore = (revision: bigint): bigint[] => {
  const all: bigint[] = [];
  for (let each = 0n; each < revision; each++) all.push(each);
  return all;
};
