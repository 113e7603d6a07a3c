import {
  composite,
  day,
  hsCode,
  many,
  materialCode,
  oneOf,
  optional,
  required,
  text,
  type DomainEvent,
  type Marked,
  type MaterialCode,
  type Of,
} from '@kernel';

/** Connections by which a jurisdiction names the materials that it holds critical. */
export const list = oneOf('MaterialList', 'List by which a jurisdiction names the materials that it holds critical.', {
  EU_CRITICAL: 'European Union: critical raw materials, Regulation (EU) 2024/1252, Annex II.',
  EU_STRATEGIC: 'European Union: strategic raw materials, Regulation (EU) 2024/1252, Annex I.',
  US_CRITICAL: 'United States: critical minerals under the Energy Act of 2020.',
  JP_CRITICAL: 'Japan: critical minerals under the Economic Security Promotion Act.',
});
export type ListName = ReturnType<typeof list>;
export const LISTS = Object.keys(list.meanings) as ListName[];

export const code = { code: required(materialCode, 'Code of the material.') };
export const registration = {
  code: required(materialCode, 'Its code, such as "natural-graphite".'),
  name: required(text(120), 'Its name in English.'),
  group: required(text(120), 'The family that it belongs to.'),
  /** In order, each once. */
  hsCodes: many(hsCode, 'Six-digit codes of the Harmonized System under which it is traded.'),
  source: optional(text(1000), 'Where this comes from.'),
};
export const listing = {
  list: required(list, 'The list.'),
  since: required(day, 'First day on the list.'),
  note: optional(text(1000), 'Particulars.'),
  source: optional(text(1000), 'The law or notice that lists it.'),
};
export const delisting = {
  list: required(list, 'The list.'),
  on: required(day, 'First day off the list: a day that has begun anywhere on Earth (UTC+14).'),
  reason: required(text(1000), 'Why.'),
};
export const materialListing = composite('MaterialListing', 'A list that a material is on.', listing);
export type Registration = Of<typeof registration>;
export type Listing = Of<typeof listing>;
export type Delisting = Of<typeof delisting>;

/** A material of the alliance's public register, and the jurisdictions' lists that it stands on. */
export type MaterialEvent = MaterialRegistered | MaterialListed | MaterialDelisted;
export type MaterialRegistered = DomainEvent<'materials.MaterialRegistered.v1', Registration & Marked>;
export type MaterialListed = DomainEvent<'materials.MaterialListed.v1', { readonly code: MaterialCode } & Listing>;
export type MaterialDelisted = DomainEvent<
  'materials.MaterialDelisted.v1',
  { readonly code: MaterialCode } & Delisting
>;

/** The listings with one more, in order of their lists' names. */
export const withListing = (listings: readonly Listing[], { list, since, note, source }: Listing): readonly Listing[] =>
  [
    ...withoutListing(listings, list),
    { list, since, ...(note !== undefined && { note }), ...(source !== undefined && { source }) },
  ].sort((a, b) => (a.list < b.list ? -1 : 1));

export const withoutListing = (listings: readonly Listing[], list: ListName): readonly Listing[] =>
  listings.filter((each) => each.list !== list);
