import {
  bounds,
  compare,
  composite,
  decimal,
  flag,
  many,
  optional,
  place,
  required,
  sharesOf,
  sum,
  supplyOf,
  ZERO,
  type PlaceCode,
  type Estimate,
  type Of,
} from '@kernel';
import { counted, type Counted } from './production.events.js';
import { byText, type ProductionRow } from './production.view.js';
import { basis, boundsOf } from './statement.events.js';
import type { WorldProductionRow } from './world-production.view.js';

const ofWorld = {
  share: optional(
    decimal,
    'Its share of world production, in per cent; null where figures that it depends on are missing.',
  ),
  shareWithin: required(bounds, 'Between what its share lies, in per cent, whatever the missing figures are.'),
};

/** How concentrated the supply of one material was, in one year and form, at one stage. */
export const concentrationShape = {
  stage: counted.stage,
  year: counted.year,
  form: counted.form,
  total: optional(
    decimal,
    'Tonnes that the world produced: as stated, or what its parts add up to. Null where not known.',
  ),
  totalWithin: required(bounds, 'Between what the production of the world lies, in tonnes.'),
  recorded: required(decimal, 'Tonnes that the countries of `shares` produced together.'),
  coverage: optional(decimal, 'What part of world production `recorded` is, in per cent; null where not known.'),
  coverageWithin: optional(bounds, 'Between what that part lies; null where there may be no production.'),
  largestSupplier: optional(
    composite('LargestSupplier', 'Of the countries with a figure, the one that produced most.', {
      country: required(place, 'The country; of equals, the first by its code.'),
      ...ofWorld,
      isCertain: required(
        flag,
        'Whether nobody in the world can have produced more, whatever the missing figures are.',
      ),
    }),
    'Who produced most of those with a figure; null where none of them produced anything.',
  ),
  hhi: optional(
    decimal,
    'Herfindahl–Hirschman index of world production: the sum of the squared percentage shares, 10000 for a single supplier. Null where missing figures leave more than one value, and where there may be no production.',
  ),
  hhiWithin: optional(
    bounds,
    'Between what the index lies, whatever the missing figures are, and whoever the producers are that the source does not tell apart.',
  ),
  shares: many(
    composite('SupplierShare', 'What one country contributed to world production.', {
      country: required(place, 'The producing country or territory.'),
      quantity: required(decimal, 'Tonnes.'),
      ...ofWorld,
    }),
    'Each country with a figure, the largest first.',
  ),
  missing: many(
    composite(
      'MissingSupplier',
      'A country without a figure: its source withholds it, lacks it or states limits alone.',
      {
        country: required(place, 'The producing country or territory.'),
        basis: optional(basis, 'Why there is no figure; null where only a total that leaves it out tells of it.'),
        shareWithin: ofWorld.shareWithin,
      },
    ),
    'Each country whose figure is missing, by its code.',
  ),
};
export type Concentration = Pick<Counted, 'material'> & Of<typeof concentrationShape>;

/** The concentration of supply, from the rows given and nothing else: who may see fewer rows gets wider bounds. */
export const concentration = (
  production: readonly ProductionRow[],
  world: readonly WorldProductionRow[] = [],
): readonly Concentration[] => {
  const [countries, aggregates] = [Map.groupBy(production, keyOf), Map.groupBy(world, keyOf)];
  return [...new Set([...countries.keys(), ...aggregates.keys()])]
    .map((key) => concentrationOf(countries.get(key) ?? [], aggregates.get(key) ?? []))
    .toSorted(byMaterialStageYearForm);
};

const keyOf = ({ material, stage, year, form }: Counted): string =>
  JSON.stringify([material, stage, year, form ?? null]);

const concentrationOf = (production: readonly ProductionRow[], world: readonly WorldProductionRow[]): Concentration => {
  const { material, stage, year, form } = [...production, ...world][0]!;
  const total = world.find(({ scope }) => scope === 'WORLD');
  const others = world.find(({ scope }) => scope === 'OTHER_COUNTRIES');
  const supply = supplyOf<PlaceCode>({
    figures: production.map(({ country: key, ...row }) => ({
      key,
      ...(row.quantity === undefined ? { within: boundsOf(row) } : { quantity: row.quantity }),
    })),
    // A total that is withheld or not available says no more than none.
    ...(total && isStated(total) && { total: boundsOf(total), excluded: total.excludes }),
    ...(others && { others: boundsOf(others) }),
  });
  const of = sharesOf(supply);
  const basisOf = new Map(production.map((row) => [row.country, row.basis]));
  const shares = production
    .flatMap(({ country: key, quantity }) => (quantity === undefined ? [] : [{ country: key, quantity }]))
    .map((each) => ({ ...each, ...shown('share', of.ofStated(each.quantity)) }))
    .toSorted((a, b) => compare(b.quantity, a.quantity) || byText(a.country, b.country));
  const missing = [
    ...supply.missingKeys.map((key, at) => ({ key, share: of.ofMissing(at) })),
    ...supply.namedKeys.map((key, at) => ({ key, share: of.ofNamed(at) })),
  ].map(({ key, share }) => ({
    country: key,
    ...(basisOf.has(key) && { basis: basisOf.get(key)! }),
    shareWithin: share.within,
  }));
  const [largest] = shares;
  return {
    material,
    stage,
    year,
    ...(form !== undefined && { form }),
    ...shown('total', of.total),
    recorded: sum(shares.map(({ quantity }) => quantity)),
    ...(of.coverage && shown('coverage', of.coverage)),
    ...(largest &&
      largest.quantity !== ZERO && { largestSupplier: asLargest(largest, of.isLargest(largest.quantity)) }),
    ...(of.hhi && shown('hhi', of.hhi)),
    shares,
    missing: missing.toSorted((a, b) => byText(a.country, b.country)),
  };
};

type Share = Concentration['shares'][number];
const asLargest = ({ quantity: _, ...share }: Share, isCertain: boolean) => ({ ...share, isCertain });

const isStated = ({ quantity, atLeast, atMost }: WorldProductionRow): boolean =>
  quantity !== undefined || atLeast !== undefined || atMost !== undefined;

/** `share` and `shareWithin` of an estimate. */
const shown = <Name extends string>(name: Name, { exact, within }: Estimate) =>
  ({ ...(exact !== undefined && { [name]: exact }), [`${name}Within`]: within }) as {
    readonly [K in Name]?: NonNullable<Estimate['exact']>;
  } & { readonly [K in `${Name}Within`]: Estimate['within'] };

const byMaterialStageYearForm = (a: Counted, b: Counted): number =>
  byText(a.material, b.material) || byText(a.stage, b.stage) || b.year - a.year || byText(a.form ?? '', b.form ?? '');
