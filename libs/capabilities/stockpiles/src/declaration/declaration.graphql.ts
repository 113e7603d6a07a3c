import { Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  CommandInput,
  connectionOf,
  CountryScalar,
  CursorScalar,
  DayRangeInput,
  DayScalar,
  DecimalScalar,
  enumOf,
  InstantScalar,
  Is,
  MarkingInput,
  MarkingType,
  orderOf,
  shownMarking,
  toMarkingRequest,
} from '@foundation/transport';
import { country, day, decimal, materialCode, percent, recordId, text, type Principal } from '@kernel';
import { Type } from 'class-transformer';
import { IsOptional, ValidateNested } from 'class-validator';
import type {
  ApproveDeclaration,
  CorrectDeclaration,
  DeclareStock,
  RefuseDeclaration,
  WithdrawDeclaration,
} from './declaration.decider.js';
import { STATUSES, type Status } from './declaration.events.js';
import type { PendingCorrectionRow } from './pending-corrections.view.js';
import type { StockDeclarationRow } from './stock-declarations.view.js';

const form = text(200);
const explanation = text(2000);

const StatusEnum = enumOf(STATUSES);
registerEnumType(StatusEnum, {
  name: 'StockDeclarationStatus',
  description: 'How far a stock declaration has come.',
  valuesMap: {
    PENDING: { description: 'Waits for its first approval; only the owner sees it.' },
    APPROVED: { description: 'Approved by a second person, and shown as its marking says.' },
    REFUSED: { description: 'The country declines to declare this stock.' },
    WITHDRAWN: { description: 'Withdrawn by its country; its figures are no longer shown.' },
  },
});

@InputType({ isAbstract: true })
abstract class OnDeclarationInput extends CommandInput {
  @Field(() => ID, { description: 'Id of the declaration.' })
  @Is(recordId)
  id!: string;
}

@InputType({ description: 'A stock to declare. It is shown to nobody else before a second person has approved it.' })
export class DeclareStockInput extends CommandInput {
  @Field(() => CountryScalar, {
    nullable: true,
    description: 'The declaring country; your own, and no other, where given.',
  })
  @IsOptional()
  @Is(country)
  country?: string;
  @Field(() => String, { description: 'Code of the material.' })
  @Is(materialCode)
  material!: string;
  @Field(() => String, {
    description: 'Chemical form, such as "metal" or "lithium carbonate", 200 characters at most.',
  })
  @Is(form)
  form!: string;
  @Field(() => DecimalScalar, { description: 'Purity in per cent, from 0 to 100.' })
  @Is(percent)
  purity!: string;
  @Field(() => DecimalScalar, { description: 'Tonnes.' })
  @Is(decimal)
  quantity!: string;
  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      'Stock over a year’s national consumption, in per cent; more than 100 where it lasts longer than a year.',
  })
  @IsOptional()
  @Is(decimal)
  shareOfAnnualConsumption?: string;
  @Field(() => DayScalar, {
    description: 'The day on which the stock was counted: one that has begun anywhere on Earth (UTC+14).',
  })
  @Is(day)
  asOf!: string;
  @Field(() => String, { nullable: true, description: 'What readers should know, 2000 characters at most.' })
  @IsOptional()
  @Is(explanation)
  note?: string;
  @Field(() => MarkingInput, {
    nullable: true,
    description: 'Who may see it once approved. Left out: your country alone.',
  })
  @IsOptional()
  @ValidateNested()
  @Type(() => MarkingInput)
  marking?: MarkingInput;
}

export const toDeclareStock = (input: DeclareStockInput): DeclareStock => ({
  type: 'DeclareStock',
  ...(input.country && { country: country(input.country) }),
  material: materialCode(input.material),
  form: form(input.form),
  purity: percent(input.purity),
  quantity: decimal(input.quantity),
  ...(input.shareOfAnnualConsumption && { shareOfAnnualConsumption: decimal(input.shareOfAnnualConsumption) }),
  asOf: day(input.asOf),
  ...(input.note && { note: explanation(input.note) }),
  ...(input.marking && { marking: toMarkingRequest(input.marking) }),
});

@InputType({ description: 'A declaration, or a correction of one, to approve as the second person.' })
export class ApproveDeclarationInput extends OnDeclarationInput {}

