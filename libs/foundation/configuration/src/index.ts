export * from './configuration.js';
export * from './kinds.js';
