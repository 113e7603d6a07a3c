import { instant, oneOf, optional, personRef, readModel, recordId, required, text, type RowOf } from '@kernel';
import { emergency, type EmergencyAccessEvent } from './emergency-access.events.js';

const emergencyDecision = oneOf('EmergencyDecision', 'What became of a request for emergency access.', {
  PENDING: 'Nobody has decided yet.',
  APPROVED: 'It was approved, for an hour.',
  REFUSED: 'It was refused, or ended before its time.',
});

const row = {
  id: required(recordId, 'Id of the emergency access.'),
  ...emergency,
  requestedBy: required(personRef, 'Reference of the person who asked.'),
  requestedAt: required(instant, 'When it was asked for.'),
  decision: required(emergencyDecision, 'What became of it.'),
  decidedBy: optional(personRef, 'Reference of the person who decided last.'),
  decidedAt: optional(instant, 'When that person decided.'),
  until: optional(instant, 'The first instant at which the record is closed again.'),
  refusal: optional(text(2000), 'Why it was refused or ended.'),
};
export type EmergencyAccessRow = RowOf<typeof row>;

/** The emergency accesses, for the secretariat and for the country that has to approve. */
export const emergencyAccessesView = readModel<EmergencyAccessEvent, EmergencyAccessRow>({
  name: 'access.emergencyAccesses',
  version: 1,
  of: row,
  node: {
    name: 'EmergencyAccess',
    description: 'That a person of the secretariat reads one record for an hour, whatever its marking says.',
    marking: 'Who may know of it: the secretariat and the approving country.',
  },
  list: {
    name: 'emergencyAccesses',
    description: 'Emergency accesses: all for the secretariat, and those that your country was asked to approve.',
  },
  filter: { decision: 'What became of them.', approver: 'Countries that have to agree.' },
  sort: ['requestedAt'],
  on: {
    'access.EmergencyAccessRequested.v1': (_, { event, recordId: id, recordedAt }) => ({
      ...event.data,
      id,
      requestedAt: recordedAt,
      decision: 'PENDING',
    }),
    'access.EmergencyAccessApproved.v1': (before, { event, recordedAt: decidedAt }) => {
      const { approvedBy: decidedBy, until } = event.data;
      return before && { ...before, decision: 'APPROVED', decidedBy, decidedAt, until };
    },
    'access.EmergencyAccessRefused.v1': (before, { event, recordedAt: decidedAt }) => {
      if (before === null) return null;
      const { until: _, ...request } = before;
      const { refusedBy: decidedBy, reason: refusal } = event.data;
      return { ...request, decision: 'REFUSED', decidedBy, decidedAt, refusal };
    },
  },
});
