import { view, type Instant, type Marked, type Party, type RecordId } from '@kernel';
import type { RecallAcknowledged, RecallCause, RecallIssued, Subject } from './reading.events.js';

/** Says that what a party had read is not to be used any more; for the record's owner and that party. */
export type RecallRow = Subject &
  Marked & {
    readonly id: RecordId;
    readonly owner: Party;
    readonly cause: RecallCause;
    readonly issuedAt: Instant;
    readonly acknowledged: 'YES' | 'NO';
    readonly acknowledgedAt?: Instant;
    /** What the reader says that it did. */
    readonly note?: string;
  };

export const recallsView = view<RecallIssued | RecallAcknowledged, RecallRow>({
  name: 'sharing.recalls',
  version: 1,
  events: ['sharing.RecallIssued.v1', 'sharing.RecallAcknowledged.v1'],
  fields: {
    record: { kind: 'text', filter: true },
    owner: { kind: 'text', filter: true },
    reader: { kind: 'text', filter: true },
    acknowledged: { kind: 'text', filter: true },
    issuedAt: { kind: 'text', sort: true },
  },
  project: (row, { event, recordId: id, recordedAt }) => {
    switch (event.type) {
      case 'sharing.RecallIssued.v1': {
        const { marking } = event.data;
        return { ...event.data, id, owner: marking.owner, issuedAt: recordedAt, acknowledged: 'NO' };
      }
      case 'sharing.RecallAcknowledged.v1':
        return row && { ...row, ...event.data, acknowledged: 'YES', acknowledgedAt: recordedAt };
    }
  },
});
