import { reject, type RecordId, type Reference } from '@kernel';
import { isClosed, type ProjectState } from './project/project.stream.js';

export { pledgesView, type PledgeRow } from './pledge/pledges.view.js';
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

/** The project that a command names by its id in the field `projectId`: one that the asker can read, and still open. */
export const projectReference = (id: RecordId): Reference<ProjectState> => ({
  category: 'project',
  at: { id },
  missing: reject('PROJECTS.NOT_FOUND', { field: 'projectId' }),
  unfit: (project) => (isClosed(project) ? reject('PROJECTS.CLOSED', { field: 'projectId' }) : null),
});
