export * from '../src/audit.module.js';
