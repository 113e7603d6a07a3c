import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { ReadModels } from '@foundation/eventing';
import { FromCaller, type Caller, nodeTypeOf, objectTypeOf } from '@foundation/graphql';
import { currency, decimal, integer, required, type Of } from '@kernel';
import { pledgesView } from '../pledge/pledges.view.js';
import { projectsView, type ProjectRow } from './projects.view.js';

const FUNDING = Symbol('funding of projects');

const funding = {
  currency: required(currency, 'The currency.'),
  pledged: required(decimal, 'Promised; of a withdrawn pledge only what was drawn.'),
  confirmed: required(decimal, 'Of that, confirmed by a second person of the pledging country.'),
  drawn: required(decimal, 'Of that, paid out.'),
  count: required(integer, 'How many pledges this is of, withdrawn ones among them.'),
};
const FundingType = objectTypeOf(
  'Funding',
  'What is promised to a project in one currency, of the pledges that you may see.',
  funding,
);

/** What a project shows of the pledges to it. */
@Resolver(() => nodeTypeOf(projectsView.node))
export class ProjectResolver {
  constructor(private readonly reads: ReadModels) {}

  @ResolveField(() => [FundingType], {
    description: 'What is promised to it, by currency: sums over the pledges that you may see, and over no others.',
  })
  async funding(@Parent() { id }: ProjectRow, @FromCaller() caller: Caller) {
    const found = await caller.batched<Of<typeof funding>[]>(FUNDING, id, async (ids) => {
      const columns = ['pledged', 'confirmed', 'drawn'];
      const by = ['projectId', 'currency'];
      const sums = await this.reads.sums(pledgesView, caller.who, { projectId: ids }, by, columns);
      const byProject = Map.groupBy(sums, (each) => each.by['projectId']!);
      return new Map(
        [...byProject].map(([project, each]) => [
          project,
          each.map((one) => ({ currency: one.by['currency'], ...one.sums, count: one.count }) as never),
        ]),
      );
    });
    return found ?? [];
  }
}
