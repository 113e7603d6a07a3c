import { stream, type Capability } from '@kernel';
import { materialReference } from '../../materials/src/contract.js';
import { stockDeclarationAccess } from './declaration/declaration.access.js';
import { stockDeclaration, stockDeclarationRefusals } from './declaration/declaration.decider.js';
import { pendingCorrectionsView } from './declaration/pending-corrections.view.js';
import { stockDeclarationsView } from './declaration/stock-declarations.view.js';
import { stockTotalsView } from './total/stock-totals.view.js';
import { stockTotalAccess } from './total/total.access.js';
import { stockTotal, stockTotalRefusals } from './total/total.decider.js';

export const stockDeclarationStream = stream({
  category: 'stockDeclaration',
  endsWith: ['stockpiles.DeclarationWithdrawn.v1'],
  decider: stockDeclaration,
  access: stockDeclarationAccess,
  refusals: stockDeclarationRefusals,
  notFound: 'STOCKPILES.NOT_FOUND',
  targetOf: (command) => ('id' in command ? { id: command.id } : { fresh: true }),
  refersTo: (command) => ('material' in command ? [materialReference(command.material)] : []),
});

export const stockTotalStream = stream({
  category: 'stockTotal',
  decider: stockTotal,
  access: stockTotalAccess,
  refusals: stockTotalRefusals,
  notFound: 'MATERIALS.UNKNOWN',
  targetOf: ({ material, quarter }) => ({ key: `${material}|${quarter}`, mayCreate: true }),
  refersTo: ({ material }) => [materialReference(material)],
  restsOn: ['stockDeclaration', 'stockTotal'],
  defaultMarking: () => ({ releaseTo: ['MEMBERS'] }),
  // Whoever let its figures go into the total did so under this marking.
  isMarkingFixed: true,
});

/** What countries tell each other of the stocks that they hold, and what is published of them. */
export const stockpiles: Capability = {
  name: 'stockpiles',
  streams: [stockDeclarationStream, stockTotalStream],
  views: [stockDeclarationsView, pendingCorrectionsView, stockTotalsView],
};
