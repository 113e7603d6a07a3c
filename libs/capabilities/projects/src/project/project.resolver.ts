import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { ReadModels } from '@foundation/eventing';
import { FromCaller, nodeTypeOf, objectTypeOf, type Caller } from '@foundation/transport';
import { currency, decimal, integer, required, type Of } from '@kernel';
import { PledgeType, toPledge } from '../pledge/pledge.graphql.js';
import { pledgesView, type PledgeRow } from '../pledge/pledges.view.js';
import { projectsView, type ProjectRow } from './projects.view.js';

/** Most pledges that one request shows within its projects; the query `pledges` pages through all. */
const MOST_PLEDGES = 5_000;
const FUNDING = Symbol('funding of projects');
const PLEDGES = Symbol('pledges of projects');

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

  @ResolveField(() => [PledgeType], {
    description:
      'The pledges to it that you may see, the latest first. Where there may be thousands, page through pledges instead.',
  })
  async pledges(@Parent() { id }: ProjectRow, @FromCaller() caller: Caller): Promise<PledgeType[]> {
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
}
