import type { Capability } from '@kernel';
import { accessRequestStream } from './access-request/access-request.stream.js';
import { accessRequestsView } from './access-request/access-requests.view.js';
import { briefStream } from './brief/brief.stream.js';
import { briefsView } from './brief/briefs.view.js';
import { useRequestStream } from './use-request/use-request.stream.js';
import { useRequestsView } from './use-request/use-requests.view.js';

export { accessRequestStream, briefStream, useRequestStream };

/** What countries write from each other's records, with the approval of those whose records they are. */
export const briefs: Capability = {
  name: 'briefs',
  streams: [briefStream, useRequestStream, accessRequestStream],
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
