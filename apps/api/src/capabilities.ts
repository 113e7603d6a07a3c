import { Module } from '@nestjs/common';
import { capabilities } from '@compositions/capabilities';
import { accessResolvers } from '@graphql/access';
import { auditResolvers } from '@graphql/audit';
import { briefsResolvers } from '@graphql/briefs';
import { materialsResolvers } from '@graphql/materials';
import { projectsResolvers } from '@graphql/projects';
import { sharingResolversOf } from '@graphql/sharing';
import { stockpilesResolvers } from '@graphql/stockpiles';

export { capabilities };

/** The GraphQL side of each capability. */
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
