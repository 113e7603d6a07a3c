import { capability } from '@kernel';
import { declarationAlerts } from './declaration/declaration.alerts.js';
import { stockTotalAlerts } from './total/total.alerts.js';
import { stockDeclarationRecordType } from './declaration/declaration.record.js';
import { pendingCorrectionsView } from './declaration/pending-corrections.view.js';
import { stockDeclarationsView } from './declaration/stock-declarations.view.js';
import { stockTotalsView } from './total/stock-totals.view.js';
import { stockTotalRecordType } from './total/total.record.js';

export { stockDeclarationRecordType, stockTotalRecordType };

/** What countries tell each other of the stocks that they hold, and what is published of them. */
export const stockpiles = capability({
  name: 'stockpiles',
  recordTypes: [stockDeclarationRecordType, stockTotalRecordType],
  views: [stockDeclarationsView, pendingCorrectionsView, stockTotalsView],
  alerts: [...declarationAlerts, ...stockTotalAlerts],
});
