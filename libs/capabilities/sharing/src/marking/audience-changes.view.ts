import {
  ownerAlone,
  view,
  type Instant,
  type Marked,
  type Marking,
  type MarkingChanged,
  type Party,
  type RecordId,
} from '@kernel';

/** One change of who may read a record. Who may read is the owner's business, and so are the changes. */
export type AudienceChangeRow = Marked & {
  readonly record: RecordId;
  /** Category of the record's stream, `stockDeclaration`. */
  readonly kind: string;
  readonly at: Instant;
  readonly by: Party;
  readonly reason: string;
  readonly changedTo: Marking;
};

export const audienceChangesView = view<MarkingChanged, AudienceChangeRow>({
  name: 'sharing.audienceChanges',
  version: 1,
  events: ['access.MarkingChanged.v1'],
  fields: {
    record: { kind: 'text', filter: true },
    kind: { kind: 'text', filter: true },
    at: { kind: 'text', sort: true },
  },
  keysOf: ({ recordId, revision }) => [`${recordId}:${revision}`],
  keysOfErased: ({ recordId, revision }) => revisionsBefore(revision).map((each) => `${recordId}:${each}`),
  project: (_, { event, recordId: record, category: kind, recordedAt: at }) => {
    const { marking, reason } = event.data;
    return { record, kind, at, by: marking.owner, reason, changedTo: marking, marking: ownerAlone(marking) };
  },
});

const revisionsBefore = (revision: bigint): bigint[] => {
  const all: bigint[] = [];
  for (let each = 0n; each < revision; each++) all.push(each);
  return all;
};
