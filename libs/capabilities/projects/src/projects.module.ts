import { commandsOf, recordsOf } from '@foundation/transport';
import { Module } from '@nestjs/common';
import { PledgeResolver } from './pledge/pledge.resolver.js';
import { pledgesView } from './pledge/pledges.view.js';
import { ProjectResolver } from './project/project.resolver.js';
import { projectsView } from './project/projects.view.js';
import { projectStream } from './projects.manifest.js';

export const projectsResolvers = [
  commandsOf(projectStream),
  recordsOf(
    projectsView,
    {
      name: 'projects',
      description: 'The projects that you may see.',
      orderBy: { TITLE: 'title', PROPOSED_AT: 'proposedAt', STATUS: 'status' },
    },
    { name: 'project', description: 'A project; null where there is none that you may see.' },
    { alsoShows: [pledgesView], changed: 'Projects that you may see, as they change.' },
  ),
  ProjectResolver,
  PledgeResolver,
];

@Module({ providers: projectsResolvers })
export class ProjectsModule {}
