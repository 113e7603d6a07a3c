import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import {
  CommandOutcome,
  Commands,
  FromCaller,
  Lists,
  PageArgs,
  type Caller,
  type OrderInput,
} from '@foundation/transport';
import { memberStream } from '../access.manifest.js';
import {
  AdmitMemberInput,
  MemberConnection,
  MemberFilter,
  MemberOrder,
  MemberType,
  toAdmitMember,
  toMember,
  toWithdrawMember,
  WithdrawMemberInput,
} from './member.graphql.js';
import { membersView, type MemberRow } from './members.view.js';

@Resolver(() => MemberType)
export class MemberResolver {
  constructor(
    private readonly commands: Commands,
    private readonly lists: Lists,
  ) {}

  @Mutation(() => CommandOutcome, { description: 'Enter a country in the roster of members. For the secretariat.' })
  admitMember(
    @Args('input', { description: 'The country and since when.' }) input: AdmitMemberInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(memberStream, AdmitMemberInput, input, toAdmitMember, caller);
  }

  @Mutation(() => CommandOutcome, {
    description: 'Take a country that has left the alliance off the roster. For the secretariat.',
  })
  withdrawMember(
    @Args('input', { description: 'The country.' }) input: WithdrawMemberInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(memberStream, WithdrawMemberInput, input, toWithdrawMember, caller);
  }

  @Query(() => MemberConnection, { description: 'The members of the alliance.' })
  members(
    @Args() page: PageArgs,
    @Args('filter', { nullable: true, type: () => MemberFilter, description: 'Which ones; all where left out.' })
    filter: MemberFilter | undefined,
    @Args('orderBy', { nullable: true, type: () => MemberOrder, description: 'In which order.' })
    orderBy: OrderInput | undefined,
    @FromCaller() caller: Caller,
  ) {
    return this.lists.page<MemberRow, MemberType>(
      membersView,
      caller,
      { ...page, filter: { ...filter }, orderBy },
      toMember,
    );
  }
}
