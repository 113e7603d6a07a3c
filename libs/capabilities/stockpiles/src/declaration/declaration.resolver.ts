import { Args, Mutation, Parent, Query, ResolveField, Resolver, Subscription } from '@nestjs/graphql';
import { ReadModels } from '@foundation/eventing';
import {
  Changes,
  CommandOutcome,
  Commands,
  CursorScalar,
  FromCaller,
  Lists,
  mapped,
  PageArgs,
  type Caller,
  type OrderInput,
} from '@foundation/transport';
import { stockDeclarationStream } from '../stockpiles.manifest.js';
import {
  ApproveDeclarationInput,
  CorrectDeclarationInput,
  DeclareStockInput,
  PendingCorrectionType,
  RefuseDeclarationInput,
  StockDeclarationChanged,
  StockDeclarationConnection,
  StockDeclarationFilter,
  StockDeclarationOrder,
  StockDeclarationType,
  toApproveDeclaration,
  toCorrectDeclaration,
  toDeclareStock,
  toPendingCorrection,
  toRefuseDeclaration,
  toStockDeclaration,
  toWithdrawDeclaration,
  WithdrawDeclarationInput,
} from './declaration.graphql.js';
import { pendingCorrectionsView, type PendingCorrectionRow } from './pending-corrections.view.js';
import { stockDeclarationsView, type StockDeclarationRow } from './stock-declarations.view.js';

@Resolver(() => StockDeclarationType)
export class StockDeclarationResolver {
  constructor(
    private readonly commands: Commands,
    private readonly lists: Lists,
    private readonly changes: Changes,
    private readonly reads: ReadModels,
  ) {}

  @Mutation(() => CommandOutcome, {
    description: 'Declare a stock of your country. For liaisons and delegates; others see it once it is approved.',
  })
  declareStock(
    @Args('input', { description: 'The stock, and who may see it once approved.' }) input: DeclareStockInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(stockDeclarationStream, DeclareStockInput, input, toDeclareStock, caller);
  }

  @Mutation(() => CommandOutcome, {
    description: 'Approve what waits of a declaration. For an approver of the country who did not write it.',
  })
  approveDeclaration(
    @Args('input', { description: 'The declaration.' }) input: ApproveDeclarationInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(stockDeclarationStream, ApproveDeclarationInput, input, toApproveDeclaration, caller);
  }

  @Mutation(() => CommandOutcome, {
    description:
      'Correct figures of a declaration. For liaisons and delegates; others see them once they are approved.',
  })
  correctDeclaration(
    @Args('input', { description: 'The declaration and the figures that change.' }) input: CorrectDeclarationInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(stockDeclarationStream, CorrectDeclarationInput, input, toCorrectDeclaration, caller);
  }

  @Mutation(() => CommandOutcome, { description: 'Decline to declare a stock, with the reason. For delegates.' })
  refuseDeclaration(
    @Args('input', { description: 'The material and the reason.' }) input: RefuseDeclarationInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(stockDeclarationStream, RefuseDeclarationInput, input, toRefuseDeclaration, caller);
  }

  @Mutation(() => CommandOutcome, {
    description:
      'Withdraw a declaration, or the refusal of one. For delegates and approvers; its figures are no longer shown.',
  })
  withdrawDeclaration(
    @Args('input', { description: 'The declaration and the reason.' }) input: WithdrawDeclarationInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(stockDeclarationStream, WithdrawDeclarationInput, input, toWithdrawDeclaration, caller);
  }

  @Query(() => StockDeclarationConnection, { description: 'The stock declarations that you may see.' })
  async stockDeclarations(
    @Args() page: PageArgs,
    @Args('filter', {
      nullable: true,
      type: () => StockDeclarationFilter,
      description: 'Which ones; all where left out.',
    })
    filter: StockDeclarationFilter | undefined,
    @Args('orderBy', { nullable: true, type: () => StockDeclarationOrder, description: 'In which order.' })
    orderBy: OrderInput | undefined,
    @FromCaller() caller: Caller,
  ) {
    // The corrections that are asked for within the declarations show the position as well.
    await this.lists.shows(pendingCorrectionsView, page.atLeast);
    return this.lists.page<StockDeclarationRow, StockDeclarationType>(
      stockDeclarationsView,
      caller,
      { ...page, filter: { ...filter, asOf: counted(filter?.asOf) }, orderBy },
      toStockDeclaration,
    );
  }

  @ResolveField(() => PendingCorrectionType, {
    nullable: true,
    description: 'The correction that waits for approval, if any: told to the declaring country only.',
  })
  async pendingCorrection(@Parent() { id }: StockDeclarationType, @FromCaller() caller: Caller) {
    const row = await caller.batched<PendingCorrectionRow>(pendingCorrectionsView, id, (ids) =>
      this.reads.find<PendingCorrectionRow>(pendingCorrectionsView, caller.who, ids),
    );
    return row && toPendingCorrection(row);
  }

  @Subscription(() => StockDeclarationChanged, {
    description: 'Stock declarations that you may see, as they change.',
    resolve: (value: StockDeclarationChanged) => value,
  })
  async stockDeclarationChanged(
    @Args('after', {
      type: () => CursorScalar,
      nullable: true,
      description: 'Go on after this cursor; from now where left out.',
    })
    after: string | undefined,
    @FromCaller() caller: Caller,
  ) {
    const delivered = await this.changes.of<StockDeclarationRow>(stockDeclarationsView, caller, after);
    return mapped(delivered, ({ cursor, key: id, row, who }) => ({
      cursor,
      id,
      stockDeclaration: row && toStockDeclaration(row, who),
    }));
  }
}

/** A range of days without a beginning leaves out the declarations that have no day at all. */
const counted = (range: StockDeclarationFilter['asOf']): StockDeclarationFilter['asOf'] =>
  range && { from: '0001-01-01', ...(range.from && { from: range.from }), ...(range.to && { to: range.to }) };
