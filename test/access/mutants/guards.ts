import type { Guard } from './guard.js';
import { kernelGuards } from './guards/kernel.guards.js';

/** Every guard of the access model that the tests are known to hold. */
export const guards: readonly Guard[] = [...kernelGuards];
