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
import { useRequestStream } from '../briefs.manifest.js';
import {
  ApproveUseInput,
  RefuseUseInput,
  RequestUseInput,
  toApproveUse,
  toRefuseUse,
  toRequestUse,
  toUseRequest,
  toWithdrawUse,
  UseRequestChanged,
  UseRequestConnection,
  UseRequestFilter,
  UseRequestOrder,
  UseRequestType,
  WithdrawUseInput,
} from './use-request.graphql.js';
import { useRequestsView, type UseRequestRow } from './use-requests.view.js';

@Resolver(() => UseRequestType)
export class UseRequestResolver {
  constructor(
    private readonly commands: Commands,
    private readonly lists: Lists,
    private readonly changes: Changes,
  ) {}

  @Mutation(() => CommandOutcome, {
    description:
      'Ask the owner of a record that you can read whether you may use it beyond reading it. For liaisons and delegates.',
  })
  requestUse(
    @Args('input', { description: 'The record, what for, and for whom.' }) input: RequestUseInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(useRequestStream, RequestUseInput, input, toRequestUse, caller);
  }

  @Mutation(() => CommandOutcome, {
    description: 'Approve a use of your record, for an audience and a time. For delegates of its owner.',
  })
  approveUse(
    @Args('input', { description: 'The request, for whom and until when.' }) input: ApproveUseInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(useRequestStream, ApproveUseInput, input, toApproveUse, caller);
  }

  @Mutation(() => CommandOutcome, {
    description:
      'Refuse a use of your record, or take back what you allowed: what was derived meanwhile stays, and goes no further. For delegates of its owner.',
  })
  refuseUse(
    @Args('input', { description: 'The request and the reason.' }) input: RefuseUseInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(useRequestStream, RefuseUseInput, input, toRefuseUse, caller);
  }

  @Mutation(() => CommandOutcome, {
    description: 'Withdraw a use request. For liaisons and delegates of the country that asked.',
  })
  withdrawUse(@Args('input', { description: 'The request.' }) input: WithdrawUseInput, @FromCaller() caller: Caller) {
    return this.commands.issue(useRequestStream, WithdrawUseInput, input, toWithdrawUse, caller);
  }

  @Query(() => UseRequestConnection, { description: 'The use requests of your party, and to it.' })
  useRequests(
    @Args() page: PageArgs,
    @Args('filter', { nullable: true, type: () => UseRequestFilter, description: 'Which ones; all where left out.' })
    filter: UseRequestFilter | undefined,
    @Args('orderBy', { nullable: true, type: () => UseRequestOrder, description: 'In which order.' })
    orderBy: OrderInput | undefined,
    @FromCaller() caller: Caller,
  ) {
    return this.lists.page<UseRequestRow, UseRequestType>(
      useRequestsView,
      caller,
      { ...page, filter: { ...filter }, orderBy },
      toUseRequest,
    );
  }

  @Query(() => UseRequestType, {
    nullable: true,
    description: 'A use request; null where there is none that you may see.',
  })
  useRequest(
    @Args('id', { type: () => ID, description: 'Id of the use request.' }) id: string,
    @Args('atLeast', {
      type: () => PositionScalar,
      nullable: true,
      description: 'Wait until the request shows at least this position.',
    })
    atLeast: string | undefined,
    @FromCaller() caller: Caller,
  ) {
    return this.lists.one<UseRequestRow, UseRequestType>(useRequestsView, caller, id, toUseRequest, atLeast);
  }

  @Subscription(() => UseRequestChanged, {
    description: 'Use requests of your party, and to it, as they change.',
    resolve: (value: UseRequestChanged) => value,
  })
  async useRequestChanged(
    @Args('after', {
      type: () => CursorScalar,
      nullable: true,
      description: 'Go on after this cursor; from now where left out.',
    })
    after: string | undefined,
    @FromCaller() caller: Caller,
  ) {
    const delivered = await this.changes.of<UseRequestRow>(useRequestsView, caller, after);
    return mapped(delivered, ({ cursor, key: id, row, who }) => ({
      cursor,
      id,
      useRequest: row && toUseRequest(row, who),
    }));
  }
}
