import { ReadModels } from '@foundation/eventing';
import { FromCaller, nodeTypeOf, type Caller } from '@foundation/graphql';
import type { Marked } from '@kernel';
import { ID, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { commentsView, type CommentRow } from './comments.view.js';

/** What a comment shows of the one that it answers. */
@Resolver(() => nodeTypeOf(commentsView.node))
export class CommentResolver {
  constructor(private readonly reads: ReadModels) {}

  @ResolveField(() => ID, {
    nullable: true,
    description: 'Id of the comment that it answers; null where there is none that you may see.',
  })
  async replyTo(@Parent() { replyTo }: CommentRow, @FromCaller() caller: Caller): Promise<string | null> {
    if (replyTo === undefined) return null;
    const { who } = caller;
    const answered = await caller.batched<Marked>(commentsView, replyTo, (ids) =>
      this.reads.find(commentsView, who, ids),
    );
    return answered && replyTo;
  }
}
