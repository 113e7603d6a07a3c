export * from '../src/briefs.module.js';
