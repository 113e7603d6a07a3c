import { stream, type Capability } from '@kernel';
import { materialReference } from '../../materials/src/contract.js';
import { stockDeclarationAccess } from './declaration/declaration.access.js';
import { stockDeclaration, stockDeclarationRefusals } from './declaration/declaration.decider.js';
import { pendingCorrectionsView } from './declaration/pending-corrections.view.js';
import { stockDeclarationsView } from './declaration/stock-declarations.view.js';

export const stockDeclarationStream = stream({
  category: 'stockDeclaration',
  decider: stockDeclaration,
  access: stockDeclarationAccess,
  refusals: stockDeclarationRefusals,
  notFound: 'STOCKPILES.NOT_FOUND',
  targetOf: (command) => ('id' in command ? { id: command.id } : { fresh: true }),
  refersTo: (command) => ('material' in command ? [materialReference(command.material)] : []),
});

/** What countries tell each other of the stocks that they hold. */
export const stockpiles: Capability = {
  name: 'stockpiles',
  streams: [stockDeclarationStream],
  views: [stockDeclarationsView, pendingCorrectionsView],
};
