import { describe, expect, it } from '@jest/globals';
import { currency, day, decimal, type PersonRef } from '@kernel';
import { JP, markedFor, NOW, RECORD, specifyView } from '@kernel/testing';
import type { Pledge, PledgeEvent } from './pledge.events.js';
import { pledgesView, type PledgeRow } from './pledges.view.js';

const marking = markedFor(JP, 'MEMBERS');
const promise: Pledge = {
  projectId: RECORD,
  kind: 'LOAN',
  amount: decimal('1000'),
  currency: currency('JPY'),
  expiresOn: day('2027-03-31'),
  conditions: 'subject to appropriation',
};
const pledged: PledgeEvent = {
  type: 'projects.InvestmentPledged.v1',
  data: { ...promise, by: 'JP-a' as PersonRef, marking },
};
const confirmed: PledgeEvent = { type: 'projects.PledgeConfirmed.v1', data: {} };
const drawn = (amount: string): PledgeEvent => ({
  type: 'projects.PledgeDrawnDown.v1',
  data: { amount: decimal(amount), on: day('2026-06-01') },
});
const withdrawn: PledgeEvent = { type: 'projects.PledgeWithdrawn.v1', data: { reason: 'budget cut' } };
const row: PledgeRow = {
  ...promise,
  id: RECORD,
  country: JP,
  status: 'PLEDGED',
  pledged: decimal('1000'),
  confirmed: decimal('0'),
  drawn: decimal('0'),
  pledgedAt: NOW,
  marking,
};
const list = specifyView(pledgesView);

describe('A pledge in the list', () => {
  it('is there when made, without the person who made it', () => list.given(pledged).thenRow(row));
  it('counts as confirmed once it is', () =>
    list.given(pledged, confirmed).thenRow({ ...row, status: 'CONFIRMED', confirmed: decimal('1000') }));
  it('adds up what was drawn', () =>
    list
      .given(pledged, confirmed, drawn('100.5'), drawn('200'))
      .thenRow({ ...row, status: 'CONFIRMED', confirmed: decimal('1000'), drawn: decimal('300.5') }));
  it('counts for what was drawn once withdrawn', () => {
    const counted = { pledged: decimal('300'), confirmed: decimal('300'), drawn: decimal('300') };
    list.given(pledged, confirmed, drawn('300'), withdrawn).thenRow({ ...row, status: 'WITHDRAWN', ...counted });
  });
  it('counts for nothing when withdrawn undrawn', () => {
    const counted = { pledged: decimal('0'), confirmed: decimal('0'), drawn: decimal('0') };
    list.given(pledged, confirmed, withdrawn).thenRow({ ...row, status: 'WITHDRAWN', ...counted });
  });
  it('is shown to nobody who cannot see the project', () =>
    expect(pledgesView.parent).toEqual({ view: 'projects.projects', field: 'projectId' }));
  it('is shown to nobody who cannot see the project', () =>
    expect(pledgesView.parent).toEqual({ view: 'projects.projects', field: 'projectId' }));
});
