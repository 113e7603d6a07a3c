import { QueryBus } from '@nestjs/cqrs';
import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { FromCaller, type Caller, nodeTypeOf, objectTypeOf } from '@foundation/graphql';
import { funding, FundingQuery } from './funding.query.js';
import { projectsView, type ProjectRow } from './projects.view.js';

const FUNDING = Symbol('funding of projects');

const FundingType = objectTypeOf(
  'Funding',
  'What is promised to a project in one currency, of the pledges that you may see.',
  funding,
);

/** What a project shows of the pledges to it. */
@Resolver(() => nodeTypeOf(projectsView.node))
export class ProjectResolver {
  constructor(private readonly queries: QueryBus) {}

  @ResolveField(() => [FundingType], {
    description: 'What is promised to it, by currency: sums over the pledges that you may see, and over no others.',
  })
  async funding(@Parent() { id }: ProjectRow, @FromCaller() caller: Caller) {
    const found = await caller.batched(FUNDING, id, (ids) => this.queries.execute(new FundingQuery(ids, caller.who)));
    return found ?? [];
  }
}
