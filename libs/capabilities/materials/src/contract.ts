export type {
  MaterialDelisted,
  MaterialEvent,
  MaterialListed,
  MaterialRegistered,
} from './material/material.events.js';
export type { ProductionEvent, ProductionReported, ProductionRevised } from './production/production.events.js';
export type {
  WorldProductionEvent,
  WorldProductionReported,
  WorldProductionRevised,
} from './production/world-production.events.js';
export { materialReference, unknownMaterial } from './material/material.stream.js';
