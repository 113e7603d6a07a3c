export { pendingCorrectionsView, type PendingCorrectionRow } from './declaration/pending-corrections.view.js';
export { stockDeclarationsView, type StockDeclarationRow } from './declaration/stock-declarations.view.js';
export * from './stockpiles.manifest.js';
export { stockTotalsView, type StockTotalRow } from './total/stock-totals.view.js';
