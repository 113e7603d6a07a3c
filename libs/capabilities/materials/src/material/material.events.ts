import type { Day, DomainEvent, Marked, MaterialCode } from '@kernel';

/** A material of the alliance's public register, and the jurisdictions' lists that it stands on. */
export type MaterialEvent = MaterialRegistered | MaterialListed | MaterialDelisted;

export type MaterialRegistered = DomainEvent<'materials.MaterialRegistered.v1', Registration & Marked>;
export type MaterialListed = DomainEvent<'materials.MaterialListed.v1', { readonly code: MaterialCode } & Listing>;
export type MaterialDelisted = DomainEvent<
  'materials.MaterialDelisted.v1',
  { readonly code: MaterialCode } & Delisting
>;

export type Registration = {
  readonly code: MaterialCode;
  readonly name: string;
  /** The family that it belongs to, such as "rare earth elements". */
  readonly group: string;
  /** Headings of the Harmonized System under which it is traded: six digits each, in order, each once. */
  readonly hsCodes: readonly string[];
  readonly source?: string;
};

/**
 * Lists by which a jurisdiction names the materials that it holds critical: European Union (critical and strategic,
 * Regulation (EU) 2024/1252, annexes II and I), United States (Energy Act of 2020), Japan (Economic Security Promotion Act).
 */
export const LISTS = ['EU_CRITICAL', 'EU_STRATEGIC', 'US_CRITICAL', 'JP_CRITICAL'] as const;
export type ListName = (typeof LISTS)[number];

export type Listing = {
  readonly list: ListName;
  /** First day on the list; it may lie ahead, as laws take effect later than they are adopted. */
  readonly since: Day;
  readonly note?: string;
  readonly source?: string;
};

export type Delisting = {
  readonly list: ListName;
  /** First day off the list. */
  readonly on: Day;
  readonly reason: string;
};

/** The listings with one more, in order of their lists' names. */
export const withListing = (listings: readonly Listing[], { list, since, note, source }: Listing): readonly Listing[] =>
  [
    ...withoutListing(listings, list),
    { list, since, ...(note !== undefined && { note }), ...(source !== undefined && { source }) },
  ].sort((a, b) => (a.list < b.list ? -1 : 1));

export const withoutListing = (listings: readonly Listing[], list: ListName): readonly Listing[] =>
  listings.filter((each) => each.list !== list);
