import { Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  AudienceScalar,
  CommandInput,
  connectionOf,
  CursorScalar,
  enumOf,
  InstantScalar,
  Is,
  MarkingType,
  orderOf,
  PartyScalar,
  shownMarking,
} from '@foundation/transport';
import { audience, audienceName, instant, recordId, text, type Audience, type Principal } from '@kernel';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsIn, IsOptional, ValidateNested } from 'class-validator';
import { SourceInput, SourceType, toCited } from '../brief/brief.graphql.js';
import type { ApproveUse, RefuseUse, RequestUse, WithdrawUse } from './use-request.decider.js';
import { PURPOSES, type Purpose } from './use-request.events.js';
import { USE_STATUSES, type UseRequestRow, type UseStatus } from './use-requests.view.js';

const explanation = text(2000);
const MOST_NAMED = 300;

const PurposeEnum = enumOf(PURPOSES);
registerEnumType(PurposeEnum, {
  name: 'Purpose',
  description: 'What a record is to be used for.',
  valuesMap: {
    QUOTE: { description: 'To quote it in a brief.' },
    FORWARD: { description: 'To pass it on as it is, outside the platform. It opens no brief.' },
    DERIVE: { description: 'To work it into a brief or into figures.' },
  },
});

const StatusEnum = enumOf(USE_STATUSES);
registerEnumType(StatusEnum, {
  name: 'UseStatus',
  description: 'What became of a use request.',
  valuesMap: {
    REQUESTED: { description: 'Waits for the owner of the record.' },
    APPROVED: { description: 'Allowed by the owner, for the audience and the time that it names.' },
    REFUSED: { description: 'Refused by the owner, or taken back.' },
    WITHDRAWN: { description: 'Withdrawn by the party that asked.' },
  },
});

/** Each once and in one order, so that equal audiences are equal. */
const each = (given: readonly string[]): Audience[] => [...new Set(given.map(audience))].sort();

@InputType({ description: 'A use of another party’s record, for which its owner is asked.' })
export class RequestUseInput extends CommandInput {
  @Field(() => SourceInput, { description: 'The record: one that you can read.' })
  @ValidateNested()
  @Type(() => SourceInput)
  source!: SourceInput;
  @Field(() => PurposeEnum, { description: 'What for.' })
  @IsIn(PURPOSES)
  purpose!: Purpose;
  @Field(() => [AudienceScalar], {
    nullable: true,
    description: 'Who is to learn what you make of it, besides those whom the record itself is released to.',
  })
  @IsOptional()
  @ArrayMaxSize(MOST_NAMED)
  @Is(audience, { each: true })
  audience?: string[];
  @Field(() => String, { description: 'Why, 2000 characters at most; the owner reads it.' })
  @Is(explanation)
  explanation!: string;
}

export const toRequestUse = (input: RequestUseInput): RequestUse => ({
  type: 'RequestUse',
  source: toCited(input.source),
  purpose: input.purpose,
  audience: each(input.audience ?? []),
  explanation: explanation(input.explanation),
});

@InputType({ isAbstract: true })
abstract class OnUseRequestInput extends CommandInput {
  @Field(() => ID, { description: 'Id of the use request.' })
  @Is(recordId)
  id!: string;
}

@InputType({ description: 'The approval of a use of your record.' })
export class ApproveUseInput extends OnUseRequestInput {
  @Field(() => [AudienceScalar], {
    nullable: true,
    description: 'For whom, besides those whom the record is released to. Left out: the audience asked for.',
  })
  @IsOptional()
  @ArrayMaxSize(MOST_NAMED)
  @Is(audience, { each: true })
  audience?: string[];
  @Field(() => InstantScalar, { nullable: true, description: 'Until when. Left out: until you take it back.' })
  @IsOptional()
  @Is(instant)
  until?: string;
}

export const toApproveUse = (input: ApproveUseInput): ApproveUse => ({
  type: 'ApproveUse',
  id: recordId(input.id),
  ...(input.audience && { audience: each(input.audience) }),
  ...(input.until && { until: instant(input.until) }),
});

@InputType({ description: 'The refusal of a use of your record, or the end of its approval.' })
export class RefuseUseInput extends OnUseRequestInput {
  @Field(() => String, { description: 'Why, 2000 characters at most; the party that asked reads it.' })
  @Is(explanation)
  reason!: string;
}

