import type { Type } from '@nestjs/common';
import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import type { AnyCommand, Choice, Composite, Many, Node, Shape, ShapeField, ShownView, Value } from '@kernel';
import { Type as TypeOf } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsBoolean, IsIn, IsOptional, ValidateNested } from 'class-validator';
import { CommandInput } from './command-input.graphql.js';
import { enumTypeOf, LevelEnum } from './enums.graphql.js';
import { MarkingInput, MarkingType } from './marking.graphql.js';
import { DayRangeInput } from './ranges.graphql.js';
import { interfacesOf } from './node.graphql.js';
import * as scalars from './scalars.js';
import { Is } from './validation.js';

// GraphQL classes of what the kernel's shapes say, made with the decorators that one would write by hand.

/** The types that values name. */
const NAMED: Readonly<Record<string, unknown>> = {
  ...{ String, Boolean, ID, Int, Level: LevelEnum, Marking: MarkingType },
  ...Object.fromEntries(Object.values(scalars).map((each) => [each.name, each])),
};

/** Made once for each key. */
const once = <K extends object, T>(make: (key: K) => T): ((key: K) => T) => {
  const made = new WeakMap<K, T>();
  return (key) => {
    if (!made.has(key)) made.set(key, make(key));
    return made.get(key)!;
  };
};

export const classNamed = (name: string, base: Type<object> = Object as never): Type<object> =>
  ({ [name]: class extends base {} })[name]!;

const isChoice = (value: Value<unknown>): value is Choice<string> => 'meanings' in value;
const isComposite = (value: Value<unknown>): value is Composite<Shape> => 'of' in value;
const isMany = (field: ShapeField): field is Many => 'of' in field;
const mayBeNull = (field: ShapeField): boolean =>
  'isOptional' in field || 'isNullable' in field || 'otherwise' in field;
const itemOf = (field: ShapeField): Value<unknown> => (isMany(field) ? field.of : field.value);
const listIf = (isList: boolean, type: never) => (isList ? () => [type] : () => type);

/** Enums and composites are registered here and now: Nest reads its register before it asks for a field's type. */
export const outputOf = (value: Value<unknown>): unknown =>
  isChoice(value) ? enumTypeOf(value) : isComposite(value) ? compositeTypeOf(value) : NAMED[value.graphql];

const compositeTypeOf = ({ graphql, description, of }: Composite<Shape>) => objectTypeOf(graphql, description, of);

/** A composite as an input: `<Name>Input`, unless that is its name already. */
export const compositeInputOf = once(
  ({ graphql, description, of }: Pick<Composite<Shape>, 'graphql' | 'description' | 'of'>): Type<object> => {
    const made = classNamed(graphql.endsWith('Input') ? graphql : `${graphql}Input`);
    declare(made, of);
    InputType({ description })(made);
    return made;
  },
);

/** `Its name; all read it.` → `Its name, 120 characters at most; all read it.` */
const withLimit = (field: ShapeField): string => {
  const { limit } = itemOf(field);
  return limit ? field.description.replace(/(?=[.;](\s|$))/, `, ${limit}`) : field.description;
};

/** The checks that class-validator makes of one field. */
const checksOf = (field: ShapeField, nested: Type<object> | null): PropertyDecorator[] => {
  const each = isMany(field);
  const value = itemOf(field);
  const list = each ? [ArrayMinSize(field.least), ArrayMaxSize(field.most)] : [];
  if (each && field.distinct) list.push(nested ? ArrayUnique((one) => JSON.stringify(one)) : ArrayUnique());
  const optional = mayBeNull(field) ? [IsOptional()] : [];
  return [
    ...optional,
    ...list,
    ...(nested ? [ValidateNested({ each }), TypeOf(() => nested)] : [checkOf(value, each)]),
  ];
};

const checkOf = (value: Value<unknown>, each: boolean): PropertyDecorator => {
  if (value.graphql === 'Int') return Is(value as never, { each, of: 'number' });
  if (value.graphql === 'Boolean') return IsBoolean({ each });
  return isChoice(value) ? IsIn(Object.keys(value.meanings), { each }) : Is(value as never, { each });
};

/** The input type of a value of several fields; null for all other values. */
const nestedInputOf = (value: Value<unknown>): Type<object> | null => {
  if (value.graphql === 'MarkingInput') return MarkingInput;
  return isComposite(value) ? compositeInputOf(value) : null;
};

/** Gives an input class the fields of a shape, each with its checks. */
const declare = ({ prototype }: Type<object>, shape: Shape): void => {
  for (const [name, field] of Object.entries(shape)) {
    const nested = nestedInputOf(itemOf(field));
    const type = (nested ?? outputOf(itemOf(field))) as never;
    // What a client has not sent it has not signed: of defaults, only flags stand in the schema, as they always did.
    const isFlag = 'otherwise' in field && field.value.graphql === 'Boolean';
    const told = { nullable: mayBeNull(field), description: withLimit(field) };
    Field(listIf(isMany(field), type), { ...told, ...(isFlag && { defaultValue: field.otherwise }) })(prototype, name);
    for (const check of checksOf(field, nested)) check(prototype, name);
  }
};

/** The input of a command: `<Type>Input`, checked by class-validator with the kernel's own parsers. */
export const inputTypeOf = once(({ type, input }: Pick<AnyCommand, 'type' | 'input'>): Type<CommandInput> => {
  const made = classNamed(`${type}Input`, CommandInput) as Type<CommandInput>;
  declare(made, input.of);
  InputType({ description: input.description })(made);
  return made;
});

const objectTypes = new WeakMap<Shape, Type<object>>();
/** An object type whose fields are those of a shape: one for each shape. */
export const objectTypeOf = (name: string, description: string, shape: Shape): Type<object> => {
  const known = objectTypes.get(shape);
  if (known) return known;
  const made = classNamed(name);
  objectTypes.set(shape, made);
  for (const [key, field] of Object.entries(shape)) {
    const type = outputOf(itemOf(field)) as never;
    const told = { nullable: mayBeNull(field), description: field.description };
    Field(listIf(isMany(field), type), told)(made.prototype, key);
  }
  ObjectType(name, { description, implements: () => interfacesOf(made) })(made);
  return made;
};

/** What clients are shown of the rows of a view. */
export const nodeTypeOf = ({ name, description, of }: Node): Type<object> => objectTypeOf(name, description, of);

/** The filter of a list: several values of one field mean any of them. Null where clients are offered none. */
export const filterTypeOf = ({ node, of, filter }: ShownView, plural: string): Type<object> | null => {
  if (Object.keys(filter).length === 0) return null;
  const made = classNamed(`${node.name}Filter`);
  for (const [key, by] of Object.entries(filter)) {
    const value = itemOf(of[key]!);
    const isRange = typeof by === 'object' && 'range' in by;
    const description = typeof by === 'string' ? by : isRange ? by.range : by.one;
    const type = (isRange ? DayRangeInput : outputOf(value)) as never;
    Field(listIf(typeof by === 'string', type), { nullable: true, description })(made.prototype, key);
  }
  InputType({ description: `Which ${plural}; several values of one field mean any of them.` })(made);
  return made;
};
