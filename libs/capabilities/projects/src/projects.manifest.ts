import { materialReference } from '../../materials/src/contract.js';
import { reject, stream, type Capability, type MaterialCode, type Reference } from '@kernel';
import { projectReference } from './contract.js';
import { pledgeAccess } from './pledge/pledge.access.js';
import { pledgeDecider, pledgeRefusals } from './pledge/pledge.decider.js';
import { pledgesView } from './pledge/pledges.view.js';
import { projectAccess } from './project/project.access.js';
import { projectDecider, projectRefusals, type ProjectCommand } from './project/project.decider.js';
import { projectsView } from './project/projects.view.js';

export const projectStream = stream({
  category: 'project',
  decider: projectDecider,
  access: projectAccess,
  refusals: projectRefusals,
  notFound: 'PROJECTS.NOT_FOUND',
  targetOf: (command) => (command.type === 'ProposeProject' ? { fresh: true } : { id: command.id }),
  refersTo: (command) => materialsOf(command).map(materialOfProject),
});

export const pledgeStream = stream({
  category: 'pledge',
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

const materialsOf = (command: ProjectCommand): readonly MaterialCode[] =>
  command.type === 'ProposeProject' || command.type === 'ReviseProject' ? (command.materials ?? []) : [];

const materialOfProject = (code: MaterialCode): Reference => ({
  ...materialReference(code),
  missing: reject('MATERIALS.UNKNOWN', { field: 'materials', value: code }),
});
