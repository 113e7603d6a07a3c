import { stream, type Capability } from '@kernel';
import { projectReference } from './contract.js';
import { pledgeAccess } from './pledge/pledge.access.js';
import { pledgeDecider, pledgeRefusals } from './pledge/pledge.decider.js';
import { pledgesView } from './pledge/pledges.view.js';
import { projectStream } from './project/project.stream.js';
import { projectsView } from './project/projects.view.js';

export { projectStream };

export const pledgeStream = stream({
  category: 'pledge',
  endsWith: ['projects.PledgeWithdrawn.v1'],
  decider: pledgeDecider,
  access: pledgeAccess,
  refusals: pledgeRefusals,
  notFound: 'PLEDGES.NOT_FOUND',
  targetOf: (command) => (command.type === 'PledgeInvestment' ? { fresh: true } : { id: command.id }),
  partOf: (pledge) => pledge && { category: 'project', at: { id: pledge.projectId } },
  refersTo: (command) => (command.type === 'PledgeInvestment' ? [projectReference(command.projectId)] : []),
});

/** Projects along the value chain, and what countries promise to put into them. */
export const projects: Capability = {
  name: 'projects',
  streams: [projectStream, pledgeStream],
  views: [projectsView, pledgesView],
};
