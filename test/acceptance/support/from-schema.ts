import {
  buildClientSchema,
  getIntrospectionQuery,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  type GraphQLField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type IntrospectionQuery,
} from 'graphql';
import type { Asker } from './answers.js';

/** The schema as the running API tells it: what is generated from it covers tomorrow's fields too. */
export const schemaOf = async (ask: Asker): Promise<GraphQLSchema> => {
  const { body } = await ask(getIntrospectionQuery());
  return buildClientSchema((JSON.parse(body) as { data: IntrospectionQuery }).data);
};

export type RootField = {
  readonly operation: 'query' | 'mutation' | 'subscription';
  readonly field: GraphQLField<unknown, unknown>;
};

export const rootFields = (schema: GraphQLSchema): readonly RootField[] =>
  (['query', 'mutation', 'subscription'] as const).flatMap((operation) => {
    const root = {
      query: schema.getQueryType(),
      mutation: schema.getMutationType(),
      subscription: schema.getSubscriptionType(),
    }[operation];
    return Object.values(root?.getFields() ?? {}).map((field) => ({ operation, field }));
  });

export const mutations = (schema: GraphQLSchema): readonly GraphQLField<unknown, unknown>[] =>
  Object.values(schema.getMutationType()!.getFields());

/** The type of a mutation's `input`. */
export const inputOf = (mutation: GraphQLField<unknown, unknown>): GraphQLInputObjectType =>
  getNamedType(mutation.args.find(({ name }) => name === 'input')!.type) as GraphQLInputObjectType;

/** An operation on one root field that passes every argument as a variable of its name. */
export const operationOn = ({ operation, field }: RootField, selection = selectionOf(field.type)): string => {
  const declared = field.args.map(({ name, type }) => `$${name}: ${type.toString()}`).join(', ');
  const passed = field.args.map(({ name }) => `${name}: $${name}`).join(', ');
  return `${operation}${declared && ` (${declared})`} { ${field.name}${passed && `(${passed})`} ${selection} }`;
};

/** Everything that can be selected without arguments, each type once on its way down; the node of an edge stands among the nodes. */
export const selectionOf = (type: GraphQLOutputType, above: readonly string[] = []): string => {
  const named = getNamedType(type);
  if (isInterfaceType(named)) return `{ __typename ${Object.keys(named.getFields()).join(' ')} }`;
  if (isUnionType(named)) {
    const parts = named.getTypes().map((each) => `... on ${each.name} ${selectionOf(each, above)}`);
    return `{ __typename ${parts.join(' ')} }`;
  }
  if (!isObjectType(named)) return '';
  const fields = Object.values(named.getFields()).flatMap((field) => {
    const inner = getNamedType(field.type);
    if (
      above.includes(inner.name) ||
      (field.name === 'node' && named.name.endsWith('Edge')) ||
      field.args.some(({ type: of }) => isNonNullType(of))
    )
      return [];
    const selection = selectionOf(field.type, [...above, named.name]);
    return isObjectType(inner) && selection === '' ? [] : [`${field.name} ${selection}`];
  });
  return fields.length === 0 ? '' : `{ ${fields.join(' ')} }`;
};

/** Values by the name of the field or, failing that, of its type. */
export type Values = Readonly<Record<string, unknown>>;

/** An input with what it must have: a value for each field that may not be left out, or that `values` names itself. */
export const inputFor = (type: GraphQLInputObjectType, values: Values): Record<string, unknown> =>
  Object.fromEntries(
    Object.values(type.getFields())
      .filter((field) => field.name in values || (isNonNullType(field.type) && field.defaultValue === undefined))
      .map((field) => [field.name, field.name in values ? values[field.name] : valueFor(field.type, values)]),
  );

export const valueFor = (type: GraphQLInputType, values: Values): unknown => {
  const of = getNullableType(type);
  if (isListType(of)) return [valueFor(of.ofType as GraphQLInputType, values)];
  if (isInputObjectType(of)) return inputFor(of, values);
  if (isEnumType(of)) return of.getValues()[0]!.name;
  if (!(of.name in values))
    throw new Error(`no value for the type ${of.name}: add one, so that new fields are covered too`);
  return values[of.name];
};

/** What each scalar may look like, for inputs whose every part is well formed. */
export const WELL_FORMED: Values = {
  String: 'gallium',
  Int: 2020,
  Boolean: true,
  ID: '00000000-0000-4000-8000-000000000000',
  Decimal: '1',
  Day: '2026-01-01',
  Instant: '2026-01-01T00:00:00.000Z',
  CountryCode: 'US',
  PlaceCode: 'US',
  CurrencyCode: 'EUR',
  Party: 'US',
  Audience: 'US',
  hsCodes: ['811292'],
  quarter: '2020-Q1',
  zone: 'Europe/Paris',
  level: 'RESTRICTED',
  // RFC 8032, section 7.1, test 1.
  publicKey: '11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=',
};
