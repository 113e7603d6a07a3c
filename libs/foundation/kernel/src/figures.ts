import { decimal, ratioOf, spell, UNIT, units, ZERO, type Decimal } from './decimal.js';
import { composite, optional, required, type Of } from './shape.js';

/** What is known of a figure: it lies between two others. */
export const bounds = composite('Bounds', 'What is known of a figure: it is no less and no more than these.', {
  atLeast: required(decimal, 'It is no less than this.'),
  atMost: optional(decimal, 'It is no more than this; null where nothing limits it.'),
});
export type Bounds = Of<(typeof bounds)['of']>;

/** A figure that follows from others: exact where it is determined, and within bounds in any case. */
export type Estimate = {
  /** Rounded half up; absent where the figures that are missing leave more than one value. */
  readonly exact?: Decimal;
  /** Rounded outwards, so that they hold whatever is missing. */
  readonly within: Bounds;
};

/**
 * Who supplies how much of a whole, as far as it is known. Whatever is not stated may be anything within its bounds.
 * Quantities are of one unit.
 */
export type Supply = {
  readonly stated: readonly Decimal[];
  /** Single suppliers whose quantity is not stated. */
  readonly missing?: readonly Bounds[];
  /** What suppliers who are not told apart supply together: one or any number of them. */
  readonly rest: Bounds;
  /** Of the suppliers in `rest`, those that are known by name. */
  readonly named?: readonly Bounds[];
  /** No supplier in `rest` supplies more: so where a source lists the largest. */
  readonly largestInRest?: Decimal;
};

export type Shares = {
  readonly total: Estimate;
  /** What part of the total is stated supplier by supplier, in per cent. */
  readonly coverage?: Estimate;
  /** Herfindahl–Hirschman index, 0 to 10000, in whole numbers; absent where there may be no supply at all. */
  readonly hhi?: Estimate;
  /** Share of a stated quantity, in per cent. */
  readonly ofStated: (quantity: Decimal) => Estimate;
  /** Share of the supplier at this place of `missing`. */
  readonly ofMissing: (at: number) => Estimate;
  /** Share of the supplier at this place of `named`. */
  readonly ofNamed: (at: number) => Estimate;
  /** Whether no supplier can supply more than this. */
  readonly isLargest: (quantity: Decimal) => boolean;
};

/** A whole number of millionths, or no limit. */
type Range = { readonly low: bigint; readonly high: bigint | null };
type Ratio = readonly [part: bigint, whole: bigint];

export const NO_BOUNDS: Bounds = { atLeast: ZERO };
export const exactly = (quantity: Decimal): Bounds => ({ atLeast: quantity, atMost: quantity });

/** Shares and concentration of a supply: every value that is possible lies within what is told. */
export const sharesOf = ({ stated, missing = [], rest, named = [], largestInRest }: Supply): Shares => {
  const quantities = stated.map(units);
  const [known, squares] = [sumOf(quantities), sumOfSquares(quantities)];
  const [single, inRest] = [missing.map(rangeOf), named.map(rangeOf)];
  const whole = rangeOf(rest);
  const unstated = [whole, ...single];
  const low = known + sumOf(unstated.map((each) => each.low));
  const high = sumOfHighs(unstated, known);
  const most = largestInRest === undefined ? null : units(largestInRest);

  const share = (part: bigint): Estimate =>
    part === 0n || low === 0n
      ? percentage([0n, 1n], [0n, 1n])
      : percentage(high === null ? [0n, 1n] : [part, high], [part, low]);
  const within = (range: Range, othersLow: bigint, wholeHigh: bigint | null): Estimate =>
    percentage(
      wholeHigh === null || wholeHigh === 0n ? [0n, 1n] : [range.low, wholeHigh],
      range.high === null ? [1n, 1n] : range.high === 0n ? [0n, 1n] : [range.high, othersLow + range.high],
    );

  return {
    total: { ...(low === high && { exact: spell(low) }), within: boundsOf({ low, high }) },
    ...(low > 0n && { coverage: known === 0n ? percentage([0n, 1n], [0n, 1n]) : share(known) }),
    ...(low > 0n && { hhi: concentrationOf({ known, squares, single, whole, most }) }),
    ofStated: (quantity) => share(units(quantity)),
    ofMissing: (at) => {
      const range = single[at]!;
      const others = [whole, ...single.filter((_, place) => place !== at)];
      return within(range, low - range.low, sumOfHighs(others, known + range.low));
    },
    ofNamed: (at) => {
      const range = narrowed(inRest[at]!, whole.high);
      const othersLow = low - whole.low + (range.high !== null && whole.low > range.high ? whole.low - range.high : 0n);
      return within(range, othersLow, high);
    },
    isLargest: (quantity) =>
      [least(whole.high, most), ...single.map((each) => each.high)].every(
        (limit) => limit !== null && limit <= units(quantity),
      ),
  };
};

