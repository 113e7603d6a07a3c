import {
  integer,
  materialCode,
  optional,
  place,
  required,
  stage,
  text,
  type Decimal,
  type DomainEvent,
  type Marked,
  type Of,
} from '@kernel';
import type { Statement } from './statement.events.js';

/** What is counted, of one producer or of several: what may be added up has all of it in common. */
export const counted = {
  material: required(materialCode, 'Code of the material.'),
  year: required(integer, 'Calendar year.'),
  stage: required(stage, 'Stage of the value chain.'),
  form: optional(text(200), 'What is counted, where a material has several figures at one stage.'),
};
/** All of it together is the record's natural key. */
export const produced = {
  material: counted.material,
  country: required(place, 'The producing country or territory, under the code that it had in that year.'),
  year: counted.year,
  stage: counted.stage,
  form: counted.form,
};
export type Counted = Of<typeof counted>;
export type Produced = Of<typeof produced>;

/** What one country produced of one material in one year, at one stage of the value chain. */
export type ProductionEvent = ProductionReported | ProductionRevised | ProductionStated | ProductionRestated;
export type ProductionReported = DomainEvent<'materials.ProductionReported.v2', Produced & Statement & Marked>;
/** A later statement of the same; the earlier one stays in the history. */
export type ProductionRevised = DomainEvent<'materials.ProductionRevised.v2', Statement>;

/** The first version knew figures alone, and no edition. */
export type FigureV1 = {
  readonly quantity: Decimal;
  readonly basis: 'REPORTED' | 'ESTIMATED';
  readonly source: string;
};
export type ProductionStated = DomainEvent<'materials.ProductionReported.v1', Produced & FigureV1 & Marked>;
export type ProductionRestated = DomainEvent<'materials.ProductionRevised.v1', FigureV1>;

/** A figure of the first version as a statement: its edition stands in the name of its source. */
export const statedV1 = <F extends FigureV1>(figure: F): F & Statement => {
  const [, edition] = /\b(?:MCS|Mineral Commodity Summaries) (20\d\d)\b/.exec(figure.source) ?? [];
  return { ...figure, ...(edition !== undefined && { edition: Number.parseInt(edition, 10) }) };
};
