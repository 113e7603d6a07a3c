/** Something that can be asked of what is hidden, and the same of what is absent. */
export type Route = {
  readonly name: string;
  readonly hidden: () => Promise<unknown>;
  readonly absent: () => Promise<unknown>;
};

/** How two samples compare. */
export type Comparison = {
  /** Medians, in the unit of the samples. */
  readonly medians: readonly [number, number];
  /** How often a value of the first is the greater one: 0.5 of samples from one distribution. */
  readonly auc: number;
  /** How likely samples from one distribution differ as much as these, or more, in either direction. */
  readonly p: number;
};

/** One in so many batches of routes that cannot be told apart is called so by chance. */
const ALPHA = 0.01;
/** What is more likely than this by chance needs no second look. */
const SUSPICIOUS = 0.05;
/** How often a suspicion must be confirmed, always in the same direction. */
const REPEATS = 3;

const median = (sorted: readonly number[]): number => sorted[Math.floor(sorted.length / 2)]!;

/**
 * The Mann–Whitney U test, two-sided, by its normal approximation (H. B. Mann and D. R. Whitney, 1947). Equal values
 * share their rank; the deviation is not corrected for them, as times have next to none.
 */
export const compared = (a: readonly number[], b: readonly number[]): Comparison => {
  const all = [...a.map((value) => ({ value, isA: true })), ...b.map((value) => ({ value, isA: false }))].sort(
    (x, y) => x.value - y.value,
  );
  let rankSum = 0;
  for (let from = 0, to = 0; from < all.length; from = to) {
    while (to < all.length && all[to]!.value === all[from]!.value) to++;
    const rank = (from + 1 + to) / 2;
    rankSum += rank * all.slice(from, to).filter(({ isA }) => isA).length;
  }
  const u = rankSum - (a.length * (a.length + 1)) / 2;
  const deviation = Math.sqrt((a.length * b.length * (a.length + b.length + 1)) / 12);
  const pairs = a.length * b.length;
  return {
    medians: [median(a.toSorted((x, y) => x - y)), median(b.toSorted((x, y) => x - y))],
    auc: u / pairs,
    p: 2 * upperTail(Math.abs(u - pairs / 2) / deviation),
  };
};

/** What of the normal distribution lies above, after Abramowitz and Stegun 26.2.17: relative to itself good to 1e-3. */
const upperTail = (z: number): number => {
  const t = 1 / (1 + 0.2316419 * z);
  const tail = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * tail;
};

const elapsed = async (call: () => Promise<unknown>): Promise<number> => {
  const begun = performance.now();
  await call();
  return performance.now() - begun;
};

/** Calls take turns in random order, so that whatever else the machine does meets both alike. */
const sampled = async (
  { hidden, absent }: Route,
  calls: number,
  measure: (call: () => Promise<unknown>) => Promise<number>,
): Promise<Comparison> => {
  const [ofHidden, ofAbsent]: [number[], number[]] = [[], []];
  for (let call = 0; call < calls; call++) {
    const isFirst = Math.random() < 0.5;
    if (isFirst) ofHidden.push(await measure(hidden));
    ofAbsent.push(await measure(absent));
    if (!isFirst) ofHidden.push(await measure(hidden));
  }
  return compared(ofHidden, ofAbsent);
};

/** A route by which hidden and absent are told apart, and the comparisons that say so. */
export type Told = { readonly name: string; readonly comparisons: readonly Comparison[] };

/**
 * The routes that tell by their time whether something is hidden or absent. Every route is looked at; where chance would
 * seldom make what is seen, it is looked at again, and is told apart where each further look says so at a level that is
 * divided by the number of routes (Bonferroni). On a machine that does other work, one look may mislead; what differs by
 * itself differs in each.
 * @param calls of each kind, in the first look and in each further one
 * @param onLook hears of every first look
 */
export const toldApart = async (
  routes: readonly Route[],
  calls: { readonly first: number; readonly further: number },
  onLook: (route: Route, comparison: Comparison) => void = () => {},
  measure = elapsed,
): Promise<readonly Told[]> => {
  const told: Told[] = [];
  for (const route of routes) {
    for (let warm = 0; warm < 5; warm++) await Promise.all([route.hidden(), route.absent()]);
    const first = await sampled(route, calls.first, measure);
    onLook(route, first);
    if (first.p > SUSPICIOUS) continue;
    const comparisons: Comparison[] = [];
    for (let look = 0; look < REPEATS; look++) {
      const comparison = await sampled(route, calls.further, measure);
      comparisons.push(comparison);
      const isSame = comparison.auc > 0.5 === comparisons[0]!.auc > 0.5;
      if (comparison.p > ALPHA / routes.length || !isSame) break;
      if (look === REPEATS - 1) told.push({ name: route.name, comparisons });
    }
  }
  return told;
};
