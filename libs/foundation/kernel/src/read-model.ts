import type { DomainEvent, Recorded } from './event.js';
import { marking as markingValue, type Marked } from './marking.js';
import { required, type Of, type Shape } from './shape.js';
import type { AnyView, Field, View } from './view.js';

/** What clients are shown of a row. */
export type Node = { readonly name: string; readonly description: string; readonly of: Shape };

/** What a client is told of a filter: by any of several values, by one value, or by a range of days. */
export type FilterBy = string | { readonly one: string } | { readonly range: string };

type Definition<E extends DomainEvent, Row extends Marked> = Omit<
  View<E, Row>,
  'events' | 'fields' | 'project' | 'keysOf'
> & {
  /** The fields of a row. */
  readonly of: Shape;
  readonly node: {
    readonly name: string;
    readonly description: string;
    /** What clients are told of its marking; they are not shown it where this is left out. */
    readonly marking?: string;
    /** The fields that clients are shown, where they are not those of the row. */
    readonly of?: Shape;
    readonly show?: (row: Row) => object;
  };
  /** The list that clients page through, and the single records of it; there is neither where this is left out. */
  readonly list?: ListOf<keyof Row & string>;
  /** What is said of the subscription to the changes of the list; there is none where this is left out. */
  readonly changed?: string;
  /** That the rows are shown within those of the parent as well, the ones whose field names it. */
  readonly nested?: Nested<Row>;
  /** Names of views that a resolver shows within these rows: a list of them waits for the position of those, too. */
  readonly alsoShows?: readonly string[];
  /** Fields that lists filter by, with what a client is told. */
  readonly filter: { readonly [K in keyof Row & string]?: FilterBy };
  /** Fields that the platform finds rows by, and that no client is offered as a filter. */
  readonly internal?: readonly (keyof Row & string)[];
  readonly sort: readonly (keyof Row & string)[];
  /** Fields that are added up. */
  readonly sums?: readonly (keyof Row & string)[];
  /** The field that names the row, where it is not the record's id. */
  readonly key?: keyof Row & string;
  /** The rows that an event touches, where neither the record's id nor that field names them. */
  readonly keysOf?: View<E, Row>['keysOf'];
  /** The row after each event; null for no row. */
  readonly on: {
    readonly [T in E['type']]: (
      row: Row | null,
      recorded: Recorded<Extract<E, { type: T }>>,
      key: string,
    ) => Row | null;
  };
};

/** `orderBy`: the one field that the list is in the order of; where it is left out, clients choose among `sort`. */
export type ListOf<Field extends string> = {
  readonly name: string;
  readonly description: string;
  readonly orderBy?: Field;
};
export type Nested<Row> = {
  readonly name: string;
  readonly description: string;
  /** The most that one request shows within all its records. */
  readonly most: number;
  readonly order?: (a: Row, b: Row) => number;
};

/** What a read model shows to clients, besides what any view has. */
type Shown = {
  readonly of: Shape;
  readonly key: string;
  readonly node: Node & { readonly show: (row: never) => object };
  readonly filter: Readonly<Record<string, FilterBy>>;
  readonly list?: ListOf<string>;
  readonly changed?: string;
  readonly nested?: Nested<never>;
  readonly alsoShows?: readonly string[];
};
export type ShownView = AnyView & Shown;

/** A row whose fields these are, with its marking. */
export type RowOf<S extends Shape> = Marked & Of<S>;

/** A read model: what each event does to a row, what lists filter and sort by, and what clients are shown. */
export const readModel = <E extends DomainEvent, Row extends Marked>({
  of,
  node,
  filter,
  internal = [],
  sort,
  sums = [],
  key,
  keysOf,
  on,
  ...rest
}: Definition<E, Row>): View<E, Row> & Shown => {
  const filters: readonly string[] = [...Object.keys(filter), ...internal];
  const columns = [...new Set<string>([...filters, ...sort, ...sums])];
  const { name, description, marking, of: shown = of, show = (row: Row) => row } = node;
  const keys = key === undefined ? undefined : ({ event }: Recorded<E>) => [(event.data as Row)[key] as string];
  return {
    ...rest,
    of,
    key: key ?? 'id',
    node: { name, description, of: marking ? { ...shown, marking: required(markingValue, marking) } : shown, show },
    filter: filter as Readonly<Record<string, FilterBy>>,
    events: Object.keys(on) as E['type'][],
    fields: Object.fromEntries(
      columns.map((column): [string, Field] => [
        column,
        {
          kind: of[column]!.value.kind,
          ...(filters.includes(column) && { filter: true }),
          ...((sort as readonly string[]).includes(column) && { sort: true }),
        },
      ]),
    ) as View<E, Row>['fields'],
    ...((keysOf ?? keys) && { keysOf: (keysOf ?? keys)! }),
    project: (row, recorded, at) => on[recorded.event.type as E['type']](row, recorded as never, at),
  };
};

/**
 * The row that an event makes anew, under the marking that it carries, or else under that of the row before. Null where
 * neither has one: the first event of a record always does.
 */
export const renewed = <Row extends Marked>(
  before: Row | null,
  row: Omit<Row, 'marking'> & Partial<Marked>,
): Row | null => {
  const marking = row.marking ?? before?.marking;
  return marking ? ({ ...row, marking } as Row) : null;
};
