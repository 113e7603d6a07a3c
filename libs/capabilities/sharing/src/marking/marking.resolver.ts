import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { CommandOutcome, Commands, FromCaller, Lists, PageArgs, type Caller } from '@foundation/transport';
import { audienceChangesView, type AudienceChangeRow } from './audience-changes.view.js';
import {
  AudienceChangeConnection,
  ChangeMarkingInput,
  toAudienceChange,
  toChangeMarking,
  type AudienceChangeType,
} from './marking.graphql.js';
import { recordKind } from './record-kind.graphql.js';

/** The audience of any record, whatever the record is. */
@Resolver()
export class MarkingResolver {
  constructor(
    private readonly commands: Commands,
    private readonly lists: Lists,
  ) {}

  @Mutation(() => CommandOutcome, {
    description:
      'Give a record of your country another audience, with effect on the next read and on open subscriptions. For delegates of its owner. Whoever has read it and may not any more gets a recall notice.',
  })
  changeMarking(
    @Args('input', { description: 'The record, and who may know of it from now on.' }) input: ChangeMarkingInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(recordKind(input.kind).stream, ChangeMarkingInput, input, toChangeMarking, caller);
  }

  @Query(() => AudienceChangeConnection, {
    description: 'How the audiences of your country’s records have changed, earliest first.',
  })
  audienceChanges(
    @Args() page: PageArgs,
    @Args('record', { type: () => ID, nullable: true, description: 'Of one record; of all where left out.' })
    record: string | undefined,
    @FromCaller() caller: Caller,
  ) {
    return this.lists.page<AudienceChangeRow, AudienceChangeType>(
      audienceChangesView,
      caller,
      { ...page, filter: { record }, orderBy: { field: 'at' } },
      toAudienceChange,
    );
  }
}
