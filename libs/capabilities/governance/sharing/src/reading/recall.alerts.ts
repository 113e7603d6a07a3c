import { alertsOn } from '@kernel';
import { recallsView } from './recalls.view.js';

export const recallAlerts = alertsOn(recallsView, {
  RECALL_ISSUED: {
    meant: 'PARTY',
    description: 'What your country has read of a record is not to be used any more.',
    severity: 'HIGH',
    of: ['sharing.RecallIssued.v1'],
    to: ({ reader }) => [reader],
    awaits: 'DELEGATE',
  },
});
