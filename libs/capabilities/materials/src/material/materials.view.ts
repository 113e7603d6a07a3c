import { view, type Marked, type MaterialCode, type Recorded } from '@kernel';
import {
  withListing,
  withoutListing,
  type Listing,
  type ListName,
  type MaterialEvent,
  type Registration,
} from './material.events.js';

export type MaterialRow = Marked &
  Registration & {
    /** Names of the lists that it is on, for the filter. */
    readonly lists: readonly ListName[];
    readonly listings: readonly Listing[];
  };

/** The register of materials, one row per code. */
export const materialsView = view<MaterialEvent, MaterialRow>({
  name: 'materials.materials',
  version: 1,
  events: ['materials.MaterialRegistered.v1', 'materials.MaterialListed.v1', 'materials.MaterialDelisted.v1'],
  fields: {
    code: { kind: 'text', filter: true, sort: true },
    name: { kind: 'text', sort: true },
    group: { kind: 'text', filter: true },
    lists: { kind: 'texts', filter: true },
    hsCodes: { kind: 'texts', filter: true },
  },
  keysOf: ({ event }: Recorded<MaterialEvent>): readonly MaterialCode[] => [event.data.code],
  project: (row, { event }) => {
    switch (event.type) {
      case 'materials.MaterialRegistered.v1':
        return { ...event.data, lists: [], listings: [] };
      case 'materials.MaterialListed.v1':
        return row && listedOn(row, withListing(row.listings, event.data));
      case 'materials.MaterialDelisted.v1':
        return row && listedOn(row, withoutListing(row.listings, event.data.list));
    }
  },
});

const listedOn = (row: MaterialRow, listings: readonly Listing[]): MaterialRow => ({
  ...row,
  listings,
  lists: listings.map(({ list }) => list),
});
