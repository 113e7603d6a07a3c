import {
  country,
  flag,
  instant,
  marking as markingValue,
  materialCode,
  optional,
  ownerAlone,
  partial,
  readModel,
  recordId,
  required,
  text,
  type RowOf,
} from '@kernel';
import { figures, figuresOf, stockDeclarationStatus, type StockDeclarationEvent } from './declaration.events.js';

const shown = {
  id: required(recordId, 'Id of the declaration.'),
  country: required(country, 'The declaring country.'),
  material: required(materialCode, 'Code of the material.'),
  status: required(stockDeclarationStatus, 'How far it has come.'),
  ...partial(figures),
  note: optional(text(2000), 'What readers should know.'),
  reason: optional(text(2000), 'Why the country refused or withdrew.'),
  declaredAt: required(instant, 'When the declaration, or the refusal, was recorded.'),
  approvedAt: optional(instant, 'When the figures shown were approved.'),
};
const row = {
  ...shown,
  releasedAs: required(markingValue, 'Who is meant to see it: in force from the first approval on.'),
  neverApproved: optional(flag, 'Withdrawn before others could see it, and so never shown to them.'),
};
/**
 * What one country tells of its stock of one material. The figures are the approved ones, or those that wait for the
 * first approval; they are absent where the country refused to declare or has withdrawn its declaration.
 */
export type StockDeclarationRow = RowOf<typeof row>;

/** Stock declarations and rejections: for the owner alone until a second person has approved. */
export const stockDeclarationsView = readModel<StockDeclarationEvent, StockDeclarationRow>({
  name: 'stockpiles.stockDeclarations',
  version: 2,
  of: row,
  node: {
    name: 'StockDeclaration',
    description:
      'What a country tells of its stock of one material. The figures are null where it refused to declare or has withdrawn.',
    of: shown,
    marking: 'Who may see it once approved.',
    show: ({ releasedAs, neverApproved: _, ...declared }) => ({ ...declared, marking: releasedAs }),
  },
  list: { name: 'stockDeclarations', description: 'The stock declarations that you may see.' },
  changed: 'Stock declarations that you may see, as they change.',
  alsoShows: ['stockpiles.pendingCorrections'],
  filter: {
    country: 'Declaring countries.',
    material: 'Codes of materials.',
    status: 'How far they have come.',
    asOf: { range: 'The days on which the stocks were counted.' },
  },
  sort: ['asOf', 'quantity', 'declaredAt'],
  // Whoever sees approved figures must not notice that a correction of them waits: it touches only a row of its own
  // (pending-corrections.view.ts).
  keysOf: ({ event, recordId: id }) =>
    event.type === 'stockpiles.DeclarationCorrected.v1' && event.data.corrects === 'APPROVED' ? [] : [id],
  onMarkingChanged: (before, marking) => ({
    ...before,
    releasedAs: marking,
    marking: before.status === 'PENDING' || before.neverApproved ? ownerAlone(marking) : marking,
  }),
  notInReplay: ['releasedAs', 'neverApproved'],
  on: {
    'stockpiles.StockDeclared.v1': (_, { event, recordId: id, recordedAt: declaredAt }) => {
      const { marking, declaredBy: __, ...declared } = event.data;
      const of = { id, country: country(marking.owner), status: 'PENDING', declaredAt } as const;
      return { ...declared, ...of, releasedAs: marking, marking: ownerAlone(marking) };
    },
    'stockpiles.DeclarationApproved.v1': (before, { event, recordedAt: approvedAt }) =>
      before && {
        ...before,
        ...figuresOf(event.data),
        status: 'APPROVED',
        approvedAt,
        marking: before.releasedAs,
      },
    'stockpiles.DeclarationCorrected.v1': (before, { event }) => before && { ...before, ...figuresOf(event.data) },
    'stockpiles.DeclarationRefused.v1': (_, { event, recordId: id, recordedAt: declaredAt }) => {
      const { refusedBy: __, ...refused } = event.data;
      const { marking } = refused;
      return { ...refused, id, country: country(marking.owner), status: 'REFUSED', declaredAt, releasedAs: marking };
    },
    'stockpiles.DeclarationWithdrawn.v1': (before, { event }) => {
      if (!before) return null;
      const { id, country: owner, material, declaredAt, releasedAs, marking } = before;
      const kept = { id, country: owner, material, declaredAt, releasedAs, marking };
      const neverApproved = before.status === 'PENDING' && { neverApproved: true };
      return { ...kept, status: 'WITHDRAWN', reason: event.data.reason, ...neverApproved };
    },
  },
});
