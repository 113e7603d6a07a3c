import { QueryBus } from '@nestjs/cqrs';
import { Args, Field, InputType, Int, ObjectType, Query, Resolver, Subscription } from '@nestjs/graphql';
import type { InboxFilter } from '@foundation/alerting';
import {
  argument,
  badInput,
  badToken,
  compositeInputOf,
  connectionOf,
  CursorScalar,
  enumTypeOf,
  FromCaller,
  InstantScalar,
  mapAsync,
  objectTypeOf,
  OpaqueTokens,
  PAGE,
  PageArgs,
  problemsOf,
  type Caller,
} from '@foundation/graphql';
import { hoursAfter, instant, severity, type Instant } from '@kernel';
import { alertRuleInput } from '../rule/alert-rule.events.js';
import { AlertDesk, recordKindOf, type ShownAlert } from './alert-desk.process.js';
import { AlertFeed } from './alert-feed.process.js';
import { alert, alertKind, alertState } from './alert.view.js';
import { AlertCountQuery, AlertPreviewQuery, AlertsQuery } from './alerts.query.js';

const AlertType = objectTypeOf('Alert', 'That something has happened to a record that you may read.', alert);
const KindType = objectTypeOf('AlertKind', 'A kind of alert.', alertKind);
const AlertConnection = connectionOf(AlertType, 'Alert');
const RuleInput = compositeInputOf(alertRuleInput);
const [StateEnum, SeverityEnum] = [enumTypeOf(alertState), enumTypeOf(severity)];

@InputType({ description: 'Which alerts; several values of one field mean any of them.' })
class AlertsFilter {
  @Field(() => [StateEnum], { nullable: true, description: 'How far they have come.' })
  state?: InboxFilter['states'];
  @Field(() => [String], { nullable: true, description: 'Kinds.' })
  kind?: string[];
  @Field(() => [SeverityEnum], { nullable: true, description: 'How urgent they are.' })
  severity?: InboxFilter['severities'];
  @Field(() => InstantScalar, { nullable: true, description: 'Since when.' })
  from?: Instant;
  @Field(() => InstantScalar, { nullable: true, description: 'Until when.' })
  to?: Instant;
}

@ObjectType({ description: 'An alert that has come.' })
class AlertReceived {
  @Field(() => CursorScalar, { description: 'Subscribe after it to go on from here.' })
  cursor!: string;
  @Field(() => AlertType, { description: 'The alert.' })
  alert!: object;
}

@Resolver()
export class AlertsResolver {
  constructor(
    private readonly queries: QueryBus,
    private readonly desk: AlertDesk,
    private readonly feed: AlertFeed,
    private readonly seal: OpaqueTokens,
  ) {}

  @Query(() => [KindType], { description: 'All kinds of alerts. The same for everybody.' })
  alertKinds(@FromCaller() caller: Caller): object[] {
    // Whoever is signed in.
    void caller.who;
    return this.desk.kinds
      .map((each) => ({
        ...each,
        recordKind: recordKindOf(each),
        subject: each.view.name.split('.')[0],
        awaitsAct: each.meant === 'PARTY' && each.awaits !== undefined,
        leads: each.due?.leads ?? [],
      }))
      .toSorted((one, other) => (one.kind < other.kind ? -1 : 1));
  }

  @Query(() => AlertConnection, {
    description:
      'Your alerts and those of your roles, latest first. What you may not read any more is not among them, nor counted.',
  })
  async alerts(
    @FromCaller() caller: Caller,
    @Args() page: PageArgs,
    @Args('filter', { type: () => AlertsFilter, nullable: true, description: 'Which ones; all where left out.' })
    asked?: AlertsFilter,
  ) {
    const first = page.first ?? PAGE.usual;
    if (first < 1 || first > PAGE.most) throw badInput(`first must be from 1 to ${PAGE.most}.`, 'first');
    await this.#shows(page.atLeast);
    const filter = filterOf(asked);
    const before = page.after == null ? null : this.#place(page.after);
    const { who } = caller;
    const { shown, hasNext } = await this.queries.execute(new AlertsQuery(who, filter, before, first));
    const cursorOf = ({ number }: ShownAlert): string => this.seal.close('place', ['alerts', number.toString()]);
    const edges = shown.map((node) => ({ node, cursor: cursorOf(node) }));
    const { queries } = this;
    return {
      edges,
      nodes: shown,
      pageInfo: {
        hasNextPage: hasNext,
        hasPreviousPage: before !== null,
        startCursor: edges[0]?.cursor ?? null,
        endCursor: edges.at(-1)?.cursor ?? null,
      },
      get totalCount() {
        return queries.execute(new AlertCountQuery(who, filter));
      },
      totalCountIsCapped: false,
    };
  }

  @Query(() => Int, { description: 'How many alerts you may see now and have not seen. Exact.' })
  unreadAlertCount(@FromCaller() caller: Caller) {
    return this.queries.execute(new AlertCountQuery(caller.who, { states: ['NEW'] }));
  }

  @Query(() => [AlertType], {
    description:
      'What a rule would have told you in the last days, as you may read it today: 200 at most, latest first. Nothing where there is no such kind.',
  })
  async previewAlertRule(
    @FromCaller() caller: Caller,
    @Args('rule', { type: () => RuleInput, description: 'The rule.' }) given: object,
    @Args('days', { type: () => Int, nullable: true, description: 'How many days back, 1 to 30; 7 where left out.' })
    days?: number,
  ) {
    const { who, now } = caller;
    const { problems } = await problemsOf(RuleInput, given);
    const [field] = Object.keys(problems);
    if (field !== undefined) throw badInput(problems[field]!, `rule.${field}`);
    const back = days ?? 7;
    if (back < 1 || back > 30) throw badInput('days must be from 1 to 30.', 'days');
    const rule = alertRuleInput(given as never);
    return this.queries.execute(new AlertPreviewQuery(who, rule, hoursAfter(now, -24n * BigInt(back))));
  }

  @Subscription(() => AlertReceived, {
    description: 'Your alerts as they come.',
    resolve: (value: object) => value,
  })
  async alertReceived(
    @FromCaller() caller: Caller,
    @Args('after', {
      type: () => CursorScalar,
      nullable: true,
      description: 'Go on after this cursor; from now where left out. Alerts are kept for 30 days.',
    })
    after?: string,
  ) {
    return mapAsync(await this.feed.of(caller, after), (delivered) => delivered);
  }

  async #shows(atLeast: string | undefined): Promise<void> {
    if (atLeast == null) return;
    const [position] = this.seal.open('position', atLeast);
    await this.desk.reached(BigInt(position as string));
  }

  #place(cursor: string): bigint {
    const [name, number, ...more] = this.seal.open('place', cursor);
    if (name !== 'alerts' || more.length > 0) throw badToken();
    return BigInt(number as string);
  }
}

const filterOf = ({ state, kind, severity: urgent, from, to }: AlertsFilter = {}): InboxFilter => ({
  states: state ?? undefined,
  kinds: kind ?? undefined,
  severities: urgent ?? undefined,
  from: from == null ? undefined : argument(instant, from, 'filter.from'),
  to: to == null ? undefined : argument(instant, to, 'filter.to'),
});
