import { describe, it } from '@jest/globals';
import { materialCode, type Audience } from '@kernel';
import { JP, markedFor, NOW, RECORD, specifyView, US } from '@kernel/testing';
import type { AccessRequestEvent, Wish } from './access-request.events.js';
import { accessRequestsView, type AccessRequestRow } from './access-requests.view.js';

const wish: Wish = { of: JP, subject: 'stocks', material: materialCode('gallium'), reason: 'a joint reserve' };
const marking = markedFor(US, 'country:JP' as Audience);
const asked: AccessRequestEvent = { type: 'briefs.AccessRequested.v1', data: { ...wish, marking } };
const declined: AccessRequestEvent = {
  type: 'briefs.AccessRequestAnswered.v1',
  data: { answer: 'DECLINED', note: 'not now' },
};
const granted: AccessRequestEvent = { type: 'briefs.AccessRequestAnswered.v1', data: { answer: 'GRANTED' } };
const row: AccessRequestRow = { ...wish, id: RECORD, requester: US, status: 'ASKED', requestedAt: NOW, marking };
const list = specifyView(accessRequestsView);

describe('An access request in the list', () => {
  it('is there when asked', () => list.given(asked).thenRow(row));
  it('says what was answered last', () => {
    list.given(asked, declined).thenRow({ ...row, status: 'DECLINED', note: 'not now', answeredAt: NOW });
    list.given(asked, declined, granted).thenRow({ ...row, status: 'GRANTED', answeredAt: NOW });
  });
});
