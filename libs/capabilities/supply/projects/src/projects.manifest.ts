import type { Capability } from '@kernel';
import { pledgeRecordType } from './pledge/pledge.record.js';
import { pledgesView } from './pledge/pledges.view.js';
import { projectRecordType } from './project/project.record.js';
import { projectsView } from './project/projects.view.js';

export { pledgeRecordType, projectRecordType };

/** Projects along the value chain, and what countries promise to put into them. */
export const projects: Capability = {
  name: 'projects',
  recordTypes: [projectRecordType, pledgeRecordType],
  events: [
    'projects.DelayReported.v1',
    'projects.HostConsentGiven.v1',
    'projects.HostConsentRefused.v1',
    'projects.InvestmentPledged.v1',
    'projects.MilestoneReached.v1',
    'projects.PledgeConfirmed.v1',
    'projects.PledgeDrawnDown.v1',
    'projects.PledgeWithdrawn.v1',
    'projects.ProjectCompleted.v1',
    'projects.ProjectDesignated.v1',
    'projects.ProjectEndorsed.v1',
    'projects.ProjectProposed.v1',
    'projects.ProjectRevised.v1',
    'projects.ProjectWithdrawn.v1',
  ],
  views: [projectsView, pledgesView],
};
