import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { problemsOf } from '@foundation/transport';
import { currency, day, decimal } from '@kernel';
import { JP, markedFor, NOW, person, RECORD } from '@kernel/testing';
import { DrawDownPledgeInput, PledgeInvestmentInput, toPledge, toPledgeInvestment } from './pledge.graphql.js';
import type { PledgeRow } from './pledges.view.js';

const least = { projectId: RECORD, kind: 'LOAN', amount: '1000.50', currency: 'JPY' };
const pledge = (given: object) => problemsOf(PledgeInvestmentInput, { ...least, ...given } as PledgeInvestmentInput);
const drawdown = (given: object) =>
  problemsOf(DrawDownPledgeInput, { id: RECORD, amount: '1', on: '2026-06-01', ...given } as DrawDownPledgeInput);

describe('The input of a pledge', () => {
  it('becomes the command', async () => {
    const { input, problems } = await pledge({ expiresOn: '2027-03-31', conditions: null });
    expect(problems).toEqual({});
    expect(toPledgeInvestment(input)).toEqual({
      type: 'PledgeInvestment',
      ...least,
      amount: '1000.5',
      expiresOn: '2027-03-31',
    });
  });
  it.each([
    ['projectId', { projectId: 'x' }],
    ['kind', { kind: 'GIFT' }],
    ['amount', { amount: '0' }],
    ['amount', { amount: '1,000' }],
    ['currency', { currency: 'XXX' }],
    ['expiresOn', { expiresOn: '2027-02-29' }],
    ['conditions', { conditions: 'x'.repeat(2001) }],
    ['country', { country: 'Japan' }],
  ])('is refused with the name of the field: %s', async (field, wrong) =>
    expect(Object.keys((await pledge(wrong)).problems)).toEqual([field]),
  );
});

describe('The input of a drawdown', () => {
  it.each([
    ['id', { id: 'x' }],
    ['amount', { amount: '0.0' }],
    ['on', { on: 'today' }],
  ])('is refused with the name of the field: %s', async (field, wrong) =>
    expect(Object.keys((await drawdown(wrong)).problems)).toEqual([field]),
  );
});

describe('A pledge as it is shown', () => {
  const row: PledgeRow = {
    id: RECORD,
    projectId: RECORD,
    country: JP,
    kind: 'LOAN',
    amount: decimal('1'),
    currency: currency('JPY'),
    status: 'PLEDGED',
    pledged: decimal('1'),
    confirmed: decimal('0'),
    drawn: decimal('0'),
    pledgedAt: NOW,
    marking: markedFor(JP),
  };
  const isExpired = (expiresOn?: string) =>
    toPledge({ ...row, ...(expiresOn && { expiresOn: day(expiresOn) }) }, person(JP, 'LIAISON')).isExpired;

  it('is expired once its last day has gone by', () => {
    expect(isExpired('2001-01-01')).toBe(true);
    expect(isExpired('9999-12-31')).toBe(false);
    expect(isExpired()).toBe(false);
  });
});
