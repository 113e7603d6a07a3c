export * from './key-store.js';
export * from './owner-keys.js';
