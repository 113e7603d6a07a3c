export * from './alert-inbox.js';
export * from './alert-ledger.js';
