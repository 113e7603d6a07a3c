import { describe, expect, it } from '@jest/globals';
import { day, decimal, fold, materialCode, mayRead, percent, ROLES, type Role } from '@kernel';
import { JP, markedFor, NOW, person, RECORD, secretariat, specify, US } from '@kernel/testing';
import { stockDeclarationRecordType } from './declaration.record.js';
import type { StockDeclarationCommand } from './declaration.record.js';
import type { StockDeclarationEvent } from './declaration.events.js';

const { mayIssue, mayAct } = specify(stockDeclarationRecordType);
const [id, material, reason] = [RECORD, materialCode('gallium'), 'Counted twice.'];
const figures = { form: 'metal', purity: percent('99.99'), quantity: decimal('120.5'), asOf: day('2026-03-31') };
const marking = markedFor(JP, `country:${US}`);

const rules: readonly [StockDeclarationCommand, readonly Role[]][] = [
  [{ type: 'DeclareStock', material, ...figures }, ['LIAISON', 'DELEGATE']],
  [{ type: 'CorrectDeclaration', id, reason, form: 'oxide' }, ['LIAISON', 'DELEGATE']],
  [{ type: 'ApproveDeclaration', id }, ['APPROVER']],
  [{ type: 'RefuseDeclaration', material, reason }, ['DELEGATE']],
  [{ type: 'WithdrawDeclaration', id, reason }, ['DELEGATE', 'APPROVER']],
];

describe.each(rules)('%j', (command, roles) => {
  it(`is for ${roles.join(' or ')}`, () =>
    expect(ROLES.filter((role) => mayIssue(command, person(JP, role)))).toEqual(roles));
  it('is not for the secretariat, auditors or observers', () =>
    expect([secretariat, person(null, 'AUDITOR'), person(null, 'OBSERVER')].some((who) => mayIssue(command, who))).toBe(
      false,
    ));
  it('is for the owner’s people alone', () => {
    expect(ROLES.filter((role) => mayAct(command, person(JP, role), [], marking))).toEqual(roles);
    expect(mayAct(command, person(US, ROLES), [], marking)).toBe(false);
    expect(mayAct(command, secretariat, [], marking)).toBe(false);
  });
});

describe('A command that names a country', () => {
  const [[declare], , , [refuse]] = rules as [
    (typeof rules)[0],
    (typeof rules)[0],
    (typeof rules)[0],
    (typeof rules)[0],
  ];
  it.each([declare, refuse])('is for that country’s people ($type)', (command) => {
    expect(mayIssue({ ...command, country: JP } as StockDeclarationCommand, person(JP, 'DELEGATE'))).toBe(true);
    expect(mayIssue({ ...command, country: JP } as StockDeclarationCommand, person(US, 'DELEGATE'))).toBe(false);
  });
});

describe('A stock declaration', () => {
  const by = person(JP, 'DELEGATE').person;
  const declared: StockDeclarationEvent = {
    type: 'stockpiles.StockDeclared.v1',
    data: { material, ...figures, declaredBy: by, marking },
  };
  const approved: StockDeclarationEvent = {
    type: 'stockpiles.DeclarationApproved.v1',
    data: { ...figures, approvedBy: by },
  };
  const corrected: StockDeclarationEvent = {
    type: 'stockpiles.DeclarationCorrected.v1',
    data: { ...figures, form: 'oxide', corrects: 'APPROVED', reason, correctedBy: by, marking: markedFor(JP) },
  };
  const refused: StockDeclarationEvent = {
    type: 'stockpiles.DeclarationRefused.v1',
    data: { material, reason, refusedBy: by, marking },
  };
  const withdrawn: StockDeclarationEvent = {
    type: 'stockpiles.DeclarationWithdrawn.v1',
    data: { reason, withdrawnBy: by },
  };
  const readers = (...past: readonly StockDeclarationEvent[]) => {
    const { decider, access } = stockDeclarationRecordType;
    const inForce = access.markingIn?.(fold(decider, past), marking) ?? marking;
    return [JP, US].filter((country) => mayRead(inForce, person(country, 'LIAISON'), NOW));
  };

  it('is for the owner alone before the first approval', () => {
    expect(readers(declared)).toEqual([JP]);
    expect(readers(declared, corrected)).toEqual([JP]);
  });
  it('is for everybody whom its marking names once approved', () =>
    expect(readers(declared, approved)).toEqual([JP, US]));
  it('stays so while a correction waits', () => expect(readers(declared, approved, corrected)).toEqual([JP, US]));
  it('is for everybody whom its marking names at once where it is a refusal', () =>
    expect(readers(refused)).toEqual([JP, US]));
  it('stays known to its readers when it is withdrawn, and unknown to those who never had it', () => {
    expect(readers(declared, approved, withdrawn)).toEqual([JP, US]);
    expect(readers(declared, withdrawn)).toEqual([JP]);
  });
});