export const toApproveDeclaration = (input: ApproveDeclarationInput): ApproveDeclaration => ({
  type: 'ApproveDeclaration',
  id: recordId(input.id),
});

@InputType({
  description: 'Figures to correct; what is left out stays. Others see them once a second person has approved.',
})
export class CorrectDeclarationInput extends OnDeclarationInput {
  @Field(() => String, { nullable: true, description: 'Chemical form, 200 characters at most.' })
  @IsOptional()
  @Is(form)
  form?: string;
  @Field(() => DecimalScalar, { nullable: true, description: 'Purity in per cent, from 0 to 100.' })
  @IsOptional()
  @Is(percent)
  purity?: string;
  @Field(() => DecimalScalar, { nullable: true, description: 'Tonnes.' })
  @IsOptional()
  @Is(decimal)
  quantity?: string;
  @Field(() => DecimalScalar, { nullable: true, description: 'Stock over a year’s national consumption, in per cent.' })
  @IsOptional()
  @Is(decimal)
  shareOfAnnualConsumption?: string;
  @Field(() => DayScalar, {
    nullable: true,
    description: 'The day on which the stock was counted: one that has begun anywhere on Earth (UTC+14).',
  })
  @IsOptional()
  @Is(day)
  asOf?: string;
  @Field(() => String, { description: 'Why the figures change, 2000 characters at most.' })
  @Is(explanation)
  reason!: string;
}

export const toCorrectDeclaration = (input: CorrectDeclarationInput): CorrectDeclaration => ({
  type: 'CorrectDeclaration',
  id: recordId(input.id),
  ...(input.form && { form: form(input.form) }),
  ...(input.purity && { purity: percent(input.purity) }),
  ...(input.quantity && { quantity: decimal(input.quantity) }),
  ...(input.shareOfAnnualConsumption && { shareOfAnnualConsumption: decimal(input.shareOfAnnualConsumption) }),
  ...(input.asOf && { asOf: day(input.asOf) }),
  reason: explanation(input.reason),
});

@InputType({ description: 'A stock that your country declines to declare.' })
export class RefuseDeclarationInput extends CommandInput {
  @Field(() => CountryScalar, {
    nullable: true,
    description: 'The refusing country; your own, and no other, where given.',
  })
  @IsOptional()
  @Is(country)
  country?: string;
  @Field(() => String, { description: 'Code of the material.' })
  @Is(materialCode)
  material!: string;
  @Field(() => String, { description: 'Why, 2000 characters at most.' })
  @Is(explanation)
  reason!: string;
  @Field(() => MarkingInput, {
    nullable: true,
    description: 'Who may know of the refusal, at once. Left out: your country alone.',
  })
  @IsOptional()
  @ValidateNested()
  @Type(() => MarkingInput)
  marking?: MarkingInput;
}

export const toRefuseDeclaration = (input: RefuseDeclarationInput): RefuseDeclaration => ({
  type: 'RefuseDeclaration',
  ...(input.country && { country: country(input.country) }),
  material: materialCode(input.material),
  reason: explanation(input.reason),
  ...(input.marking && { marking: toMarkingRequest(input.marking) }),
});

@InputType({ description: 'A declaration, or the refusal of one, to withdraw.' })
export class WithdrawDeclarationInput extends OnDeclarationInput {
  @Field(() => String, { description: 'Why, 2000 characters at most; whoever could see the declaration reads it.' })
  @Is(explanation)
  reason!: string;
}

export const toWithdrawDeclaration = (input: WithdrawDeclarationInput): WithdrawDeclaration => ({
  type: 'WithdrawDeclaration',
  id: recordId(input.id),
  reason: explanation(input.reason),
});

@ObjectType('PendingCorrection', {
  description: 'The figures of a declaration as they shall read once a second person approves.',
})
export class PendingCorrectionType {
  @Field(() => String, { description: 'Chemical form.' })
  form!: string;
  @Field(() => DecimalScalar, { description: 'Purity in per cent.' })
  purity!: string;
  @Field(() => DecimalScalar, { description: 'Tonnes.' })
  quantity!: string;
  @Field(() => DecimalScalar, { nullable: true, description: 'Stock over a year’s national consumption, in per cent.' })
  shareOfAnnualConsumption!: string | null;
  @Field(() => DayScalar, { description: 'The day on which the stock was counted.' })
  asOf!: string;
  @Field(() => String, { description: 'Why the figures change.' })
  reason!: string;
  @Field(() => InstantScalar, { description: 'When the latest correction was recorded.' })
  correctedAt!: string;
}

