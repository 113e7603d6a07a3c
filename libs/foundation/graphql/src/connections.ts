import { Injectable, type Type } from '@nestjs/common';
import { ArgsType, Field, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { ReadModels, type Filter, type Order, type Place, type Total } from '@foundation/eventing';
import type { AnyView, Instant, Marked, Principal } from '@kernel';
import type { Caller } from './caller.js';
import { badInput, badToken } from './errors.js';
import { CursorScalar, PositionScalar } from './scalars.js';
import { OpaqueTokens } from './opaque-tokens.js';

/** How many records a page of a list gives. */
export const PAGE = { most: 200, usual: 50 } as const;

const Direction = { ASC: 'ASC', DESC: 'DESC' } as const;
registerEnumType(Direction, {
  name: 'Direction',
  description: 'Smallest or earliest first, or the reverse.',
  valuesMap: { ASC: { description: 'Smallest or earliest first.' }, DESC: { description: 'Largest or latest first.' } },
});

@ObjectType({ description: 'Where a page stands in its list.' })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether more follows.' })
  hasNextPage!: boolean;
  @Field(() => Boolean, { description: 'Whether the page was asked for after a cursor.' })
  hasPreviousPage!: boolean;
  @Field(() => CursorScalar, { nullable: true, description: 'Cursor of the first item.' })
  startCursor!: string | null;
  @Field(() => CursorScalar, { nullable: true, description: 'Cursor of the last item: pass it as after.' })
  endCursor!: string | null;
}

/** Arguments of every list. Filter and order are declared by the list itself. */
@ArgsType()
export class PageArgs {
  @Field(() => Int, { nullable: true, description: `How many, 1 to ${PAGE.most}; ${PAGE.usual} where left out.` })
  first?: number;
  @Field(() => CursorScalar, {
    nullable: true,
    description: 'Continue after this cursor of the same list in the same order.',
  })
  after?: string;
  @Field(() => PositionScalar, { nullable: true, description: 'Wait until the list shows at least this position.' })
  atLeast?: string;
}

export type Connection<Node> = {
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[];
  readonly nodes: readonly Node[];
  readonly pageInfo: PageInfo;
  /** A getter: asked of the store only when a client selects it. */
  readonly totalCount: Promise<number>;
  readonly totalCountIsCapped: Promise<boolean>;
};

/** The Relay connection type of a node: `<Node>Connection` with its edges. */
export const connectionOf = <Node>(node: Type<Node>, name: string): Type<Connection<Node>> => {
  @ObjectType(`${name}Edge`, { description: 'An item with its place in the list.' })
  class EdgeType {
    @Field(() => CursorScalar, { description: 'Place of the item in this list.' })
    cursor!: string;
    @Field(() => node, { description: 'The item.' })
    node!: Node;
  }
  @ObjectType(`${name}Connection`, { description: 'A page of a list, with what you may see of it.' })
  class ConnectionType {
    @Field(() => [EdgeType], { description: 'The items with their cursors.' })
    edges!: EdgeType[];
    @Field(() => [node], { description: 'The items alone.' })
    nodes!: Node[];
    @Field(() => PageInfo, { description: 'Where the page stands.' })
    pageInfo!: PageInfo;
    @Field(() => Int, {
      description: 'How many items fit the filter, of those that you may see; at least so many where it is capped.',
    })
    totalCount!: Promise<number>;
    @Field(() => Boolean, {
      description:
        'Whether there are more than totalCount says: of a filtered list, and of one whose items are parts of others, no more than 1,000 are counted.',
    })
    totalCountIsCapped!: Promise<boolean>;
  }
  return ConnectionType as unknown as Type<Connection<Node>>;
};

export type OrderInput = { readonly field: string; readonly direction?: 'ASC' | 'DESC' };

