import type { Type } from '@nestjs/common';
import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType, type ReturnTypeFunc } from '@nestjs/graphql';
import type { AnyCommand, Choice, Composite, Many, Node, Optional, Shape, ShapeField, ShownView, Value } from '@kernel';
import { Type as TypeOf } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  ValidateNested,
} from 'class-validator';
import { CommandInput } from './command-input.graphql.js';
import { MarkingInput, MarkingType } from './marking.graphql.js';
import * as scalars from './scalars.js';
import { Is } from './validation.js';

const NAMED: Readonly<Record<string, unknown>> = {
  String,
  Boolean,
  ID,
  Int,
  Float,
  ...Object.fromEntries(Object.values(scalars).map((each) => [each.name, each])),
};
const enums = new WeakMap<object, object>();

/** The enum of a choice, registered once. */
export const enumTypeOf = <T extends string>(choice: Choice<T>): { readonly [K in T]: K } => {
  const known = enums.get(choice);
  if (known) return known as { [K in T]: K };
  const words = Object.keys(choice.meanings) as T[];
  const made = Object.fromEntries(words.map((word) => [word, word])) as { [K in T]: K };
  enums.set(choice, made);
  registerEnumType(made, {
    name: choice.graphql,
    description: choice.description,
    valuesMap: Object.fromEntries(words.map((word) => [word, { description: choice.meanings[word] }])) as never,
  });
  return made;
};

const composites = new WeakMap<object, Type<object>>();
const compositeTypeOf = (made: Composite<Shape>): Type<object> => {
  const type = composites.get(made) ?? objectTypeOf(made.graphql, made.description, made.of);
  composites.set(made, type);
  return type;
};

const typeOf = (value: Value<unknown>): unknown =>
  'meanings' in value
    ? enumTypeOf(value as Choice<string>)
    : 'of' in value
      ? compositeTypeOf(value as never)
      : NAMED[value.graphql];
/** A composite as an input: `<Name>Input`. */
const compositeInputs = new WeakMap<object, Type<object>>();
const compositeInputOf = ({ graphql, description, of }: Composite<Shape>): Type<object> => {
  const known = compositeInputs.get(of);
  if (known) return known;
  const name = `${graphql}Input`;
  const made = { [name]: class {} }[name]!;
  declare(made, of);
  InputType({ description })(made);
  compositeInputs.set(of, made);
  return made;
};

const isMany = (field: ShapeField): field is Many => 'of' in field;
const isOptional = (field: ShapeField): field is Optional => 'isOptional' in field;
/** Enums and composites are registered here and now: Nest reads its register before it asks for a field's type. */
const returns = (field: ShapeField): ReturnTypeFunc => {
  const type = typeOf(isMany(field) ? field.of : field.value) as never;
  return isMany(field) ? () => [type] : () => type;
};

/** `Its name.` → `Its name, 120 characters at most.` */
const withLimit = ({ description, value }: ShapeField): string =>
  value.limit ? description.replace(/\.$/, `, ${value.limit}.`) : description;

/** The check that class-validator makes of one value. */
const checkOf = (value: Value<unknown>, each: boolean): PropertyDecorator => {
  if (value.graphql === 'Int') return IsInt({ each });
  if (value.graphql === 'Boolean') return IsBoolean({ each });
  if ('meanings' in value) return IsIn(Object.keys((value as Choice<string>).meanings), { each });
  return Is(value as never, { each });
};

/** Gives an input class the fields of a shape, each with its check. */
const declare = ({ prototype }: Type<object>, shape: Shape): void => {
  for (const [name, field] of Object.entries(shape)) {
    const one = isMany(field) ? field.of : field.value;
    const nested = !('meanings' in one) && 'of' in one ? compositeInputOf(one as never) : null;
    const type = (nested ?? typeOf(one)) as never;
    const returned = isMany(field) ? () => [type] : () => type;
    const description = withLimit(field);
    const checks = [
      Field(returned, { nullable: isOptional(field), description }),
      ...(isOptional(field) ? [IsOptional()] : []),
      ...(isMany(field) ? [ArrayMinSize(field.least), ArrayMaxSize(field.most)] : []),
      ...(isMany(field) && field.distinct ? [ArrayUnique()] : []),
      ...(nested ? [ValidateNested(), TypeOf(() => nested)] : [checkOf(one, isMany(field))]),
    ];
    for (const each of checks) each(prototype, name);
  }
};

const inputTypes = new WeakMap<AnyCommand, Type<CommandInput>>();

/** The input of a command: `<Type>Input`, checked by class-validator with the kernel's own parsers. */
export const inputTypeOf = (command: AnyCommand): Type<CommandInput> => {
  const known = inputTypes.get(command);
  if (known) return known;
  const made = { [`${command.type}Input`]: class extends CommandInput {} }[`${command.type}Input`]!;
  declare(made, command.input.of);
  if (command.marking) {
    Field(() => MarkingInput, { nullable: true, description: command.marking })(made.prototype, 'marking');
    for (const check of [IsOptional(), ValidateNested(), TypeOf(() => MarkingInput)]) check(made.prototype, 'marking');
  }
  InputType({ description: command.input.description })(made);
  inputTypes.set(command, made);
  return made;
};

/** An object type whose fields are those of a shape. */
export const objectTypeOf = (name: string, description: string, shape: Shape): Type<object> => {
  const made = { [name]: class {} }[name]!;
  for (const [key, field] of Object.entries(shape))
    Field(returns(field), { nullable: isOptional(field), description: field.description })(made.prototype, key);
  ObjectType(name, { description })(made);
  return made;
};

const nodeTypes = new WeakMap<Node, Type<object>>();
/** What clients are shown of the rows of a view. */
export const nodeTypeOf = (node: Node): Type<object> => {
  const known = nodeTypes.get(node);
  if (known) return known;
  const made = objectTypeOf(node.name, node.description, node.of);
  Field(() => MarkingType, { description: node.marking })(made.prototype, 'marking');
  nodeTypes.set(node, made);
  return made;
};

/** The filter of a list: several values of one field mean any of them. */
export const filterTypeOf = ({ node, of, filter }: ShownView, plural: string): Type<object> => {
  const made = { [`${node.name}Filter`]: class {} }[`${node.name}Filter`]!;
  for (const [key, description] of Object.entries(filter)) {
    const field = of[key]!;
    const type = typeOf(isMany(field) ? field.of : field.value) as never;
    Field(() => [type], { nullable: true, description })(made.prototype, key);
  }
  InputType({ description: `Which ${plural}; several values of one field mean any of them.` })(made);
  return made;
};
