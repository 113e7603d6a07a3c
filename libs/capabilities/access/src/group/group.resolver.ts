import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { ReadModels } from '@foundation/eventing';
import {
  CommandOutcome,
  Commands,
  FromCaller,
  Lists,
  PageArgs,
  type Caller,
  type OrderInput,
} from '@foundation/transport';
import { COUNTRIES } from '@kernel';
import { groupStream } from '../access.manifest.js';
import { groupMembersView, type GroupMemberRow } from './group-members.view.js';
import {
  AdmitSubgroupInput,
  AdmitToGroupInput,
  FoundGroupInput,
  GroupConnection,
  GroupFilter,
  GroupMemberType,
  GroupOrder,
  GroupType,
  RemoveFromGroupInput,
  RemoveSubgroupInput,
  SubgroupType,
  toAdmitSubgroup,
  toAdmitToGroup,
  toFoundGroup,
  toGroup,
  toGroupMember,
  toRemoveFromGroup,
  toRemoveSubgroup,
  toSubgroup,
} from './group.graphql.js';
import { groupsView, type GroupRow } from './groups.view.js';
import { subgroupsView, type SubgroupRow } from './subgroups.view.js';

/** Groups in the groups of one page that are shown. */
const MOST_SUBGROUPS = 10_000;

@Resolver(() => GroupType)
export class GroupResolver {
  constructor(
    private readonly commands: Commands,
    private readonly lists: Lists,
    private readonly reads: ReadModels,
  ) {}

  @Mutation(() => CommandOutcome, { description: 'Found a sharing group in the name of your country. For delegates.' })
  foundGroup(
    @Args('input', { description: 'The group and who is in it.' }) input: FoundGroupInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(groupStream, FoundGroupInput, input, toFoundGroup, caller);
  }

  @Mutation(() => CommandOutcome, { description: 'Take a country into a group. For delegates of its owner.' })
  admitToGroup(
    @Args('input', { description: 'The group and the country.' }) input: AdmitToGroupInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(groupStream, AdmitToGroupInput, input, toAdmitToGroup, caller);
  }

  @Mutation(() => CommandOutcome, { description: 'Take a country out of a group. For delegates of its owner.' })
  removeFromGroup(
    @Args('input', { description: 'The group and the country.' }) input: RemoveFromGroupInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(groupStream, RemoveFromGroupInput, input, toRemoveFromGroup, caller);
  }

  @Mutation(() => CommandOutcome, {
    description:
      'Take a group that you may see into a group of your country, with all its countries. For delegates of the outer group’s owner.',
  })
  admitSubgroup(
    @Args('input', { description: 'The outer and the inner group.' }) input: AdmitSubgroupInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(groupStream, AdmitSubgroupInput, input, toAdmitSubgroup, caller);
  }

  @Mutation(() => CommandOutcome, {
    description: 'Take a group out of a group of your country. For delegates of the outer group’s owner.',
  })
  removeSubgroup(
    @Args('input', { description: 'The outer and the inner group.' }) input: RemoveSubgroupInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(groupStream, RemoveSubgroupInput, input, toRemoveSubgroup, caller);
  }

  @Query(() => GroupConnection, {
    description:
      'The sharing groups that you may see: as their markings say; left out, those that your country owns or is in.',
  })
  async groups(
    @Args() page: PageArgs,
    @Args('filter', { nullable: true, type: () => GroupFilter, description: 'Which ones; all where left out.' })
    filter: GroupFilter | undefined,
    @Args('orderBy', { nullable: true, type: () => GroupOrder, description: 'In which order.' })
    orderBy: OrderInput | undefined,
    @FromCaller() caller: Caller,
  ) {
    // The members and groups that are asked for within the groups show the position as well.
    await Promise.all([groupMembersView, subgroupsView].map((view) => this.lists.shows(view, page.atLeast)));
    return this.lists.page<GroupRow, GroupType>(
      groupsView,
      caller,
      { ...page, filter: { ...filter }, orderBy },
      toGroup,
    );
  }

  @ResolveField(() => [GroupMemberType], {
    description:
      'The countries in it, of those that you may know to be: all for its owner, and where members see each other.',
  })
  async members(@Parent() { id }: GroupType, @FromCaller() caller: Caller): Promise<GroupMemberType[]> {
    const rows = await caller.batched<GroupMemberRow[]>(groupMembersView, id, async (ids) => {
      const most = ids.length * COUNTRIES.length;
      const found = await this.reads.list<GroupMemberRow>(groupMembersView, caller.who, { group: ids }, most);
      return Map.groupBy(
        found.map(({ row }) => row),
        ({ group }) => group,
      );
    });
    return (rows ?? []).map(toGroupMember);
  }

  @ResolveField(() => [SubgroupType], {
    description:
      'The groups in it, of those that you may know to be: all for its owner, otherwise those that you are in.',
  })
  async subgroups(@Parent() { id }: GroupType, @FromCaller() caller: Caller): Promise<SubgroupType[]> {
    const rows = await caller.batched<SubgroupRow[]>(subgroupsView, id, async (ids) => {
      const found = await this.reads.list<SubgroupRow>(subgroupsView, caller.who, { group: ids }, MOST_SUBGROUPS);
      return Map.groupBy(
        found.map(({ row }) => row),
        ({ group }) => group,
      );
    });
    return (rows ?? []).map(toSubgroup);
  }
}