type Unknowns = {
  readonly known: bigint;
  readonly squares: bigint;
  readonly single: readonly Range[];
  readonly whole: Range;
  readonly most: bigint | null;
};

const concentrationOf = (unknowns: Unknowns): Estimate =>
  estimate(lowestConcentration(unknowns), highestConcentration(unknowns), 10_000n, 1n);

/**
 * Lowest where the rest is as much as it can be, in the hands of many. A supplier without a limit lowers it until it
 * supplies as much as the mean of the others weighed by their share: n of them leave s ÷ (k² + n·s).
 */
const lowestConcentration = ({ known, squares, single, whole }: Unknowns): Ratio => {
  if (whole.high === null) return [0n, 1n];
  const limited = single.filter((each) => each.high !== null);
  const all = known + whole.high + sumOf(limited.map((each) => each.high!));
  const least = squares + sumOfSquares(limited.map((each) => each.low));
  const unlimited = BigInt(single.length - limited.length);
  return all === 0n ? [0n, 1n] : [least, all * all + unlimited * least];
};

/**
 * Highest where all that is free falls to one supplier, the largest that can grow: either with as little of it as there
 * can be or with as much, as the index falls and then rises with the free quantity.
 */
const highestConcentration = ({ known, squares, single, whole, most }: Unknowns): Ratio => {
  const free = [whole, ...single];
  const all = known + sumOf(free.map((each) => each.low));
  const highest = squares + sumOfSquares(single.map((each) => each.low)) + clumped(whole.low, most);
  if (free.some((each) => each.high === null)) return [1n, 1n];
  const more = sumOf(free.map(({ low, high }) => high! - low));
  const growing = [{ ...whole, low: least(whole.low, most)! }, ...single]
    .filter((_, at) => free[at]!.high !== free[at]!.low)
    .reduce((largest, { low }) => (low > largest ? low : largest), 0n);
  const without: Ratio = [highest, all * all];
  const grown: Ratio = [highest + 2n * growing * more + more * more, (all + more) * (all + more)];
  return all === 0n || grown[0] * without[1] > without[0] * grown[1] ? grown : without;
};

/** The largest sum of squares of quantities that make up this one, none above the limit. */
const clumped = (quantity: bigint, most: bigint | null): bigint => {
  if (most === null || most === 0n || quantity <= most) return quantity * quantity;
  const remainder = quantity % most;
  return (quantity / most) * most * most + remainder * remainder;
};

const percentage = (low: Ratio, high: Ratio): Estimate => estimate(low, high, 100n * UNIT, UNIT);

/** Both ends as so many `of` the whole, kept in steps of 1 ÷ `scale`. */
const estimate = (low: Ratio, high: Ratio, of: bigint, scale: bigint): Estimate => {
  const step = UNIT / scale;
  const rounded = ([part, whole]: Ratio, to: 'down' | 'nearest' | 'up'): Decimal =>
    spell(ratioOf(part * of, whole, to) * step);
  return {
    ...(low[0] * high[1] === high[0] * low[1] && { exact: rounded(low, 'nearest') }),
    within: { atLeast: rounded(low, 'down'), atMost: rounded(high, 'up') },
  };
};

