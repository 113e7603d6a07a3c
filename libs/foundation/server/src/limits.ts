import { EnvelopArmor } from '@escape.tech/graphql-armor';
import {
  getNamedType,
  getNullableType,
  getOperationAST,
  GraphQLError,
  isCompositeType,
  isListType,
  isObjectType,
  isInterfaceType,
  Kind,
  valueFromASTUntyped,
  visit,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { httpOf, PAGE } from '@foundation/graphql';
import type { Plugin } from 'graphql-yoga';

/** How much one request, or one person, may ask for. One more is refused before any resolver runs. */
export const LIMITS = {
  depth: 10,
  aliases: 15,
  directives: 20,
  /** Fields as they are written, the same one twice counted twice. */
  fields: 400,
  tokens: 1_500,
  /** Records that an operation could give, by its text and variables alone: see `costOf`. */
  cost: 50_000,
  /** Size of a body or a message. */
  bytes: 100_000,
  /** Sockets and streams of server-sent events that one person may have open at one node. */
  connections: 30,
  /** How often a socket is asked for a sign of life, in milliseconds. A dead one is noticed after twice as long at most. */
  signOfLifeMs: 12_000,
  /**
   * How long a stream of server-sent events is kept for its reader alone, in milliseconds: nobody can tell whether the
   * reader is still there, so after that it gives way where its person would have too many.
   */
  streamMs: 120_000,
  /** Operations under way on one socket. */
  subscriptions: 50,
} as const;

/** What a list without pages is taken to hold: what it does hold must not show in what is refused. */
const USUAL_LIST = 10;
/** Problems of a document that are told; more would let a short request have a long answer. */
const MAX_PROBLEMS = 5;

const exceeded = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'LIMIT_EXCEEDED', http: httpOf(400) } });

/** Asked of the text before it is parsed and of the document before it is executed. */
export const limits = (): Plugin => {
  const onReject = [
    (_: unknown, { message }: GraphQLError): never => {
      throw exceeded(message);
    },
  ];
  const { plugins } = new EnvelopArmor({
    maxDepth: { n: LIMITS.depth, onReject },
    maxAliases: { n: LIMITS.aliases, allowList: [], onReject },
    maxDirectives: { n: LIMITS.directives, onReject },
    maxTokens: { n: LIMITS.tokens, onReject },
    costLimit: { enabled: false },
    blockFieldSuggestion: { enabled: false },
  }).protect();
  const notTooCostly = ({ args }: { args: Operation }): void => {
    const cost = costOf(args);
    if (cost > LIMITS.cost)
      throw exceeded(`The operation could give ${cost} records; ${LIMITS.cost} is the limit. Ask for smaller pages.`);
  };
  return {
    onPluginInit({ addPlugin }) {
      for (const plugin of plugins) addPlugin(plugin as unknown as Plugin);
    },
    onValidate({ params }) {
      const fields = fieldsIn(params.documentAST as DocumentNode);
      if (fields > LIMITS.fields) throw exceeded(`Fields limit of ${LIMITS.fields} exceeded, found ${fields}.`);
      return ({ valid, result, setResult }) => {
        if (!valid) setResult((result as GraphQLError[]).slice(0, MAX_PROBLEMS));
      };
    },
    onExecute: notTooCostly as never,
    onSubscribe: notTooCostly as never,
  };
};

const fieldsIn = (document: DocumentNode): number => {
  let count = 0;
  visit(document, { Field: () => void count++ });
  return count;
};

export type Operation = {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variableValues?: Readonly<Record<string, unknown>> | null | undefined;
};

/**
 * The records that a valid operation could give: each object counts one, times the page of every list that it is in, or
 * the ids that it is asked for. A list without either counts as ten, a part that `@include` or `@skip` leaves out as if it were there, and the schema
 * itself nothing. The figure comes from the text and its variables alone, never from what is stored.
 */
export const costOf = ({ schema, document, operationName, variableValues }: Operation): number => {
  const operation = getOperationAST(document, operationName);
  const root = operation && schema.getRootType(operation.operation);
  return root ? new Cost(schema, document, operation, variableValues ?? {}).of(operation.selectionSet, root, null) : 0;
};

class Cost {
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Fragments within fragments would otherwise be counted over and over. */
  readonly #known = new Map<string, number>();

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
    private readonly operation: OperationDefinitionNode,
    private readonly variables: Readonly<Record<string, unknown>>,
  ) {
    this.#fragments = new Map(
      document.definitions.flatMap((each) =>
        each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each] as const] : [],
      ),
    );
  }

  /** @param page what the field above asks of the lists in it, where it asks for pages */
  of({ selections }: SelectionSetNode, type: GraphQLNamedType, page: number | null): number {
    let sum = 0;
    for (const each of selections) {
      if (each.kind === Kind.FIELD) sum += this.#field(each, type, page);
      else if (each.kind === Kind.FRAGMENT_SPREAD) sum += this.#fragment(each.name.value, page);
      else {
        const condition = each.typeCondition ? this.schema.getType(each.typeCondition.name.value) : type;
        sum += this.of(each.selectionSet, condition!, page);
      }
    }
    return sum;
  }

  #field(node: FieldNode, type: GraphQLNamedType, page: number | null): number {
    const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name.value] : undefined;
    const of = field && getNamedType(field.type);
    if (!field || !isCompositeType(of) || !node.selectionSet) return 0;
    const isList = isListType(getNullableType(field.type));
    const times = isList ? (this.#ids(node) ?? page ?? USUAL_LIST) : 1;
    const isPaged = field.args.some(({ name }) => name === 'first');
    return times * (1 + this.of(node.selectionSet, of, isPaged ? this.#page(node) : null));
  }

  #fragment(name: string, page: number | null): number {
    const key = `${name} ${page}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const fragment = this.#fragments.get(name)!;
    const cost = this.of(fragment.selectionSet, this.schema.getType(fragment.typeCondition.name.value)!, page);
    this.#known.set(key, cost);
    return cost;
  }

  /** How many records are asked for by their ids; null where none are. */
  #ids(node: FieldNode): number | null {
    const given = node.arguments?.find(({ name }) => name.value === 'ids')?.value;
    if (given === undefined) return null;
    const ids = valueFromASTUntyped(given, this.variables);
    return Array.isArray(ids) ? ids.length : PAGE.most;
  }

  #page(node: FieldNode): number {
    const given = node.arguments?.find(({ name }) => name.value === 'first')?.value;
    const first =
      given?.kind === Kind.INT
        ? Number(given.value)
        : given?.kind === Kind.VARIABLE
          ? this.#variable(given.name.value)
          : PAGE.usual;
    // What is no page is refused by its list.
    return Number.isInteger(first) && first >= 1 && first <= PAGE.most ? first : PAGE.most;
  }

  #variable(name: string): number {
    const declared = this.operation.variableDefinitions?.find(({ variable }) => variable.name.value === name);
    const otherwise = declared?.defaultValue?.kind === Kind.INT ? Number(declared.defaultValue.value) : PAGE.usual;
    const given = this.variables[name];
    return given === undefined ? otherwise : given === null ? PAGE.usual : Number(given);
  }
}
