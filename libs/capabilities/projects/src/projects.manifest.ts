import type { Capability } from '@kernel';
import { pledgeStream } from './pledge/pledge.stream.js';
import { pledgesView } from './pledge/pledges.view.js';
import { projectStream } from './project/project.stream.js';
import { projectsView } from './project/projects.view.js';

export { pledgeStream, projectStream };

/** Projects along the value chain, and what countries promise to put into them. */
export const projects: Capability = {
  name: 'projects',
  streams: [projectStream, pledgeStream],
  views: [projectsView, pledgesView],
};
