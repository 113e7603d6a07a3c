import { describe, expect, it } from '@jest/globals';
import { currency, day, decimal, fold, type PersonRef } from '@kernel';
import { JP, markedFor, person, RECORD, specify } from '@kernel/testing';
import { pledgeRecordType } from './pledge.record.js';
import type { PledgeInvestment } from './pledge.record.js';
import type { InvestmentPledged, Pledge, PledgeEvent } from './pledge.events.js';

const marking = markedFor(JP, 'MEMBERS');
const today = day('2026-06-01');
const promise: Pledge = {
  projectId: RECORD,
  kind: 'LOAN',
  amount: decimal('1000000'),
  currency: currency('JPY'),
  expiresOn: today,
  conditions: 'subject to appropriation',
};
const delegate = person(JP, 'DELEGATE');
const approver = person(JP, 'APPROVER', 'b');
const pledge: PledgeInvestment = { type: 'PledgeInvestment', ...promise };
const pledged: InvestmentPledged = {
  type: 'projects.InvestmentPledged.v1',
  data: { ...promise, by: 'JP-a' as PersonRef, marking },
};
const confirmed: PledgeEvent = { type: 'projects.PledgeConfirmed.v1', data: {} };
const drawn = (amount: string): PledgeEvent => ({
  type: 'projects.PledgeDrawnDown.v1',
  data: { amount: decimal(amount), on: today },
});
const withdrawn: PledgeEvent = { type: 'projects.PledgeWithdrawn.v1', data: { reason: 'budget cut' } };

const confirm = { type: 'ConfirmPledge', id: RECORD } as const;
const draw = (amount: string) => ({ type: 'DrawDownPledge', id: RECORD, amount: decimal(amount), on: today }) as const;
const withdraw = { type: 'WithdrawPledge', id: RECORD, reason: 'budget cut' } as const;
const over = { now: '2026-06-02T12:00:00.000Z' as never };
const stream = specify(pledgeRecordType);

describe('A pledge', () => {
  it('is made by a delegate, whom it remembers', () =>
    stream.given().when(pledge, delegate, { marking }).then(pledged));
  it('is made for a day that lasts somewhere on Earth', () => {
    const until = (expiresOn: string) => ({ ...pledge, expiresOn: day(expiresOn) });
    stream.given().when(until('2026-05-30'), delegate).thenRejected('PLEDGES.EXPIRED');
    stream
      .given()
      .when(until('2026-05-31'), delegate, { marking })
      .then({ ...pledged, data: { ...pledged.data, expiresOn: day('2026-05-31') } });
  });
  it('may be made for good', () => {
    const { expiresOn: _, ...lasting } = promise;
    const past: InvestmentPledged = { ...pledged, data: { ...lasting, by: pledged.data.by, marking } };
    stream
      .given()
      .when({ type: 'PledgeInvestment', ...lasting }, delegate, { marking })
      .then(past);
    stream.given(past, confirmed).when(draw('1'), delegate, over).then(drawn('1'));
  });
});

describe('The confirmation of a pledge', () => {
  it('is another person’s', () => {
    stream.given(pledged).when(confirm, approver).then(confirmed);
    stream
      .given(pledged)
      .when(confirm, person(JP, ['DELEGATE', 'APPROVER']))
      .thenRejected('PLEDGES.SAME_PERSON');
  });
  it('is given once', () => stream.given(pledged, confirmed).when(confirm, approver).thenNothing());
  it('comes before the pledge expires', () =>
    stream.given(pledged).when(confirm, approver, over).thenRejected('PLEDGES.EXPIRED'));
  it('may come until the last day has ended everywhere on Earth', () =>
    stream
      .given(pledged)
      .when(confirm, approver, { now: '2026-06-02T11:59:59.999Z' as never })
      .then(confirmed));
  it('comes before the pledge is withdrawn', () =>
    stream.given(pledged, withdrawn).when(confirm, approver).thenRejected('PLEDGES.WITHDRAWN'));
});