export const toPendingCorrection = (row: PendingCorrectionRow): PendingCorrectionType => ({
  ...row,
  shareOfAnnualConsumption: row.shareOfAnnualConsumption ?? null,
});

@ObjectType('StockDeclaration', {
  description:
    'What a country tells of its stock of one material. The figures are null where it refused to declare or has withdrawn.',
})
export class StockDeclarationType {
  @Field(() => ID, { description: 'Id of the declaration.' })
  id!: string;
  @Field(() => CountryScalar, { description: 'The declaring country.' })
  country!: string;
  @Field(() => String, { description: 'Code of the material.' })
  material!: string;
  @Field(() => StatusEnum, { description: 'How far it has come.' })
  status!: Status;
  @Field(() => String, { nullable: true, description: 'Chemical form.' })
  form!: string | null;
  @Field(() => DecimalScalar, { nullable: true, description: 'Purity in per cent.' })
  purity!: string | null;
  @Field(() => DecimalScalar, { nullable: true, description: 'Tonnes.' })
  quantity!: string | null;
  @Field(() => DecimalScalar, { nullable: true, description: 'Stock over a year’s national consumption, in per cent.' })
  shareOfAnnualConsumption!: string | null;
  @Field(() => DayScalar, { nullable: true, description: 'The day on which the stock was counted.' })
  asOf!: string | null;
  @Field(() => String, { nullable: true, description: 'What readers should know.' })
  note!: string | null;
  @Field(() => String, { nullable: true, description: 'Why the country refused or withdrew.' })
  reason!: string | null;
  @Field(() => InstantScalar, { description: 'When the declaration, or the refusal, was recorded.' })
  declaredAt!: string;
  @Field(() => InstantScalar, { nullable: true, description: 'When the figures shown were approved.' })
  approvedAt!: string | null;
  @Field(() => MarkingType, { description: 'Who may see it once approved.' })
  marking!: MarkingType;
}

export const toStockDeclaration = (row: StockDeclarationRow, who: Principal): StockDeclarationType => ({
  id: row.id,
  country: row.country,
  material: row.material,
  status: row.status,
  form: row.form ?? null,
  purity: row.purity ?? null,
  quantity: row.quantity ?? null,
  shareOfAnnualConsumption: row.shareOfAnnualConsumption ?? null,
  asOf: row.asOf ?? null,
  note: row.note ?? null,
  reason: row.reason ?? null,
  declaredAt: row.declaredAt,
  approvedAt: row.approvedAt ?? null,
  marking: shownMarking(row.releasedAs, who),
});

@ObjectType('StockDeclarationChanged', { description: 'A stock declaration that you may see has changed.' })
export class StockDeclarationChanged {
  @Field(() => CursorScalar, { description: 'Subscribe after it to go on from here.' })
  cursor!: string;
  @Field(() => ID, { description: 'The declaration that changed.' })
  id!: string;
  @Field(() => StockDeclarationType, {
    nullable: true,
    description:
      'The declaration as it is now. Null where this subscription has told you of it before and you may no longer see it, whatever the reason.',
  })
  stockDeclaration!: StockDeclarationType | null;
}

@InputType({ description: 'Which stock declarations; several values of one field mean any of them.' })
export class StockDeclarationFilter {
  @Field(() => [CountryScalar], { nullable: true, description: 'Declaring countries.' })
  country?: string[];
  @Field(() => [String], { nullable: true, description: 'Codes of materials.' })
  material?: string[];
  @Field(() => [StatusEnum], { nullable: true, description: 'How far they have come.' })
  status?: Status[];
  @Field(() => DayRangeInput, { nullable: true, description: 'The days on which the stocks were counted.' })
  asOf?: DayRangeInput;
}

export const StockDeclarationConnection = connectionOf(StockDeclarationType, 'StockDeclaration');
export const StockDeclarationOrder = orderOf('StockDeclaration', {
  AS_OF: 'asOf',
  QUANTITY: 'quantity',
  DECLARED_AT: 'declaredAt',
});
