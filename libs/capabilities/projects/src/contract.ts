export { pledgesView, type PledgeRow } from './pledge/pledges.view.js';
export { projectReference } from './project/project.state.js';
export { projectsView, type ProjectRow } from './project/projects.view.js';
export type {
  InvestmentPledged,
  PledgeConfirmed,
  PledgeDrawnDown,
  PledgeEvent,
  PledgeWithdrawn,
} from './pledge/pledge.events.js';
export type {
  DelayReported,
  HostConsentGiven,
  HostConsentRefused,
  MilestoneReached,
  ProjectCompleted,
  ProjectDesignated,
  ProjectEndorsed,
  ProjectEvent,
  ProjectProposed,
  ProjectRevised,
  ProjectWithdrawn,
} from './project/project.events.js';
