import { access } from '@capabilities/access';
import { materials } from '@capabilities/materials';
import { projects } from '@capabilities/projects';
import { stockpiles } from '@capabilities/stockpiles';
import { AccessModule, accessResolvers } from '@graphql/access';
import { MaterialsModule, materialsResolvers } from '@graphql/materials';
import { ProjectsModule, projectsResolvers } from '@graphql/projects';
import { StockpilesModule, stockpilesResolvers } from '@graphql/stockpiles';

/** What this API offers. A new capability is one more line here, and one in the projector. */
export const capabilities = [access, materials, projects, stockpiles];
export const capabilityModules = [AccessModule, MaterialsModule, ProjectsModule, StockpilesModule];
export const resolvers = [...accessResolvers, ...materialsResolvers, ...projectsResolvers, ...stockpilesResolvers];
