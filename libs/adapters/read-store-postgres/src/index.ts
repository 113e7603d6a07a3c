export * from './change-feed.js';
export type { LiveFault } from './live-columns.js';
export * from './live-rows.js';
export * from './change-notifications.js';
export * from './projection-store.js';
export * from './read-models.js';
export * from './reader-role.js';
export type { ViewStanding } from './view-states.js';
