import { PledgeResolver } from './pledge/pledge.resolver.js';
import { ProjectResolver } from './project/project.resolver.js';

export { fundingHandlers as projectsHandlers } from './project/funding.query.js';

export const projectsResolvers = [ProjectResolver, PledgeResolver];
