import type { DomainEvent, Recorded } from './event.js';
import type { Marked } from './marking.js';
import type { Shape } from './shape.js';
import type { AnyView, Field, View } from './view.js';

/** What clients are shown of a row: its fields as they are, or others made of them. */
export type Node = {
  readonly name: string;
  readonly description: string;
  readonly of: Shape;
  readonly show?: (row: never) => object;
  /** What they are told of its marking. */
  readonly marking: string;
};

/** A read model whose rows are shown as they are: what each event does to a row, and what lists filter and sort by. */
export const readModel = <E extends DomainEvent, Row extends Marked>({
  of,
  node,
  filter,
  internal = [],
  sort,
  sums = [],
  on,
  ...rest
}: Omit<View<E, Row>, 'events' | 'fields' | 'project'> & {
  /** The fields of a row. */
  readonly of: Shape;
  readonly node: Omit<Node, 'of'> & Partial<Node>;
  /** Fields that lists filter by, with what a client is told. */
  readonly filter: { readonly [K in keyof Row & string]?: string };
  /** Fields that the platform finds rows by, and that no client is offered as a filter. */
  readonly internal?: readonly (keyof Row & string)[];
  readonly sort: readonly (keyof Row & string)[];
  /** Fields that are added up. */
  readonly sums?: readonly (keyof Row & string)[];
  /** The row after each event; null for no row. */
  readonly on: {
    readonly [T in E['type']]: (row: Row | null, recorded: Recorded<Extract<E, { type: T }>>) => Row | null;
  };
}): View<E, Row> & { readonly of: Shape; readonly node: Node; readonly filter: Readonly<Record<string, string>> } => ({
  ...rest,
  of,
  node: { of, ...node },
  filter: filter as Readonly<Record<string, string>>,
  events: Object.keys(on) as E['type'][],
  fields: Object.fromEntries(
    [...new Set<string>([...Object.keys(filter), ...internal, ...sort, ...sums])].map((name): [string, Field] => [
      name,
      {
        kind: of[name]!.value.kind,
        ...((name in filter || isAmong(internal, name)) && { filter: true }),
        ...(isAmong(sort, name) && { sort: true }),
      },
    ]),
  ) as View<E, Row>['fields'],
  project: (row, recorded) => on[recorded.event.type as E['type']](row, recorded as never),
});

const isAmong = (names: readonly string[], name: string): boolean => names.includes(name);

export type ShownView = AnyView & {
  readonly of: Shape;
  readonly node: Node;
  readonly filter: Readonly<Record<string, string>>;
};
