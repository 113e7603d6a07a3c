import type { Capability } from '@kernel';
import { accessRequestRecordType } from './access-request/access-request.record.js';
import { accessRequestsView } from './access-request/access-requests.view.js';
import { briefRecordType } from './brief/brief.record.js';
import { briefsView } from './brief/briefs.view.js';
import { useRequestRecordType } from './use-request/use-request.record.js';
import { useRequestsView } from './use-request/use-requests.view.js';

export { accessRequestRecordType, briefRecordType, useRequestRecordType };

/** What countries write from each other's records, with the approval of those whose records they are. */
export const briefs: Capability = {
  name: 'briefs',
  recordTypes: [briefRecordType, useRequestRecordType, accessRequestRecordType],
  events: [
    'briefs.AccessRequestAnswered.v1',
    'briefs.AccessRequested.v1',
    'briefs.BriefRevised.v1',
    'briefs.BriefWithdrawn.v1',
    'briefs.BriefWritten.v1',
    'briefs.UseApproved.v1',
    'briefs.UseRefused.v1',
    'briefs.UseRequested.v1',
    'briefs.UseWithdrawn.v1',
  ],
  views: [briefsView, useRequestsView, accessRequestsView],
};
