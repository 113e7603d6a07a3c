import type { Capability } from '@kernel';
import { stockDeclarationRecordType } from './declaration/declaration.record.js';
import { pendingCorrectionsView } from './declaration/pending-corrections.view.js';
import { stockDeclarationsView } from './declaration/stock-declarations.view.js';
import { stockTotalsView } from './total/stock-totals.view.js';
import { stockTotalRecordType } from './total/total.record.js';

export { stockDeclarationRecordType, stockTotalRecordType };

/** What countries tell each other of the stocks that they hold, and what is published of them. */
export const stockpiles: Capability = {
  name: 'stockpiles',
  recordTypes: [stockDeclarationRecordType, stockTotalRecordType],
  events: [
    'stockpiles.DeclarationApproved.v1',
    'stockpiles.DeclarationCorrected.v1',
    'stockpiles.DeclarationRefused.v1',
    'stockpiles.DeclarationWithdrawn.v1',
    'stockpiles.StockDeclared.v1',
    'stockpiles.StockTotalPublished.v1',
  ],
  views: [stockDeclarationsView, pendingCorrectionsView, stockTotalsView],
};
