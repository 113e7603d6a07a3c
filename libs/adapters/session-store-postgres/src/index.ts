export * from './preparation.js';
export * from './sessions.js';
