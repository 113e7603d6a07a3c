import { describe, expect, it } from '@jest/globals';
import { day, decimal, materialCode, percent, reject } from '@kernel';
import { JP, markedFor, person, RECORD, specify, US } from '@kernel/testing';
import { stockDeclarationRecordType } from './declaration.record.js';
import type { CorrectDeclaration, DeclareStock, RefuseDeclaration, WithdrawDeclaration } from './declaration.record.js';
import type {
  DeclarationApproved,
  DeclarationCorrected,
  DeclarationRefused,
  DeclarationWithdrawn,
  StockDeclared,
} from './declaration.events.js';

const { given } = specify(stockDeclarationRecordType);
const [clerk, colleague, approver] = [
  person(JP, ['LIAISON', 'APPROVER'], 'clerk'),
  person(JP, ['DELEGATE', 'APPROVER'], 'colleague'),
  person(JP, 'APPROVER', 'approver'),
];
const marking = markedFor(JP, `country:${US}`);
const id = RECORD;
const material = materialCode('gallium');
const figures = {
  form: 'metal',
  purity: percent('99.99'),
  quantity: decimal('120.5'),
  shareOfAnnualConsumption: decimal('130'),
  asOf: day('2026-03-31'),
};

const declare = (change: Partial<DeclareStock> = {}): DeclareStock => ({
  type: 'DeclareStock',
  material,
  ...figures,
  ...change,
});
const declared: StockDeclared = {
  type: 'stockpiles.StockDeclared.v1',
  data: { material, ...figures, declaredBy: clerk.person, marking },
};

const approve = { type: 'ApproveDeclaration', id } as const;
const approved = (change: Partial<DeclarationApproved['data']> = {}): DeclarationApproved => ({
  type: 'stockpiles.DeclarationApproved.v1',
  data: { ...figures, approvedBy: approver.person, ...change },
});

const reason = 'A second warehouse was counted.';
const correct = (change: Partial<CorrectDeclaration> = {}): CorrectDeclaration => ({
  type: 'CorrectDeclaration',
  id,
  reason,
  ...change,
});
const corrected = (change: Partial<DeclarationCorrected['data']> = {}): DeclarationCorrected => ({
  type: 'stockpiles.DeclarationCorrected.v1',
  data: { ...figures, corrects: 'APPROVED', reason, correctedBy: colleague.person, marking: markedFor(JP), ...change },
});
const [quantity, more] = [decimal('140'), decimal('150')];

const refuse: RefuseDeclaration = { type: 'RefuseDeclaration', material, reason: 'National security.' };
const refused: DeclarationRefused = {
  type: 'stockpiles.DeclarationRefused.v1',
  data: { material, reason: 'National security.', refusedBy: colleague.person, marking },
};
const withdraw: WithdrawDeclaration = { type: 'WithdrawDeclaration', id, reason: 'Counted twice.' };
const withdrawn: DeclarationWithdrawn = {
  type: 'stockpiles.DeclarationWithdrawn.v1',
  data: { reason: 'Counted twice.', withdrawnBy: colleague.person },
};

describe('A stock', () => {
  it('is declared with who declared it and who may see it once approved', () =>
    given().when(declare(), clerk, { marking }).then(declared));
  it('is declared by the country named, which the marking’s owner says already', () =>
    given()
      .when(declare({ country: JP }), clerk, { marking })
      .then(declared));
  it('may be declared with a note and without its share of consumption', () => {
    const { shareOfAnnualConsumption: _, ...fewer } = figures;
    given()
      .when({ type: 'DeclareStock', material, ...fewer, note: 'State reserve only.' }, clerk, { marking })
      .then({
        ...declared,
        data: { material, ...fewer, note: 'State reserve only.', declaredBy: clerk.person, marking },
      });
  });
  it('may have been counted today', () =>
    given()
      .when(declare({ asOf: day('2026-06-01') }), clerk, { marking })
      .then({ ...declared, data: { ...declared.data, asOf: day('2026-06-01') } }));
  it('may have been counted on a day that has begun in the east only', () => {
    const asOf = day('2026-06-02');
    given()
      .when(declare({ asOf }), clerk, { marking, now: '2026-06-01T10:00:00.000Z' as never })
      .then({ ...declared, data: { ...declared.data, asOf } });
  });
  it('cannot have been counted in the future', () =>
    given()
      .when(declare({ asOf: day('2026-06-02') }), clerk)
      .thenRejected('STOCKPILES.AS_OF_IN_FUTURE'));
});

