export * from './durable-file.js';
export * from './held.js';
export * from './log-store.js';
