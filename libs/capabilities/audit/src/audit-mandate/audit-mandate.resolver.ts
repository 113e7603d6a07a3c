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
import { auditMandateStream } from '../audit.manifest.js';
import {
  AuditMandateConnection,
  AuditMandateOrder,
  GrantAuditMandateInput,
  RevokeAuditMandateInput,
  toAuditMandate,
  toGrantAuditMandate,
  toRevokeAuditMandate,
  type AuditMandateType,
} from './audit-mandate.graphql.js';
import { auditMandatesView, type AuditMandateRow } from './audit-mandates.view.js';

@Resolver()
export class AuditMandateResolver {
  constructor(
    private readonly commands: Commands,
    private readonly lists: Lists,
  ) {}

  @Mutation(() => CommandOutcome, {
    description:
      'Let an auditor replay the records of your party, in the subjects and for the time named. For delegates; not passed on.',
  })
  grantAuditMandate(
    @Args('input', { description: 'The auditor, the subjects and the time.' }) input: GrantAuditMandateInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(auditMandateStream, GrantAuditMandateInput, input, toGrantAuditMandate, caller);
  }

  @Mutation(() => CommandOutcome, {
    description: 'End an audit mandate at once. For delegates of the party that granted it.',
  })
  revokeAuditMandate(
    @Args('input', { description: 'The audit mandate and why.' }) input: RevokeAuditMandateInput,
    @FromCaller() caller: Caller,
  ) {
    return this.commands.issue(auditMandateStream, RevokeAuditMandateInput, input, toRevokeAuditMandate, caller);
  }

  @Query(() => AuditMandateConnection, {
    description: 'The audit mandates that your party granted, or that you were granted.',
  })
  auditMandates(
    @Args() page: PageArgs,
    @Args('orderBy', { nullable: true, type: () => AuditMandateOrder, description: 'In which order.' })
    orderBy: OrderInput | undefined,
    @FromCaller() caller: Caller,
  ) {
    return this.lists.page<AuditMandateRow, AuditMandateType>(
      auditMandatesView,
      caller,
      { ...page, orderBy },
      toAuditMandate,
    );
  }
}
