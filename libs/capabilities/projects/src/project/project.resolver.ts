import { Args, ID, Mutation, Parent, Query, ResolveField, Resolver, Subscription } from '@nestjs/graphql';
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
  PositionScalar,
  type Caller,
  type OrderInput,
} from '@foundation/transport';
import { PledgeType, toPledge } from '../pledge/pledge.graphql.js';
import { pledgesView, type PledgeRow } from '../pledge/pledges.view.js';
import { projectStream } from '../projects.manifest.js';
import {
  CompleteProjectInput,
  DesignateProjectInput,
  EndorseProjectInput,
  FundingType,
  GiveHostConsentInput,
  ProjectChanged,
  ProjectConnection,
  ProjectFilter,
  ProjectOrder,
  ProjectType,
  ProposeProjectInput,
  RefuseHostConsentInput,
  ReportDelayInput,
  ReportMilestoneInput,
  ReviseProjectInput,
  toCompleteProject,
  toDesignateProject,
  toEndorseProject,
  toGiveHostConsent,
  toProject,
  toProposeProject,
  toRefuseHostConsent,
  toReportDelay,
  toReportMilestone,
  toReviseProject,
  toWithdrawProject,
  WithdrawProjectInput,
} from './project.graphql.js';
import { projectsView, type ProjectRow } from './projects.view.js';

/** Most pledges that one request shows within its projects; the query `pledges` pages through all. */
const MOST_PLEDGES = 5_000;
const FUNDING = Symbol('funding of projects');
const PLEDGES = Symbol('pledges of projects');

@Resolver(() => ProjectType)
export class ProjectResolver {
  constructor(
    private readonly commands: Commands,
    private readonly lists: Lists,
    private readonly changes: Changes,
    private readonly reads: ReadModels,
  ) {}

  @Mutation(() => CommandOutcome, { description: 'Propose a project. For liaisons and delegates.' })
  proposeProject(
    @Args('input', { description: 'The project, and who may see it.' }) input: ProposeProjectInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(projectStream, ProposeProjectInput, input, toProposeProject, caller);
  }

  @Mutation(() => CommandOutcome, {
    description: 'Change what a project is. For liaisons and delegates of the country that proposed it.',
  })
  reviseProject(
    @Args('input', { description: 'The project and what changes.' }) input: ReviseProjectInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(projectStream, ReviseProjectInput, input, toReviseProject, caller);
  }

  @Mutation(() => CommandOutcome, {
    description: 'Consent to a project on your country’s ground. For delegates of the host country.',
  })
  giveHostConsent(
    @Args('input', { description: 'The project.' }) input: GiveHostConsentInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(projectStream, GiveHostConsentInput, input, toGiveHostConsent, caller);
  }

  @Mutation(() => CommandOutcome, {
    description: 'Refuse consent, or take it back before designation. For delegates of the host country.',
  })
  refuseHostConsent(
    @Args('input', { description: 'The project and the reason.' }) input: RefuseHostConsentInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(projectStream, RefuseHostConsentInput, input, toRefuseHostConsent, caller);
  }

  @Mutation(() => CommandOutcome, {
    description: 'Endorse the project of another country. For delegates of member states.',
  })
  endorseProject(
    @Args('input', { description: 'The project.' }) input: EndorseProjectInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(projectStream, EndorseProjectInput, input, toEndorseProject, caller);
  }

  @Mutation(() => CommandOutcome, {
    description:
      'Designate a project that its host consents to. For the secretariat, which records the decision of the alliance, and for delegates of the country that proposed it.',
  })
  designateProject(
    @Args('input', { description: 'The project and the decision.' }) input: DesignateProjectInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(projectStream, DesignateProjectInput, input, toDesignateProject, caller);
  }

  @Mutation(() => CommandOutcome, {
    description: 'Report a milestone reached. For liaisons and delegates of the owner and of the host.',
  })
  reportMilestone(
    @Args('input', { description: 'The project, the milestone and the day.' }) input: ReportMilestoneInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(projectStream, ReportMilestoneInput, input, toReportMilestone, caller);
  }

  @Mutation(() => CommandOutcome, {
    description: 'Report a delay. For liaisons and delegates of the owner and of the host.',
  })
  reportDelay(
    @Args('input', { description: 'The project, the reason and the new end.' }) input: ReportDelayInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(projectStream, ReportDelayInput, input, toReportDelay, caller);
  }

