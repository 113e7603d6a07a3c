import { alertsOn } from '@kernel';
import { projectsView } from './projects.view.js';

const ofAll = { meant: 'AUDIENCE' } as const;

export const projectAlerts = alertsOn(projectsView, {
  PROJECT_PROPOSED: {
    ...ofAll,
    description: 'A project was proposed.',
    severity: 'INFO',
    of: ['projects.ProjectProposed.v1'],
  },
  PROJECT_CHANGED: {
    ...ofAll,
    description: 'The terms of a project changed, or it reached a milestone.',
    severity: 'INFO',
    of: ['projects.ProjectRevised.v1', 'projects.MilestoneReached.v1'],
  },
  PROJECT_DELAYED: {
    ...ofAll,
    description: 'A project met a delay.',
    severity: 'NOTICE',
    of: ['projects.DelayReported.v1'],
  },
  PROJECT_DESIGNATED: {
    ...ofAll,
    description: 'A project was designated.',
    severity: 'NOTICE',
    of: ['projects.ProjectDesignated.v1'],
  },
  PROJECT_ENDED: {
    ...ofAll,
    description: 'A project was completed or withdrawn.',
    severity: 'NOTICE',
    of: ['projects.ProjectCompleted.v1', 'projects.ProjectWithdrawn.v1'],
  },
  HOST_CONSENT_AWAITED: {
    meant: 'PARTY',
    description: 'A project on the ground of your country awaits its consent.',
    severity: 'HIGH',
    of: ['projects.ProjectProposed.v1', 'projects.ProjectRevised.v1'],
    if: ({ consent, owner, hostCountry, status }) => !consent && owner !== hostCountry && status === 'PROPOSED',
    to: ({ hostCountry }) => [hostCountry],
    awaits: 'DELEGATE',
  },
  HOST_CONSENT_ANSWERED: {
    meant: 'PARTY',
    description: 'The host country answered to a project of yours.',
    severity: 'NOTICE',
    of: ['projects.HostConsentGiven.v1', 'projects.HostConsentRefused.v1'],
    to: ({ owner }) => [owner],
  },
});
