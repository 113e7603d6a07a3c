import { QueryBus } from '@nestjs/cqrs';
import { Args, Field, ID, InputType, Int, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { Receipts } from '@foundation/eventing';
import {
  argument,
  badInput,
  CursorScalar,
  InstantScalar,
  PartyScalar,
  PositionScalar,
  FromCaller,
  type Caller,
  objectTypeOf,
  PageInfo,
} from '@foundation/graphql';
import { instant, isRecordId } from '@kernel';
import { DecisionsQuery, HistoryQuery, RecordAtQuery } from './replay.query.js';
import { decision, recordAsOf, recordHistory, type Decision } from './replay.view.js';

const USUAL = 50;
const MOST = 200;
const AT_LEAST = {
  type: () => PositionScalar,
  nullable: true,
  description: 'Wait until the record shows at least this position.',
};

const RecordHistoryType = objectTypeOf(
  'RecordHistory',
  'How a record came to be as it is, as you may know it.',
  recordHistory,
);
const RecordAsOfType = objectTypeOf('RecordAsOf', 'A record as of a time.', recordAsOf);
const DecisionType = objectTypeOf('Decision', 'That a command was accepted or rejected.', decision);

@ObjectType('DecisionPage', { description: 'Decisions in the order in which they were recorded.' })
class DecisionPage {
  @Field(() => [DecisionType], {
    description: 'The decisions; fewer than asked for, or none, where few fit the filter.',
  })
  nodes!: readonly Decision[];
  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;
}

@InputType({ description: 'Which decisions.' })
class DecisionFilter {
  @Field(() => Boolean, { nullable: true, description: 'Only those that were rejected.' })
  refused?: boolean;
  @Field(() => [String], {
    nullable: true,
    description: 'Types of commands, such as ProposeProject; names of commands, and nothing else.',
  })
  command?: string[];
  @Field(() => [PartyScalar], { nullable: true, description: 'In whose name; only parties that let you in are found.' })
  party?: string[];
}

/** The history, rendered for each reader as the lists are: raw events are nobody's to see. */
@Resolver()
export class ReplayResolver {
  constructor(
    private readonly queries: QueryBus,
    private readonly receipts: Receipts,
  ) {}

  @Query(() => RecordHistoryType, {
    nullable: true,
    description:
      'How a record came to be as it is. For whoever may read it: what they could read then and can read now. Auditors see the structure of every record, and the content of the parties that let them in.',
  })
  history(
    @Args('id', { type: () => ID, description: 'Id of the record.' }) id: string,
    @Args('atLeast', AT_LEAST) atLeast: string | undefined,
    @FromCaller() caller: Caller,
  ) {
    const { who } = caller;
    return isRecordId(id) ? this.queries.execute(new HistoryQuery(id, who, atLeast ?? undefined)) : null;
  }

  @Query(() => RecordAsOfType, {
    nullable: true,
    description:
      'A record as it was known at a time or position, and as it is known now of that day. Only what you could read then and can read now.',
  })
  recordAt(
    @Args('id', { type: () => ID, description: 'Id of the record.' }) id: string,
    @Args('at', { type: () => InstantScalar, nullable: true, description: 'The time; either this or atPosition.' })
    at: string | undefined,
    @Args('atPosition', { type: () => PositionScalar, nullable: true, description: 'The place in the history.' })
    atPosition: string | undefined,
    @Args('atLeast', AT_LEAST) atLeast: string | undefined,
    @FromCaller() caller: Caller,
  ) {
    const { who } = caller;
    if ((at == null) === (atPosition == null)) throw badInput('Give either at or atPosition.', 'at');
    const when = at == null ? { position: atPosition! } : { time: argument(instant, at, 'at') };
    return isRecordId(id) ? this.queries.execute(new RecordAtQuery(when, id, who, atLeast ?? undefined)) : null;
  }

  @Query(() => DecisionPage, {
    description:
      'Commands accepted and rejected, earliest first, for auditors: of the parties that let them in with the names, of all others without. Nobody else finds any.',
  })
  decisions(
    @Args('filter', { nullable: true, type: () => DecisionFilter, description: 'Which ones; all where left out.' })
    filter: DecisionFilter | undefined,
    @Args('first', { nullable: true, type: () => Int, description: `How many, 1 to ${MOST}; ${USUAL} where left out.` })
    first: number | undefined,
    @Args('after', { nullable: true, type: () => CursorScalar, description: 'Continue after this cursor.' })
    after: string | undefined,
    @FromCaller() caller: Caller,
  ) {
    const { who } = caller;
    const most = first ?? USUAL;
    if (most < 1 || most > MOST) throw badInput(`first must be from 1 to ${MOST}.`, 'first');
    const request = { filter: filter ?? {}, first: most, after: after ?? undefined };
    return this.queries.execute(new DecisionsQuery(request, who));
  }

  @Query(() => String, {
    description:
      'The public key that receipts are verified with, in the form of C2SP signed-note. Keep it: it does not change.',
  })
  receiptKey(@FromCaller() caller: Caller): string {
    void caller.who;
    return this.receipts.verifierKey;
  }
}
