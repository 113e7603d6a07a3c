export * from './alert-inbox.js';
export * from './alert-ledger.js';
export * from './mail-queue.js';
export { NEWS as ALERT_NEWS } from './tables.js';
