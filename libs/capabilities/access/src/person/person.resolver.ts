import { Args, Mutation, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { ReadModels } from '@foundation/eventing';
import { CommandOutcome, Commands, FromCaller, Lists, PositionScalar, type Caller } from '@foundation/transport';
import { audienceName } from '@kernel';
import { personStream } from '../access.manifest.js';
import { groupMembersView } from '../group/group-members.view.js';
import { GroupType, toGroup } from '../group/group.graphql.js';
import { groupsView, type GroupRow } from '../group/groups.view.js';
import {
  GrantClearanceInput,
  GrantRoleInput,
  MeType,
  RevokeClearanceInput,
  RevokeRoleInput,
  toGrantClearance,
  toGrantRole,
  toRevokeClearance,
  toRevokeRole,
} from './person.graphql.js';

@Resolver(() => MeType)
export class PersonResolver {
  constructor(
    private readonly commands: Commands,
    private readonly lists: Lists,
    private readonly reads: ReadModels,
  ) {}

  @Mutation(() => CommandOutcome, {
    description:
      'Give a role to another person. For the secretariat; for delegates, the roles that act for their own country.',
  })
  grantRole(
    @Args('input', { description: 'The person and the role.' }) input: GrantRoleInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(personStream, GrantRoleInput, input, toGrantRole, caller);
  }

  @Mutation(() => CommandOutcome, {
    description:
      'Take a role from another person. For the secretariat; for delegates, the roles that act for their own country.',
  })
  revokeRole(
    @Args('input', { description: 'The person and the role.' }) input: RevokeRoleInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(personStream, RevokeRoleInput, input, toRevokeRole, caller);
  }

  @Mutation(() => CommandOutcome, {
    description:
      'Clear a person of your own up to a level. For delegates; for the secretariat, its own people. Nobody clears themselves.',
  })
  grantClearance(
    @Args('input', { description: 'The person and the level.' }) input: GrantClearanceInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(personStream, GrantClearanceInput, input, toGrantClearance, caller);
  }

  @Mutation(() => CommandOutcome, {
    description: 'Take its clearance from a person of your own. For delegates; for the secretariat, its own people.',
  })
  revokeClearance(
    @Args('input', { description: 'The person.' }) input: RevokeClearanceInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(personStream, RevokeClearanceInput, input, toRevokeClearance, caller);
  }

  @Query(() => MeType, { description: 'Who you are to this platform: what your roles let you do and see.' })
  async me(
    @Args('atLeast', {
      type: () => PositionScalar,
      nullable: true,
      description: 'Wait until your groups show at least this position.',
    })
    atLeast: string | undefined,
    @FromCaller() caller: Caller,
  ): Promise<MeType> {
    await Promise.all([groupsView, groupMembersView].map((view) => this.lists.shows(view, atLeast)));
    const { person, country, roles, isMember, clearance, mandate } = caller.who;
    return { person, country, roles, isMember, clearance, mandate: mandate?.id ?? null };
  }

  @ResolveField(() => [GroupType], { description: 'The sharing groups that your country is in.' })
  async groups(@FromCaller() caller: Caller): Promise<GroupType[]> {
    const { who } = caller;
    const ids = who.audiences.filter((each) => each.startsWith('group:')).map(audienceName);
    const rows = await this.reads.find<GroupRow>(groupsView, who, ids);
    return [...rows.values()].map((row) => toGroup(row, who));
  }
}
