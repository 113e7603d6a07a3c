import { many, readModel, type RowOf } from '@kernel';
import {
  list,
  materialListing,
  registration,
  withListing,
  withoutListing,
  type Listing,
  type MaterialEvent,
} from './material.events.js';

const material = {
  ...registration,
  lists: many(list, 'Names of the lists that it is on, for the filter.'),
  listings: many(materialListing, 'The lists that it is on.'),
};
export type MaterialRow = RowOf<typeof material>;

/** The register of materials, one row per code. */
export const materialsView = readModel<MaterialEvent, MaterialRow>({
  name: 'materials.materials',
  version: 1,
  of: material,
  node: {
    name: 'Material',
    description: 'A material of the register.',
    of: { ...registration, lists: material.listings },
    show: ({ listings, ...row }: MaterialRow) => ({ ...row, lists: listings }),
    marking: 'Who may know of it.',
  },
  list: { name: 'materials', description: 'The materials of the register that you may see.' },
  changed: 'Materials of the register that you may see, as they change; figures of production are not told of.',
  alsoShows: ['materials.production', 'materials.worldProduction'],
  filter: {
    code: 'Codes.',
    group: 'Families, exactly as registered.',
    lists: 'On one of these lists.',
    hsCodes: 'Traded under one of these six-digit codes of the Harmonized System.',
  },
  sort: ['code', 'name'],
  key: 'code',
  on: {
    'materials.MaterialRegistered.v1': (_, { event }) => ({ ...event.data, lists: [], listings: [] }),
    'materials.MaterialListed.v1': (row, { event }) => row && listedOn(row, withListing(row.listings, event.data)),
    'materials.MaterialDelisted.v1': (row, { event }) =>
      row && listedOn(row, withoutListing(row.listings, event.data.list)),
  },
});

const listedOn = (row: MaterialRow, listings: readonly Listing[]): MaterialRow => ({
  ...row,
  listings,
  lists: listings.map((each) => each.list),
});
