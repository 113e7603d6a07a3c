/** The markings of all that is on the screen, taken together. */
export type Shown = {
  /** The strictest handling; null where nothing marked is shown. */
  readonly handling: string | null;
  readonly level: string;
  readonly owners: readonly string[];
  readonly displayOnly: number;
};

type Marked = {
  readonly owner: string;
  readonly handling: string;
  readonly level: string;
  readonly mayExport: boolean;
};

export const HANDLINGS: readonly string[] = ['CLEAR', 'GREEN', 'AMBER', 'AMBER_STRICT', 'RED'];
export const LEVELS: readonly string[] = ['OPEN', 'RESTRICTED', 'CONFIDENTIAL', 'SECRET'];

/** The strictest of what each marking says. */
export const together = (markings: readonly Marked[]): Shown => {
  const most = (order: readonly string[], of: (marking: Marked) => string): number =>
    Math.max(-1, ...markings.map((each) => order.indexOf(of(each))));
  return {
    handling: HANDLINGS[most(HANDLINGS, ({ handling }) => handling)] ?? null,
    level: LEVELS[most(LEVELS, ({ level }) => level)] ?? 'OPEN',
    owners: [...new Set(markings.map(({ owner }) => owner))].sort(),
    displayOnly: markings.filter(({ mayExport }) => !mayExport).length,
  };
};

/** Every marking anywhere in an answer. */
export const markingsIn = (answer: unknown): Marked[] => {
  if (typeof answer !== 'object' || answer === null) return [];
  return Object.entries(answer).flatMap(([key, value]) =>
    key === 'marking' && typeof value === 'object' && value !== null && 'handling' in value
      ? [value as Marked]
      : markingsIn(value),
  );
};
