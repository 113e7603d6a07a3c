import { Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  CommandInput,
  connectionOf,
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
import { materialCode, quarter, type Principal } from '@kernel';
import { Type } from 'class-transformer';
import { IsOptional, ValidateNested } from 'class-validator';
import type { StockTotalRow } from './stock-totals.view.js';
import type { PublishStockTotal } from './total.decider.js';
import { OUTCOMES, type Outcome } from './total.events.js';

const OutcomeEnum = enumOf(OUTCOMES);
registerEnumType(OutcomeEnum, {
  name: 'StockTotalOutcome',
  description: 'Whether there is a total.',
  valuesMap: {
    PUBLISHED: { description: 'There is a total, and figures of some forms.' },
    WITHHELD: { description: 'There is none. It is never said why, nor whether anybody has declared anything.' },
  },
});

@InputType({ description: 'Of which material and quarter a total is to be published.' })
export class PublishStockTotalInput extends CommandInput {
  @Field(() => String, { description: 'Code of the material.' })
  @Is(materialCode)
  material!: string;
  @Field(() => String, {
    description:
      'Quarter of a calendar year, such as 2026-Q3. Its totals are due from the thirtieth day after it, 00:00 UTC.',
  })
  @Is(quarter)
  quarter!: string;
  @Field(() => MarkingInput, { nullable: true, description: 'Who may read the total. Left out: MEMBERS.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => MarkingInput)
  marking?: MarkingInput;
}

export const toPublishStockTotal = (input: PublishStockTotalInput): PublishStockTotal => ({
  type: 'PublishStockTotal',
  material: materialCode(input.material),
  quarter: quarter(input.quarter),
  ...(input.marking && { marking: toMarkingRequest(input.marking) }),
});

@ObjectType('StockCell', { description: 'How much is held in one form.' })
export class StockCellType {
  @Field(() => String, { description: 'Chemical form.' })
  form!: string;
  @Field(() => DecimalScalar, { description: 'Tonnes, rounded to whole ones.' })
  quantity!: string;
}

@ObjectType('StockTotal', {
  description:
    'What several parties together hold of a material, by what they declared in one quarter for totals only. Figures by which one holder’s stock could be worked out are left out.',
})
export class StockTotalType {
  @Field(() => ID, { description: 'Id of the total.' })
  id!: string;
  @Field(() => String, { description: 'Code of the material.' })
  material!: string;
  @Field(() => String, { description: 'Quarter of a calendar year, such as 2026-Q3.' })
  quarter!: string;
  @Field(() => OutcomeEnum, { description: 'Whether there is a total.' })
  outcome!: Outcome;
  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Tonnes in all forms, also those that are not shown, rounded to whole ones. Null where withheld.',
  })
  total!: string | null;
  @Field(() => [StockCellType], {
    description:
      'The forms that can be shown, by name. Each figure is rounded by itself, so that sums may be a little off.',
  })
  cells!: readonly StockCellType[];
  @Field(() => InstantScalar, { description: 'When it was published. It is never revised.' })
  publishedAt!: string;
  @Field(() => MarkingType, { description: 'Who may read it.' })
  marking!: MarkingType;
}

export const toStockTotal = (row: StockTotalRow, who: Principal): StockTotalType => ({
  ...row,
  total: row.total ?? null,
  marking: shownMarking(row.marking, who),
});

@InputType({ description: 'Which totals; several values of one field mean any of them.' })
export class StockTotalFilter {
  @Field(() => [String], { nullable: true, description: 'Codes of materials.' })
  material?: string[];
  @Field(() => [String], { nullable: true, description: 'Quarters, such as 2026-Q3.' })
  quarter?: string[];
}

export const StockTotalConnection = connectionOf(StockTotalType, 'StockTotal');
export const StockTotalOrder = orderOf('StockTotal', { QUARTER: 'quarter', PUBLISHED_AT: 'publishedAt' });
