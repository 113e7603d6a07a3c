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
import type { AnyView, Marked } from '@kernel';
import { pledgesView, projectsView } from '../../../projects/src/contract.js';
import { stockDeclarationsView } from '../../../stockpiles/src/contract.js';
import { briefStream } from '../briefs.manifest.js';
import {
  BriefChanged,
  BriefConnection,
  BriefFilter,
  BriefOrder,
  BriefType,
  ReviseBriefInput,
  SourceType,
  toBrief,
  toReviseBrief,
  toWithdrawBrief,
  toWriteBrief,
  WithdrawBriefInput,
  WriteBriefInput,
} from './brief.graphql.js';
import type { Cited, SourceKind } from './brief.events.js';
import { briefsView, type BriefRow } from './briefs.view.js';

/** Where each kind of source is read. */
const VIEW_OF: Readonly<Record<SourceKind, AnyView>> = {
  PROJECT: projectsView,
  PLEDGE: pledgesView,
  STOCK_DECLARATION: stockDeclarationsView,
  BRIEF: briefsView,
};

@Resolver(() => BriefType)
export class BriefResolver {
  constructor(
    private readonly commands: Commands,
    private readonly lists: Lists,
    private readonly changes: Changes,
    private readonly reads: ReadModels,
  ) {}

  @Mutation(() => CommandOutcome, {
    description: 'Write a brief from records that you can read. For liaisons and delegates.',
  })
  writeBrief(
    @Args('input', { description: 'The brief, its sources, and who may see it.' }) input: WriteBriefInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(briefStream, WriteBriefInput, input, toWriteBrief, caller);
  }

  @Mutation(() => CommandOutcome, {
    description: 'Write a brief anew. For liaisons and delegates of the country that wrote it.',
  })
  reviseBrief(
    @Args('input', { description: 'The brief as it is to read.' }) input: ReviseBriefInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(briefStream, ReviseBriefInput, input, toReviseBrief, caller);
  }

  @Mutation(() => CommandOutcome, {
    description: 'Withdraw a brief. For liaisons and delegates of the country that wrote it.',
  })
  withdrawBrief(
    @Args('input', { description: 'The brief and the reason.' }) input: WithdrawBriefInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(briefStream, WithdrawBriefInput, input, toWithdrawBrief, caller);
  }

  @Query(() => BriefConnection, { description: 'The briefs that you may see.' })
  async briefs(
    @Args() page: PageArgs,
    @Args('filter', { nullable: true, type: () => BriefFilter, description: 'Which ones; all where left out.' })
    filter: BriefFilter | undefined,
    @Args('orderBy', { nullable: true, type: () => BriefOrder, description: 'In which order.' })
    orderBy: OrderInput | undefined,
    @FromCaller() caller: Caller,
  ) {
    await this.#showSources(page.atLeast);
    return this.lists.page<BriefRow, BriefType>(
      briefsView,
      caller,
      { ...page, filter: { ...filter }, orderBy },
      toBrief,
    );
  }

  @Query(() => BriefType, { nullable: true, description: 'A brief; null where there is none that you may see.' })
  async brief(
    @Args('id', { type: () => ID, description: 'Id of the brief.' }) id: string,
    @Args('atLeast', {
      type: () => PositionScalar,
      nullable: true,
      description: 'Wait until the brief shows at least this position.',
    })
    atLeast: string | undefined,
    @FromCaller() caller: Caller,
  ) {
    await this.#showSources(atLeast);
    return this.lists.one<BriefRow, BriefType>(briefsView, caller, id, toBrief, atLeast);
  }

  @ResolveField(() => [SourceType], {
    description: 'The records that it is written from, of those that you may read yourself.',
  })
  async sources(@Parent() { cited }: BriefType, @FromCaller() caller: Caller): Promise<readonly Cited[]> {
    const { who } = caller;
    const readable = await Promise.all(
      cited.map(({ kind, id }) =>
        caller.batched<Marked>(VIEW_OF[kind], id, (ids) => this.reads.find(VIEW_OF[kind], who, ids)),
      ),
    );
    return cited.filter((_, index) => readable[index] !== null);
  }

  @Subscription(() => BriefChanged, {
    description: 'Briefs that you may see, as they change.',
    resolve: (value: BriefChanged) => value,
  })
  async briefChanged(
    @Args('after', {
      type: () => CursorScalar,
      nullable: true,
      description: 'Go on after this cursor; from now where left out.',
    })
    after: string | undefined,
    @FromCaller() caller: Caller,
  ) {
    const delivered = await this.changes.of<BriefRow>(briefsView, caller, after);
    return mapped(delivered, ({ cursor, key: id, row, who }) => ({ cursor, id, brief: row && toBrief(row, who) }));
  }

  /** The sources within the briefs show the position as well. */
  async #showSources(atLeast: string | undefined): Promise<void> {
    await Promise.all(Object.values(VIEW_OF).map((view) => this.lists.shows(view, atLeast)));
  }
}