describe('A drawdown', () => {
  it('takes from a confirmed pledge', () =>
    stream
      .given(pledged, confirmed)
      .when({ ...draw('250000.5'), note: 'first tranche' }, delegate)
      .then({
        type: 'projects.PledgeDrawnDown.v1',
        data: { amount: decimal('250000.5'), on: today, note: 'first tranche' },
      }));
  it('takes nothing from an unconfirmed pledge', () =>
    stream.given(pledged).when(draw('1'), delegate).thenRejected('PLEDGES.NOT_CONFIRMED'));
  it('adds to the ones before', () =>
    stream
      .given(pledged, confirmed, drawn('600000'), drawn('300000'))
      .when(draw('100001'), delegate)
      .thenRejected('PLEDGES.EXCEEDS_PLEDGE'));
  it('takes all that is left, and no more', () => {
    stream.given(pledged, confirmed, drawn('999999.5')).when(draw('0.5'), delegate).then(drawn('0.5'));
    stream
      .given(pledged, confirmed, drawn('999999.5'))
      .when(draw('0.500001'), delegate)
      .thenRejected('PLEDGES.EXCEEDS_PLEDGE');
    stream.given(pledged, confirmed).when(draw('1000000.1'), delegate).thenRejected('PLEDGES.EXCEEDS_PLEDGE');
  });
  it('that takes too much is told what is left', () => {
    const { decider } = pledgeRecordType;
    const state = fold(decider, [pledged, confirmed, drawn('400000')]);
    const when = {
      now: `${today}T09:00:00.000Z` as never,
      who: delegate,
      recordId: RECORD,
      marking,
      references: [],
      history: [],
    };
    expect(decider.decide(draw('600001'), state, when)).toMatchObject({
      details: { field: 'amount', remaining: '600000' },
    });
  });
  it('takes nothing from an expired pledge', () =>
    stream
      .given(pledged, confirmed)
      .when({ ...draw('1'), on: day('2026-06-02') }, delegate, over)
      .thenRejected('PLEDGES.EXPIRED'));
  it('of the last day may be recorded later', () =>
    stream.given(pledged, confirmed).when(draw('1'), delegate, over).then(drawn('1')));
  it('is not dated in the future', () =>
    stream
      .given(pledged, confirmed)
      .when({ ...draw('1'), on: day('2026-06-02') }, delegate)
      .thenRejected('PLEDGES.DATE_IN_FUTURE'));
  it('may be dated on a day that has begun in the east only', () => {
    const [last, on] = [day('2026-06-30'), day('2026-06-02')];
    const lasting: InvestmentPledged = { ...pledged, data: { ...pledged.data, expiresOn: last } };
    stream
      .given(lasting, confirmed)
      .when({ ...draw('1'), on }, delegate, { now: '2026-06-01T10:00:00.000Z' as never })
      .then({ type: 'projects.PledgeDrawnDown.v1', data: { amount: decimal('1'), on } });
  });
  it('takes nothing from a withdrawn pledge', () =>
    stream.given(pledged, confirmed, withdrawn).when(draw('1'), delegate).thenRejected('PLEDGES.WITHDRAWN'));
});

describe('The withdrawal of a pledge', () => {
  it('is free, confirmed or not, expired or not', () => {
    stream.given(pledged).when(withdraw, delegate).then(withdrawn);
    stream.given(pledged, confirmed, drawn('1')).when(withdraw, delegate).then(withdrawn);
    stream.given(pledged).when(withdraw, delegate, over).then(withdrawn);
  });
  it('is recorded once', () => stream.given(pledged, withdrawn).when(withdraw, delegate).thenNothing());
});

describe('A pledge that does not exist', () => {
  it.each([confirm, draw('1'), withdraw])('is not found: $type', (command) =>
    stream.given().when(command, delegate).thenRejected('PLEDGES.NOT_FOUND'),
  );
});
