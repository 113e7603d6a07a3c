import type { Type } from '@nestjs/common';
import { Args, Field, ID, ObjectType, Parent, Query, ResolveField, Resolver, Subscription } from '@nestjs/graphql';
import { ReadModels, type Filter, type Found } from '@foundation/eventing';
import type { AnyView, Instant, Marked, Marking, Principal, ShownView } from '@kernel';
import { FromCaller, type Caller } from './caller.js';
import { Changes } from './changes.js';
import { connectionOf, Connections, orderOf, PageArgs, type OrderInput } from './connections.js';
import { classNamed, filterTypeOf, nodeTypeOf, outputOf } from './derived.graphql.js';
import { fieldOf, method, wordsOf } from './derived.method.js';
import { mapAsync } from './map-async.js';
import { shownMarking } from './marking.graphql.js';
import { makeNode } from './node.graphql.js';
import { declareNodeKind, globalIdOf, keyIn, type NodeKind } from './nodes.js';
import { CursorScalar, PositionScalar } from './scalars.js';

// Queries and subscriptions of what read models show, made with the decorators that one would write by hand.

/** How clients read a view. */
type Reading = {
  /** `orderBy`: the fields of the view by the words that clients use; or the one field that the list is in order of. */
  readonly list: {
    readonly name: string;
    readonly description: string;
    readonly orderBy: Readonly<Record<string, string>> | string;
  };
  /** What is said of the subscription; there is none where this is left out. */
  readonly changed?: string;
  /** Views of what is nested in the records: these show the position as well. */
  readonly alsoShows?: readonly AnyView[];
};

type Reads = {
  readonly lists: Connections;
  readonly changes: Changes;
  readonly shows: (caller: Caller, atLeast: string | undefined) => Promise<void>;
};

/** The list of a view, the query for one record of it and, where it is asked for, the subscription to its changes. */
export const recordsOf = (view: ShownView, { list, changed, alsoShows = [] }: Reading): Type => {
  const node = nodeTypeOf(view.node);
  const show = shownBy(view);

  @Resolver(() => node)
  class RecordsResolver implements Reads {
    constructor(
      readonly lists: Connections,
      readonly changes: Changes,
    ) {}

    async shows(caller: Caller, atLeast: string | undefined): Promise<void> {
      await Promise.all(alsoShows.map((each) => this.lists.shows(each, caller, atLeast)));
    }
  }

  const connection = connectionOf(node, view.node.name);
  const filter = filterTypeOf(view, wordsOf(list.name));
  const { orderBy: fixed } = list;
  const order = typeof fixed === 'string' ? null : orderOf(view.node.name, fixed);
  method(
    RecordsResolver,
    list.name,
    async function (this: RecordsResolver, caller: Caller, page: PageArgs, ...given: object[]) {
      await this.shows(caller, page.atLeast);
      const asked = filter ? { ...given[0] } : {};
      const orderBy = order ? (given[filter ? 1 : 0] as OrderInput | undefined) : { field: fixed as string };
      return this.lists.page(view, caller, { ...page, filter: filterOf(view, asked), orderBy }, show);
    },
    Query(() => connection, { description: list.description }),
    [
      FromCaller(),
      Args({ type: () => PageArgs } as never),
      ...(filter
        ? [Args('filter', { nullable: true, type: () => filter, description: 'Which ones; all where left out.' })]
        : []),
      ...(order ? [Args('orderBy', { nullable: true, type: () => order, description: 'In which order.' })] : []),
    ],
    [Object, PageArgs],
  );
  declareOne(RecordsResolver, view);
  declareNode(RecordsResolver, { view, show, alsoShows });
  if (changed) declareChanged(RecordsResolver, view, changed);
  return RecordsResolver;
};

/** One record, by its id or whatever else names it. */
const declareOne = (resolver: Type<Reads>, view: ShownView): void => {
  const words = wordsOf(view.node.name);
  const description = `One ${words}; null where there is none that you may see.`;
  const { key: name } = view;
  const field = view.of[name];
  method(
    resolver,
    fieldOf(view.node.name),
    async function (this: Reads, caller: Caller, id: string, atLeast: string | undefined) {
      await this.shows(caller, atLeast);
      return this.lists.one(view, caller, keyIn(view, id), shownBy(view), atLeast);
    },
    Query(() => nodeTypeOf(view.node), { nullable: true, description }),
    [
      FromCaller(),
      field
        ? Args(name, { type: () => outputOf(field.value) as never, description: field.description })
        : Args('id', { type: () => ID, description: `Id of the ${words} among all records.` }),
      Args('atLeast', {
        type: () => PositionScalar,
        nullable: true,
        description: `Wait until the ${words} shows at least this position.`,
      }),
    ],
  );
};

