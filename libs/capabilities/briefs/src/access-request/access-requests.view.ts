import { view, type Instant, type Marked, type Party, type RecordId } from '@kernel';
import type { AccessRequestEvent, Answer, Wish } from './access-request.events.js';

export const ACCESS_REQUEST_STATUSES = ['ASKED', 'GRANTED', 'DECLINED'] as const;
export type AccessRequestStatus = 'ASKED' | Answer;

export type AccessRequestRow = Marked &
  Wish & {
    readonly id: RecordId;
    readonly requester: Party;
    readonly status: AccessRequestStatus;
    readonly note?: string;
    readonly requestedAt: Instant;
    readonly answeredAt?: Instant;
  };

/** The access requests, each for the party that asks and the one that is asked. */
export const accessRequestsView = view<AccessRequestEvent, AccessRequestRow>({
  name: 'briefs.accessRequests',
  version: 1,
  events: ['briefs.AccessRequested.v1', 'briefs.AccessRequestAnswered.v1'],
  fields: {
    requester: { kind: 'text', filter: true },
    of: { kind: 'text', filter: true },
    material: { kind: 'text', filter: true },
    status: { kind: 'text', filter: true },
    requestedAt: { kind: 'text', sort: true },
  },
  project: (row, { event, recordId: id, recordedAt }) => {
    switch (event.type) {
      case 'briefs.AccessRequested.v1': {
        const { marking, ...wish } = event.data;
        return { ...wish, id, requester: marking.owner, status: 'ASKED', requestedAt: recordedAt, marking };
      }
      case 'briefs.AccessRequestAnswered.v1': {
        if (!row) return null;
        const { answer, note } = event.data;
        const { note: _, ...asked } = row;
        return { ...asked, status: answer, ...(note && { note }), answeredAt: recordedAt };
      }
    }
  },
});
