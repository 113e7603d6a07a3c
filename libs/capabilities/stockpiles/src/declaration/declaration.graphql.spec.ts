import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { problemsOf } from '@foundation/transport';
import { markedFor, JP, NOW, person, RECORD, US } from '@kernel/testing';
import { materialCode } from '@kernel';
import {
  CorrectDeclarationInput,
  DeclareStockInput,
  toCorrectDeclaration,
  toDeclareStock,
  toStockDeclaration,
} from './declaration.graphql.js';

const stock = { material: 'gallium', form: ' metal ', purity: '99.990', quantity: '120.50', asOf: '2026-03-31' };
const problems = async (type: new () => object, input: object) => (await problemsOf(type, input)).problems;

describe('The input of a declaration', () => {
  it('becomes a command in which numbers have one spelling and what is null is absent', () =>
    expect(
      toDeclareStock({ ...stock, country: null, shareOfAnnualConsumption: null, note: null, marking: null } as never),
    ).toStrictEqual({
      type: 'DeclareStock',
      material: 'gallium',
      form: 'metal',
      purity: '99.99',
      quantity: '120.5',
      asOf: '2026-03-31',
    }));
  it('is accepted as it stands', async () => expect(await problems(DeclareStockInput, stock)).toEqual({}));
  it.each([
    ['country', 'XX'],
    ['material', 'Gallium'],
    ['form', ' '],
    ['purity', '100.1'],
    ['quantity', '1e3'],
    ['shareOfAnnualConsumption', '-1'],
    ['asOf', '2026-02-30'],
    ['note', 'x'.repeat(2001)],
    ['marking', { releaseTo: ['Atlantis'] }],
  ])('names the field %s when it cannot be %j', async (field, value) =>
    expect(Object.keys(await problems(DeclareStockInput, { ...stock, [field]: value }))).toEqual([
      expect.stringMatching(new RegExp(`^${field}`)),
    ]),
  );
});

describe('The input of a correction', () => {
  it('changes only the figures that are named, zero among them', () =>
    expect(
      toCorrectDeclaration({ id: RECORD, form: null, quantity: '0', asOf: null, reason: 'Sold.' } as never),
    ).toStrictEqual({ type: 'CorrectDeclaration', id: RECORD, quantity: '0', reason: 'Sold.' }));
  it('names the id when it is none', async () =>
    expect(Object.keys(await problems(CorrectDeclarationInput, { id: '7', reason: 'Sold.' }))).toEqual(['id']));
});

describe('A stock declaration', () => {
  const row = {
    id: RECORD,
    country: JP,
    material: materialCode('gallium'),
    status: 'PENDING' as const,
    declaredAt: NOW,
    releasedAs: markedFor(JP, `country:${US}`),
    marking: markedFor(JP),
  };
  it('tells its owner whom it will be released to, and nobody else', () => {
    expect(toStockDeclaration(row, person(JP, 'APPROVER')).marking.releaseTo).toEqual(['US']);
    expect(toStockDeclaration(row, person(US, 'LIAISON')).marking.releaseTo).toBeNull();
  });
  it('has null for what it does not tell', () =>
    expect(toStockDeclaration(row, person(JP, 'APPROVER'))).toMatchObject({
      quantity: null,
      asOf: null,
      reason: null,
    }));
});
