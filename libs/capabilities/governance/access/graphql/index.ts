export * from '../src/access.module.js';
