export type {
  DeclarationApproved,
  DeclarationCorrected,
  DeclarationRefused,
  DeclarationWithdrawn,
  StockDeclarationEvent,
  StockDeclared,
} from './declaration/declaration.events.js';
