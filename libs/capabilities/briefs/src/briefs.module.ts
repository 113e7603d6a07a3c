import { AccessRequestResolver } from './access-request/access-request.resolver.js';
import { BriefResolver } from './brief/brief.resolver.js';
import { UseRequestResolver } from './use-request/use-request.resolver.js';

export const briefsResolvers = [BriefResolver, UseRequestResolver, AccessRequestResolver];
