export type { RecallAcknowledged, RecallIssued, RecordRead } from './reading/reading.events.js';
