import { QueryBus } from '@nestjs/cqrs';
import { Args, createUnionType, ID, Query, Resolver } from '@nestjs/graphql';
import {
  CommandRejectedType,
  enumTypeOf,
  FromCaller,
  MarkingInput,
  objectTypeOf,
  problemsOf,
  toMarkingRequest,
  type Caller,
} from '@foundation/graphql';
import type { Type } from '@nestjs/common';
import { AudienceOfQuery, PreviewAudienceQuery } from './audience.query.js';
import { audiencePreview, recordAudience } from './audience.view.js';
import type { RecordKinds } from './record-kind.resolver.js';

const PreviewType = objectTypeOf(
  'AudiencePreview',
  'Who would see a record under a marking, and why.',
  audiencePreview,
);
const RecordAudienceType = objectTypeOf(
  'RecordAudience',
  'Who may see a record of yours, why, and who has.',
  recordAudience,
);
const Outcome = createUnionType({
  name: 'AudiencePreviewOutcome',
  description: 'Who would see a record, or why the marking would be rejected.',
  types: () => [PreviewType, CommandRejectedType] as const,
  resolveType: (given: object) => ('code' in given ? CommandRejectedType : PreviewType),
});

/** Who may see what, for its owner. */
export const audienceResolverOf = (kinds: RecordKinds): Type => {
  const RecordKindEnum = enumTypeOf(kinds.choice);
  @Resolver()
  class AudienceResolver {
    constructor(private readonly queries: QueryBus) {}

    @Query(() => Outcome, {
      description:
        'Who would see a record of yours under this marking, and why: before you submit it. Members of a group are told as far as you may know them.',
    })
    async previewAudience(
      @Args('marking', { description: 'The marking, as a command would ask for it.' }) given: MarkingInput,
      @FromCaller() caller: Caller,
    ) {
      const { who } = caller;
      const { input, problems } = await problemsOf(MarkingInput, given);
      const [field] = Object.keys(problems);
      if (field !== undefined)
        return { code: 'INPUT.INVALID', message: problems[field], details: { field, ...problems } };
      return await this.queries.execute(new PreviewAudienceQuery(toMarkingRequest(input) ?? {}, who, caller.now));
    }

    @Query(() => RecordAudienceType, {
      nullable: true,
      description: 'Who may see a record of your country now, why, and who has. Null where it is absent or not yours.',
    })
    audienceOf(
      @Args('kind', { type: () => RecordKindEnum, description: 'What kind of record it is.' }) kind: string,
      @Args('id', { type: () => ID, description: 'Id of the record.' }) id: string,
      @FromCaller() caller: Caller,
    ) {
      return this.queries.execute(new AudienceOfQuery(kinds.of(kind).capability.views, id, caller.who, caller.now));
    }
  }
  return AudienceResolver;
};
