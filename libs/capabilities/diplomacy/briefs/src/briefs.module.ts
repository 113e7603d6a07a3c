import { commandsOf, recordsOf } from '@foundation/graphql';
import { accessRequestRecordType } from './access-request/access-request.record.js';
import { accessRequestsView } from './access-request/access-requests.view.js';
import { BriefResolver, VIEW_OF } from './brief/brief.resolver.js';
import { briefRecordType } from './brief/brief.record.js';
import { briefsView } from './brief/briefs.view.js';
import { useRequestRecordType } from './use-request/use-request.record.js';
import { useRequestsView } from './use-request/use-requests.view.js';

export const briefsResolvers = [
  commandsOf(briefRecordType),
  recordsOf(briefsView, {
    list: {
      name: 'briefs',
      description: 'The briefs that you may see.',
      orderBy: { TITLE: 'title', WRITTEN_AT: 'writtenAt', REVISED_AT: 'revisedAt' },
    },
    changed: 'Briefs that you may see, as they change.',
    alsoShows: Object.values(VIEW_OF),
  }),
  BriefResolver,
  commandsOf(useRequestRecordType),
  recordsOf(useRequestsView, {
    list: {
      name: 'useRequests',
      description: 'The use requests of your party, and to it.',
      orderBy: { REQUESTED_AT: 'requestedAt' },
    },
    changed: 'Use requests of your party, and to it, as they change.',
  }),
  commandsOf(accessRequestRecordType),
  recordsOf(accessRequestsView, {
    list: {
      name: 'accessRequests',
      description: 'The access requests of your party, and to it.',
      orderBy: { REQUESTED_AT: 'requestedAt' },
    },
    changed: 'Access requests of your party, and to it, as they change.',
  }),
];
