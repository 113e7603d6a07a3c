import { describe, expect, it } from '@jest/globals';
import { day, decimal, materialCode, percent } from '@kernel';
import { JP, markedFor, NOW, person, specifyView, US } from '@kernel/testing';
import type { StockDeclarationEvent } from './declaration.events.js';
import { pendingCorrectionsView } from './pending-corrections.view.js';

const { given } = specifyView(pendingCorrectionsView);
const by = person(JP, 'DELEGATE').person;
const [marking, reason] = [markedFor(JP), 'A second warehouse was counted.'];
const figures = { form: 'metal', purity: percent('99.99'), quantity: decimal('120.5'), asOf: day('2026-03-31') };

const declared: StockDeclarationEvent = {
  type: 'stockpiles.StockDeclared.v1',
  data: { material: materialCode('gallium'), ...figures, declaredBy: by, marking: markedFor(JP, `country:${US}`) },
};
const corrected = (quantity: string): StockDeclarationEvent => ({
  type: 'stockpiles.DeclarationCorrected.v1',
  data: { ...figures, quantity: decimal(quantity), corrects: 'APPROVED', reason, correctedBy: by, marking },
});
const approved: StockDeclarationEvent = {
  type: 'stockpiles.DeclarationApproved.v1',
  data: { ...figures, approvedBy: by },
};
const withdrawn: StockDeclarationEvent = {
  type: 'stockpiles.DeclarationWithdrawn.v1',
  data: { reason: 'Counted twice.', withdrawnBy: by },
};
const waiting = (quantity: string) => ({ ...figures, quantity: decimal(quantity), reason, correctedAt: NOW, marking });

describe('Pending corrections', () => {
  it('are none of a declaration that nobody corrected', () => given(declared, approved).thenRow(null));
  it('show the figures that wait, to the owner alone', () =>
    given(declared, approved, corrected('140')).thenRow(waiting('140')));
  it('show the latest of several corrections', () =>
    given(declared, approved, corrected('140'), corrected('150')).thenRow(waiting('150')));
  it('stay the owner’s alone whatever marking the declaration gets', () =>
    expect(pendingCorrectionsView.remarked?.(waiting('140'), markedFor(JP, 'PUBLIC'))).toEqual(waiting('140')));
  it('are gone once approved', () => given(declared, approved, corrected('140'), approved).thenRow(null));
  it('are gone once the declaration is withdrawn', () =>
    given(declared, approved, corrected('140'), withdrawn).thenRow(null));
});
