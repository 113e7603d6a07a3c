import {
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql';
import { inputFor, inputOf, mutations, rootFields, type RootField } from '../../acceptance/support/from-schema.js';
import { UNASKED } from './recipes.js';
import type { Vocabulary } from './vocabulary.js';

/** Something to ask. What stands between guillemets in it is filled in anew each time: see `filled`. */
export type Question = {
  readonly name: string;
  readonly document: string;
  readonly variables: Readonly<Record<string, unknown>>;
};

/** One of the questions that can be asked together: its own field of an operation, with its own variables. */
export type Part = {
  readonly name: string;
  readonly operation: RootField['operation'];
  readonly variables: Readonly<Record<string, unknown>>;
  /** The field and the variables that it declares, all of which begin with the prefix. */
  readonly written: (prefix: string) => { readonly declared: readonly string[]; readonly text: string };
};

/** Aliases of one operation; the platform allows fifteen. */
export const TOGETHER = 8;
/** What an operation may be made of, a little below the platform's limits. */
const DEEPEST = 9;
const MAX_TOKENS = 1_400;

type Argument = {
  readonly variable: string;
  readonly type: GraphQLInputType;
  readonly name: string;
  readonly isNested: boolean;
};

/** Writes a field with everything below it, and an argument for each argument on the way. */
class Writing {
  readonly arguments: Argument[] = [];
  readonly #expanded = new Map<string, number>();

  /**
   * @param deepest how many levels of objects below the field are selected
   * @param mostOf how often one type is written out: twice shows what a record says of itself through another
   */
  constructor(
    private readonly schema: GraphQLSchema,
    private readonly deepest: number,
    private readonly mostOf: number,
  ) {}

  /** @param kind the one kind of record that is asked for, where the field gives an interface */
  field(field: GraphQLField<unknown, unknown>, path: string, depth: number, kind?: GraphQLObjectType): string {
    const passed = field.args.map(({ name, type }) => {
      const variable = `${path}_${name}`;
      this.arguments.push({ variable, type, name, isNested: depth > 1 });
      return `${name}: $PREFIX${variable}`;
    });
    return `${field.name}${passed.length > 0 ? `(${passed.join(', ')})` : ''} ${
      kind
        ? `{ __typename ... on ${kind.name} ${this.#selection(kind, path, depth)} }`
        : this.#selection(field.type, path, depth)
    }`;
  }

  #selection(type: GraphQLOutputType, path: string, depth: number): string {
    const named = getNamedType(type);
    if (isLeafType(named)) return '';
    const times = this.#expanded.get(named.name) ?? 0;
    // The node of an edge stands among the nodes as well: it is written out there.
    const isTwin = path.endsWith('_edges_node');
    if (times >= this.mostOf || depth > this.deepest || isTwin) return '{ __typename }';
    this.#expanded.set(named.name, times + 1);
    // Its kinds are asked for one by one, by queries that give one: see `kindsOf`.
    if (isInterfaceType(named)) return `{ __typename ${Object.keys(named.getFields()).join(' ')} }`;
    if (isUnionType(named)) {
      const kinds = this.schema.getPossibleTypes(named);
      const parts = kinds.map((kind) => `... on ${kind.name} ${this.#selection(kind, path, depth)}`);
      return `{ __typename ${parts.join(' ')} }`;
    }
    const fields = Object.values(isObjectType(named) ? named.getFields() : {}).filter(
      (field) => isLeafType(getNamedType(field.type)) || depth < this.deepest,
    );
    return `{ __typename ${fields.map((field) => this.field(field, `${path}_${field.name}`, depth + 1)).join(' ')} }`;
  }
}

const tokensOf = (text: string): number => (text.match(/[\w$]+|\.\.\.|[^\s\w,]/g) ?? []).length;

/** The kinds of record that a root field is asked for one by one. */
const kindsOf = (schema: GraphQLSchema, { field }: RootField): readonly (GraphQLObjectType | undefined)[] => {
  const named = getNamedType(field.type);
  return isInterfaceType(named) ? schema.getPossibleTypes(named) : [undefined];
};

/** A root field with all that is below it, as far as it fits into one operation. */
const writtenOut = (schema: GraphQLSchema, root: RootField, deepest: number, kind?: GraphQLObjectType) => {
  for (const mostOf of [2, 1]) {
    const writing = new Writing(schema, deepest, mostOf);
    const text = writing.field(root.field, root.field.name, 1, kind);
    const declared = writing.arguments.map(({ variable, type }) => `$PREFIX${variable}: ${type.toString()}`);
    if (tokensOf(text) + tokensOf(declared.join(' ')) > MAX_TOKENS) continue;
    return {
      arguments: writing.arguments,
      written: (prefix: string) => ({
        declared: declared.map((each) => each.replaceAll('PREFIX', prefix)),
        text: text.replaceAll('PREFIX', prefix),
      }),
    };
  }
  throw new Error(`${root.field.name} with all its fields is larger than one operation may be: ask for it in parts`);
};

export const operationOf = (parts: readonly Part[]): Question => {
  const many = parts.length > 1;
  const written = parts.map(({ written: write }, at) => write(many ? `q${at}_` : 'q_'));
  const declared = written.flatMap((each) => each.declared);
  const texts = written.map(({ text }, at) => (many ? `q${at}: ${text}` : text));
  const prefixed = parts.map(({ variables }, at) =>
    Object.entries(variables).map(([name, value]) => [`${many ? `q${at}_` : 'q_'}${name}`, value] as const),
  );
  return {
    name: parts.map(({ name }) => name).join(' & '),
    document: `${parts[0]!.operation}${declared.length > 0 ? ` (${declared.join(', ')})` : ''} { ${texts.join(' ')} }`,
    variables: Object.fromEntries(prefixed.flat()),
  };
};

const chunks = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));

