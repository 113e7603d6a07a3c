import { nodesOf, resolversOf } from '@foundation/graphql';
import { Module } from '@nestjs/common';
import { capabilities } from '@compositions/capabilities';
import { accessResolvers } from '@graphql/access';
import { alertsHandlers, alertsResolvers } from '@graphql/alerts';
import { auditHandlers, auditResolvers } from '@graphql/audit';
import { briefsResolvers } from '@graphql/briefs';
import { commentsResolvers } from '@graphql/comments';
import { materialsHandlers, materialsResolvers } from '@graphql/materials';
import { projectsHandlers, projectsResolvers } from '@graphql/projects';
import { sharingHandlers, sharingResolversOf } from '@graphql/sharing';
import { stockpilesResolvers } from '@graphql/stockpiles';

export { capabilities };

/** What clients give and read: what follows from the declarations, and what is special about a capability. */
const ofCapabilities = [
  ...resolversOf(capabilities),
  ...accessResolvers,
  ...materialsResolvers,
  ...projectsResolvers,
  ...stockpilesResolvers,
  ...sharingResolversOf(capabilities),
  ...briefsResolvers,
  ...auditResolvers,
  ...commentsResolvers,
  ...alertsResolvers,
];
export const resolvers = [...ofCapabilities, nodesOf(ofCapabilities)];

/** What answers their computed queries. */
const handlers = [...materialsHandlers, ...projectsHandlers, ...sharingHandlers, ...auditHandlers, ...alertsHandlers];

/** The resolvers and query handlers of all capabilities. */
@Module({ providers: [...resolvers, ...handlers] })
export class CapabilitiesModule {}
