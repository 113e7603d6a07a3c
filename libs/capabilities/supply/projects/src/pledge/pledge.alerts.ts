import { alertsOn } from '@kernel';
import { pledgesView } from './pledges.view.js';

export const pledgeAlerts = alertsOn(pledgesView, {
  PLEDGE_AWAITS_CONFIRMATION: {
    meant: 'PARTY',
    description: 'A pledge of your country awaits the confirmation of a second person.',
    severity: 'HIGH',
    of: ['projects.InvestmentPledged.v1'],
    to: ({ country }) => [country],
    awaits: 'APPROVER',
  },
  PLEDGE_CONFIRMED: {
    meant: 'AUDIENCE',
    description: 'A pledge was confirmed.',
    severity: 'INFO',
    of: ['projects.PledgeConfirmed.v1'],
  },
  PLEDGE_WITHDRAWN: {
    meant: 'AUDIENCE',
    description: 'A pledge was withdrawn.',
    severity: 'NOTICE',
    of: ['projects.PledgeWithdrawn.v1'],
  },
});
