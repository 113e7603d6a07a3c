import { globSync } from 'node:fs';
import type { Guard } from './guard.js';
import { grantGuards } from './guards/grants.guards.js';
import { identityGuards } from './guards/identity.guards.js';
import { kernelGuards } from './guards/kernel.guards.js';
import { pipelineGuards } from './guards/pipeline.guards.js';
import { platformGuards } from './guards/platform.guards.js';
import { readStoreGuards } from './guards/read-store.guards.js';
import { transportGuards } from './guards/transport.guards.js';

/** `x.mutants.ts` beside a record type: the guards of its folder. */
const besideRecordTypes = await Promise.all(
  globSync('libs/capabilities/*/*/src/**/*.mutants.ts')
    .toSorted()
    .map(async (file) => {
      // Beside this file as it runs: as TypeScript in jest, and as it was built otherwise.
      const url = new URL(`../../../${file}`, import.meta.url).href;
      const module = (await import(import.meta.url.endsWith('.ts') ? url : url.replace(/ts$/, 'js'))) as Module;
      return module.guards;
    }),
);
type Module = { readonly guards: readonly Guard[] };

/** Every guard of the access model that the tests are known to hold: from the rule outwards to the network. */
export const guards: readonly Guard[] = [
  ...kernelGuards,
  ...pipelineGuards,
  ...readStoreGuards,
  ...besideRecordTypes.flat(),
  ...grantGuards,
  ...identityGuards,
  ...transportGuards,
  ...platformGuards,
];
