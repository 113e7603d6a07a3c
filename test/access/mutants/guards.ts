import type { Guard } from './guard.js';
import { capabilityGuards } from './guards/capabilities.guards.js';
import { grantGuards } from './guards/grants.guards.js';
import { identityGuards } from './guards/identity.guards.js';
import { kernelGuards } from './guards/kernel.guards.js';
import { pipelineGuards } from './guards/pipeline.guards.js';
import { platformGuards } from './guards/platform.guards.js';
import { readStoreGuards } from './guards/read-store.guards.js';
import { registerGuards } from './guards/register.guards.js';
import { transportGuards } from './guards/transport.guards.js';

/** Every guard of the access model that the tests are known to hold: from the rule outwards to the network. */
export const guards: readonly Guard[] = [
  ...kernelGuards,
  ...pipelineGuards,
  ...readStoreGuards,
  ...registerGuards,
  ...capabilityGuards,
  ...grantGuards,
  ...identityGuards,
  ...transportGuards,
  ...platformGuards,
];