/** The records of a view as nodes, each with an id that no other record has. */
const declareNode = (resolver: Type<Reads>, kind: NodeKind): void => {
  const { node } = kind.view;
  makeNode(nodeTypeOf(node), 'id' in node.of);
  declareNodeKind(resolver, kind);
};

/** What a subscription delivers of a record. */
const declareChanged = (resolver: Type<Reads>, view: ShownView, description: string): void => {
  const { name } = view.node;
  const [field, words] = [fieldOf(name), wordsOf(name)];
  const type = classNamed(`${name}Changed`);
  Field(() => CursorScalar, { description: 'Subscribe after it to go on from here.' })(type.prototype, 'cursor');
  Field(() => ID, { description: `The ${words} that changed.` })(type.prototype, 'id');
  Field(() => nodeTypeOf(view.node), {
    nullable: true,
    description: `The ${words} as it is now. Null where you could see it before and no longer can, whatever the reason.`,
  })(type.prototype, field);
  ObjectType({ description: `The change of one ${words} that you may see.` })(type);

  const show = shownBy(view);
  method(
    resolver,
    `${field}Changed`,
    async function (this: Reads, caller: Caller, after: string | undefined) {
      const delivered = await this.changes.of(view, caller, after ?? caller.said.after);
      return mapAsync(delivered, ({ cursor, key, row, who }) => ({
        cursor,
        id: globalIdOf(view, key),
        [field]: row && show(row, who, caller.now, key),
      }));
    },
    Subscription(() => type, { description, resolve: (value: object) => value }),
    [
      FromCaller(),
      Args('after', {
        type: () => CursorScalar,
        nullable: true,
        description: 'Go on after this cursor; from now where left out.',
      }),
    ],
  );
};

type Nested = {
  readonly name: string;
  readonly description: string;
  readonly by: string;
  /** The most that one request shows within all its records. */
  readonly most: number;
  readonly order?: (a: never, b: never) => number;
};

/** Records within others: those whose field `by` holds the id of the record around them. */
export const childrenOf = (
  around: ShownView,
  view: ShownView,
  { name, description, by, most, order = () => 0 }: Nested,
): Type => {
  const node = nodeTypeOf(view.node);
  const show = shownBy(view);

  @Resolver(() => nodeTypeOf(around.node))
  class ChildrenResolver {
    constructor(readonly reads: ReadModels) {}
  }
  method(
    ChildrenResolver,
    name,
    async function (this: ChildrenResolver, caller: Caller, { id }: { readonly id: string }) {
      const { who } = caller;
      const rows = await caller.batched<Found<Marked>[]>(view, id, async (ids) => {
        const found = await this.reads.list(view, who, { [by]: ids }, most);
        return Map.groupBy(found, ({ row }) => (row as never)[by] as string);
      });
      return (rows ?? [])
        .toSorted((a, b) => order(a.row as never, b.row as never))
        .map(({ row, key }) => show(row, who, caller.now, key));
    },
    ResolveField(() => [node], { description }),
    [FromCaller(), Parent()],
  );
  return ChildrenResolver;
};

/** A row as it is shown to this reader, with what this reader may know of its marking. */
export const shownBy = (view: ShownView): ((row: Marked, who: Principal, now: Instant, key: string) => object) => {
  const markings = Object.entries(view.node.of).filter(([, { value }]) => value.graphql === 'Marking');
  const hasId = 'id' in view.node.of;
  return (row, who, now, key) => {
    const { marking, ...shown } = { marking: row.marking, ...view.node.show(row as never) } as ShownRow;
    const given: ShownRow = { ...shown, marking };
    return {
      ...(!hasId && { id: globalIdOf(view, key) }),
      ...shown,
      ...Object.fromEntries(markings.map(([name]) => [name, shownMarking(given[name] as Marking, who, now)])),
    };
  };
};
type ShownRow = Readonly<Record<string, unknown>>;

/** What is asked for, as the view keeps it. */
export const filterOf = ({ of, filter }: ShownView, asked: object): Filter =>
  Object.fromEntries(
    Object.entries(asked).map(([name, given]): [string, Filter[string]] => {
      const by = filter[name]!;
      if (given === null || typeof by === 'string') return [name, asStored(given) as Filter[string]];
      if ('one' in by) return [name, of[name]!.value(given as never) as string];
      const { from, to } = given as { readonly from?: string; readonly to?: string };
      // A range without a beginning leaves out the records that have no day at all.
      return [name, { from: from ?? '0001-01-01', ...(to && { to }) }];
    }),
  );

/** Text as it is kept: in Unicode normalization form C, without surrounding space. */
const asStored = (given: unknown): unknown => {
  if (Array.isArray(given)) return given.map(asStored);
  return typeof given === 'string' ? given.normalize('NFC').trim() : given;
};
