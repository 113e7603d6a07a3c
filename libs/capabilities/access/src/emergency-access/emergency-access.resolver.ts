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
import { emergencyAccessStream } from '../access.manifest.js';
import {
  ApproveEmergencyAccessInput,
  EmergencyAccessConnection,
  EmergencyAccessFilter,
  EmergencyAccessOrder,
  EmergencyAccessType,
  RefuseEmergencyAccessInput,
  RequestEmergencyAccessInput,
  toApproveEmergencyAccess,
  toEmergencyAccess,
  toRefuseEmergencyAccess,
  toRequestEmergencyAccess,
} from './emergency-access.graphql.js';
import { emergencyAccessesView, type EmergencyAccessRow } from './emergency-accesses.view.js';

@Resolver(() => EmergencyAccessType)
export class EmergencyAccessResolver {
  constructor(
    private readonly commands: Commands,
    private readonly lists: Lists,
  ) {}

  @Mutation(() => CommandOutcome, {
    description:
      'Ask to read one record whatever its marking says. For the secretariat; a member state has to agree, and the record’s owner is shown it.',
  })
  requestEmergencyAccess(
    @Args('input', { description: 'The record, the reason and who is to agree.' }) input: RequestEmergencyAccessInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(
      emergencyAccessStream,
      RequestEmergencyAccessInput,
      input,
      toRequestEmergencyAccess,
      caller,
    );
  }

  @Mutation(() => CommandOutcome, {
    description: 'Agree to an emergency access, for one hour. For delegates and approvers of the country named in it.',
  })
  approveEmergencyAccess(
    @Args('input', { description: 'The emergency access.' }) input: ApproveEmergencyAccessInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(
      emergencyAccessStream,
      ApproveEmergencyAccessInput,
      input,
      toApproveEmergencyAccess,
      caller,
    );
  }

  @Mutation(() => CommandOutcome, {
    description:
      'Refuse an emergency access, or end one that was approved. For delegates and approvers of the country named in it.',
  })
  refuseEmergencyAccess(
    @Args('input', { description: 'The emergency access and why.' }) input: RefuseEmergencyAccessInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(
      emergencyAccessStream,
      RefuseEmergencyAccessInput,
      input,
      toRefuseEmergencyAccess,
      caller,
    );
  }

  @Query(() => EmergencyAccessConnection, {
    description: 'Emergency accesses: all for the secretariat, and those that your country was asked to approve.',
  })
  emergencyAccesses(
    @Args() page: PageArgs,
    @Args('filter', {
      nullable: true,
      type: () => EmergencyAccessFilter,
      description: 'Which ones; all where left out.',
    })
    filter: EmergencyAccessFilter | undefined,
    @Args('orderBy', { nullable: true, type: () => EmergencyAccessOrder, description: 'In which order.' })
    orderBy: OrderInput | undefined,
    @FromCaller() caller: Caller,
  ) {
    return this.lists.page<EmergencyAccessRow, EmergencyAccessType>(
      emergencyAccessesView,
      caller,
      { ...page, filter: { ...filter }, orderBy },
      toEmergencyAccess,
    );
  }
}
