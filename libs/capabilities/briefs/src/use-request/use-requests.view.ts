import { view, type Audience, type Instant, type Marked, type Party, type RecordId } from '@kernel';
import type { SourceKind } from '../brief/brief.events.js';
import type { Purpose, UseRequestEvent } from './use-request.events.js';

export const USE_STATUSES = ['REQUESTED', 'APPROVED', 'REFUSED', 'WITHDRAWN'] as const;
export type UseStatus = (typeof USE_STATUSES)[number];

export type UseRequestRow = Marked & {
  readonly id: RecordId;
  readonly requester: Party;
  /** Whose record it is about. */
  readonly owner: Party;
  readonly kind: SourceKind;
  readonly sourceId: RecordId;
  readonly purpose: Purpose;
  /** The audience asked for. */
  readonly audience: readonly Audience[];
  readonly explanation: string;
  readonly status: UseStatus;
  /** The audience approved, while it is. */
  readonly approvedFor?: readonly Audience[];
  readonly approvedUntil?: Instant;
  readonly refusedBecause?: string;
  readonly requestedAt: Instant;
};

/** The use requests, each for the party that asks and the one that is asked. */
export const useRequestsView = view<UseRequestEvent, UseRequestRow>({
  name: 'briefs.useRequests',
  version: 1,
  events: ['briefs.UseRequested.v1', 'briefs.UseApproved.v1', 'briefs.UseRefused.v1', 'briefs.UseWithdrawn.v1'],
  fields: {
    requester: { kind: 'text', filter: true },
    owner: { kind: 'text', filter: true },
    sourceId: { kind: 'text', filter: true },
    purpose: { kind: 'text', filter: true },
    status: { kind: 'text', filter: true },
    requestedAt: { kind: 'text', sort: true },
  },
  project: (row, { event, recordId: id, recordedAt }) => {
    switch (event.type) {
      case 'briefs.UseRequested.v1': {
        const { source, sourceOwner, marking, ...asked } = event.data;
        return {
          ...asked,
          id,
          requester: marking.owner,
          owner: sourceOwner,
          kind: source.kind,
          sourceId: source.id,
          status: 'REQUESTED',
          requestedAt: recordedAt,
          marking,
        };
      }
      case 'briefs.UseApproved.v1': {
        const { audience, until } = event.data;
        return (
          row && { ...asked(row), status: 'APPROVED', approvedFor: audience, ...(until && { approvedUntil: until }) }
        );
      }
      case 'briefs.UseRefused.v1':
        return row && { ...asked(row), status: 'REFUSED', refusedBecause: event.data.reason };
      case 'briefs.UseWithdrawn.v1':
        return row && { ...asked(row), status: 'WITHDRAWN' };
    }
  },
});

/** The request without what was answered to it. */
const asked = ({ approvedFor: _, approvedUntil: __, refusedBecause: ___, ...row }: UseRequestRow): UseRequestRow => row;
