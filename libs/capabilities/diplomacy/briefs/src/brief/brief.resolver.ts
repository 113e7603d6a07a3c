import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { ReadModels } from '@foundation/eventing';
import { FromCaller, type Caller, nodeTypeOf, outputOf } from '@foundation/graphql';
import type { AnyView, Marked } from '@kernel';
import { pledgesView, projectsView } from '../../../../supply/projects/src/contract.js';
import { stockDeclarationsView } from '../../../../security/stockpiles/src/contract.js';
import { source, type Cited, type SourceKind } from '../source/source.events.js';
import { briefsView, type BriefRow } from './briefs.view.js';

/** Where each kind of source is read. */
const VIEW_OF: Readonly<Record<SourceKind, AnyView>> = {
  PROJECT: projectsView,
  PLEDGE: pledgesView,
  STOCK_DECLARATION: stockDeclarationsView,
  BRIEF: briefsView,
};
const SourceType = outputOf(source) as never;

/** What a brief shows of the records that it is written from. */
@Resolver(() => nodeTypeOf(briefsView.node))
export class BriefResolver {
  constructor(private readonly reads: ReadModels) {}

  @ResolveField(() => [SourceType], {
    description: 'The records that it is written from, of those that you may read yourself.',
  })
  async sources(@Parent() { sources }: BriefRow, @FromCaller() caller: Caller): Promise<readonly Cited[]> {
    const { who } = caller;
    const readable = await Promise.all(
      sources.map(({ kind, id }) =>
        caller.batched<Marked>(VIEW_OF[kind], id, (ids) => this.reads.find(VIEW_OF[kind], who, ids)),
      ),
    );
    return sources.filter((_, index) => readable[index] !== null);
  }
}
