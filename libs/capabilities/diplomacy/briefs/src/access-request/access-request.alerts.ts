import { alertsOn } from '@kernel';
import { accessRequestsView } from './access-requests.view.js';

export const accessRequestAlerts = alertsOn(accessRequestsView, {
  ACCESS_REQUEST_AWAITS_ANSWER: {
    meant: 'PARTY',
    description: 'A party asks you to be let in on something.',
    severity: 'HIGH',
    of: ['briefs.AccessRequested.v1'],
    to: ({ of }) => [of],
    awaits: 'DELEGATE',
  },
  ACCESS_REQUEST_ANSWERED: {
    meant: 'PARTY',
    description: 'The party that you asked to be let in has answered.',
    severity: 'NOTICE',
    of: ['briefs.AccessRequestAnswered.v1'],
    to: ({ requester }) => [requester],
  },
});
