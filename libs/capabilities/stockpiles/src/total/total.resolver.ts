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
import { stockTotalStream } from '../stockpiles.manifest.js';
import { stockTotalsView, type StockTotalRow } from './stock-totals.view.js';
import {
  PublishStockTotalInput,
  StockTotalConnection,
  StockTotalFilter,
  StockTotalOrder,
  toPublishStockTotal,
  toStockTotal,
  type StockTotalType,
} from './total.graphql.js';

/** Totals of stocks that were declared for totals only. */
@Resolver()
export class StockTotalResolver {
  constructor(
    private readonly commands: Commands,
    private readonly lists: Lists,
  ) {}

  @Mutation(() => CommandOutcome, {
    description:
      'Publish what is held of a material by all who declared it for totals only, or withhold it where that would tell of a single one. For the secretariat.',
  })
  publishStockTotal(
    @Args('input', { description: 'The material and the quarter.' }) input: PublishStockTotalInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(stockTotalStream, PublishStockTotalInput, input, toPublishStockTotal, caller);
  }

  @Query(() => StockTotalConnection, { description: 'The published totals of stocks that you may see.' })
  stockTotals(
    @Args() page: PageArgs,
    @Args('filter', { nullable: true, type: () => StockTotalFilter, description: 'Which ones; all where left out.' })
    filter: StockTotalFilter | undefined,
    @Args('orderBy', { nullable: true, type: () => StockTotalOrder, description: 'In which order.' })
    orderBy: OrderInput | undefined,
    @FromCaller() caller: Caller,
  ) {
    return this.lists.page<StockTotalRow, StockTotalType>(
      stockTotalsView,
      caller,
      { ...page, filter: { ...filter }, orderBy },
      toStockTotal,
    );
  }
}
