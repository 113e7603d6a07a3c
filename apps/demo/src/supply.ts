import type { Claims } from './claims.js';
import type { People } from './people.js';

export type Supply = {
  readonly material: string;
  readonly stage: string;
  readonly year: number;
  readonly form: string | null;
  /** Tonnes; null where the world's production is not known. */
  readonly total: string | null;
  readonly largestSupplier: { readonly country: string; readonly share: string | null } | null;
  readonly hhiWithin: { readonly atLeast: string; readonly atMost: string } | null;
};
type Answer = {
  readonly material: { readonly name: string; readonly concentration: readonly Omit<Supply, 'material'>[] } | null;
};

const MATERIALS = ['gallium', 'tungsten', 'rare-earth-elements'];

/** How concentrated world production is, from the imported figures: the latest year of each stage, as an observer sees it. */
export const worldSupply = async (people: People, claims: Claims): Promise<readonly Supply[]> => {
  const supply: Supply[] = [];
  for (const code of MATERIALS) {
    const { material } = await people
      .as('OBSERVER')
      .query<Answer>(
        'query ($code: String!) { material(code: $code) { name concentration { stage year form total largestSupplier { country share } hhiWithin { atLeast atMost } } } }',
        { code },
      );
    const { name, concentration } = material ?? { name: code, concentration: [] };
    const latest = [...Map.groupBy(concentration, ({ stage }) => stage).values()].map(
      (each) => each.toSorted((a, b) => b.year - a.year)[0]!,
    );
    claims.hold(
      `an observer sees the world production of ${name.toLowerCase()}`,
      latest.length > 0 &&
        latest.every(({ largestSupplier, hhiWithin }) => largestSupplier !== null && hhiWithin !== null),
      true,
    );
    supply.push(...latest.map((each) => ({ material: name, ...each })));
  }
  return supply;
};
