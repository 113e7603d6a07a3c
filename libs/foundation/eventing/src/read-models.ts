import type { AnyView, Decimal, Marked, Principal, View } from '@kernel';

/** A condition on declared fields: a value, any of several values, or a range with its ends included. */
export type Filter = Readonly<
  Record<string, string | number | readonly (string | number)[] | Range | null | undefined>
>;
export type Range = { readonly from?: string | number | null; readonly to?: string | number | null };
export type Order = { readonly field: string; readonly direction: 'ASC' | 'DESC' };
/** Place in an ordered list: the sort value and key of the row before. */
export type Place = { readonly value: string | number | null; readonly key: string };

export type PageRequest = {
  readonly filter?: Filter;
  readonly order?: Order | undefined;
  readonly first: number;
  readonly after?: Place | undefined;
};
export type Found<Row> = { readonly key: string; readonly row: Row };
export type Page<Row> = {
  readonly items: readonly (Found<Row> & { readonly place: Place })[];
  readonly hasNext: boolean;
};
/** How many rows fit; more than that where the counting was cut short. */
export type Total = { readonly rows: number; readonly isCapped: boolean };
/** A sum over the rows that the reader may see, with the values that it is for. */
export type Sum = {
  readonly by: Readonly<Record<string, string>>;
  readonly sums: Readonly<Record<string, Decimal>>;
  readonly count: number;
};

/** The view has not come so far within the time allowed. */
export class NotCaughtUp extends Error {
  override readonly name = 'NotCaughtUp';
}

type ViewOf<Row extends Marked> = View<never, Row> | AnyView;

/** The one door to what is recorded: whoever reads is named, and gets what was released to it. */
export abstract class ReadModels {
  abstract page<Row extends Marked>(view: ViewOf<Row>, who: Principal, request: PageRequest): Promise<Page<Row>>;
  /**
   * How many rows this reader may see that fit the filter. Exact where nothing is asked for but the whole list; otherwise
   * counted up to 1,000, so that it costs no more however much the reader sees.
   */
  abstract count(view: AnyView, who: Principal, filter: Filter): Promise<Total>;
  /** The readable ones of the rows with these keys; hidden and absent ones are simply not there. */
  abstract find<Row extends Marked>(
    view: ViewOf<Row>,
    who: Principal,
    keys: readonly string[],
  ): Promise<ReadonlyMap<string, Row>>;
  /** The keys of the rows that one reader may see and another may not. */
  abstract onlyFor(view: AnyView, one: Principal, other: Principal): Promise<readonly string[]>;
  /** All readable rows that fit, for nested lists; at most `limit`. */
  abstract list<Row extends Marked>(
    view: ViewOf<Row>,
    who: Principal,
    filter: Filter,
    limit: number,
  ): Promise<readonly Found<Row>[]>;
  /** Sums of declared decimal fields over the readable rows that fit, grouped by declared text fields. */
  abstract sums(
    view: AnyView,
    who: Principal,
    filter: Filter,
    by: readonly string[],
    fields: readonly string[],
  ): Promise<readonly Sum[]>;
  /**
   * Resolves when the view, or each of several, shows everything up to the position.
   * @throws NotCaughtUp when it does not in time
   */
  abstract reached(view: AnyView | readonly AnyView[], position: bigint): Promise<void>;
}
