import { access, AccessModule, accessResolvers } from '@capabilities/access';
import { materials, MaterialsModule, materialsResolvers } from '@capabilities/materials';
import { projects, ProjectsModule, projectsResolvers } from '@capabilities/projects';
import { stockpiles, StockpilesModule, stockpilesResolvers } from '@capabilities/stockpiles';

/** What this API offers. A new capability is one more line here, and one in the projector. */
export const capabilities = [access, materials, projects, stockpiles];
export const capabilityModules = [AccessModule, MaterialsModule, ProjectsModule, StockpilesModule];
export const resolvers = [...accessResolvers, ...materialsResolvers, ...projectsResolvers, ...stockpilesResolvers];