  @Mutation(() => CommandOutcome, { description: 'Complete a project. For delegates of the country that proposed it.' })
  completeProject(
    @Args('input', { description: 'The project and the day.' }) input: CompleteProjectInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(projectStream, CompleteProjectInput, input, toCompleteProject, caller);
  }

  @Mutation(() => CommandOutcome, { description: 'Withdraw a project. For delegates of the country that proposed it.' })
  withdrawProject(
    @Args('input', { description: 'The project and the reason.' }) input: WithdrawProjectInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(projectStream, WithdrawProjectInput, input, toWithdrawProject, caller);
  }

  @Query(() => ProjectConnection, { description: 'The projects that you may see.' })
  async projects(
    @Args() page: PageArgs,
    @Args('filter', { nullable: true, type: () => ProjectFilter, description: 'Which ones; all where left out.' })
    filter: ProjectFilter | undefined,
    @Args('orderBy', { nullable: true, type: () => ProjectOrder, description: 'In which order.' })
    orderBy: OrderInput | undefined,
    @FromCaller() caller: Caller,
  ) {
    // The pledges and the funding within the projects show the position as well.
    await this.lists.shows(pledgesView, page.atLeast);
    return this.lists.page<ProjectRow, ProjectType>(
      projectsView,
      caller,
      { ...page, filter: { ...filter }, orderBy },
      toProject,
    );
  }

  @Query(() => ProjectType, { nullable: true, description: 'A project; null where there is none that you may see.' })
  async project(
    @Args('id', { type: () => ID, description: 'Id of the project.' }) id: string,
    @Args('atLeast', {
      type: () => PositionScalar,
      nullable: true,
      description: 'Wait until the project shows at least this position.',
    })
    atLeast: string | undefined,
    @FromCaller() caller: Caller,
  ) {
    await this.lists.shows(pledgesView, atLeast);
    return this.lists.one<ProjectRow, ProjectType>(projectsView, caller, id, toProject, atLeast);
  }

  @ResolveField(() => [FundingType], {
    description: 'What is promised to it, by currency: sums over the pledges that you may see, and over no others.',
  })
  async funding(@Parent() { id }: ProjectType, @FromCaller() caller: Caller): Promise<FundingType[]> {
    const funding = await caller.batched<FundingType[]>(FUNDING, id, async (ids) => {
      const filter = { projectId: ids };
      const columns = ['pledged', 'confirmed', 'drawn'];
      const sums = await this.reads.sums(pledgesView, caller.who, filter, ['projectId', 'currency'], columns);
      const byProject = Map.groupBy(sums, ({ by }) => by['projectId']!);
      return new Map(
        [...byProject].map(([project, each]) => [
          project,
          each.map(({ by, sums: { pledged, confirmed, drawn }, count }) => ({
            currency: by['currency']!,
            pledged: pledged!,
            confirmed: confirmed!,
            drawn: drawn!,
            count,
          })),
        ]),
      );
    });
    return funding ?? [];
  }

  @ResolveField(() => [PledgeType], {
    description:
      'The pledges to it that you may see, the latest first. Where there may be thousands, page through pledges instead.',
  })
  async pledges(@Parent() { id }: ProjectType, @FromCaller() caller: Caller): Promise<PledgeType[]> {
    const { who } = caller;
    const rows = await caller.batched<PledgeRow[]>(PLEDGES, id, async (ids) => {
      const found = await this.reads.list<PledgeRow>(pledgesView, who, { projectId: ids }, MOST_PLEDGES);
      return Map.groupBy(
        found.map(({ row }) => row),
        ({ projectId }) => projectId,
      );
    });
    return (rows ?? []).toSorted((a, b) => b.pledgedAt.localeCompare(a.pledgedAt)).map((row) => toPledge(row, who));
  }

  @Subscription(() => ProjectChanged, {
    description: 'Projects that you may see, as they change.',
    resolve: (value: ProjectChanged) => value,
  })
  async projectChanged(
    @Args('after', {
      type: () => CursorScalar,
      nullable: true,
      description: 'Go on after this cursor; from now where left out.',
    })
    after: string | undefined,
    @FromCaller() caller: Caller,
  ) {
    const delivered = await this.changes.of<ProjectRow>(projectsView, caller, after);
    return mapped(delivered, ({ cursor, key: id, row, who }) => ({ cursor, id, project: row && toProject(row, who) }));
  }
}
