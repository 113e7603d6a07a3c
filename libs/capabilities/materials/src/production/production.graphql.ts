import { ArgsType, Field, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  CommandInput,
  CountryScalar,
  DecimalScalar,
  enumOf,
  InstantScalar,
  Is,
  MarkingInput,
  MarkingType,
  shownMarking,
  StageEnum,
  toMarkingRequest,
} from '@foundation/transport';
import { country, decimal, materialCode, STAGES, text, type Principal, type Stage } from '@kernel';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, ValidateNested } from 'class-validator';
import type { ReportProduction } from './production.decider.js';
import { BASES, type Basis } from './production.events.js';
import type { Concentration, ProductionRow } from './production.view.js';

const form = text(200);
const source = text(1000);

const BasisEnum = enumOf(BASES);
registerEnumType(BasisEnum, {
  name: 'Basis',
  description: 'Where a figure comes from.',
  valuesMap: {
    REPORTED: { description: 'Published by the producing country.' },
    ESTIMATED: { description: 'Estimated by the source.' },
  },
});

@InputType({ description: 'What one country produced of one material in one year.' })
export class ReportProductionInput extends CommandInput {
  @Field(() => String, { description: 'Code of the material.' })
  @Is(materialCode)
  material!: string;
  @Field(() => CountryScalar, { description: 'The producing country.' })
  @Is(country)
  country!: string;
  @Field(() => Int, { description: 'Calendar year, from 1900; the current one as ESTIMATED only.' })
  @IsInt()
  year!: number;
  @Field(() => StageEnum, { description: 'Stage of the value chain.' })
  @IsIn(STAGES)
  stage!: Stage;
  @Field(() => String, {
    nullable: true,
    description: 'What is counted, where a material has several figures at one stage, 200 characters at most.',
  })
  @IsOptional()
  @Is(form)
  form?: string;
  @Field(() => DecimalScalar, { description: 'Tonnes.' })
  @Is(decimal)
  quantity!: string;
  @Field(() => BasisEnum, { description: 'Reported or estimated.' })
  @IsIn(BASES)
  basis!: Basis;
  @Field(() => String, { description: 'The publication that it comes from, 1000 characters at most.' })
  @Is(source)
  source!: string;
  @Field(() => MarkingInput, { nullable: true, description: 'Who may know of it. Left out: PUBLIC.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => MarkingInput)
  marking?: MarkingInput;
}

export const toReportProduction = (input: ReportProductionInput): ReportProduction => ({
  type: 'ReportProduction',
  material: materialCode(input.material),
  country: country(input.country),
  year: input.year,
  stage: input.stage,
  ...(input.form && { form: form(input.form) }),
  quantity: decimal(input.quantity),
  basis: input.basis,
  source: source(input.source),
  ...(input.marking && { marking: toMarkingRequest(input.marking) }),
});

@ArgsType()
export class ConcentrationArgs {
  @Field(() => StageEnum, { nullable: true, description: 'One stage; all where left out.' })
  stage?: Stage;
  @Field(() => Int, { nullable: true, description: 'One year; all where left out.' })
  year?: number;
}

@ArgsType()
export class ProductionArgs extends ConcentrationArgs {
  @Field(() => CountryScalar, { nullable: true, description: 'One country; all where left out.' })
  country?: string;
}

@ObjectType('Production', { description: 'What one country produced of one material in one year.' })
export class ProductionType {
  @Field(() => String, { description: 'Code of the material.' })
  material!: string;
  @Field(() => CountryScalar, { description: 'The producing country.' })
  country!: string;
  @Field(() => Int, { description: 'Calendar year.' })
  year!: number;
  @Field(() => StageEnum, { description: 'Stage of the value chain.' })
  stage!: Stage;
  @Field(() => String, {
    nullable: true,
    description: 'What is counted, where a material has several figures at one stage.',
  })
  form!: string | null;
  @Field(() => DecimalScalar, { description: 'Tonnes.' })
  quantity!: string;
  @Field(() => BasisEnum, { description: 'Reported or estimated.' })
  basis!: Basis;
  @Field(() => String, { description: 'The publication that it comes from.' })
  source!: string;
  @Field(() => InstantScalar, { description: 'When the figure was recorded here.' })
  reportedAt!: string;
  @Field(() => MarkingType, { description: 'Who may know of it.' })
  marking!: MarkingType;
}

export const toProduction = (row: ProductionRow, who: Principal): ProductionType => ({
  ...row,
  form: row.form ?? null,
  marking: shownMarking(row.marking, who),
});

@ObjectType('LargestSupplier', { description: 'The country that produced most.' })
export class LargestSupplierType {
  @Field(() => CountryScalar, { description: 'The country; of equals, the first by its code.' })
  country!: string;
  @Field(() => DecimalScalar, { description: 'Its share of the total, in per cent.' })
  share!: string;
}

@ObjectType('SupplierShare', { description: 'What one country contributed to the total.' })
export class SupplierShareType {
  @Field(() => CountryScalar, { description: 'The producing country.' })
  country!: string;
  @Field(() => DecimalScalar, { description: 'Tonnes.' })
  quantity!: string;
  @Field(() => DecimalScalar, { description: 'Share of the total, in per cent.' })
  share!: string;
}

@ObjectType('Concentration', {
  description: 'How concentrated supply was in one year at one stage, computed from the figures that you may see.',
})
export class ConcentrationType {
  @Field(() => StageEnum, { description: 'Stage of the value chain.' })
  stage!: Stage;
  @Field(() => Int, { description: 'Calendar year.' })
  year!: number;
  @Field(() => String, {
    nullable: true,
    description: 'What is counted, where a material has several figures at one stage.',
  })
  form!: string | null;
  @Field(() => DecimalScalar, { description: 'Tonnes that all countries produced together.' })
  total!: string;
  @Field(() => LargestSupplierType, {
    nullable: true,
    description: 'Who produced most; null where nothing was produced.',
  })
  largestSupplier!: LargestSupplierType | null;
  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      'Herfindahl–Hirschman index: the sum of the squared percentage shares, 10000 for a single supplier; null where nothing was produced.',
  })
  hhi!: string | null;
  @Field(() => [SupplierShareType], { description: 'Each country’s share, the largest first.' })
  shares!: readonly SupplierShareType[];
}

export const toConcentration = (of: Concentration): ConcentrationType => ({ ...of, form: of.form ?? null });
