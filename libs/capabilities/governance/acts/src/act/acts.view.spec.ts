import { describe, it } from '@jest/globals';
import { hoursAfter } from '@kernel';
import { JP, markedFor, NOW, person, RECORD, specifyView } from '@kernel/testing';
import type { ActEvent } from './act.events.js';
import { actsView, type ActRow } from './acts.view.js';

const marking = markedFor(JP);
const author = person(JP, 'DELEGATE', 'author').person;
const approvedBy = person(JP, 'APPROVER', 'approver').person;
const lapsesAt = hoursAfter(NOW, 72n);
const shown = {
  ...{ category: 'signingKeys', record: RECORD, command: 'DemandSignatures', input: '{"on":false}', digest: 'digest' },
  ...{ preparedBy: author, lapsesAt, marking },
};
const prepared: ActEvent = { type: 'acts.ActPrepared.v1', data: { ...shown, roles: ['DELEGATE'] } };
const row: ActRow = { ...shown, id: RECORD, state: 'PREPARED', preparedAt: NOW };
const { given } = specifyView(actsView);

describe('The list of acts', () => {
  it('shows what was prepared, without the roles', () => given(prepared).thenRow(row));
  it('shows who approved it', () =>
    given(prepared, { type: 'acts.ActCarriedOut.v1', data: { approvedBy } }).thenRow({
      ...row,
      state: 'CARRIED_OUT',
      approvedBy,
    }));
  it('shows that it was withdrawn', () =>
    given(prepared, { type: 'acts.ActWithdrawn.v1', data: { withdrawnBy: author } }).thenRow({
      ...row,
      state: 'WITHDRAWN',
    }));
  it('shows that it has lapsed', () =>
    given(prepared, { type: 'acts.ActLapsed.v1', data: { at: lapsesAt } }).thenRow({ ...row, state: 'LAPSED' }));
  it('shows nothing of what was never prepared', () =>
    given({ type: 'acts.ActLapsed.v1', data: { at: lapsesAt } }).thenRow(null));
});
