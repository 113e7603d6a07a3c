export * from './alert.js';
export * from './calendar.js';
export * from './capability.js';
export * from './codes/index.js';
export * from './command.js';
export * from './decider.js';
export {
  add,
  compare,
  decimal,
  nearest,
  percent,
  positive,
  subtract,
  sum,
  times,
  ZERO,
  type Decimal,
  type Percent,
  type Tonnes,
} from './decimal.js';
export * from './decision.js';
export * from './derivation.js';
export * from './due.js';
export * from './event.js';
export * from './figures.js';
export * from './grants.js';
export * from './marking.js';
export * from './marking-request.js';
export * from './platform.js';
export * from './policy.js';
export * from './principal.js';
export * from './reaction.js';
export * from './read-model.js';
export * from './record.js';
export * from './revocable.js';
export {
  composite,
  inCapitals,
  many,
  nullable,
  omittable,
  oneOf,
  optional,
  otherwise,
  partial,
  required,
  value,
  without,
  type Choice,
  type Composite,
  type Field as ShapeField,
  type Many,
  type Of,
  type Optional,
  type Otherwise,
  type Shape,
  type Value,
} from './shape.js';
export * from './record-type.js';
export * from './text.js';
export * from './values.js';
export * from './view.js';
export * from './withheld.js';
