import type { CountryCode, DomainEvent, Marked, MaterialCode, Stage, Tonnes } from '@kernel';

/** What one country produced of one material in one year, at one stage of the value chain. */
export type ProductionEvent = ProductionReported | ProductionRevised;

export type ProductionReported = DomainEvent<'materials.ProductionReported.v1', Produced & Figure & Marked>;
/** A later figure for the same; the earlier one stays in the history. */
export type ProductionRevised = DomainEvent<'materials.ProductionRevised.v1', Figure>;

/** What is counted. All of it together is the record's natural key. */
export type Produced = {
  readonly material: MaterialCode;
  readonly country: CountryCode;
  /** Calendar year, from 1900. */
  readonly year: number;
  readonly stage: Stage;
  /** What is counted where a material has several figures at one stage, such as "rare-earth-oxide equivalent". */
  readonly form?: string;
};

export const BASES = ['REPORTED', 'ESTIMATED'] as const;
export type Basis = (typeof BASES)[number];

export type Figure = {
  readonly quantity: Tonnes;
  /** Whether the figure was published by the producing country or estimated by the source. */
  readonly basis: Basis;
  readonly source: string;
};
