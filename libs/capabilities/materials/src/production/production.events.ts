import {
  decimal,
  country,
  integer,
  materialCode,
  oneOf,
  optional,
  required,
  stage,
  text,
  type DomainEvent,
  type Marked,
  type Of,
} from '@kernel';

export const basis = oneOf('Basis', 'Where a figure comes from.', {
  REPORTED: 'Published by the producing country.',
  ESTIMATED: 'Estimated by the source.',
});

/** What is counted. All of it together is the record's natural key. */
export const produced = {
  material: required(materialCode, 'Code of the material.'),
  country: required(country, 'The producing country.'),
  year: required(integer, 'Calendar year.'),
  stage: required(stage, 'Stage of the value chain.'),
  form: optional(text(200), 'What is counted, where a material has several figures at one stage.'),
};
export const figure = {
  quantity: required(decimal, 'Tonnes.'),
  basis: required(basis, 'Reported or estimated.'),
  source: required(text(1000), 'The publication that it comes from.'),
};
export type Produced = Of<typeof produced>;
export type Figure = Of<typeof figure>;

/** What one country produced of one material in one year, at one stage of the value chain. */
export type ProductionEvent = ProductionReported | ProductionRevised;
export type ProductionReported = DomainEvent<'materials.ProductionReported.v1', Produced & Figure & Marked>;
/** A later figure for the same; the earlier one stays in the history. */
export type ProductionRevised = DomainEvent<'materials.ProductionRevised.v1', Figure>;