/** The order input of a list: `<Name>Order { field, direction }`, over the fields that its view declares as sortable. */
export const orderOf = (name: string, fields: Readonly<Record<string, string>>): Type<OrderInput> => {
  registerEnumType(fields, {
    name: `${name}OrderField`,
    description: 'What the list can be ordered by.',
    valuesMap: Object.fromEntries(
      Object.keys(fields).map((key) => [key, { description: `By ${key.toLowerCase().replaceAll('_', ' ')}.` }]),
    ),
  });
  @InputType(`${name}Order`, { description: 'Order of the list.' })
  class OrderInputType {
    @Field(() => fields, { description: 'What to order by.' })
    field!: string;
    @Field(() => Direction, { nullable: true, description: 'ASC where left out.' })
    direction?: 'ASC' | 'DESC';
  }
  return OrderInputType;
};

/** Connections and single records, as GraphQL asks for them, through the read gateway. */
@Injectable()
export class Connections {
  constructor(
    private readonly reads: ReadModels,
    private readonly seal: OpaqueTokens,
  ) {}

  async page<Row extends Marked, Node>(
    view: AnyView,
    caller: Caller,
    args: PageArgs & { filter?: Filter | undefined; orderBy?: OrderInput | undefined },
    toNode: (row: Row, who: Principal, now: Instant, key: string) => Node,
  ): Promise<Connection<Node>> {
    const { who, now } = caller;
    const first = args.first ?? PAGE.usual;
    if (first < 1 || first > PAGE.most) throw badInput(`first must be from 1 to ${PAGE.most}.`, 'first');
    await this.shows(view, caller, args.atLeast);
    const order: Order | undefined = args.orderBy && {
      field: args.orderBy.field,
      direction: args.orderBy.direction ?? 'ASC',
    };
    const question = [view.name, order?.field ?? '', order?.direction ?? ''];
    const after = args.after == null ? undefined : this.#place(question, args.after);
    const filter = args.filter ?? {};
    let counting: Promise<Total> | undefined;
    const total = (): Promise<Total> => (counting ??= this.reads.count(view, who, filter));
    const page = await this.reads.page<Row>(view, who, { filter, order, first, after });
    // Sealed when a client selects it, and not before: most ask for the page's end alone.
    const cursorOf = ({ value, key }: Place): string => this.seal.close('place', [...question, value, key]);
    const edges = page.items.map(({ key, row, place }) => ({
      node: toNode(row, who, now, key),
      get cursor() {
        return cursorOf(place);
      },
    }));
    return {
      edges,
      nodes: edges.map(({ node }) => node),
      pageInfo: {
        hasNextPage: page.hasNext,
        hasPreviousPage: after !== undefined,
        get startCursor() {
          return edges[0]?.cursor ?? null;
        },
        get endCursor() {
          return edges.at(-1)?.cursor ?? null;
        },
      },
      get totalCount() {
        return total().then(({ rows }) => rows);
      },
      get totalCountIsCapped() {
        return total().then(({ isCapped }) => isCapped);
      },
    };
  }

  /** The record with this key, or null where it is absent or hidden: one answer. */
  async one<Row extends Marked, Node>(
    view: AnyView,
    caller: Caller,
    key: string,
    toNode: (row: Row, who: Principal, now: Instant, key: string) => Node,
    atLeast?: string,
  ): Promise<Node | null> {
    const { who, now } = caller;
    await this.shows(view, caller, atLeast);
    const row = (await this.reads.find<Row>(view, who, [key])).get(key);
    return row === undefined ? null : toNode(row, who, now, key);
  }

  /** Waits until the view shows the positions that a client was given with its writes: by an argument, by a header. */
  async shows(view: AnyView, { said }: Caller, atLeast?: string | null): Promise<void> {
    const positions = [atLeast, said.atLeast].filter((each) => each != null);
    if (positions.length === 0) return;
    const opened = positions.map((each) => BigInt(this.seal.open('position', each)[0] as string));
    await this.reads.reached(
      view,
      opened.reduce((latest, each) => (each > latest ? each : latest)),
    );
  }

  #place(question: readonly string[], cursor: string): Place {
    const content = this.seal.open('place', cursor);
    const [name, field, direction, value, key] = content;
    if (content.length !== 5 || name !== question[0] || field !== question[1] || direction !== question[2])
      throw badToken();
    return { value: value ?? null, key: key as string };
  }
}
