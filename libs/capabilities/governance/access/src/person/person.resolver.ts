import { Args, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { ReadModels } from '@foundation/eventing';
import {
  FromCaller,
  type Caller,
  Connections,
  nodeTypeOf,
  objectTypeOf,
  PositionScalar,
  shownBy,
} from '@foundation/graphql';
import { audienceName, country, flag, level, many, optional, personRef, recordId, required, role } from '@kernel';
import { groupMembersView } from '../group/group-members.view.js';
import { groupsView } from '../group/groups.view.js';

const MeType = objectTypeOf('Me', 'Who you are to this platform, now.', {
  person: required(personRef, 'Your reference: opaque, and the same at each sign-in.'),
  country: optional(country, 'The country that you act for, if any.'),
  roles: many(role, 'Your roles: those your issuer asserts and those granted, less those revoked.'),
  isMember: required(flag, 'Whether your country is a member of the alliance.'),
  clearance: required(level, 'The highest level of records that you are cleared for.'),
  mandate: optional(
    recordId,
    'The mandate under which you act for another country in this request; null where you act for your own.',
  ),
});
const showGroup = shownBy(groupsView);

@Resolver(() => MeType)
export class PersonResolver {
  constructor(
    private readonly lists: Connections,
    private readonly reads: ReadModels,
  ) {}

  @Query(() => MeType, { description: 'Who you are to this platform: what your roles let you do and see.' })
  async me(
    @Args('atLeast', {
      type: () => PositionScalar,
      nullable: true,
      description: 'Wait until your groups show at least this position.',
    })
    atLeast: string | undefined,
    @FromCaller() caller: Caller,
  ) {
    await Promise.all([groupsView, groupMembersView].map((view) => this.lists.shows(view, caller, atLeast)));
    const { who } = caller;
    return { ...who, mandate: who.mandate?.id };
  }

  @ResolveField(() => [nodeTypeOf(groupsView.node)], { description: 'The sharing groups that your country is in.' })
  async groups(@FromCaller() caller: Caller): Promise<object[]> {
    const { who } = caller;
    const ids = who.audiences.filter((each) => each.startsWith('group:')).map(audienceName);
    const rows = await this.reads.find(groupsView, who, ids);
    return ids.flatMap((id) => {
      const row = rows.get(id);
      return row ? [showGroup(row, who, caller.now, id)] : [];
    });
  }
}
