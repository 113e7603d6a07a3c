export * from './materials.manifest.js';
export { materialsView, type MaterialRow } from './material/materials.view.js';
export { concentration, type Concentration } from './production/concentration.view.js';
export { productionView, type ProductionRow } from './production/production.view.js';
export { worldProductionView, type WorldProductionRow } from './production/world-production.view.js';
