export type {
  MaterialDelisted,
  MaterialEvent,
  MaterialListed,
  MaterialRegistered,
} from './material/material.events.js';
export type { ProductionEvent, ProductionReported, ProductionRevised } from './production/production.events.js';
export { materialReference, unknownMaterial } from './material/material.stream.js';
