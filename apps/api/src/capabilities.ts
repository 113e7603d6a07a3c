import { Module } from '@nestjs/common';
import { access } from '@capabilities/access';
import { audit } from '@capabilities/audit';
import { briefs } from '@capabilities/briefs';
import { materials } from '@capabilities/materials';
import { projects } from '@capabilities/projects';
import { sharing } from '@capabilities/sharing';
import { stockpiles } from '@capabilities/stockpiles';
import { accessResolvers } from '@graphql/access';
import { auditResolvers } from '@graphql/audit';
import { briefsResolvers } from '@graphql/briefs';
import { materialsResolvers } from '@graphql/materials';
import { projectsResolvers } from '@graphql/projects';
import { sharingResolversOf } from '@graphql/sharing';
import { stockpilesResolvers } from '@graphql/stockpiles';

/** What this API offers. A new capability is one more line here, and one in the projector. */
export const capabilities = [access, materials, projects, stockpiles, sharing, briefs, audit];
export const resolvers = [
  ...accessResolvers,
  ...materialsResolvers,
  ...projectsResolvers,
  ...stockpilesResolvers,
  ...sharingResolversOf(capabilities),
  ...briefsResolvers,
  ...auditResolvers,
];

/** The resolvers of all capabilities. */
@Module({ providers: resolvers })
export class CapabilitiesModule {}
