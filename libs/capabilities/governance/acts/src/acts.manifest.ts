import { capability, type Capability } from '@kernel';
import { actAlerts } from './act/act.alerts.js';
import { carriedOutIn } from './act/act.reaction.js';
import { actRecordType } from './act/act.record.js';
import { actsView } from './act/acts.view.js';

export { actRecordType };

/** Commands that take two persons. */
export const acts = capability({
  name: 'acts',
  recordTypes: [actRecordType],
  views: [actsView],
  alerts: [...actAlerts],
});

/** The same, beside the capabilities whose commands may take two persons. */
export const actsOver = (others: readonly Capability[]): Capability => ({
  ...acts,
  reactions: [carriedOutIn(others)],
});