export const toRefuseUse = (input: RefuseUseInput): RefuseUse => ({
  type: 'RefuseUse',
  id: recordId(input.id),
  reason: explanation(input.reason),
});

@InputType({ description: 'The end of a use request of yours, and of its approval.' })
export class WithdrawUseInput extends OnUseRequestInput {}

export const toWithdrawUse = (input: WithdrawUseInput): WithdrawUse => ({
  type: 'WithdrawUse',
  id: recordId(input.id),
});

@ObjectType('UseRequest', {
  description: 'A party asks the owner of a record whether it may use it beyond reading it. Between the two of them.',
})
export class UseRequestType {
  @Field(() => ID, { description: 'Id of the use request.' })
  id!: string;
  @Field(() => PartyScalar, { description: 'Who asks.' })
  requester!: string;
  @Field(() => PartyScalar, { description: 'Whose record it is.' })
  owner!: string;
  @Field(() => SourceType, { description: 'The record.' })
  source!: SourceType;
  @Field(() => PurposeEnum, { description: 'What for.' })
  purpose!: Purpose;
  @Field(() => [AudienceScalar], { description: 'Who else was to learn of it, as asked.' })
  audience!: readonly string[];
  @Field(() => String, { description: 'Why.' })
  explanation!: string;
  @Field(() => StatusEnum, { description: 'What became of it.' })
  status!: UseStatus;
  @Field(() => [AudienceScalar], { nullable: true, description: 'For whom it is approved; null while it is not.' })
  approvedFor!: readonly string[] | null;
  @Field(() => InstantScalar, {
    nullable: true,
    description: 'Until when it is approved; null where the owner named no end.',
  })
  approvedUntil!: string | null;
  @Field(() => String, { nullable: true, description: 'Why it was refused or taken back.' })
  refusedBecause!: string | null;
  @Field(() => InstantScalar, { description: 'When it was asked.' })
  requestedAt!: string;
  @Field(() => MarkingType, { description: 'Who may see it: the two parties.' })
  marking!: MarkingType;
}

export const toUseRequest = (row: UseRequestRow, who: Principal): UseRequestType => ({
  id: row.id,
  requester: row.requester,
  owner: row.owner,
  source: { kind: row.kind, id: row.sourceId },
  purpose: row.purpose,
  audience: row.audience.map(audienceName),
  explanation: row.explanation,
  status: row.status,
  approvedFor: row.approvedFor?.map(audienceName) ?? null,
  approvedUntil: row.approvedUntil ?? null,
  refusedBecause: row.refusedBecause ?? null,
  requestedAt: row.requestedAt,
  marking: shownMarking(row.marking, who),
});

@ObjectType('UseRequestChanged', { description: 'A use request of yours, or to you, has changed.' })
export class UseRequestChanged {
  @Field(() => CursorScalar, { description: 'Subscribe after it to go on from here.' })
  cursor!: string;
  @Field(() => ID, { description: 'The use request that changed.' })
  id!: string;
  @Field(() => UseRequestType, {
    nullable: true,
    description:
      'The request as it is now. Null where this subscription has told you of it before and you may no longer see it, whatever the reason.',
  })
  useRequest!: UseRequestType | null;
}

@InputType({ description: 'Which use requests; several values of one field mean any of them.' })
export class UseRequestFilter {
  @Field(() => [PartyScalar], { nullable: true, description: 'Who asks.' })
  requester?: string[];
  @Field(() => [PartyScalar], { nullable: true, description: 'Who is asked.' })
  owner?: string[];
  @Field(() => [ID], { nullable: true, description: 'Ids of the records that they are about.' })
  sourceId?: string[];
  @Field(() => [PurposeEnum], { nullable: true, description: 'What for.' })
  purpose?: Purpose[];
  @Field(() => [StatusEnum], { nullable: true, description: 'What became of them.' })
  status?: UseStatus[];
}

export const UseRequestConnection = connectionOf(UseRequestType, 'UseRequest');
export const UseRequestOrder = orderOf('UseRequest', { REQUESTED_AT: 'requestedAt' });
