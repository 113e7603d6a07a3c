export * from './alert.js';
export * from './alert-inbox.js';
export * from './alert-ledger.js';
export * from './matching.js';
export * from './recipients.js';
export * from './rule-index.js';
