import {
  ownerAlone,
  view,
  type ContentErased,
  type ErasureRequested,
  type Instant,
  type Marked,
  type PersonRef,
  type RecordId,
} from '@kernel';

/** That somebody wants the content of a record erased, and whether it was: the owner's business alone. */
export type ErasureRow = Marked & {
  readonly record: RecordId;
  /** Category of the record's stream, `stockDeclaration`. */
  readonly kind: string;
  readonly basis: string;
  readonly requestedBy: PersonRef;
  readonly requestedAt: Instant;
  readonly erasedAt?: Instant;
  readonly status: 'REQUESTED' | 'ERASED';
};

export const erasuresView = view<ErasureRequested | ContentErased, ErasureRow>({
  name: 'sharing.erasures',
  version: 1,
  events: ['access.ErasureRequested.v1', 'access.ContentErased.v1'],
  fields: {
    kind: { kind: 'text', filter: true },
    status: { kind: 'text', filter: true },
    requestedAt: { kind: 'text', sort: true },
  },
  // A request is not released with its record.
  remarked: (row, marking) => ({ ...row, marking: ownerAlone(marking) }),
  project: (row, { event, recordId: record, category: kind, recordedAt }) => {
    const { basis, requestedBy, marking } = event.data;
    if (event.type === 'access.ContentErased.v1')
      return {
        ...{ record, kind, basis, requestedBy, marking: row?.marking ?? marking },
        ...{ requestedAt: row?.requestedAt ?? recordedAt, erasedAt: recordedAt, status: 'ERASED' },
      };
    return { record, kind, basis, requestedBy, requestedAt: recordedAt, status: 'REQUESTED', marking };
  },
});
