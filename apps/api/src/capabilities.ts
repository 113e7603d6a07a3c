import { nodesOf } from '@foundation/graphql';
import { Module } from '@nestjs/common';
import { capabilities } from '@compositions/capabilities';
import { accessResolvers } from '@graphql/access';
import { actsResolvers } from '@graphql/acts';
import { auditHandlers, auditResolvers } from '@graphql/audit';
import { briefsResolvers } from '@graphql/briefs';
import { materialsHandlers, materialsResolvers } from '@graphql/materials';
import { projectsHandlers, projectsResolvers } from '@graphql/projects';
import { sharingHandlers, sharingResolversOf } from '@graphql/sharing';
import { stockpilesResolvers } from '@graphql/stockpiles';

export { capabilities };

/** The GraphQL side of each capability. */
const ofCapabilities = [
  ...accessResolvers,
  ...materialsResolvers,
  ...projectsResolvers,
  ...stockpilesResolvers,
  ...sharingResolversOf(capabilities),
  ...briefsResolvers,
  ...auditResolvers,
  ...actsResolvers,
];
export const resolvers = [...ofCapabilities, nodesOf(ofCapabilities)];

/** What answers their computed queries. */
const handlers = [...materialsHandlers, ...projectsHandlers, ...sharingHandlers, ...auditHandlers];

/** The resolvers and query handlers of all capabilities. */
@Module({ providers: [...resolvers, ...handlers] })
export class CapabilitiesModule {}
