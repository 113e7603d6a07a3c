import {
  compare,
  composite,
  country,
  decimal,
  herfindahlHirschman,
  instant,
  many,
  optional,
  readModel,
  required,
  share,
  sum,
  ZERO,
  type Marked,
  type Of,
  type MaterialCode,
  type Stage,
} from '@kernel';
import { figure, produced, type Produced, type ProductionEvent } from './production.events.js';

const production = { ...produced, ...figure, reportedAt: required(instant, 'When the figure was recorded here.') };
export type ProductionRow = Marked & Of<typeof production>;

/** The latest figure of each country, material, year and stage. */
export const productionView = readModel<ProductionEvent, ProductionRow>({
  name: 'materials.production',
  version: 1,
  of: production,
  node: {
    name: 'Production',
    description: 'What one country produced of one material in one year.',
    marking: 'Who may know of it.',
  },
  filter: { material: 'Codes.', country: 'Countries.', year: 'Years.', stage: 'Stages.' },
  sort: ['country', 'year', 'quantity'],
  // A material that a reader may not know of is not given away by its figures.
  within: { view: 'materials.materials', field: 'material' },
  on: {
    'materials.ProductionReported.v1': (_, { event, recordedAt }) => ({ ...event.data, reportedAt: recordedAt }),
    'materials.ProductionRevised.v1': (row, { event, recordedAt }) =>
      row && { ...row, ...event.data, reportedAt: recordedAt },
  },
});

/** The latest year first, then by stage and what is counted, the largest quantity first. */
export const byYearStageQuantity = (a: ProductionRow, b: ProductionRow): number =>
  b.year - a.year ||
  byText(a.stage, b.stage) ||
  byText(a.form ?? '', b.form ?? '') ||
  compare(b.quantity, a.quantity) ||
  byText(a.country, b.country);

const supplier = {
  country: required(country, 'The producing country.'),
  quantity: required(decimal, 'Tonnes.'),
  share: required(decimal, 'Share of the total, in per cent.'),
};
/** How concentrated the supply of one material was, in one year and form, at one stage. */
export const concentrationShape = {
  stage: produced.stage,
  year: produced.year,
  form: produced.form,
  total: required(decimal, 'Tonnes that all countries produced together.'),
  largestSupplier: optional(
    composite('LargestSupplier', 'The country that produced most.', {
      country: required(country, 'The country; of equals, the first by its code.'),
      share: required(decimal, 'Its share of the total, in per cent.'),
    }),
    'Who produced most; null where nothing was produced.',
  ),
  hhi: optional(
    decimal,
    'Herfindahl–Hirschman index: the sum of the squared percentage shares, 10000 for a single supplier; null where nothing was produced.',
  ),
  shares: many(
    composite('SupplierShare', 'What one country contributed to the total.', supplier),
    'Each country’s share, the largest first.',
  ),
};
export type Concentration = Pick<Produced, 'material'> & Of<typeof concentrationShape>;

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
    ...(total !== ZERO && largest && { largestSupplier: { country: largest.country, share: largest.share } }),
    ...(total !== ZERO && { hhi: herfindahlHirschman(quantities)! }),
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
