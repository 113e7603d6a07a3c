import { alertsOn } from '@kernel';
import type { ActRow } from './acts.view.js';
import { actsView } from './acts.view.js';

/** A day and three hours before an act lapses. */
const LEADS = [1440, 180];

const ofItsParty = {
  meant: 'PARTY',
  to: ({ marking }: ActRow) => [marking.owner],
  if: ({ state }: ActRow) => state === 'PREPARED',
  awaits: 'APPROVER',
} as const;

export const actAlerts = alertsOn(actsView, {
  ACT_AWAITS_YOU: {
    ...ofItsParty,
    description: 'An act of your party awaits a second person.',
    severity: 'HIGH',
    of: ['acts.ActPrepared.v1'],
  },
  ACT_LAPSES: {
    ...ofItsParty,
    description: 'An act of your party lapses soon, unless a second person approves it.',
    severity: 'HIGH',
    of: [],
    due: { key: 'lapses', leads: LEADS },
  },
});
