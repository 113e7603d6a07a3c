export * from './limits.js';
export type { Observed } from './observing.js';
export * from './trusted-documents.js';
export * from './yoga-driver.js';
