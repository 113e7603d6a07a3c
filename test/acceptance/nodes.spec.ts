import { nodesWithOtherClocks } from './nodes/clocks.js';
import { hardening } from './nodes/hardening.js';
import { identityProviders } from './nodes/identity-providers.js';
import { productionNodes } from './nodes/production.js';

// One platform, on whose stores each of them starts nodes of its own: starting one takes longer than most of the cases.
productionNodes();
hardening();
identityProviders();
nodesWithOtherClocks();
