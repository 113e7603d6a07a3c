import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { InboxFilter } from '@foundation/alerting';
import type { Instant, Principal } from '@kernel';
import type { RuleTerms } from '../rule/alert-rule.events.js';
import { AlertDesk, type ShownAlert } from './alert-desk.process.js';

/** A page of the alerts that somebody may see now, latest first. */
export class AlertsQuery extends Query<{ readonly shown: readonly ShownAlert[]; readonly hasNext: boolean }> {
  constructor(
    readonly who: Principal,
    readonly filter: InboxFilter,
    readonly before: bigint | null,
    readonly first: number,
  ) {
    super();
  }
}

@QueryHandler(AlertsQuery)
class AlertsHandler implements IQueryHandler<AlertsQuery> {
  constructor(private readonly desk: AlertDesk) {}

  execute({ who, filter, before, first }: AlertsQuery) {
    return this.desk.page(who, filter, before, first);
  }
}

/** How many alerts somebody may see now that fit a filter. */
export class AlertCountQuery extends Query<number> {
  constructor(
    readonly who: Principal,
    readonly filter: InboxFilter,
  ) {
    super();
  }
}

@QueryHandler(AlertCountQuery)
class AlertCountHandler implements IQueryHandler<AlertCountQuery> {
  constructor(private readonly desk: AlertDesk) {}

  execute({ who, filter }: AlertCountQuery) {
    return this.desk.count(who, filter);
  }
}

/** What a rule would have told somebody since an instant, as that one may read it now. */
export class AlertPreviewQuery extends Query<readonly ShownAlert[]> {
  constructor(
    readonly who: Principal,
    readonly rule: RuleTerms,
    readonly since: Instant,
  ) {
    super();
  }
}

@QueryHandler(AlertPreviewQuery)
class AlertPreviewHandler implements IQueryHandler<AlertPreviewQuery> {
  constructor(private readonly desk: AlertDesk) {}

  execute({ who, rule, since }: AlertPreviewQuery) {
    return this.desk.preview(who, rule, since);
  }
}

export const alertHandlers = [AlertsHandler, AlertCountHandler, AlertPreviewHandler];
