export * from '../src/sharing.module.js';
