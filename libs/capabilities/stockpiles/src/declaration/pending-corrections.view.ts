import { ownerAlone, view, type Instant, type Marked } from '@kernel';
import { figuresOf, type StockDeclarationEvent, type StockFigures } from './declaration.events.js';

/** The figures of one declaration as they shall read once a second person approves. */
export type PendingCorrectionRow = Marked & StockFigures & { readonly reason: string; readonly correctedAt: Instant };

/** Corrections that wait for approval, for the owner alone. */
export const pendingCorrectionsView = view<StockDeclarationEvent, PendingCorrectionRow>({
  name: 'stockpiles.pendingCorrections',
  version: 1,
  events: [
    'stockpiles.DeclarationCorrected.v1',
    'stockpiles.DeclarationApproved.v1',
    'stockpiles.DeclarationWithdrawn.v1',
  ],
  fields: {},
  remarked: (row, marking) => ({ ...row, marking: ownerAlone(marking) }),
  project: (row, { event, recordedAt }) => {
    switch (event.type) {
      case 'stockpiles.DeclarationCorrected.v1': {
        const { marking, reason } = event.data;
        return { ...figuresOf(event.data), reason, correctedAt: recordedAt, marking };
      }
      case 'stockpiles.DeclarationApproved.v1':
      case 'stockpiles.DeclarationWithdrawn.v1':
        return null;
      case 'stockpiles.StockDeclared.v1':
      case 'stockpiles.DeclarationRefused.v1':
        return row;
    }
  },
});
