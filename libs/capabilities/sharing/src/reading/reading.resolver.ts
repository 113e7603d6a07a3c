import { Args, Mutation, Query, Resolver, Subscription } from '@nestjs/graphql';
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
import { readingStream } from '../sharing.manifest.js';
import {
  AcknowledgeRecallInput,
  ReadingConnection,
  ReadingFilter,
  ReadingOrder,
  RecallChanged,
  RecallConnection,
  RecallFilter,
  RecallOrder,
  toAcknowledgeRecall,
  toReading,
  toRecall,
  type ReadingType,
  type RecallType,
} from './reading.graphql.js';
import { readingsView, type ReadingRow } from './readings.view.js';
import { recallsView, type RecallRow } from './recalls.view.js';

/** Who has read what, and what is to be given back. */
@Resolver()
export class ReadingResolver {
  constructor(
    private readonly commands: Commands,
    private readonly lists: Lists,
    private readonly changes: Changes,
  ) {}

  @Query(() => ReadingConnection, {
    description: 'Who has read or exported records of your country, other than what is public: nobody else is told.',
  })
  readings(
    @Args() page: PageArgs,
    @Args('filter', { nullable: true, type: () => ReadingFilter, description: 'Which ones; all where left out.' })
    filter: ReadingFilter | undefined,
    @Args('orderBy', { nullable: true, type: () => ReadingOrder, description: 'In which order.' })
    orderBy: OrderInput | undefined,
    @FromCaller() caller: Caller,
  ) {
    return this.lists.page<ReadingRow, ReadingType>(
      readingsView,
      caller,
      { ...page, filter: { ...filter }, orderBy },
      toReading,
    );
  }

  @Query(() => RecallConnection, {
    description: 'Recall notices: those that your country got, and those that went out for its records.',
  })
  recalls(
    @Args() page: PageArgs,
    @Args('filter', { nullable: true, type: () => RecallFilter, description: 'Which ones; all where left out.' })
    filter: RecallFilter | undefined,
    @Args('orderBy', { nullable: true, type: () => RecallOrder, description: 'In which order.' })
    orderBy: OrderInput | undefined,
    @FromCaller() caller: Caller,
  ) {
    const { acknowledged, ...others } = filter ?? {};
    const answered = acknowledged == null ? {} : { acknowledged: acknowledged ? 'YES' : 'NO' };
    return this.lists.page<RecallRow, RecallType>(
      recallsView,
      caller,
      { ...page, filter: { ...others, ...answered }, orderBy },
      toRecall,
    );
  }

  @Mutation(() => CommandOutcome, {
    description: 'Tell the owner that its recall notice was heard. For delegates of the country that got it.',
  })
  acknowledgeRecall(
    @Args('input', { description: 'The notice, and what you did about your copies.' }) input: AcknowledgeRecallInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(readingStream, AcknowledgeRecallInput, input, toAcknowledgeRecall, caller);
  }

  @Subscription(() => RecallChanged, {
    description: 'Recall notices that you may see, as they are issued and acknowledged.',
    resolve: (value: RecallChanged) => value,
  })
  async recallChanged(
    @Args('after', {
      type: () => CursorScalar,
      nullable: true,
      description: 'Go on after this cursor; from now where left out.',
    })
    after: string | undefined,
    @FromCaller() caller: Caller,
  ) {
    const delivered = await this.changes.of<RecallRow>(recallsView, caller, after);
    return mapped(delivered, ({ cursor, key: id, row }) => ({ cursor, id, recall: row && toRecall(row) }));
  }
}