const rangeOf = ({ atLeast, atMost }: Bounds): Range => ({
  low: units(atLeast),
  high: atMost === undefined ? null : units(atMost),
});
const boundsOf = ({ low, high }: Range): Bounds => ({
  atLeast: spell(low),
  ...(high !== null && { atMost: spell(high) }),
});
const narrowed = ({ low, high }: Range, limit: bigint | null): Range => ({ low, high: least(high, limit) });

const least = (a: bigint | null, b: bigint | null): bigint | null => (a === null ? b : b === null || a < b ? a : b);
const sumOf = (all: readonly bigint[]): bigint => all.reduce((total, each) => total + each, 0n);
const sumOfSquares = (all: readonly bigint[]): bigint => sumOf(all.map((each) => each * each));
const sumOfHighs = (ranges: readonly Range[], start: bigint): bigint | null =>
  ranges.reduce<bigint | null>((total, { high }) => (total === null || high === null ? null : total + high), start);

/** What a source states of a whole: some suppliers one by one, what the others supply, and the total. */
export type Stated<Key extends string> = {
  readonly figures: readonly { readonly key: Key; readonly quantity?: Decimal; readonly within?: Bounds }[];
  readonly total?: Bounds;
  /** Suppliers that the stated total leaves out. */
  readonly excluded?: readonly Key[];
  /** All suppliers that are not among the figures; absent where the source says nothing of them. */
  readonly others?: Bounds;
};

/**
 * The supply that a source states, with the suppliers in the order of its missing and named ones. A stated total counts
 * as it stands, rounded as sources round it, unless its own parts are more.
 */
export const supplyOf = <Key extends string>({
  figures,
  total,
  excluded = [],
  others = NO_BOUNDS,
}: Stated<Key>): Supply & { readonly missingKeys: readonly Key[]; readonly namedKeys: readonly Key[] } => {
  const stated = figures.flatMap(({ quantity }) => (quantity === undefined ? [] : [quantity]));
  const open = figures
    .filter(({ quantity }) => quantity === undefined)
    .map(({ key, within = NO_BOUNDS }) => ({ key, within }));
  if (!total) {
    // Whoever sees no total cannot know that it sees every supplier, so nothing limits the rest.
    return {
      stated,
      missing: open.map(({ within }) => within),
      missingKeys: open.map(({ key }) => key),
      namedKeys: [],
      rest: { atLeast: others.atLeast },
    };
  }
  const isLeftOut = (key: Key): boolean => excluded.includes(key);
  const unheardOf = excluded
    .filter((key) => figures.every((each) => each.key !== key))
    .map((key) => ({ key, within: NO_BOUNDS }));
  const [apart, inside] = [
    [...open.filter(({ key }) => isLeftOut(key)), ...unheardOf],
    open.filter(({ key }) => !isLeftOut(key)),
  ];
  const counted = sumOf(
    figures.map(({ key, quantity }) => (quantity === undefined || isLeftOut(key) ? 0n : units(quantity))),
  );
  const parts = units(others.atLeast) + sumOf(inside.map(({ within }) => units(within.atLeast)));
  const { low, high } = rangeOf(total);
  const rest = greatest(low - counted, parts);
  return {
    stated,
    missing: apart.map(({ within }) => within),
    missingKeys: apart.map(({ key }) => key),
    named: inside.map(({ within }) => within),
    namedKeys: inside.map(({ key }) => key),
    rest: boundsOf({ low: rest, high: high === null ? null : greatest(high - counted, rest) }),
  };
};

const greatest = (a: bigint, b: bigint): bigint => (a > b ? a : b);
