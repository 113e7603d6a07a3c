import { capability } from '@kernel';
import { erasuresView } from './erasure/erasures.view.js';
import { audienceChangesView } from './marking/audience-changes.view.js';
import { readingRecordType } from './reading/reading.record.js';
import { readingsView } from './reading/readings.view.js';
import { recallAlerts } from './reading/recall.alerts.js';
import { recallsView } from './reading/recalls.view.js';

export { readingRecordType };

/** Who may read what, who has read it, and what becomes of that when the owner changes its mind or wants it erased. */
export const sharing = capability({
  name: 'sharing',
  recordTypes: [readingRecordType],
  views: [audienceChangesView, erasuresView, readingsView, recallsView],
  alerts: [...recallAlerts],
});
