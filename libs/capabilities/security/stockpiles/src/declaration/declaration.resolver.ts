import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { ReadModels } from '@foundation/eventing';
import { FromCaller, type Caller, nodeTypeOf, shownBy } from '@foundation/graphql';
import { pendingCorrectionsView, type PendingCorrectionRow } from './pending-corrections.view.js';
import { stockDeclarationsView, type StockDeclarationRow } from './stock-declarations.view.js';

const PendingCorrectionType = nodeTypeOf(pendingCorrectionsView.node);
const show = shownBy(pendingCorrectionsView);

/** What is asked for within a stock declaration. */
@Resolver(() => nodeTypeOf(stockDeclarationsView.node))
export class StockDeclarationResolver {
  constructor(private readonly reads: ReadModels) {}

  @ResolveField(() => PendingCorrectionType, {
    nullable: true,
    description: 'The correction that waits for approval, if any: told to the declaring country only.',
  })
  async pendingCorrection(@Parent() { id }: StockDeclarationRow, @FromCaller() caller: Caller) {
    const { who } = caller;
    const row = await caller.batched<PendingCorrectionRow>(pendingCorrectionsView, id, (ids) =>
      this.reads.find<PendingCorrectionRow>(pendingCorrectionsView, who, ids),
    );
    return row && show(row, who, caller.now, id);
  }
}
