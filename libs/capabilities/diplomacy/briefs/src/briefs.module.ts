import { BriefResolver } from './brief/brief.resolver.js';

export const briefsResolvers = [BriefResolver];
