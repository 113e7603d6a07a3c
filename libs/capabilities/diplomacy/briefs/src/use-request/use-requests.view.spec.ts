import { describe, it } from '@jest/globals';
import type { Audience, Instant } from '@kernel';
import { JP, markedFor, NOW, RECORD, specifyView, US } from '@kernel/testing';
import type { Use, UseRequestEvent } from './use-request.events.js';
import { useRequestsView, type UseRequestRow } from './use-requests.view.js';

const use: Use = {
  source: { kind: 'PROJECT', id: RECORD },
  purpose: 'DERIVE',
  audience: ['MEMBERS'],
  explanation: 'a note',
};
const until = '2026-12-31T00:00:00.000Z' as Instant;
const marking = markedFor(US, 'country:JP' as Audience);
const asked: UseRequestEvent = { type: 'briefs.UseRequested.v1', data: { ...use, sourceOwner: JP, marking } };
const approved: UseRequestEvent = { type: 'briefs.UseApproved.v1', data: { audience: ['PUBLIC'], until } };
const refused: UseRequestEvent = { type: 'briefs.UseRefused.v1', data: { reason: 'not yet' } };
const withdrawn: UseRequestEvent = { type: 'briefs.UseWithdrawn.v1', data: {} };
const row: UseRequestRow = {
  id: RECORD,
  requester: US,
  owner: JP,
  kind: 'PROJECT',
  sourceId: RECORD,
  purpose: 'DERIVE',
  audience: ['MEMBERS'],
  explanation: 'a note',
  status: 'REQUESTED',
  requestedAt: NOW,
  marking,
};
const list = specifyView(useRequestsView);

describe('A use request in the list', () => {
  it('is there when asked', () => list.given(asked).thenRow(row));
  it('says what is approved', () =>
    list
      .given(asked, refused, approved)
      .thenRow({ ...row, status: 'APPROVED', approvedFor: ['PUBLIC'], approvedUntil: until }));
  it('says why it is refused, and no more what was approved', () =>
    list.given(asked, approved, refused).thenRow({ ...row, status: 'REFUSED', refusedBecause: 'not yet' }));
  it('keeps no answer once withdrawn', () =>
    list.given(asked, approved, withdrawn).thenRow({ ...row, status: 'WITHDRAWN' }));
});
