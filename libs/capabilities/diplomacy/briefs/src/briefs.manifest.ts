import { capability } from '@kernel';
import { accessRequestAlerts } from './access-request/access-request.alerts.js';
import { briefAlerts } from './brief/brief.alerts.js';
import { useRequestAlerts } from './use-request/use-request.alerts.js';
import { accessRequestRecordType } from './access-request/access-request.record.js';
import { accessRequestsView } from './access-request/access-requests.view.js';
import { briefRecordType } from './brief/brief.record.js';
import { briefsView } from './brief/briefs.view.js';
import { useRequestRecordType } from './use-request/use-request.record.js';
import { useRequestsView } from './use-request/use-requests.view.js';

export { accessRequestRecordType, briefRecordType, useRequestRecordType };

/** What countries write from each other's records, with the approval of those whose records they are. */
export const briefs = capability({
  name: 'briefs',
  recordTypes: [briefRecordType, useRequestRecordType, accessRequestRecordType],
  views: [briefsView, useRequestsView, accessRequestsView],
  alerts: [...briefAlerts, ...useRequestAlerts, ...accessRequestAlerts],
});
