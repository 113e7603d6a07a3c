import {
  compare,
  decimal,
  EU_STATES,
  nearest,
  sum,
  times,
  ZERO,
  type CountryCode,
  type Decimal,
  type Party,
  type Tonnes,
} from '@kernel';
import type { StockCell } from './total.events.js';

/* Which figures may be shown of stocks that are for totals only, so that nobody can work out what one holder holds.
   Source of the rules: Handbook on Statistical Disclosure Control, ch. 4.2 (magnitude tables). */

/** Version of the rules below: another figure or another rule is another version. */
export const RULES = '1';
/** Holdings behind a figure: two that tell each other what they hold are a coalition, plus two (n0 of the handbook). */
const FEWEST = 4;
/** p of the p % rule: nobody may come closer than so many per cent to the largest contribution. */
const CLOSEST = 10n;
/** Figures are multiples of so many tonnes. */
const BASE = decimal('1');

/** What one party declares of one form. */
export type Contribution = { readonly holder: Party; readonly form: string; readonly quantity: Tonnes };

/** A table as it is shown; the rest of the total is in forms that are not. */
export type StockTable = { readonly total: Tonnes; readonly cells: readonly StockCell[] };

/** A table that was published before: the forms that it shows, and what it is made of; null where that is erased since. */
export type EarlierTable = {
  readonly forms: readonly string[];
  readonly contributions: readonly Contribution[] | null;
};

/**
 * The total and the forms that can be shown, given every table of the same material that is known already.
 *
 * A form is shown where its cell is safe. Where what is not shown, taken as one cell, is not safe itself, the smallest of
 * the others is not shown either, and so on: otherwise the total would reveal it. All is withheld where the difference to
 * an earlier table would single out those who have joined or left.
 */
export const stockTable = (
  contributions: readonly Contribution[],
  earlier: readonly EarlierTable[],
): StockTable | 'WITHHELD' => {
  const all = byHolding(contributions);
  const forms = shownForms(all);
  if (forms === null || earlier.some((each) => isTelling(contributions, forms, each))) return 'WITHHELD';
  const figure = (within: readonly Contribution[]): Tonnes => nearest(quantityOf(within), BASE);
  const cells = forms.toSorted().map((form) => ({ form, quantity: figure(all.filter((each) => each.form === form)) }));
  return { total: figure(all), cells };
};

/** Null where not even the total can be shown. */
const shownForms = (all: readonly Contribution[]): readonly string[] | null => {
  const safe = [...Map.groupBy(all, ({ form }) => form)]
    .filter(([, cell]) => isSafe(cell))
    .toSorted(([a, one], [b, other]) => compare(quantityOf(one), quantityOf(other)) || (a < b ? -1 : 1))
    .map(([form]) => form);
  for (let smallest = 0; smallest <= safe.length; smallest++) {
    const shown = safe.slice(smallest);
    const rest = all.filter(({ form }) => !shown.includes(form));
    if (rest.length === 0 ? shown.length > 0 : isSafe(rest)) return shown;
  }
  return null;
};

/**
 * Whether a cell can be shown: enough holdings, none of which can be estimated by another; and both without any one of
 * them as well. The latter is read as it stands, so that five holdings are the fewest that are ever shown: whether a
 * single state declares or not never decides alone whether there is a figure, and what one of them tells another does not
 * help either.
 */
const isSafe = (cell: readonly Contribution[]): boolean => {
  const holdings = [...Map.groupBy(cell, ({ holder }) => holder).values()].map(quantityOf);
  const passes = (some: readonly Tonnes[]): boolean => !isTooFew(some, FEWEST) && !isDominated(some);
  return passes(holdings) && holdings.every((_, one) => passes(holdings.toSpliced(one, 1)));
};

/** The minimum frequency rule. */
export const isTooFew = (contributions: readonly Decimal[], fewest: number): boolean => contributions.length < fewest;

/** The p % rule: the second largest contributor could tell the largest contribution to within p per cent of it. */
export const isDominated = (contributions: readonly Decimal[]): boolean => {
  const [largest = ZERO, _second, ...others] = contributions.toSorted((a, b) => compare(b, a));
  return compare(times(sum(others), 100n), times(largest, CLOSEST)) < 0;
};

/**
 * Whether the difference to an earlier table tells of single holdings, in the total, in a form that both show, or in what
 * is left of the total without these: who is in one of the two only must be nobody, or enough for a cell of their own.
 */
const isTelling = (
  contributions: readonly Contribution[],
  forms: readonly string[],
  earlier: EarlierTable,
): boolean => {
  // Of what cannot be read any more, nobody can say what the difference would tell.
  if (earlier.contributions === null) return true;
  const [now, then] = [
    byHolding(contributions, earlier.contributions),
    byHolding(earlier.contributions, contributions),
  ];
  const inBoth = forms.filter((form) => earlier.forms.includes(form));
  const parts: readonly ((of: Contribution) => boolean)[] = [
    () => true,
    ...inBoth.map((form) => (of: Contribution) => of.form === form),
    ({ form }) => !inBoth.includes(form),
  ];
  return parts.some((isPart) => {
    const [newer, older] = [now.filter(isPart), then.filter(isPart)];
    return [without(newer, older), without(older, newer)].some((moved) => moved.length > 0 && !isSafe(moved));
  });
};

const without = (some: readonly Contribution[], others: readonly Contribution[]): readonly Contribution[] =>
  some.filter(({ holder }) => others.every((each) => each.holder !== holder));

/**
 * The contributions of those who hold something, each under the holding that it belongs to: where the European Union
 * declares, here or in what is compared, it and its states are one.
 */
const byHolding = (
  contributions: readonly Contribution[],
  compared: readonly Contribution[] = [],
): readonly Contribution[] => {
  const isOne = [...contributions, ...compared].some(({ holder }) => holder === 'EU');
  return contributions
    .filter(({ quantity }) => quantity !== ZERO)
    .map((each) => (isOne && EU_STATES.includes(each.holder) ? { ...each, holder: 'EU' as CountryCode } : each));
};

const quantityOf = (contributions: readonly Contribution[]): Tonnes =>
  sum(contributions.map(({ quantity }) => quantity));
