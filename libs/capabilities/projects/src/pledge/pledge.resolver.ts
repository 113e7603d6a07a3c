import { Args, Mutation, Parent, Query, ResolveField, Resolver, Subscription } from '@nestjs/graphql';
import { ReadModels } from '@foundation/eventing';
import {
  Changes,
  CommandOutcome,
  Commands,
  CursorScalar,
  FromCaller,
  Lists,
  mapped,
  PageArgs,
  type Caller,
  nodeTypeOf,
  shownBy,
  type OrderInput,
} from '@foundation/transport';
import { projectsView, type ProjectRow } from '../project/projects.view.js';
import { pledgeStream } from '../projects.manifest.js';
import {
  ConfirmPledgeInput,
  DrawDownPledgeInput,
  PledgeChanged,
  PledgeConnection,
  PledgeFilter,
  PledgeInvestmentInput,
  PledgeOrder,
  PledgeType,
  toConfirmPledge,
  toDrawDownPledge,
  toPledge,
  toPledgeInvestment,
  toWithdrawPledge,
  WithdrawPledgeInput,
} from './pledge.graphql.js';
import { pledgesView, type PledgeRow } from './pledges.view.js';

const ProjectType = nodeTypeOf(projectsView.node);

@Resolver(() => PledgeType)
export class PledgeResolver {
  constructor(
    private readonly commands: Commands,
    private readonly lists: Lists,
    private readonly changes: Changes,
    private readonly reads: ReadModels,
  ) {}

  @Mutation(() => CommandOutcome, {
    description: 'Pledge an investment of your country in a project that you can see. For delegates.',
  })
  pledgeInvestment(
    @Args('input', { description: 'The project, what is pledged, and who may see it.' }) input: PledgeInvestmentInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(pledgeStream, PledgeInvestmentInput, input, toPledgeInvestment, caller);
  }

  @Mutation(() => CommandOutcome, {
    description: 'Confirm a pledge. For an approver of the pledging country who did not make it.',
  })
  confirmPledge(
    @Args('input', { description: 'The pledge.' }) input: ConfirmPledgeInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(pledgeStream, ConfirmPledgeInput, input, toConfirmPledge, caller);
  }

  @Mutation(() => CommandOutcome, {
    description: 'Record an amount paid out of a confirmed pledge. For delegates of the pledging country.',
  })
  drawDownPledge(
    @Args('input', { description: 'The pledge, the amount and the day.' }) input: DrawDownPledgeInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(pledgeStream, DrawDownPledgeInput, input, toDrawDownPledge, caller);
  }

  @Mutation(() => CommandOutcome, {
    description: 'Withdraw what is left of a pledge. For delegates of the pledging country.',
  })
  withdrawPledge(
    @Args('input', { description: 'The pledge and the reason.' }) input: WithdrawPledgeInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(pledgeStream, WithdrawPledgeInput, input, toWithdrawPledge, caller);
  }

  @Query(() => PledgeConnection, { description: 'The pledges that you may see.' })
  async pledges(
    @Args() page: PageArgs,
    @Args('filter', { nullable: true, type: () => PledgeFilter, description: 'Which ones; all where left out.' })
    filter: PledgeFilter | undefined,
    @Args('orderBy', { nullable: true, type: () => PledgeOrder, description: 'In which order.' })
    orderBy: OrderInput | undefined,
    @FromCaller() caller: Caller,
  ) {
    // A pledge is shown with its project only, so both show the position.
    await this.lists.shows(projectsView, page.atLeast);
    return this.lists.page<PledgeRow, PledgeType>(
      pledgesView,
      caller,
      { ...page, filter: { ...filter }, orderBy },
      toPledge,
    );
  }

  @ResolveField(() => ProjectType, { nullable: true, description: 'The project that it is for.' })
  async project(@Parent() { projectId }: PledgeType, @FromCaller() caller: Caller): Promise<object | null> {
    const { who } = caller;
    const row = await caller.batched<ProjectRow>(projectsView, projectId, (ids) =>
      this.reads.find<ProjectRow>(projectsView, who, ids),
    );
    return row && shownBy(projectsView, who)(row);
  }

  @Subscription(() => PledgeChanged, {
    description: 'Pledges that you may see, as they change.',
    resolve: (value: PledgeChanged) => value,
  })
  async pledgeChanged(
    @Args('after', {
      type: () => CursorScalar,
      nullable: true,
      description: 'Go on after this cursor; from now where left out.',
    })
    after: string | undefined,
    @FromCaller() caller: Caller,
  ) {
    const delivered = await this.changes.of<PledgeRow>(pledgesView, caller, after);
    return mapped(delivered, ({ cursor, key: id, row, who }) => ({ cursor, id, pledge: row && toPledge(row, who) }));
  }
}
