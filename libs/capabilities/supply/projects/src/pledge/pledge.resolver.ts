import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { ReadModels } from '@foundation/eventing';
import { FromCaller, type Caller, nodeTypeOf, shownBy } from '@foundation/graphql';
import { hasEnded } from '@kernel';
import { projectsView, type ProjectRow } from '../project/projects.view.js';
import { pledgesView, type PledgeRow } from './pledges.view.js';

/** What is asked for within a pledge. */
@Resolver(() => nodeTypeOf(pledgesView.node))
export class PledgeResolver {
  constructor(private readonly reads: ReadModels) {}

  @ResolveField(() => Boolean, { description: 'Whether its last day has ended everywhere on Earth (UTC−12).' })
  isExpired(@Parent() { expiresOn }: PledgeRow, @FromCaller() caller: Caller): boolean {
    return expiresOn !== undefined && hasEnded(expiresOn, caller.now);
  }

  @ResolveField(() => nodeTypeOf(projectsView.node), { nullable: true, description: 'The project that it is for.' })
  async project(@Parent() { projectId }: PledgeRow, @FromCaller() caller: Caller): Promise<object | null> {
    const { who } = caller;
    const row = await caller.batched<ProjectRow>(projectsView, projectId, (ids) =>
      this.reads.find<ProjectRow>(projectsView, who, ids),
    );
    return row && shownBy(projectsView)(row, who, caller.now, projectId);
  }
}
