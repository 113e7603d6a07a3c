import { describe, expect, it } from '@jest/globals';
import { day, decimal, percent } from '@kernel';
import { JP, markedFor, NOW, person, specifyView } from '@kernel/testing';
import type { DeclarationApproved, DeclarationCorrected, DeclarationWithdrawn } from './declaration.events.js';
import { pendingCorrectionsView } from './pending-corrections.view.js';

const { given } = specifyView(pendingCorrectionsView);
const by = person(JP, 'DELEGATE').person;
const [marking, reason] = [markedFor(JP), 'A second warehouse was counted.'];
const figures = { form: 'metal', purity: percent('99.99'), quantity: decimal('120.5'), asOf: day('2026-03-31') };

const corrected = (quantity: string): DeclarationCorrected => ({
  type: 'stockpiles.DeclarationCorrected.v1',
  data: { ...figures, quantity: decimal(quantity), corrects: 'APPROVED', reason, correctedBy: by, marking },
});
const approved: DeclarationApproved = {
  type: 'stockpiles.DeclarationApproved.v1',
  data: { ...figures, approvedBy: by },
};
const withdrawn: DeclarationWithdrawn = {
  type: 'stockpiles.DeclarationWithdrawn.v1',
  data: { reason: 'Counted twice.', withdrawnBy: by },
};
const waiting = (quantity: string) => ({ ...figures, quantity: decimal(quantity), reason, correctedAt: NOW, marking });

describe('Pending corrections', () => {
  it('are none of a declaration that nobody corrected', () => given(approved).thenRow(null));
  it('show the figures that wait, to the owner alone', () => given(approved, corrected('140')).thenRow(waiting('140')));
  it('show the latest of several corrections', () =>
    given(approved, corrected('140'), corrected('150')).thenRow(waiting('150')));
  it('stay the owner’s alone whatever marking the declaration gets', () =>
    expect(pendingCorrectionsView.onMarkingChanged?.(waiting('140'), markedFor(JP, 'PUBLIC'))).toEqual(waiting('140')));
  it('are gone once approved', () => given(approved, corrected('140'), approved).thenRow(null));
  it('are gone once the declaration is withdrawn', () => given(approved, corrected('140'), withdrawn).thenRow(null));
});
