import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { CommandOutcome, Commands, FromCaller, Lists, PageArgs, type Caller } from '@foundation/transport';
import { recordKind } from '../marking/record-kind.graphql.js';
import {
  ApproveErasureInput,
  ErasureConnection,
  ErasureFilter,
  RequestErasureInput,
  toApproveErasure,
  toErasure,
  toRequestErasure,
  type ErasureType,
} from './erasure.graphql.js';
import { erasuresView, type ErasureRow } from './erasures.view.js';

/** The erasure of any record's content, whatever the record is. */
@Resolver()
export class ErasureResolver {
  constructor(
    private readonly commands: Commands,
    private readonly lists: Lists,
  ) {}

  @Mutation(() => CommandOutcome, {
    description:
      'Ask for the content of a record of your country to be erased for ever. For delegates of its owner; a second person approves.',
  })
  requestErasure(
    @Args('input', { description: 'The record, and why.' }) input: RequestErasureInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(recordKind(input.kind).stream, RequestErasureInput, input, toRequestErasure, caller);
  }

  @Mutation(() => CommandOutcome, {
    description:
      'Erase the content of a record for ever, as another person of your country has asked. For delegates and approvers of its owner. The record is gone for everybody; that there was one, and every proof of it, stays.',
  })
  approveErasure(
    @Args('input', { description: 'The record.' }) input: ApproveErasureInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(recordKind(input.kind).stream, ApproveErasureInput, input, toApproveErasure, caller);
  }

  @Query(() => ErasureConnection, {
    description: 'Erasures of records of your country, asked for and carried out: nobody else is told.',
  })
  erasures(
    @Args() page: PageArgs,
    @Args('filter', { nullable: true, type: () => ErasureFilter, description: 'Which ones; all where left out.' })
    filter: ErasureFilter | undefined,
    @FromCaller() caller: Caller,
  ) {
    return this.lists.page<ErasureRow, ErasureType>(
      erasuresView,
      caller,
      { ...page, filter: { ...filter }, orderBy: { field: 'requestedAt' } },
      toErasure,
    );
  }
}
