import { describe, it } from '@jest/globals';
import { instant } from '@kernel';
import { EU, JP, markedFor, NOW, RECORD, specifyView } from '@kernel/testing';
import type { MandateGranted } from './mandate.events.js';
import { mandatesView } from './mandates.view.js';

const marking = markedFor(JP, `country:${EU}`);
const terms = {
  principal: JP,
  delegate: EU,
  subjects: ['projects'],
  mayCommand: false,
  from: NOW,
  until: instant('2027-06-01T00:00:00.000Z'),
} as const;
const granted: MandateGranted = { type: 'access.MandateGranted.v1', data: { ...terms, marking } };
const wider: MandateGranted = { type: 'access.MandateGranted.v1', data: { ...terms, mayCommand: true } };
const revoked = { type: 'access.MandateRevoked.v1', data: { reason: 'it is over' } } as const;
const row = { ...terms, id: RECORD, grantedAt: NOW, marking };
const list = specifyView(mandatesView);

describe('The list of mandates', () => {
  it('has what was granted, for the two countries', () => list.given(granted).thenRow(row));
  it('has the terms that were granted last, for the same readers', () =>
    list.given(granted, wider).thenRow({ ...row, mayCommand: true }));
  it('says when and why it was revoked', () =>
    list.given(granted, revoked).thenRow({ ...row, revokedAt: NOW, reason: 'it is over' }));
  it('forgets the revocation when it is granted again', () => list.given(granted, revoked, granted).thenRow(row));
});
