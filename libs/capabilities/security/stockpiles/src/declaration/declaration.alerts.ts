import { alertsOn } from '@kernel';
import { pendingCorrectionsView } from './pending-corrections.view.js';
import { stockDeclarationsView } from './stock-declarations.view.js';

export const declarationAlerts = [
  ...alertsOn(stockDeclarationsView, {
    STOCK_DECLARATION_AWAITS_APPROVAL: {
      meant: 'PARTY',
      description: 'A stock declaration of your country awaits the approval of a second person.',
      severity: 'HIGH',
      of: ['stockpiles.StockDeclared.v1'],
      to: ({ country }) => [country],
      awaits: 'APPROVER',
    },
    STOCK_DECLARED: {
      meant: 'AUDIENCE',
      description: 'A country declared its stock of a material, or corrected what it had declared.',
      severity: 'INFO',
      of: ['stockpiles.DeclarationApproved.v1'],
    },
    STOCK_DECLARATION_ENDED: {
      meant: 'AUDIENCE',
      description: 'A country declines to declare a stock, or withdrew what it had declared.',
      severity: 'NOTICE',
      of: ['stockpiles.DeclarationRefused.v1', 'stockpiles.DeclarationWithdrawn.v1'],
    },
  }),
  ...alertsOn(pendingCorrectionsView, {
    STOCK_CORRECTION_AWAITS_APPROVAL: {
      meant: 'PARTY',
      description: 'A correction of a stock declaration of your country awaits the approval of a second person.',
      severity: 'HIGH',
      of: ['stockpiles.DeclarationCorrected.v1'],
      to: ({ marking }) => [marking.owner],
      awaits: 'APPROVER',
    },
  }),
];
