import { describe, expect, it } from '@jest/globals';
import { day, decimal, materialCode, percent } from '@kernel';
import { JP, markedFor, NOW, person, RECORD, recorded, specifyView, US } from '@kernel/testing';
import type { StockDeclarationEvent } from './declaration.events.js';
import { stockDeclarationsView, type StockDeclarationRow } from './stock-declarations.view.js';

const { given } = specifyView(stockDeclarationsView);
const [asked, ownerOnly] = [markedFor(JP, `country:${US}`), markedFor(JP)];
const by = person(JP, 'DELEGATE').person;
const material = materialCode('gallium');
const figures = {
  form: 'metal',
  purity: percent('99.99'),
  quantity: decimal('120.5'),
  shareOfAnnualConsumption: decimal('130'),
  asOf: day('2026-03-31'),
};
const changed = { ...figures, quantity: decimal('140') };

const declared: StockDeclarationEvent = {
  type: 'stockpiles.StockDeclared.v1',
  data: { material, ...figures, note: 'State reserve only.', declaredBy: by, marking: asked },
};
const approved = (approvedFigures = figures): StockDeclarationEvent => ({
  type: 'stockpiles.DeclarationApproved.v1',
  data: { ...approvedFigures, approvedBy: by },
});
const corrected = (corrects: 'PENDING' | 'APPROVED'): StockDeclarationEvent => ({
  type: 'stockpiles.DeclarationCorrected.v1',
  data: { ...changed, corrects, reason: 'A second warehouse was counted.', correctedBy: by, marking: ownerOnly },
});
const refused: StockDeclarationEvent = {
  type: 'stockpiles.DeclarationRefused.v1',
  data: { material, reason: 'National security.', refusedBy: by, marking: asked },
};
const withdrawn: StockDeclarationEvent = {
  type: 'stockpiles.DeclarationWithdrawn.v1',
  data: { reason: 'Counted twice.', withdrawnBy: by },
};

const heading = { id: RECORD, country: JP, material, declaredAt: NOW, releasedAs: asked };
const pending: StockDeclarationRow = {
  ...heading,
  ...figures,
  status: 'PENDING',
  note: 'State reserve only.',
  marking: ownerOnly,
};
const shown: StockDeclarationRow = { ...pending, status: 'APPROVED', approvedAt: NOW, marking: asked };
const gone: StockDeclarationRow = { ...heading, status: 'WITHDRAWN', reason: 'Counted twice.', marking: asked };

describe('Stock declarations', () => {
  it('are the owner’s alone until approved, with the marking that they shall have', () =>
    given(declared).thenRow(pending));
  it('are shown as their marking says once approved', () => given(declared, approved()).thenRow(shown));
  it('take a correction at once while only the owner sees them', () =>
    given(declared, corrected('PENDING')).thenRow({ ...pending, ...changed }));
  it('keep their approved figures while a correction waits', () =>
    given(declared, approved(), corrected('APPROVED')).thenRow(shown));
  it('are not even touched by a correction that waits, so that no subscriber hears of it', () =>
    expect(stockDeclarationsView.keysOf?.(recorded(corrected('APPROVED')))).toEqual([]));
  it('take the corrected figures once those are approved', () =>
    given(declared, approved(), corrected('APPROVED'), approved(changed)).thenRow({ ...shown, ...changed }));
  it('show a refusal with its reason, as its marking says', () =>
    given(refused).thenRow({ ...heading, status: 'REFUSED', reason: 'National security.', marking: asked }));
  it('show no figures and no note of a withdrawn declaration', () =>
    given(declared, approved(), withdrawn).thenRow(gone));
  it('are not let out by a withdrawal before approval', () =>
    given(declared, withdrawn).thenRow({ ...gone, marking: ownerOnly, neverApproved: true }));
  it('come under another marking at once where they are shown, and where they wait for approval with it', () => {
    const wider = markedFor(JP, 'MEMBERS');
    const { onMarkingChanged } = stockDeclarationsView;
    expect(onMarkingChanged?.(shown, wider)).toEqual({ ...shown, releasedAs: wider, marking: wider });
    expect(onMarkingChanged?.(gone, wider)).toEqual({ ...gone, releasedAs: wider, marking: wider });
    for (const hidden of [pending, { ...gone, neverApproved: true as const }])
      expect(onMarkingChanged?.(hidden, wider)).toEqual({ ...hidden, releasedAs: wider, marking: ownerOnly });
  });
  it('show a withdrawn refusal as withdrawn', () => given(refused, withdrawn).thenRow(gone));
});
