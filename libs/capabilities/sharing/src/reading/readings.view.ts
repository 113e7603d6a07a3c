import { ownerAlone, view, type Instant, type Marked, type Party, type PersonRef, type RecordId } from '@kernel';
import type { RecordRead, Subject, Way } from './reading.events.js';

/** Who read a row of the owner's, in which ways, and when first and last. */
export type ReadingRow = Subject &
  Marked & {
    readonly id: RecordId;
    readonly firstAt: Instant;
    readonly lastAt: Instant;
    readonly ways: readonly ReadingWay[];
  };
export type ReadingWay = {
  readonly how: Way;
  readonly delegate?: Party;
  readonly person?: PersonRef;
  /** Noted once a day, so this is the first time on the latest day. */
  readonly lastAt: Instant;
};

/** The read log, each owner's for itself. */
export const readingsView = view<RecordRead, ReadingRow>({
  name: 'sharing.readings',
  version: 1,
  events: ['sharing.RecordRead.v1'],
  fields: {
    record: { kind: 'text', filter: true },
    kind: { kind: 'text', filter: true },
    reader: { kind: 'text', filter: true },
    lastAt: { kind: 'text', sort: true },
  },
  project: (row, { event, recordId: id, recordedAt: at }) => {
    const { marking, record, kind, reader, how, delegate, person } = event.data;
    const way = { how, ...(delegate && { delegate }), ...(person && { person }), lastAt: at };
    const others = (row?.ways ?? []).filter(
      (each) => each.how !== how || each.delegate !== delegate || each.person !== person,
    );
    return {
      id,
      record,
      kind,
      reader,
      firstAt: row?.firstAt ?? at,
      lastAt: at,
      ways: [...others, way],
      marking: ownerAlone(marking),
    };
  },
});
