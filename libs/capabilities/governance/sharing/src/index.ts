export { erasuresView, type ErasureRow } from './erasure/erasures.view.js';
export { audienceChangesView, type AudienceChangeRow } from './marking/audience-changes.view.js';
export { noteOf, type Served } from './reading/reading.reaction.js';
export { readingsView, type ReadingRow } from './reading/readings.view.js';
export { HeldReadings, recallCausingFacts, type Held } from './reading/recall.reaction.js';
export { recallsView, type RecallRow } from './reading/recalls.view.js';
export * from './sharing.manifest.js';
export { groupsIn, type KnownParty } from './marking/reach.rule.js';
