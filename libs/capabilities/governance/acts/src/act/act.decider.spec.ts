import { describe, expect, it } from '@jest/globals';
import { hoursAfter, platformFor, type Instant } from '@kernel';
import { JP, markedFor, NOW, person, RECORD, specify } from '@kernel/testing';
import type { ActEvent } from './act.events.js';
import { actRecordType } from './act.record.js';

const author = person(JP, 'DELEGATE', 'author');
const approver = person(JP, 'APPROVER', 'approver');
const marking = markedFor(JP);
const kept = {
  ...{ category: 'signingKeys', record: RECORD, command: 'DemandSignatures', input: '{"on":false}' },
  ...{ digest: 'digest', roles: ['DELEGATE' as const] },
};
const lapsesAt = hoursAfter(NOW, 72n);
const prepared: ActEvent = {
  type: 'acts.ActPrepared.v1',
  data: { ...kept, preparedBy: author.person, lapsesAt, marking },
};
const carriedOut: ActEvent = { type: 'acts.ActCarriedOut.v1', data: { approvedBy: approver.person } };
const withdrawn: ActEvent = { type: 'acts.ActWithdrawn.v1', data: { withdrawnBy: author.person } };
const lapsed: ActEvent = { type: 'acts.ActLapsed.v1', data: { at: lapsesAt } };
const approve = { type: 'ApproveAct', id: RECORD, digest: 'digest' } as const;
const withdraw = { type: 'WithdrawAct', id: RECORD } as const;
const carryOut = { type: 'CarryOutAct', id: RECORD, approvedBy: approver.person } as const;
const { given } = specify(actRecordType);

describe('An act', () => {
  it('is kept as it was given, and by whom, for seventy-two hours', () =>
    given()
      .when({ type: 'PrepareAct', ...kept }, author, { marking })
      .then(prepared));

  it('is approved by another person, who names what it has seen', () => {
    given(prepared).when(approve, approver).thenNothing();
    given(prepared).when(approve, author).thenRejected('ACTS.SAME_PERSON');
    given(prepared)
      .when({ ...approve, digest: 'another' }, approver)
      .thenRejected('ACTS.DIFFERENT');
  });

  it('is approved again without anything more', () =>
    given(prepared, carriedOut).when(approve, approver).thenNothing());

  it('is not approved once it is withdrawn or has lapsed', () => {
    given(prepared, withdrawn).when(approve, approver).thenRejected('ACTS.WITHDRAWN');
    given(prepared, lapsed).when(approve, approver).thenRejected('ACTS.LAPSED');
  });

  it('is withdrawn by whoever of the party thinks better of it, until it is carried out or lapses', () => {
    given(prepared).when(withdraw, author).then(withdrawn);
    given(prepared, withdrawn).when(withdraw, approver).thenNothing();
    given(prepared, carriedOut).when(withdraw, approver).thenRejected('ACTS.CARRIED_OUT');
    given(prepared, lapsed).when(withdraw, approver).thenRejected('ACTS.LAPSED');
  });

  it('is carried out once its facts are in its record, whatever it says meanwhile', () => {
    const platform = platformFor(JP);
    for (const past of [[prepared], [prepared, lapsed], [prepared, withdrawn]])
      given(...past)
        .when(carryOut, platform)
        .then(carriedOut);
    given(prepared, carriedOut).when(carryOut, platform).thenNothing();
  });

  it('lapses when its time is over, unless something else has become of it', () => {
    const duesAfter = (...past: readonly ActEvent[]) =>
      actRecordType.dueOf!(past.reduce(actRecordType.decider.evolve, null), { recordId: RECORD, marking });
    expect(duesAfter(prepared)).toEqual([{ at: lapsesAt as Instant, key: 'lapses', facts: [lapsed] }]);
    for (const end of [carriedOut, withdrawn, lapsed]) expect(duesAfter(prepared, end)).toEqual([]);
  });

  it('is not there before it is prepared', () => {
    for (const command of [approve, withdraw]) given().when(command, approver).thenRejected('ACTS.NOT_FOUND');
  });
});
