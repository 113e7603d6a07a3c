import { instant, ownerAlone, readModel, required, text, type RowOf } from '@kernel';
import {
  figures,
  figuresOf,
  type DeclarationApproved,
  type DeclarationCorrected,
  type DeclarationWithdrawn,
} from './declaration.events.js';

const row = {
  ...figures,
  reason: required(text(2000), 'Why the figures change.'),
  correctedAt: required(instant, 'When the latest correction was recorded.'),
};
/** The figures of one declaration as they shall read once a second person approves. */
export type PendingCorrectionRow = RowOf<typeof row>;

/** Corrections that wait for approval, for the owner alone. */
export const pendingCorrectionsView = readModel<
  DeclarationCorrected | DeclarationApproved | DeclarationWithdrawn,
  PendingCorrectionRow
>({
  name: 'stockpiles.pendingCorrections',
  version: 1,
  of: row,
  node: {
    name: 'PendingCorrection',
    description: 'The figures of a declaration as they shall read once a second person approves.',
  },
  filter: {},
  sort: [],
  onMarkingChanged: (before, marking) => ({ ...before, marking: ownerAlone(marking) }),
  on: {
    'stockpiles.DeclarationCorrected.v1': (_, { event: { data }, recordedAt: correctedAt }) => ({
      ...figuresOf(data),
      reason: data.reason,
      correctedAt,
      marking: data.marking,
    }),
    'stockpiles.DeclarationApproved.v1': () => null,
    'stockpiles.DeclarationWithdrawn.v1': () => null,
  },
});
