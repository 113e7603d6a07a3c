import { Module } from '@nestjs/common';
import { ErasureResolver } from './erasure/erasure.resolver.js';
import { AudienceResolver } from './marking/audience.resolver.js';
import { MarkingResolver } from './marking/marking.resolver.js';
import { ReadingResolver } from './reading/reading.resolver.js';

export { Parties } from './marking/audience.resolver.js';
export { offerRecordKinds } from './marking/record-kind.graphql.js';
export const sharingResolvers = [MarkingResolver, AudienceResolver, ErasureResolver, ReadingResolver];

@Module({ providers: sharingResolvers })
export class SharingModule {}
