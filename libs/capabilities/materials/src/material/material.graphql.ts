import { Field, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  CommandInput,
  connectionOf,
  DayScalar,
  enumOf,
  Is,
  MarkingInput,
  MarkingType,
  orderOf,
  shownMarking,
  toMarkingRequest,
} from '@foundation/transport';
import { day, hsCode, materialCode, text, type Principal } from '@kernel';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsIn, IsOptional, ValidateNested } from 'class-validator';
import type { DelistMaterial, ListMaterial, RegisterMaterial } from './material.decider.js';
import { LISTS, type ListName } from './material.events.js';
import type { MaterialRow } from './materials.view.js';

const name = text(120);
const note = text(1000);

const ListEnum = enumOf(LISTS);
registerEnumType(ListEnum, {
  name: 'MaterialList',
  description: 'List by which a jurisdiction names the materials that it holds critical.',
  valuesMap: {
    EU_CRITICAL: { description: 'European Union: critical raw materials, Regulation (EU) 2024/1252, Annex II.' },
    EU_STRATEGIC: { description: 'European Union: strategic raw materials, Regulation (EU) 2024/1252, Annex I.' },
    US_CRITICAL: { description: 'United States: critical minerals under the Energy Act of 2020.' },
    JP_CRITICAL: { description: 'Japan: critical minerals under the Economic Security Promotion Act.' },
  },
});

@InputType({ description: 'A material to register.' })
export class RegisterMaterialInput extends CommandInput {
  @Field(() => String, {
    description: 'Lower case words joined by dashes, such as "natural-graphite": names the material for ever.',
  })
  @Is(materialCode)
  code!: string;
  @Field(() => String, { description: 'Its name in English, 120 characters at most.' })
  @Is(name)
  name!: string;
  @Field(() => String, {
    description: 'The family that it belongs to, such as "rare earth elements", 120 characters at most.',
  })
  @Is(name)
  group!: string;
  @Field(() => [String], {
    description: 'Six-digit codes of the Harmonized System under which it is traded; may be empty.',
  })
  @ArrayMaxSize(100)
  @Is(hsCode, { each: true })
  hsCodes!: string[];
  @Field(() => String, { nullable: true, description: 'Where this comes from, 1000 characters at most.' })
  @IsOptional()
  @Is(note)
  source?: string;
  @Field(() => MarkingInput, { nullable: true, description: 'Who may know of it. Left out: PUBLIC.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => MarkingInput)
  marking?: MarkingInput;
}

export const toRegisterMaterial = (input: RegisterMaterialInput): RegisterMaterial => ({
  type: 'RegisterMaterial',
  code: materialCode(input.code),
  name: name(input.name),
  group: name(input.group),
  hsCodes: input.hsCodes.map(hsCode),
  ...(input.source && { source: note(input.source) }),
  ...(input.marking && { marking: toMarkingRequest(input.marking) }),
});

@InputType({ isAbstract: true })
abstract class OnListInput extends CommandInput {
  @Field(() => String, { description: 'Code of the material.' })
  @Is(materialCode)
  code!: string;
  @Field(() => ListEnum, { description: 'The list.' })
  @IsIn(LISTS)
  list!: ListName;
}

@InputType({ description: 'A material to put on a list.' })
export class ListMaterialInput extends OnListInput {
  @Field(() => DayScalar, { description: 'First day on the list; it may lie ahead.' })
  @Is(day)
  since!: string;
  @Field(() => String, {
    nullable: true,
    description: 'Particulars, such as the entry that covers it, 1000 characters at most.',
  })
  @IsOptional()
  @Is(note)
  note?: string;
  @Field(() => String, { nullable: true, description: 'The law or notice that lists it, 1000 characters at most.' })
  @IsOptional()
  @Is(note)
  source?: string;
}

export const toListMaterial = (input: ListMaterialInput): ListMaterial => ({
  type: 'ListMaterial',
  code: materialCode(input.code),
  list: input.list,
  since: day(input.since),
  ...(input.note && { note: note(input.note) }),
  ...(input.source && { source: note(input.source) }),
});

@InputType({ description: 'A material to take off a list.' })
export class DelistMaterialInput extends OnListInput {
  @Field(() => DayScalar, { description: 'First day off the list: today (UTC) or earlier.' })
  @Is(day)
  on!: string;
  @Field(() => String, { description: 'Why, 1000 characters at most.' })
  @Is(note)
  reason!: string;
}

export const toDelistMaterial = (input: DelistMaterialInput): DelistMaterial => ({
  type: 'DelistMaterial',
  code: materialCode(input.code),
  list: input.list,
  on: day(input.on),
  reason: note(input.reason),
});

@ObjectType('MaterialListing', { description: 'A list that a material is on.' })
export class MaterialListingType {
  @Field(() => ListEnum, { description: 'The list.' })
  list!: ListName;
  @Field(() => DayScalar, { description: 'First day on the list.' })
  since!: string;
  @Field(() => String, { nullable: true, description: 'Particulars.' })
  note!: string | null;
  @Field(() => String, { nullable: true, description: 'The law or notice that lists it.' })
  source!: string | null;
}

@ObjectType('Material', { description: 'A material of the register.' })
export class MaterialType {
  @Field(() => String, { description: 'Its code, such as "natural-graphite".' })
  code!: string;
  @Field(() => String, { description: 'Its name in English.' })
  name!: string;
  @Field(() => String, { description: 'The family that it belongs to.' })
  group!: string;
  @Field(() => [String], { description: 'Six-digit codes of the Harmonized System under which it is traded.' })
  hsCodes!: readonly string[];
  @Field(() => [MaterialListingType], { description: 'The lists that it is on.' })
  lists!: readonly MaterialListingType[];
  @Field(() => String, { nullable: true, description: 'Where this comes from.' })
  source!: string | null;
  @Field(() => MarkingType, { description: 'Who may know of it.' })
  marking!: MarkingType;
}

export const toMaterial = (row: MaterialRow, who: Principal): MaterialType => ({
  code: row.code,
  name: row.name,
  group: row.group,
  hsCodes: row.hsCodes,
  lists: row.listings.map(({ list, since, note = null, source = null }) => ({ list, since, note, source })),
  source: row.source ?? null,
  marking: shownMarking(row.marking, who),
});

@InputType({ description: 'Which materials; several values of one field mean any of them.' })
export class MaterialFilter {
  @Field(() => [String], { nullable: true, description: 'Codes.' })
  code?: string[];
  @Field(() => [String], { nullable: true, description: 'Families, exactly as registered.' })
  group?: string[];
  @Field(() => [ListEnum], { nullable: true, description: 'On one of these lists.' })
  lists?: ListName[];
  @Field(() => [String], {
    nullable: true,
    description: 'Traded under one of these six-digit codes of the Harmonized System.',
  })
  hsCodes?: string[];
}

export const MaterialConnection = connectionOf(MaterialType, 'Material');
export const MaterialOrder = orderOf('Material', { CODE: 'code', NAME: 'name' });
