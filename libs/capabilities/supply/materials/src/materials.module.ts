import { ProductionResolver } from './production/production.resolver.js';

export { concentrationHandlers as materialsHandlers } from './production/concentration.query.js';

export const materialsResolvers = [ProductionResolver];
