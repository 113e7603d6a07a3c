import { Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  CommandInput,
  connectionOf,
  CountryScalar,
  CurrencyScalar,
  CursorScalar,
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
import { country, currency, day, hasEnded, positive, recordId, text, type Instant, type Principal } from '@kernel';
import { Type } from 'class-transformer';
import { IsIn, IsOptional, ValidateNested } from 'class-validator';
import type { ConfirmPledge, DrawDownPledge, PledgeInvestment, WithdrawPledge } from './pledge.decider.js';
import { PLEDGE_KINDS, type PledgeKind } from './pledge.events.js';
import { PLEDGE_STATUSES, type PledgeRow, type PledgeStatus } from './pledges.view.js';

const explanation = text(2000);

const KindEnum = enumOf(PLEDGE_KINDS);
registerEnumType(KindEnum, {
  name: 'PledgeKind',
  description: 'In what form a country supports a project.',
  valuesMap: {
    GRANT: { description: 'Money that is not paid back.' },
    LOAN: { description: 'Money that is paid back.' },
    GUARANTEE: { description: 'A promise to stand in for a debt.' },
    EQUITY: { description: 'A share in the undertaking.' },
    OFFTAKE: { description: 'A promise to buy what is produced.' },
    TECHNICAL: { description: 'Expertise and equipment, at their value.' },
  },
});

const StatusEnum = enumOf(PLEDGE_STATUSES);
registerEnumType(StatusEnum, {
  name: 'PledgeStatus',
  description: 'How far a pledge has come.',
  valuesMap: {
    PLEDGED: { description: 'Made by a delegate; not confirmed.' },
    CONFIRMED: { description: 'Confirmed by a second person; it can be drawn.' },
    WITHDRAWN: { description: 'Withdrawn; what was drawn stays drawn.' },
  },
});

@InputType({
  description: 'What your country promises to put into a project. It can be drawn once a second person confirms.',
})
export class PledgeInvestmentInput extends CommandInput {
  @Field(() => CountryScalar, {
    nullable: true,
    description: 'The pledging country; your own, and no other, where given.',
  })
  @IsOptional()
  @Is(country)
  country?: string;
  @Field(() => ID, { description: 'Id of the project.' })
  @Is(recordId)
  projectId!: string;
  @Field(() => KindEnum, { description: 'In what form.' })
  @IsIn(PLEDGE_KINDS)
  kind!: PledgeKind;
  @Field(() => DecimalScalar, { description: 'How much, more than zero.' })
  @Is(positive)
  amount!: string;
  @Field(() => CurrencyScalar, { description: 'In which currency.' })
  @Is(currency)
  currency!: string;
  @Field(() => DayScalar, {
    nullable: true,
    description: 'Last day on which it can be drawn: one that has not ended everywhere on Earth (UTC−12).',
  })
  @IsOptional()
  @Is(day)
  expiresOn?: string;
  @Field(() => String, { nullable: true, description: 'What it depends on, 2000 characters at most.' })
  @IsOptional()
  @Is(explanation)
  conditions?: string;
  @Field(() => MarkingInput, {
    nullable: true,
    description: 'Who may see it, of those who see the project. Left out: your country alone.',
  })
  @IsOptional()
  @ValidateNested()
  @Type(() => MarkingInput)
  marking?: MarkingInput;
}

export const toPledgeInvestment = (input: PledgeInvestmentInput): PledgeInvestment => ({
  type: 'PledgeInvestment',
  ...(input.country && { country: country(input.country) }),
  projectId: recordId(input.projectId),
  kind: input.kind,
  amount: positive(input.amount),
  currency: currency(input.currency),
  ...(input.expiresOn && { expiresOn: day(input.expiresOn) }),
  ...(input.conditions && { conditions: explanation(input.conditions) }),
  ...(input.marking && { marking: toMarkingRequest(input.marking) }),
});

@InputType({ isAbstract: true })
abstract class OnPledgeInput extends CommandInput {
  @Field(() => ID, { description: 'Id of the pledge.' })
  @Is(recordId)
  id!: string;
}

@InputType({ description: 'A pledge to confirm as the second person.' })
export class ConfirmPledgeInput extends OnPledgeInput {}

export const toConfirmPledge = (input: ConfirmPledgeInput): ConfirmPledge => ({
  type: 'ConfirmPledge',
  id: recordId(input.id),
});

@InputType({ description: 'An amount paid out of a confirmed pledge.' })
export class DrawDownPledgeInput extends OnPledgeInput {
  @Field(() => DecimalScalar, {
    description: 'How much, in the currency of the pledge: more than zero, and not more than what is left.',
  })
  @Is(positive)
  amount!: string;
  @Field(() => DayScalar, {
    description:
      'When it was paid: a day that has begun anywhere on Earth (UTC+14), and the last day of the pledge at the latest.',
  })
  @Is(day)
  on!: string;
  @Field(() => String, { nullable: true, description: 'Particulars, 2000 characters at most.' })
  @IsOptional()
  @Is(explanation)
  note?: string;
}

export const toDrawDownPledge = (input: DrawDownPledgeInput): DrawDownPledge => ({
  type: 'DrawDownPledge',
  id: recordId(input.id),
  amount: positive(input.amount),
  on: day(input.on),
  ...(input.note && { note: explanation(input.note) }),
});

@InputType({ description: 'A pledge to withdraw. What is drawn stays drawn.' })
export class WithdrawPledgeInput extends OnPledgeInput {
  @Field(() => String, { description: 'Why, for the record, 2000 characters at most.' })
  @Is(explanation)
  reason!: string;
}

export const toWithdrawPledge = (input: WithdrawPledgeInput): WithdrawPledge => ({
  type: 'WithdrawPledge',
  id: recordId(input.id),
  reason: explanation(input.reason),
});

@ObjectType('Pledge', { description: 'What a country promised to put into a project.' })
export class PledgeType {
  @Field(() => ID, { description: 'Id of the pledge.' })
  id!: string;
  @Field(() => ID, { description: 'Id of the project.' })
  projectId!: string;
  @Field(() => CountryScalar, { description: 'The pledging country.' })
  country!: string;
  @Field(() => KindEnum, { description: 'In what form.' })
  kind!: PledgeKind;
  @Field(() => DecimalScalar, { description: 'How much was pledged.' })
  amount!: string;
  @Field(() => CurrencyScalar, { description: 'In which currency.' })
  currency!: string;
  @Field(() => DecimalScalar, {
    description: 'How much stands confirmed: nothing, or all; once withdrawn, what was drawn.',
  })
  confirmed!: string;
  @Field(() => DecimalScalar, { description: 'How much was paid out.' })
  drawn!: string;
  @Field(() => StatusEnum, { description: 'How far it has come.' })
  status!: PledgeStatus;
  @Field(() => DayScalar, { nullable: true, description: 'Last day on which it can be drawn.' })
  expiresOn!: string | null;
  @Field(() => Boolean, { description: 'Whether that day has ended everywhere on Earth (UTC−12).' })
  isExpired!: boolean;
  @Field(() => String, { nullable: true, description: 'What it depends on.' })
  conditions!: string | null;
  @Field(() => InstantScalar, { description: 'When it was made.' })
  pledgedAt!: string;
  @Field(() => MarkingType, { description: 'Who may see it, of those who see the project.' })
  marking!: MarkingType;
}

export const toPledge = (row: PledgeRow, who: Principal): PledgeType => ({
  id: row.id,
  projectId: row.projectId,
  country: row.country,
  kind: row.kind,
  amount: row.amount,
  currency: row.currency,
  confirmed: row.confirmed,
  drawn: row.drawn,
  status: row.status,
  expiresOn: row.expiresOn ?? null,
  isExpired: row.expiresOn !== undefined && hasEnded(row.expiresOn, now()),
  conditions: row.conditions ?? null,
  pledgedAt: row.pledgedAt,
  marking: shownMarking(row.marking, who),
});

const now = (): Instant => new Date().toISOString() as Instant;

@ObjectType('PledgeChanged', { description: 'A pledge that you may see has changed.' })
export class PledgeChanged {
  @Field(() => CursorScalar, { description: 'Subscribe after it to go on from here.' })
  cursor!: string;
  @Field(() => ID, { description: 'The pledge that changed.' })
  id!: string;
  @Field(() => PledgeType, {
    nullable: true,
    description:
      'The pledge as it is now. Null where this subscription has told you of it before and you may no longer see it, whatever the reason.',
  })
  pledge!: PledgeType | null;
}

@InputType({ description: 'Which pledges; several values of one field mean any of them.' })
export class PledgeFilter {
  @Field(() => [ID], { nullable: true, description: 'Ids of projects.' })
  projectId?: string[];
  @Field(() => [CountryScalar], { nullable: true, description: 'Pledging countries.' })
  country?: string[];
  @Field(() => [KindEnum], { nullable: true, description: 'In what form.' })
  kind?: PledgeKind[];
  @Field(() => [CurrencyScalar], { nullable: true, description: 'In which currencies.' })
  currency?: string[];
  @Field(() => [StatusEnum], { nullable: true, description: 'How far they have come.' })
  status?: PledgeStatus[];
}

export const PledgeConnection = connectionOf(PledgeType, 'Pledge');
export const PledgeOrder = orderOf('Pledge', { PLEDGED_AT: 'pledgedAt', AMOUNT: 'amount' });
