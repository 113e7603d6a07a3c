/** Milliseconds that a call took. */
const timed = async (call: () => Promise<unknown>): Promise<number> => {
  const begun = performance.now();
  await call();
  return performance.now() - begun;
};

const median = (sorted: readonly number[]): number => sorted[Math.floor(sorted.length / 2)]!;

/**
 * Two-sided p of the Mann–Whitney U test, by its normal approximation: how likely two samples differ at least this much
 * if both come from one distribution (H. B. Mann and D. R. Whitney, 1947). Ties are not corrected for: times have none.
 */
export const mannWhitney = (a: readonly number[], b: readonly number[]): number => {
  const all = [...a.map((value) => ({ value, isA: true })), ...b.map((value) => ({ value, isA: false }))].sort(
    (x, y) => x.value - y.value,
  );
  const rankSum = all.reduce((sum, { isA }, at) => (isA ? sum + at + 1 : sum), 0);
  const u = rankSum - (a.length * (a.length + 1)) / 2;
  const mean = (a.length * b.length) / 2;
  const deviation = Math.sqrt((a.length * b.length * (a.length + b.length + 1)) / 12);
  return 2 * (1 - normal(Math.abs(u - mean) / deviation));
};

/** The normal distribution function, after Abramowitz and Stegun 26.2.17: good to 7.5e-8. */
const normal = (z: number): number => {
  const t = 1 / (1 + 0.2316419 * z);
  const tail = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return 1 - (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * tail;
};

/**
 * Whether two calls can be told apart by the time they take: in each round by rank (p of 0.01 or less) and by their
 * medians (5 % or more). Calls take turns in random order, so that whatever else the machine does meets both alike.
 */
export const isSlower = async (
  { rounds, calls }: { readonly rounds: number; readonly calls: number },
  first: () => Promise<unknown>,
  second: () => Promise<unknown>,
): Promise<boolean> => {
  for (let warm = 0; warm < 50; warm++) await Promise.all([first(), second()]);
  for (let round = 0; round < rounds; round++) {
    const times: [number[], number[]] = [[], []];
    for (let call = 0; call < calls; call++) {
      const order = Math.random() < 0.5 ? [0, 1] : [1, 0];
      for (const which of order) times[which as 0 | 1].push(await timed(which === 0 ? first : second));
    }
    const [one, other] = times.map((each) => each.toSorted((a, b) => a - b)) as [number[], number[]];
    const difference = Math.abs(median(one) - median(other)) / Math.max(median(one), median(other));
    if (mannWhitney(one, other) > 0.01 || difference < 0.05) return false;
  }
  return true;
};
