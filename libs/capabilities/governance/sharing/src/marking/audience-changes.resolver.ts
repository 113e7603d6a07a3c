import { Args, ID, Query, Resolver } from '@nestjs/graphql';
import { connectionOf, Connections, PageArgs, FromCaller, type Caller, nodeTypeOf, shownBy } from '@foundation/graphql';
import { audienceChangesView } from './audience-changes.view.js';

const { name } = audienceChangesView.node;
const AudienceChangeConnection = connectionOf(nodeTypeOf(audienceChangesView.node), name);
const show = shownBy(audienceChangesView);

/** How the audience of any record has changed, whatever the record is. */
@Resolver()
export class AudienceChangesResolver {
  constructor(private readonly lists: Connections) {}

  @Query(() => AudienceChangeConnection, {
    description: 'How the audiences of your country’s records have changed, earliest first.',
  })
  audienceChanges(
    @Args() page: PageArgs,
    @Args('record', { type: () => ID, nullable: true, description: 'Of one record; of all where left out.' })
    record: string | undefined,
    @FromCaller() caller: Caller,
  ) {
    return this.lists.page(
      audienceChangesView,
      caller,
      { ...page, filter: { record }, orderBy: { field: 'at' } },
      show,
    );
  }
}