describe('The approval', () => {
  it('by a second person takes the figures as they were declared', () =>
    given(declared).when(approve, approver).then(approved()));
  it('is not for the declarer', () => given(declared).when(approve, clerk).thenRejected('STOCKPILES.SAME_PERSON'));
  it('is not for whoever corrected the figures', () =>
    given(declared, approved(), corrected({ quantity }))
      .when(approve, colleague)
      .thenRejected('STOCKPILES.SAME_PERSON'));
  it('is not for the declarer either where another person corrected before the first approval', () =>
    given(declared, corrected({ quantity })).when(approve, clerk).thenRejected('STOCKPILES.SAME_PERSON'));
  it('is not for any of several correctors', () =>
    given(declared, approved(), corrected({ quantity }), corrected({ quantity: more, correctedBy: clerk.person }))
      .when(approve, colleague)
      .thenRejected('STOCKPILES.SAME_PERSON'));
  it('of a correction takes the corrected figures', () =>
    given(declared, approved(), corrected({ quantity })).when(approve, approver).then(approved({ quantity })));
  it('of a correction may come from the declarer, who did not write it', () =>
    given(declared, approved(), corrected({ quantity }))
      .when(approve, clerk)
      .then(approved({ quantity, approvedBy: clerk.person })));
  it('is rejected where nothing waits for it', () =>
    given(declared, approved()).when(approve, approver).thenRejected('STOCKPILES.NOTHING_PENDING'));
  it('is rejected after the correction was approved', () =>
    given(declared, approved(), corrected({ quantity }), approved({ quantity }))
      .when(approve, approver)
      .thenRejected('STOCKPILES.NOTHING_PENDING'));
  it('is rejected for a refusal to declare', () =>
    given(refused).when(approve, approver).thenRejected('STOCKPILES.REFUSED'));
  it('is rejected for a withdrawn declaration', () =>
    given(declared, withdrawn).when(approve, approver).thenRejected('STOCKPILES.WITHDRAWN'));
  it('is rejected where there is no declaration', () =>
    given().when(approve, approver).thenRejected('STOCKPILES.NOT_FOUND'));
});

describe('A correction', () => {
  it.each([
    { form: 'oxide' },
    { purity: percent('99.9') },
    { quantity },
    { shareOfAnnualConsumption: decimal('125') },
    { asOf: day('2026-04-30') },
  ])('of %j is recorded with all figures as they shall read, for the owner alone', (change) =>
    given(declared, approved()).when(correct(change), colleague).then(corrected(change)),
  );
  it('may come before the first approval', () =>
    given(declared)
      .when(correct({ quantity }), colleague)
      .then(corrected({ quantity, corrects: 'PENDING' })));
  it('builds on the correction that waits already', () =>
    given(declared, approved(), corrected({ quantity }))
      .when(correct({ form: 'oxide' }), colleague)
      .then(corrected({ quantity, form: 'oxide' })));
  it('that names no figure is rejected', () =>
    given(declared).when(correct(), colleague).thenRejected('STOCKPILES.NOTHING_CHANGED'));
  it('that names the figures as they are is rejected', () =>
    given(declared, approved(), corrected({ quantity }))
      .when(correct({ quantity, form: 'metal' }), colleague)
      .thenRejected('STOCKPILES.NOTHING_CHANGED'));
  it('cannot move the count into the future', () =>
    given(declared)
      .when(correct({ asOf: day('2026-06-02') }), colleague)
      .thenRejected('STOCKPILES.AS_OF_IN_FUTURE'));
  it('of a refusal to declare is rejected', () =>
    given(refused).when(correct({ quantity }), colleague).thenRejected('STOCKPILES.REFUSED'));
  it('of a withdrawn declaration is refused', () =>
    given(declared, approved(), withdrawn).when(correct({ quantity }), colleague).thenRejected('STOCKPILES.WITHDRAWN'));
  it('of nothing is refused', () =>
    given().when(correct({ quantity }), colleague).thenRejected('STOCKPILES.NOT_FOUND'));
});

describe('The refusal to declare', () => {
  it('is recorded with its reason', () => given().when(refuse, colleague, { marking }).then(refused));
  it('may be withdrawn', () => given(refused).when(withdraw, colleague).then(withdrawn));
});

describe('A withdrawal', () => {
  it('is recorded before and after approval', () => {
    given(declared).when(withdraw, colleague).then(withdrawn);
    given(declared, approved()).when(withdraw, colleague).then(withdrawn);
  });
  it('is recorded once', () => given(declared, withdrawn).when(withdraw, colleague).thenNothing());
  it('of nothing is rejected', () => given().when(withdraw, colleague).thenRejected('STOCKPILES.NOT_FOUND'));
});

describe('A stock declaration', () => {
  const unknown = reject('MATERIALS.UNKNOWN', { field: 'material', value: 'gallium' });
  it.each([declare(), refuse])('names a registered material ($type)', (command) =>
    expect(stockDeclarationRecordType.refersTo?.(command)).toEqual([
      { category: 'material', at: { key: 'gallium' }, missing: unknown },
    ]),
  );
  it('names it once: later commands refer to nothing', () =>
    expect([approve, correct(), withdraw].flatMap((command) => stockDeclarationRecordType.refersTo?.(command))).toEqual(
      [],
    ));
  it('is a new record each time, and found by its id later', () => {
    expect([declare(), refuse].map((command) => stockDeclarationRecordType.targetOf(command, JP))).toEqual([
      { fresh: true },
      { fresh: true },
    ]);
    expect([approve, correct(), withdraw].map((command) => stockDeclarationRecordType.targetOf(command, JP))).toEqual([
      { id },
      { id },
      { id },
    ]);
  });
  it('is for the owner alone unless the declaration says otherwise', () =>
    expect(stockDeclarationRecordType.defaultMarking).toBeUndefined());
});
