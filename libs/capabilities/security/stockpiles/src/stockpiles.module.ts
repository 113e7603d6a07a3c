import { commandsOf, recordsOf } from '@foundation/graphql';
import { StockDeclarationResolver } from './declaration/declaration.resolver.js';
import { stockDeclarationRecordType } from './declaration/declaration.record.js';
import { pendingCorrectionsView } from './declaration/pending-corrections.view.js';
import { stockDeclarationsView } from './declaration/stock-declarations.view.js';
import { stockTotalsView } from './total/stock-totals.view.js';
import { stockTotalRecordType } from './total/total.record.js';

export const stockpilesResolvers = [
  commandsOf(stockDeclarationRecordType),
  recordsOf(stockDeclarationsView, {
    list: {
      name: 'stockDeclarations',
      description: 'The stock declarations that you may see.',
      orderBy: { AS_OF: 'asOf', QUANTITY: 'quantity', DECLARED_AT: 'declaredAt' },
    },
    changed: 'Stock declarations that you may see, as they change.',
    alsoShows: [pendingCorrectionsView],
  }),
  StockDeclarationResolver,
  commandsOf(stockTotalRecordType),
  recordsOf(stockTotalsView, {
    list: {
      name: 'stockTotals',
      description: 'The published totals of stocks that you may see.',
      orderBy: { QUARTER: 'quarter', PUBLISHED_AT: 'publishedAt' },
    },
  }),
];
