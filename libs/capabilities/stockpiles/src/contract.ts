export { stockDeclarationsView, type StockDeclarationRow } from './declaration/stock-declarations.view.js';
export type {
  DeclarationApproved,
  DeclarationCorrected,
  DeclarationRefused,
  DeclarationWithdrawn,
  StockDeclarationEvent,
  StockDeclared,
} from './declaration/declaration.events.js';
