export * from '../src/alerts.module.js';
export { AlertDesk } from '../src/inbox/alert-desk.process.js';
export { AlertFeed } from '../src/inbox/alert-feed.process.js';