/** Questions in operations of several, as clients send them. */
export const together = (parts: readonly Part[]): readonly Question[] => chunks(parts, TOGETHER).map(operationOf);

/**
 * Every value that an argument may be given, by the vocabulary: each value of an enum, each kind of value of a scalar,
 * each field of an input object, and a few together.
 */
export const valuesOf = (type: GraphQLInputType, name: string, vocabulary: Vocabulary): readonly unknown[] => {
  const of = getNullableType(type);
  if (isListType(of)) {
    const each = valuesOf(of.ofType as GraphQLInputType, name, vocabulary);
    return [...each.map((one) => [one]), each, []];
  }
  if (isInputObjectType(of)) {
    const fields = Object.values(of.getFields());
    const values = fields.map((field) => valuesOf(field.type, field.name, vocabulary));
    const all = values.reduce((product, each) => product * (each.length + 1), 1);
    if (all <= 24) {
      return fields.reduce<Record<string, unknown>[]>(
        (made, field, at) => [
          ...(isNonNullType(field.type) ? [] : made),
          ...made.flatMap((one) => values[at]!.map((value) => ({ ...one, [field.name]: value }))),
        ],
        [{}],
      );
    }
    const needed = Object.fromEntries(
      fields.flatMap((field, at) => (isNonNullType(field.type) ? [[field.name, values[at]![0]]] : [])),
    );
    return fields.flatMap((field, at) => values[at]!.map((value) => ({ ...needed, [field.name]: value })));
  }
  if (isEnumType(of)) return of.getValues().map((value) => value.name);
  return vocabulary.valuesOf(of.name, name);
};

/**
 * Every query that the schema offers, with every argument at every level, in every value of the vocabulary.
 * @param except queries that are left out
 */
export const readQuestions = (
  schema: GraphQLSchema,
  vocabulary: Vocabulary,
  except: readonly string[] = [],
): readonly Question[] => {
  const [alone, light]: [Part[], Part[]] = [[], []];
  const roots = rootFields(schema)
    .filter(({ operation, field }) => operation === 'query' && !except.includes(field.name))
    .flatMap((root) => kindsOf(schema, root).map((kind) => ({ root, kind })));
  for (const { root, kind } of roots) {
    const full = writtenOut(schema, root, DEEPEST - 1, kind);
    const short = writtenOut(schema, root, 2, kind);
    const needed = neededBy(full.arguments, vocabulary);
    const { operation } = root;
    alone.push({ name: root.field.name, operation, variables: needed, written: full.written });
    for (const argument of full.arguments) {
      for (const value of valuesOf(argument.type, argument.name, vocabulary)) {
        const variables = { ...needed, [argument.variable]: value };
        const name = `${root.field.name}(${argument.variable}: ${JSON.stringify(value)})`;
        const isShort = !argument.isNested && short.arguments.some(({ variable }) => variable === argument.variable);
        if (isShort)
          light.push({ name, operation, written: short.written, variables: only(short.arguments, variables) });
        else alone.push({ name, operation, variables, written: full.written });
      }
    }
  }
  // What may be refused is refused alone; the others share an operation, as a client's do.
  const mayFail = ({ variables }: Part) => Object.keys(variables).some((name) => /_(after|atLeast|first)$/.test(name));
  return [...alone, ...light.filter(mayFail)]
    .map((each) => operationOf([each]))
    .concat(together(light.filter((each) => !mayFail(each))));
};

