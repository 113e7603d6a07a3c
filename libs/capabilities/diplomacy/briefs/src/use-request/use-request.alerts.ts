import { alertsOn } from '@kernel';
import { useRequestsView } from './use-requests.view.js';

export const useRequestAlerts = alertsOn(useRequestsView, {
  USE_REQUEST_AWAITS_ANSWER: {
    meant: 'PARTY',
    description: 'A party asks whether it may use a record of yours beyond reading it.',
    severity: 'HIGH',
    of: ['briefs.UseRequested.v1'],
    to: ({ owner }) => [owner],
    awaits: 'DELEGATE',
  },
  USE_REQUEST_ANSWERED: {
    meant: 'PARTY',
    description: 'The owner of a record answered to your use request.',
    severity: 'NOTICE',
    of: ['briefs.UseApproved.v1', 'briefs.UseRefused.v1'],
    to: ({ requester }) => [requester],
  },
});
