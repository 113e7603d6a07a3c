import { commandsOf, recordsOf } from '@foundation/graphql';
import type { Type } from '@nestjs/common';
import type { Capability } from '@kernel';
import { erasuresView } from './erasure/erasures.view.js';
import { AudienceChangesResolver } from './marking/audience-changes.resolver.js';
import { audienceResolverOf } from './marking/audience.resolver.js';
import { recordKindsOf } from './marking/record-kind.resolver.js';
import { recordCommandsOf } from './marking/record.resolver.js';
import { acknowledgeRecall, readingRecordType } from './reading/reading.record.js';
import { readingsView } from './reading/readings.view.js';
import { recallsView } from './reading/recalls.view.js';

export { audienceHandlers as sharingHandlers, Parties } from './marking/audience.query.js';

/** @param capabilities all that the app offers: the audience of their records is changed here */
export const sharingResolversOf = (capabilities: readonly Capability[]): Type[] => {
  const kinds = recordKindsOf(capabilities);
  return [
    recordCommandsOf(kinds),
    audienceResolverOf(kinds),
    AudienceChangesResolver,
    recordsOf(erasuresView, {
      list: {
        name: 'erasures',
        description: 'Erasures of records of your country, asked for and carried out: nobody else is told.',
        orderBy: 'requestedAt',
      },
    }),
    // Readings and recalls are noted by the platform; clients acknowledge.
    commandsOf(readingRecordType, [acknowledgeRecall]),
    recordsOf(readingsView, {
      list: {
        name: 'readings',
        description:
          'Who has read or exported records of your country, other than what is public: nobody else is told.',
        orderBy: { LAST_AT: 'lastAt' },
      },
    }),
    recordsOf(recallsView, {
      list: {
        name: 'recalls',
        description: 'Recall notices: those that your country got, and those that went out for its records.',
        orderBy: { ISSUED_AT: 'issuedAt' },
      },
      changed: 'Recall notices that you may see, as they are issued and acknowledged.',
    }),
  ];
};
