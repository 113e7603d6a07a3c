import { Args, ID, Mutation, Query, Resolver, Subscription } from '@nestjs/graphql';
import {
  Changes,
  CommandOutcome,
  Commands,
  CursorScalar,
  FromCaller,
  Lists,
  mapped,
  PageArgs,
  PositionScalar,
  type Caller,
  type OrderInput,
} from '@foundation/transport';
import { accessRequestStream } from '../briefs.manifest.js';
import {
  AccessRequestChanged,
  AccessRequestConnection,
  AccessRequestFilter,
  AccessRequestOrder,
  AccessRequestType,
  AnswerAccessRequestInput,
  RequestAccessInput,
  toAccessRequest,
  toAnswerAccessRequest,
  toRequestAccess,
} from './access-request.graphql.js';
import { accessRequestsView, type AccessRequestRow } from './access-requests.view.js';

@Resolver(() => AccessRequestType)
export class AccessRequestResolver {
  constructor(
    private readonly commands: Commands,
    private readonly lists: Lists,
    private readonly changes: Changes,
  ) {}

  @Mutation(() => CommandOutcome, {
    description:
      'Ask another party to be let in on what it may have. It is taken whatever there is, and so confirms nothing. For liaisons and delegates.',
  })
  requestAccess(
    @Args('input', { description: 'Whom you ask, about what, and why.' }) input: RequestAccessInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(accessRequestStream, RequestAccessInput, input, toRequestAccess, caller);
  }

  @Mutation(() => CommandOutcome, {
    description:
      'Answer an access request to your party. For liaisons and delegates of the asked country, or for the secretariat.',
  })
  answerAccessRequest(
    @Args('input', { description: 'The request and the answer.' }) input: AnswerAccessRequestInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(accessRequestStream, AnswerAccessRequestInput, input, toAnswerAccessRequest, caller);
  }

  @Query(() => AccessRequestConnection, { description: 'The access requests of your party, and to it.' })
  accessRequests(
    @Args() page: PageArgs,
    @Args('filter', {
      nullable: true,
      type: () => AccessRequestFilter,
      description: 'Which ones; all where left out.',
    })
    filter: AccessRequestFilter | undefined,
    @Args('orderBy', { nullable: true, type: () => AccessRequestOrder, description: 'In which order.' })
    orderBy: OrderInput | undefined,
    @FromCaller() caller: Caller,
  ) {
    return this.lists.page<AccessRequestRow, AccessRequestType>(
      accessRequestsView,
      caller,
      { ...page, filter: { ...filter }, orderBy },
      toAccessRequest,
    );
  }

  @Query(() => AccessRequestType, {
    nullable: true,
    description: 'An access request; null where there is none that you may see.',
  })
  accessRequest(
    @Args('id', { type: () => ID, description: 'Id of the access request.' }) id: string,
    @Args('atLeast', {
      type: () => PositionScalar,
      nullable: true,
      description: 'Wait until the request shows at least this position.',
    })
    atLeast: string | undefined,
    @FromCaller() caller: Caller,
  ) {
    return this.lists.one<AccessRequestRow, AccessRequestType>(
      accessRequestsView,
      caller,
      id,
      toAccessRequest,
      atLeast,
    );
  }

  @Subscription(() => AccessRequestChanged, {
    description: 'Access requests of your party, and to it, as they change.',
    resolve: (value: AccessRequestChanged) => value,
  })
  async accessRequestChanged(
    @Args('after', {
      type: () => CursorScalar,
      nullable: true,
      description: 'Go on after this cursor; from now where left out.',
    })
    after: string | undefined,
    @FromCaller() caller: Caller,
  ) {
    const delivered = await this.changes.of<AccessRequestRow>(accessRequestsView, caller, after);
    return mapped(delivered, ({ cursor, key: id, row, who }) => ({
      cursor,
      id,
      accessRequest: row && toAccessRequest(row, who),
    }));
  }
}
