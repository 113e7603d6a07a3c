import { access } from '@capabilities/access';
import { audit } from '@capabilities/audit';
import { briefs } from '@capabilities/briefs';
import { materials } from '@capabilities/materials';
import { projects } from '@capabilities/projects';
import { sharing } from '@capabilities/sharing';
import { stockpiles } from '@capabilities/stockpiles';
import { AccessModule, accessResolvers } from '@graphql/access';
import { AuditModule, auditResolvers } from '@graphql/audit';
import { BriefsModule, briefsResolvers } from '@graphql/briefs';
import { MaterialsModule, materialsResolvers } from '@graphql/materials';
import { ProjectsModule, projectsResolvers } from '@graphql/projects';
import { offerRecordKinds, SharingModule, sharingResolvers } from '@graphql/sharing';
import { StockpilesModule, stockpilesResolvers } from '@graphql/stockpiles';

/** What this API offers. A new capability is one more line here, and one in the projector. */
export const capabilities = [access, materials, projects, stockpiles, sharing, briefs, audit];
export const capabilityModules = [
  AccessModule,
  MaterialsModule,
  ProjectsModule,
  StockpilesModule,
  SharingModule,
  BriefsModule,
  AuditModule,
];
export const resolvers = [
  ...accessResolvers,
  ...materialsResolvers,
  ...projectsResolvers,
  ...stockpilesResolvers,
  ...sharingResolvers,
  ...briefsResolvers,
  ...auditResolvers,
];

offerRecordKinds(capabilities);
