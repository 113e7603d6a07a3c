export * from './event-store-db.js';
