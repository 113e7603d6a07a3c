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
import { mandateStream } from '../access.manifest.js';
import {
  GrantMandateInput,
  MandateConnection,
  MandateFilter,
  MandateOrder,
  MandateType,
  RevokeMandateInput,
  toGrantMandate,
  toMandate,
  toRevokeMandate,
} from './mandate.graphql.js';
import { mandatesView, type MandateRow } from './mandates.view.js';

@Resolver(() => MandateType)
export class MandateResolver {
  constructor(
    private readonly commands: Commands,
    private readonly lists: Lists,
  ) {}

  @Mutation(() => CommandOutcome, {
    description:
      'Let the people of another country act for yours, in the subjects and for the time named. For delegates; not passed on.',
  })
  grantMandate(
    @Args('input', { description: 'The delegate, the subjects and the time.' }) input: GrantMandateInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(mandateStream, GrantMandateInput, input, toGrantMandate, caller);
  }

  @Mutation(() => CommandOutcome, {
    description: 'End a mandate at once. For delegates of the country that granted it.',
  })
  revokeMandate(
    @Args('input', { description: 'The mandate and why.' }) input: RevokeMandateInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(mandateStream, RevokeMandateInput, input, toRevokeMandate, caller);
  }

  @Query(() => MandateConnection, {
    description: 'The mandates that your country granted or was granted, those that ended among them.',
  })
  mandates(
    @Args() page: PageArgs,
    @Args('filter', { nullable: true, type: () => MandateFilter, description: 'Which ones; all where left out.' })
    filter: MandateFilter | undefined,
    @Args('orderBy', { nullable: true, type: () => MandateOrder, description: 'In which order.' })
    orderBy: OrderInput | undefined,
    @FromCaller() caller: Caller,
  ) {
    return this.lists.page<MandateRow, MandateType>(
      mandatesView,
      caller,
      { ...page, filter: { ...filter }, orderBy },
      toMandate,
    );
  }
}