const only = (args: readonly Argument[], variables: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(variables).filter(([name]) => args.some(({ variable }) => variable === name)));

const neededBy = (args: readonly Argument[], vocabulary: Vocabulary): Record<string, unknown> =>
  Object.fromEntries(
    args
      .filter(({ type }) => isNonNullType(type))
      .map(({ variable, type, name }) => [variable, valuesOf(type, name, vocabulary)[0]]),
  );

/** What of an accepted command is new each time. */
const NEW_EACH_TIME = ['commandId', 'recordId', 'record', 'position', 'receipt'];

/**
 * Every mutation, with every field of its input in every value of the vocabulary. One that names something hidden is a
 * new command each time; any other has a command id of its own for ever, so that to send it again changes nothing.
 */
export const commandQuestions = (
  schema: GraphQLSchema,
  vocabulary: Vocabulary,
): { readonly repeated: readonly Question[]; readonly fresh: readonly Part[] } => {
  const asked = mutations(schema).filter(({ name }) => !(name in UNASKED));
  const parts = asked.flatMap((field): Part[] => {
    const input = inputOf(field);
    const needed = inputFor(input, vocabulary.wellFormed);
    const inputs = Object.values(input.getFields())
      .filter(({ name }) => name !== 'commandId')
      .flatMap(({ name, type }) =>
        telling(valuesOf(type, name, vocabulary)).map((value) => ({ ...needed, [name]: value })),
      );
    const different = new Map([needed, ...inputs].map((each) => [JSON.stringify(each), each]));
    return [...different].map(([text, each]) => {
      const isNew = text.includes('«');
      const commandId = isNew ? '«new»' : `${vocabulary.asker}-${hashOf(field.name + text)}`;
      const outcome = Object.values(schema.getPossibleTypes(getNamedType(field.type) as never))
        .map((kind) => {
          const fields = Object.values(kind.getFields())
            .filter(({ name }) => !isNew || !NEW_EACH_TIME.includes(name))
            .map(({ name, type }) => (isLeafType(getNamedType(type)) ? name : `${name} { __typename id }`));
          return `... on ${kind.name} { ${fields.join(' ')} }`;
        })
        .join(' ');
      return {
        name: `${field.name}(${text})`,
        operation: 'mutation',
        variables: { input: { ...each, commandId } },
        written: (prefix) => ({
          declared: [`$${prefix}input: ${input.name}!`],
          text: `${field.name}(input: $${prefix}input) { __typename ${outcome} }`,
        }),
      };
    });
  });
  return { repeated: together(parts.filter((each) => !isFresh(each))), fresh: parts.filter(isFresh) };
};

/** Of the values of a field those that name something hidden, and one more: what else is in a command hides nothing. */
const telling = (values: readonly unknown[]): readonly unknown[] => {
  const isHidden = (value: unknown): boolean => JSON.stringify(value).includes('«');
  return [...values.filter(isHidden), ...values.filter((value) => !isHidden(value)).slice(0, 1)];
};

const isFresh = ({ variables }: Part): boolean => JSON.stringify(variables).includes('«new»');

const hashOf = (text: string): string => {
  let hash = 0;
  for (const letter of text) hash = (Math.imul(hash, 31) + letter.charCodeAt(0)) | 0;
  return (hash >>> 0).toString(36);
};

/** Each subscription with everything that it can deliver. */
export const subscriptions = (schema: GraphQLSchema): readonly (Question & { readonly field: string })[] =>
  rootFields(schema)
    .filter(({ operation }) => operation === 'subscription')
    .map((root) => {
      const { written } = writtenOut(schema, root, DEEPEST - 1);
      const part: Part = { name: root.field.name, operation: 'subscription', variables: {}, written };
      return { ...operationOf([part]), field: root.field.name };
    });
