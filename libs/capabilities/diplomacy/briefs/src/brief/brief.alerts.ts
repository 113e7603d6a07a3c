import { alertsOn } from '@kernel';
import { briefsView } from './briefs.view.js';

export const briefAlerts = alertsOn(briefsView, {
  BRIEF_WRITTEN: {
    meant: 'AUDIENCE',
    description: 'A country wrote a brief, or wrote it anew.',
    severity: 'INFO',
    of: ['briefs.BriefWritten.v1', 'briefs.BriefRevised.v1'],
  },
  BRIEF_WITHDRAWN: {
    meant: 'AUDIENCE',
    description: 'A country withdrew a brief.',
    severity: 'NOTICE',
    of: ['briefs.BriefWithdrawn.v1'],
  },
});
