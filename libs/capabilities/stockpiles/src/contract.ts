export { stockDeclarationsView, type StockDeclarationRow } from './declaration/stock-declarations.view.js';
export type {
  DeclarationApproved,
  DeclarationCorrected,
  DeclarationRefused,
  DeclarationWithdrawn,
  StockDeclarationEvent,
  StockDeclared,
} from './declaration/declaration.events.js';
export type { StockTotalEvent, StockTotalPublished } from './total/total.events.js';
