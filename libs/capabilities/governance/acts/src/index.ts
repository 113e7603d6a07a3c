export { actRecords } from './act/act.rule.js';
export { actsView, type ActRow } from './act/acts.view.js';
export * from './acts.manifest.js';
