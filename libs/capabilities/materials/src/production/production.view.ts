import {
  compare,
  herfindahlHirschman,
  share,
  sum,
  view,
  ZERO,
  type CountryCode,
  type Decimal,
  type Instant,
  type Marked,
  type MaterialCode,
  type Percent,
  type Stage,
  type Tonnes,
} from '@kernel';
import type { Figure, Produced, ProductionEvent } from './production.events.js';

export type ProductionRow = Marked & Produced & Figure & { readonly reportedAt: Instant };

/** The latest figure of each country, material, year and stage. */
export const productionView = view<ProductionEvent, ProductionRow>({
  name: 'materials.production',
  version: 1,
  events: ['materials.ProductionReported.v1', 'materials.ProductionRevised.v1'],
  fields: {
    material: { kind: 'text', filter: true },
    country: { kind: 'text', filter: true, sort: true },
    year: { kind: 'integer', filter: true, sort: true },
    stage: { kind: 'text', filter: true },
    quantity: { kind: 'decimal', sort: true },
  },
  // A material that a reader may not know of is not given away by its figures.
  within: { view: 'materials.materials', field: 'material' },
  project: (row, { event, recordedAt }) => {
    switch (event.type) {
      case 'materials.ProductionReported.v1':
        return { ...event.data, reportedAt: recordedAt };
      case 'materials.ProductionRevised.v1':
        return row && { ...row, ...event.data, reportedAt: recordedAt };
    }
  },
});

/** The latest year first, then by stage and what is counted, the largest quantity first. */
export const byYearStageQuantity = (a: ProductionRow, b: ProductionRow): number =>
  b.year - a.year ||
  byText(a.stage, b.stage) ||
  byText(a.form ?? '', b.form ?? '') ||
  compare(b.quantity, a.quantity) ||
  byText(a.country, b.country);

/** How concentrated the supply of one material was, in one year and form, at one stage. */
export type Concentration = Pick<Produced, 'material' | 'stage' | 'year' | 'form'> & {
  readonly total: Tonnes;
  /** Null when nothing was produced; of equals, the first by country code. */
  readonly largestSupplier: { readonly country: CountryCode; readonly share: Percent } | null;
  /** Herfindahl–Hirschman index, up to 10000 (one supplier); null when nothing was produced. */
  readonly hhi: Decimal | null;
  /** The largest first. */
  readonly shares: readonly SupplierShare[];
};
export type SupplierShare = { readonly country: CountryCode; readonly quantity: Tonnes; readonly share: Percent };

/** The concentration of supply, from the rows given and nothing else: who may see fewer rows gets the figures of those. */
export const concentration = (rows: readonly ProductionRow[]): readonly Concentration[] => {
  const alike = Map.groupBy(rows, ({ material, stage, year, form }) =>
    JSON.stringify([material, stage, year, form ?? null]),
  );
  return [...alike.values()].map(concentrationOf).toSorted(byMaterialStageYearForm);
};

const concentrationOf = (rows: readonly ProductionRow[]): Concentration => {
  const [{ material, stage, year, form }] = rows as readonly [ProductionRow, ...ProductionRow[]];
  const quantities = rows.map(({ quantity }) => quantity);
  const total = sum(quantities);
  const shares = rows
    .map(({ country, quantity }) => ({ country, quantity, share: total === ZERO ? ZERO : share(quantity, total) }))
    .toSorted((a, b) => compare(b.quantity, a.quantity) || byText(a.country, b.country));
  const [largest] = shares;
  return {
    material,
    stage,
    year,
    ...(form !== undefined && { form }),
    total,
    largestSupplier:
      total === ZERO || largest === undefined ? null : { country: largest.country, share: largest.share },
    hhi: herfindahlHirschman(quantities),
    shares,
  };
};

type Counted = {
  readonly material: MaterialCode;
  readonly stage: Stage;
  readonly year: number;
  readonly form?: string;
};

const byMaterialStageYearForm = (a: Counted, b: Counted): number =>
  byText(a.material, b.material) || byText(a.stage, b.stage) || b.year - a.year || byText(a.form ?? '', b.form ?? '');

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
