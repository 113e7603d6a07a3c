import { Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  CommandInput,
  connectionOf,
  CursorScalar,
  enumOf,
  InstantScalar,
  Is,
  MarkingInput,
  MarkingType,
  orderOf,
  PartyScalar,
  shownMarking,
  toMarkingRequest,
} from '@foundation/transport';
import { recordId, text, type Principal } from '@kernel';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsIn, IsOptional, ValidateNested } from 'class-validator';
import type { ReviseBrief, WithdrawBrief, WriteBrief } from './brief.decider.js';
import { SOURCE_KINDS, type Cited, type Content, type SourceKind } from './brief.events.js';
import { BRIEF_STATUSES, type BriefRow, type BriefStatus } from './briefs.view.js';

const line = text(200);
const body = text(10_000);
const explanation = text(2000);

export const SourceKindEnum = enumOf(SOURCE_KINDS);
registerEnumType(SourceKindEnum, {
  name: 'SourceKind',
  description: 'The kinds of record that may be quoted.',
  valuesMap: {
    PROJECT: { description: 'A project.' },
    PLEDGE: { description: 'A pledge to a project.' },
    STOCK_DECLARATION: { description: 'A stock declaration.' },
    BRIEF: { description: 'Another brief.' },
  },
});

const StatusEnum = enumOf(BRIEF_STATUSES);
registerEnumType(StatusEnum, {
  name: 'BriefStatus',
  description: 'Whether a brief still stands.',
  valuesMap: {
    WRITTEN: { description: 'It stands as it reads.' },
    WITHDRAWN: { description: 'Withdrawn by the country that wrote it; its text and its sources are gone.' },
  },
});

@InputType({ description: 'A record to quote.' })
export class SourceInput {
  @Field(() => SourceKindEnum, { description: 'What kind of record it is.' })
  @IsIn(SOURCE_KINDS)
  kind!: SourceKind;
  @Field(() => ID, { description: 'Id of the record.' })
  @Is(recordId)
  id!: string;
}

export const toCited = ({ kind, id }: SourceInput): Cited => ({ kind, id: recordId(id) });

@InputType({ isAbstract: true })
class ContentInput extends CommandInput {
  @Field(() => String, { description: 'What it is called, 200 characters at most.' })
  @Is(line)
  title!: string;
  @Field(() => String, { description: 'What it says, 10000 characters at most.' })
  @Is(body)
  text!: string;
  @Field(() => [SourceInput], {
    description:
      'The records that it is written from, 1 to 50: ones that you can read. It goes no further than they do.',
  })
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @ArrayUnique(({ kind, id }: SourceInput) => `${kind} ${id}`)
  @ValidateNested({ each: true })
  @Type(() => SourceInput)
  sources!: SourceInput[];
  @Field(() => [ID], {
    nullable: true,
    description: 'Ids of approved use requests that it leans on, 50 at most.',
  })
  @IsOptional()
  @ArrayMaxSize(50)
  @ArrayUnique()
  @Is(recordId, { each: true })
  approvals?: string[];
}

const toContent = (input: ContentInput): Content => ({
  title: line(input.title),
  text: body(input.text),
  sources: input.sources.map(toCited),
  approvals: (input.approvals ?? []).map(recordId),
});

@InputType({ description: 'A brief to write in the name of your country.' })
export class WriteBriefInput extends ContentInput {
  @Field(() => MarkingInput, {
    nullable: true,
    description: 'Who may see it: nobody who may not see its sources. Left out: your country alone.',
  })
  @IsOptional()
  @ValidateNested()
  @Type(() => MarkingInput)
  marking?: MarkingInput;
}

export const toWriteBrief = (input: WriteBriefInput): WriteBrief => ({
  type: 'WriteBrief',
  ...toContent(input),
  ...(input.marking && { marking: toMarkingRequest(input.marking) }),
});

@InputType({ description: 'The whole brief as it is to read from now on.' })
export class ReviseBriefInput extends ContentInput {
  @Field(() => ID, { description: 'Id of the brief.' })
  @Is(recordId)
  id!: string;
}

export const toReviseBrief = (input: ReviseBriefInput): ReviseBrief => ({
  type: 'ReviseBrief',
  id: recordId(input.id),
  ...toContent(input),
});

@InputType({ description: 'The withdrawal of a brief.' })
export class WithdrawBriefInput extends CommandInput {
  @Field(() => ID, { description: 'Id of the brief.' })
  @Is(recordId)
  id!: string;
  @Field(() => String, { description: 'Why, 2000 characters at most; whoever sees the brief reads it.' })
  @Is(explanation)
  reason!: string;
}

export const toWithdrawBrief = (input: WithdrawBriefInput): WithdrawBrief => ({
  type: 'WithdrawBrief',
  id: recordId(input.id),
  reason: explanation(input.reason),
});

@ObjectType('Source', { description: 'A record that is quoted.' })
export class SourceType {
  @Field(() => SourceKindEnum, { description: 'What kind of record it is.' })
  kind!: SourceKind;
  @Field(() => ID, { description: 'Id of the record.' })
  id!: string;
}

@ObjectType('Brief', { description: 'A short text that a country wrote from the records of others.' })
export class BriefType {
  @Field(() => ID, { description: 'Id of the brief.' })
  id!: string;
  @Field(() => PartyScalar, { description: 'The country that wrote it.' })
  owner!: string;
  @Field(() => String, { description: 'What it is called.' })
  title!: string;
  @Field(() => String, { nullable: true, description: 'What it says; null once withdrawn.' })
  text!: string | null;
  @Field(() => StatusEnum, { description: 'Whether it still stands.' })
  status!: BriefStatus;
  @Field(() => String, { nullable: true, description: 'Why it was withdrawn.' })
  withdrawnBecause!: string | null;
  @Field(() => InstantScalar, { description: 'When it was written.' })
  writtenAt!: string;
  @Field(() => InstantScalar, { description: 'When it was last written anew.' })
  revisedAt!: string;
  @Field(() => MarkingType, { description: 'Who may see it.' })
  marking!: MarkingType;
  /** All sources; those that the reader may read are the field `sources`. */
  cited!: readonly Cited[];
}

export const toBrief = (row: BriefRow, who: Principal): BriefType => ({
  id: row.id,
  owner: row.owner,
  title: row.title,
  text: row.text ?? null,
  status: row.status,
  withdrawnBecause: row.withdrawnBecause ?? null,
  writtenAt: row.writtenAt,
  revisedAt: row.revisedAt,
  marking: shownMarking(row.marking, who),
  cited: row.sources,
});

@ObjectType('BriefChanged', { description: 'A brief that you may see has changed.' })
export class BriefChanged {
  @Field(() => CursorScalar, { description: 'Subscribe after it to go on from here.' })
  cursor!: string;
  @Field(() => ID, { description: 'The brief that changed.' })
  id!: string;
  @Field(() => BriefType, {
    nullable: true,
    description:
      'The brief as it is now. Null where this subscription has told you of it before and you may no longer see it, whatever the reason.',
  })
  brief!: BriefType | null;
}

@InputType({ description: 'Which briefs; several values of one field mean any of them.' })
export class BriefFilter {
  @Field(() => [PartyScalar], { nullable: true, description: 'Who wrote them.' })
  owner?: string[];
  @Field(() => [StatusEnum], { nullable: true, description: 'Whether they still stand.' })
  status?: BriefStatus[];
}

export const BriefConnection = connectionOf(BriefType, 'Brief');
export const BriefOrder = orderOf('Brief', { TITLE: 'title', WRITTEN_AT: 'writtenAt', REVISED_AT: 'revisedAt' });
