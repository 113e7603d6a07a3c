import type { Type } from '@nestjs/common';
import { Args, ID, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { ReadModels } from '@foundation/eventing';
import type { AnyView, Instant, Marked, Principal, ShownView } from '@kernel';
import { FromCaller, type Caller } from './caller.js';
import { Connections } from './connections.js';
import { method } from './derived.method.js';
import { badInput } from './errors.js';
import { NodeType } from './node.graphql.js';
import { CommandAcceptedType } from './outcome.graphql.js';
import { PositionScalar } from './scalars.js';

/** Records that `nodes` gives at once. */
const MOST_NODES = 100;

/** What clients read under a global id: the rows of a view, and the views that must show a position with it. */
export type NodeKind = {
  readonly view: ShownView;
  readonly show: (row: Marked, who: Principal, now: Instant, key: string) => object;
  readonly alsoShows: readonly AnyView[];
};
const kinds = new WeakMap<Type, NodeKind>();

/** Says that a resolver shows records that have a global id. */
export const declareNodeKind = (resolver: Type, kind: NodeKind): void => void kinds.set(resolver, kind);

/** A view whose rows are named by an id that no row of another view has. */
const hasOwnIds = ({ node, key }: ShownView): boolean => key === 'id' && 'id' in node.of;

/** The id of a row among all records: its own, or its kind and its key, such as `Material:gallium`. */
export const globalIdOf = (view: ShownView, key: string): string =>
  hasOwnIds(view) ? key : `${view.node.name}:${key}`;

/** The key of a row by which a query for one record names it: the key itself, or the global id. */
export const keyIn = (view: ShownView, id: string): string => {
  const prefix = `${view.node.name}:`;
  return id.startsWith(prefix) ? id.slice(prefix.length) : id;
};

/** The queries `node` and `nodes` over everything that these resolvers show, and the record in the outcome of a command. */
export const nodesOf = (resolvers: readonly Type[]): Type => {
  const all = resolvers.flatMap((each) => kinds.get(each) ?? []);
  const named = (id: string): readonly NodeKind[] => {
    const [name] = id.split(':');
    return all.filter(({ view }) => (hasOwnIds(view) ? name === id : view.node.name === name));
  };

  @Resolver(() => CommandAcceptedType)
  class NodesResolver {
    constructor(
      readonly reads: ReadModels,
      readonly lists: Connections,
    ) {}

    /** What the caller may see of these ids, from every kind that they may be of: hidden and absent cost the same. */
    async find(caller: Caller, ids: readonly string[], atLeast?: string): Promise<(object | null)[]> {
      const { who, now } = caller;
      const byKind = Map.groupBy(
        ids.flatMap((id) => named(id).map((kind) => ({ id, kind }))),
        ({ kind }) => kind,
      );
      const found = await Promise.all(
        [...byKind].map(async ([{ view, show, alsoShows }, asked]) => {
          await Promise.all([view, ...alsoShows].map((each) => this.lists.shows(each, caller, atLeast)));
          const keys = asked.map(({ id }) => keyIn(view, id));
          const rows = await this.reads.find(view, who, keys);
          return asked.flatMap(({ id }, at) => {
            const row = rows.get(keys[at]!);
            return row ? [[id, { ...show(row, who, now, keys[at]!), __typename: view.node.name }] as const] : [];
          });
        }),
      );
      const byId = new Map(found.flat());
      caller.spend(byId.size);
      return ids.map((id) => byId.get(id) ?? null);
    }
  }
  const atLeast = Args('atLeast', {
    type: () => PositionScalar,
    nullable: true,
    description: 'Wait until the record is shown as of at least this position.',
  });
  method(
    NodesResolver,
    'node',
    async function (this: NodesResolver, caller: Caller, id: string, position: string | undefined) {
      return (await this.find(caller, [id], position))[0];
    },
    Query(() => NodeType, {
      nullable: true,
      description: 'The record with this id, of whatever kind; null where there is none that you may see.',
    }),
    [FromCaller(), Args('id', { type: () => ID, description: 'Id of the record among all records.' }), atLeast],
  );
  method(
    NodesResolver,
    'nodes',
    async function (this: NodesResolver, caller: Caller, ids: readonly string[], position: string | undefined) {
      if (ids.length > MOST_NODES) throw badInput(`ids must be at most ${MOST_NODES}.`, 'ids');
      return this.find(caller, ids, position);
    },
    Query(() => [NodeType], {
      nullable: 'items',
      description: 'The records with these ids, in their order; null in the place of each that you may not see.',
    }),
    [
      FromCaller(),
      Args('ids', { type: () => [ID], description: `Ids of records among all records, ${MOST_NODES} at most.` }),
      atLeast,
    ],
  );
  method(
    NodesResolver,
    'record',
    async function (this: NodesResolver, caller: Caller, { shownAs, position }: CommandAcceptedType) {
      return (await this.find(caller, shownAs, position)).find((each) => each !== null) ?? null;
    },
    ResolveField(() => NodeType, {
      nullable: true,
      description:
        'The record as you see it now, this command included: a client’s copy is right without another question. Null where clients are shown no such record.',
    }),
    [FromCaller(), Parent()],
  );
  return NodesResolver;
};
