import { Module } from '@nestjs/common';
import { PledgeResolver } from './pledge/pledge.resolver.js';
import { ProjectResolver } from './project/project.resolver.js';

export const projectsResolvers = [ProjectResolver, PledgeResolver];

@Module({ providers: projectsResolvers })
export class ProjectsModule {}
