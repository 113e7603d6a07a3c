import { view, type CountryCode, type Instant, type Marked, type PersonRef, type RecordId } from '@kernel';
import type { EmergencyAccessEvent } from './emergency-access.events.js';

export type EmergencyAccessRow = Marked & {
  readonly id: RecordId;
  readonly record: RecordId;
  readonly reason: string;
  readonly approver: CountryCode;
  readonly requestedBy: PersonRef;
  readonly requestedAt: Instant;
  readonly decision: 'PENDING' | 'APPROVED' | 'REFUSED';
  readonly decidedBy?: PersonRef;
  readonly decidedAt?: Instant;
  readonly until?: Instant;
  readonly refusal?: string;
};

/** The emergency accesses, for the secretariat and for the country that has to approve. */
export const emergencyAccessesView = view<EmergencyAccessEvent, EmergencyAccessRow>({
  name: 'access.emergencyAccesses',
  version: 1,
  events: [
    'access.EmergencyAccessRequested.v1',
    'access.EmergencyAccessApproved.v1',
    'access.EmergencyAccessRefused.v1',
  ],
  fields: {
    decision: { kind: 'text', filter: true },
    approver: { kind: 'text', filter: true },
    requestedAt: { kind: 'text', sort: true },
  },
  project: (row, { event, recordId: id, recordedAt }) => {
    switch (event.type) {
      case 'access.EmergencyAccessRequested.v1':
        return { ...event.data, id, requestedAt: recordedAt, decision: 'PENDING' };
      case 'access.EmergencyAccessApproved.v1': {
        const { approvedBy: decidedBy, until } = event.data;
        return row && { ...row, decision: 'APPROVED', decidedBy, decidedAt: recordedAt, until };
      }
      case 'access.EmergencyAccessRefused.v1': {
        if (row === null) return null;
        const { until: _, ...request } = row;
        const { refusedBy: decidedBy, reason: refusal } = event.data;
        return { ...request, decision: 'REFUSED', decidedBy, decidedAt: recordedAt, refusal };
      }
    }
  },
});
