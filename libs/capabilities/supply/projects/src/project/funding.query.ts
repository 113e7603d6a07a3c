import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ReadModels } from '@foundation/eventing';
import { currency, decimal, integer, required, type Of, type Principal } from '@kernel';
import { pledgesView } from '../pledge/pledges.view.js';

export const funding = {
  currency: required(currency, 'The currency.'),
  pledged: required(decimal, 'Promised; of a withdrawn pledge only what was drawn.'),
  confirmed: required(decimal, 'Of that, confirmed by a second person of the pledging country.'),
  drawn: required(decimal, 'Of that, paid out.'),
  count: required(integer, 'How many pledges this is of, withdrawn ones among them.'),
};
export type Funding = Of<typeof funding>;

/** What is promised to each project, by currency: sums over the pledges that the reader may see. */
export class FundingQuery extends Query<ReadonlyMap<string, readonly Funding[]>> {
  constructor(
    readonly projects: readonly string[],
    readonly who: Principal,
  ) {
    super();
  }
}

@QueryHandler(FundingQuery)
class FundingHandler implements IQueryHandler<FundingQuery> {
  constructor(private readonly reads: ReadModels) {}

  async execute({ projects, who }: FundingQuery) {
    const columns = ['pledged', 'confirmed', 'drawn'];
    const sums = await this.reads.sums(pledgesView, who, { projectId: projects }, ['projectId', 'currency'], columns);
    const byProject = Map.groupBy(sums, (each) => each.by['projectId']!);
    return new Map(
      [...byProject].map(([project, each]) => [
        project,
        each.map((one) => ({ currency: one.by['currency'], ...one.sums, count: one.count }) as Funding),
      ]),
    );
  }
}

export const fundingHandlers = [FundingHandler];
