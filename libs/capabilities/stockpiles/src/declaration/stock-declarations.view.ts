import {
  ownerAlone,
  view,
  type Instant,
  type Marked,
  type Marking,
  type MaterialCode,
  type Party,
  type RecordId,
} from '@kernel';
import { figuresOf, type Status, type StockDeclarationEvent, type StockFigures } from './declaration.events.js';

/**
 * What one country tells of its stock of one material. The figures are the approved ones, or those that wait for the
 * first approval; they are absent where the country refused to declare or has withdrawn its declaration.
 */
export type StockDeclarationRow = Marked &
  Partial<StockFigures> & {
    readonly id: RecordId;
    readonly country: Party;
    readonly material: MaterialCode;
    readonly status: Status;
    readonly note?: string;
    /** Why the country refused or withdrew. */
    readonly reason?: string;
    /** When the declaration, or the refusal, was recorded. */
    readonly declaredAt: Instant;
    /** When the figures shown were approved. */
    readonly approvedAt?: Instant;
    /** Who is meant to see it: in force from the first approval on. */
    readonly releasedAs: Marking;
    /** Withdrawn before others could see it, and so never shown to them. */
    readonly neverApproved?: true;
  };

/** Stock declarations and refusals: for the owner alone until a second person has approved. */
export const stockDeclarationsView = view<StockDeclarationEvent, StockDeclarationRow>({
  name: 'stockpiles.stockDeclarations',
  version: 2,
  events: [
    'stockpiles.StockDeclared.v1',
    'stockpiles.DeclarationApproved.v1',
    'stockpiles.DeclarationCorrected.v1',
    'stockpiles.DeclarationRefused.v1',
    'stockpiles.DeclarationWithdrawn.v1',
  ],
  fields: {
    country: { kind: 'text', filter: true },
    material: { kind: 'text', filter: true },
    status: { kind: 'text', filter: true },
    asOf: { kind: 'text', filter: true, sort: true },
    quantity: { kind: 'decimal', sort: true },
    declaredAt: { kind: 'text', sort: true },
  },
  // Whoever sees approved figures must not notice that a correction of them waits: it touches only a row of its own
  // (pending-corrections.view.ts).
  keysOf: ({ event, recordId }) =>
    event.type === 'stockpiles.DeclarationCorrected.v1' && event.data.corrects === 'APPROVED' ? [] : [recordId],
  remarked: (row, marking) => ({
    ...row,
    releasedAs: marking,
    marking: row.status === 'PENDING' || row.neverApproved ? ownerAlone(marking) : marking,
  }),
  unreplayed: ['releasedAs', 'neverApproved'],
  project: (row, { event, recordId: id, recordedAt }) => {
    switch (event.type) {
      case 'stockpiles.StockDeclared.v1': {
        const { marking, declaredBy: _, ...declared } = event.data;
        return {
          ...declared,
          id,
          country: marking.owner,
          status: 'PENDING',
          declaredAt: recordedAt,
          releasedAs: marking,
          marking: ownerAlone(marking),
        };
      }
      case 'stockpiles.DeclarationApproved.v1':
        return (
          row && {
            ...row,
            ...figuresOf(event.data),
            status: 'APPROVED',
            approvedAt: recordedAt,
            marking: row.releasedAs,
          }
        );
      case 'stockpiles.DeclarationCorrected.v1':
        return row && { ...row, ...figuresOf(event.data) };
      case 'stockpiles.DeclarationRefused.v1': {
        const { marking, material, reason } = event.data;
        const country = marking.owner;
        return {
          id,
          country,
          material,
          status: 'REFUSED',
          reason,
          declaredAt: recordedAt,
          releasedAs: marking,
          marking,
        };
      }
      case 'stockpiles.DeclarationWithdrawn.v1': {
        if (!row) return null;
        const { country, material, declaredAt, releasedAs, marking } = row;
        const neverApproved = row.status === 'PENDING' && ({ neverApproved: true } as const);
        return {
          id,
          country,
          material,
          status: 'WITHDRAWN',
          reason: event.data.reason,
          declaredAt,
          releasedAs,
          marking,
          ...neverApproved,
        };
      }
    }
  },
});
