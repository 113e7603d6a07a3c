export * from './configuration.js';
export * from './kinds.js';
export * from './ending.js';
