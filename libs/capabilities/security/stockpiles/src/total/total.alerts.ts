import { alertsOn } from '@kernel';
import { stockTotalsView } from './stock-totals.view.js';

export const stockTotalAlerts = alertsOn(stockTotalsView, {
  STOCK_TOTAL_PUBLISHED: {
    meant: 'AUDIENCE',
    description: 'A total of stocks was published, or withheld.',
    severity: 'INFO',
    of: ['stockpiles.StockTotalPublished.v1'],
  },
});
