import { ReplayResolver } from './replay/replay.resolver.js';
import { registerKeyResolver } from './signing-keys/signing-keys.resolver.js';

export { replayHandlers as auditHandlers } from './replay/replay-handlers.query.js';

export const auditResolvers = [registerKeyResolver, ReplayResolver];
