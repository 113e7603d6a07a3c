import { describe, it } from '@jest/globals';
import { instant, recordId } from '@kernel';
import { JP, markedFor, NOW, person, RECORD, secretariat, specifyView } from '@kernel/testing';
import { emergencyAccessesView } from './emergency-accesses.view.js';

const approver = person(JP, 'APPROVER').person;
const request = {
  record: recordId('00000000-0000-5000-8000-000000000002'),
  reason: 'a dam broke',
  approver: JP,
  requestedBy: secretariat.person,
  marking: markedFor('SECRETARIAT', `country:${JP}`),
};
const until = instant('2026-06-01T10:00:00.000Z');
const asked = { type: 'access.EmergencyAccessRequested.v1', data: request } as const;
const approved = { type: 'access.EmergencyAccessApproved.v1', data: { approvedBy: approver, until } } as const;
const refused = { type: 'access.EmergencyAccessRefused.v1', data: { refusedBy: approver, reason: 'no' } } as const;
const decided = { ...request, id: RECORD, requestedAt: NOW, decidedBy: approver, decidedAt: NOW };
const list = specifyView(emergencyAccessesView);

describe('The list of emergency accesses', () => {
  it('has each from its request on', () =>
    list.given(asked).thenRow({ ...request, id: RECORD, requestedAt: NOW, decision: 'PENDING' }));
  it('says who approved it and until when', () =>
    list.given(asked, approved).thenRow({ ...decided, decision: 'APPROVED', until }));
  it('says who refused it and why', () =>
    list.given(asked, refused).thenRow({ ...decided, decision: 'REFUSED', refusal: 'no' }));
  it('says who ended it: there is no time to which it is open', () =>
    list.given(asked, approved, refused).thenRow({ ...decided, decision: 'REFUSED', refusal: 'no' }));
});
