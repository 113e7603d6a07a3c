import type { Type } from '@nestjs/common';
import type { Capability } from '@kernel';
import { AudienceChangesResolver } from './marking/audience-changes.resolver.js';
import { audienceResolverOf } from './marking/audience.resolver.js';
import { recordKindsOf } from './marking/record-kind.resolver.js';
import { recordCommandsOf } from './marking/record.resolver.js';

export { audienceHandlers as sharingHandlers, Parties } from './marking/audience.query.js';

/** @param capabilities all that the app offers: the audience of their records is changed here */
export const sharingResolversOf = (capabilities: readonly Capability[]): Type[] => {
  const kinds = recordKindsOf(capabilities);
  return [recordCommandsOf(kinds), audienceResolverOf(kinds), AudienceChangesResolver];
};
