export * from './materials.manifest.js';
export { materialsView, type MaterialRow } from './material/materials.view.js';
export { concentration, productionView, type Concentration, type ProductionRow } from './production/production.view.js';
