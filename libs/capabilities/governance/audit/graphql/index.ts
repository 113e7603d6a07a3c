export * from '../src/audit.module.js';
export { RecordReplays } from '../src/replay/record-replays.query.js';
