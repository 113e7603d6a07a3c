import { describe, it } from '@jest/globals';
import { instant } from '@kernel';
import { EU, JP, markedFor, NOW, person, RECORD, specify } from '@kernel/testing';
import { mandateRecordType } from './mandate.record.js';
import type { GrantMandate } from './mandate.record.js';
import type { MandateGranted, MandateTerms } from './mandate.events.js';

const delegate = person(JP, 'DELEGATE');
const marking = markedFor(JP, `country:${EU}`);
const until = instant('2027-06-01T00:00:00.000Z');
const grant: GrantMandate = {
  type: 'GrantMandate',
  delegate: EU,
  subjects: ['stockpiles', 'projects', 'projects'],
  mayCommand: true,
  until,
};
const terms = { delegate: EU, subjects: ['projects', 'stockpiles'], mayCommand: true, from: NOW, until } as const;
const granted: MandateGranted = {
  type: 'access.MandateGranted.v1',
  data: { principal: JP, ...terms, marking },
};
const { marking: _, ...again } = granted.data;
const revoke = { type: 'RevokeMandate', id: RECORD, reason: 'it is over' } as const;
const revoked = { type: 'access.MandateRevoked.v1', data: { reason: 'it is over' } } as const;
const mandate = specify(mandateRecordType);

describe('A mandate', () => {
  it('is granted from now on, each subject once', () =>
    mandate.given().when(grant, delegate, { marking }).then(granted));
  it('is granted from a time that is named', () => {
    const from = instant('2026-09-01T00:00:00.000Z');
    mandate
      .given()
      .when({ ...grant, from }, delegate, { marking })
      .then({ ...granted, data: { ...granted.data, from } });
  });
  it('is granted once', () => {
    mandate.given(granted).when(grant, delegate).thenNothing();
    mandate
      .given(granted)
      .when({ ...grant, from: NOW }, delegate)
      .thenNothing();
  });
  it.each<Partial<MandateTerms>>([
    { subjects: ['projects'] },
    { mayCommand: false },
    { until: instant('2027-01-01T00:00:00.000Z') },
    { from: instant('2026-09-01T00:00:00.000Z') },
  ])('takes the place of the one before it: %j', (other) =>
    mandate
      .given(granted)
      .when({ ...grant, ...other }, delegate)
      .then({
        type: 'access.MandateGranted.v1',
        data: { ...again, ...other },
      }),
  );
  it('is for another country', () =>
    mandate
      .given()
      .when({ ...grant, delegate: JP }, delegate)
      .thenRejected('MANDATES.OWN_COUNTRY'));
  it.each([[[]], [['access']], [['sharing']]])('has a subject, and never who may see what: %j', (subjects) =>
    mandate
      .given()
      .when({ ...grant, subjects: subjects as never }, delegate)
      .thenRejected('MANDATES.NO_SUBJECT'),
  );
  it('leaves out what cannot be passed on, beside a subject that can', () =>
    mandate
      .given()
      .when({ ...grant, subjects: ['access', 'projects', 'stockpiles'] as never }, delegate, { marking })
      .then(granted));
  it.each<[string, Partial<GrantMandate>]>([
    ['ends now', { until: NOW }],
    ['has ended', { from: instant('2026-01-01T00:00:00.000Z'), until: instant('2026-05-01T00:00:00.000Z') }],
    ['ends when it begins', { from: until }],
  ])('holds at some time: not where it %s', (_, times) =>
    mandate
      .given()
      .when({ ...grant, ...times }, delegate)
      .thenRejected('MANDATES.NEVER_IN_FORCE'),
  );
  it('is not granted as before once it has ended', () =>
    mandate.given(granted).when(grant, delegate, { now: until }).thenRejected('MANDATES.NEVER_IN_FORCE'));
  it('is revoked, once, and may be granted again', () => {
    mandate.given(granted).when(revoke, delegate).then(revoked);
    mandate.given(granted, revoked).when(revoke, delegate).thenNothing();
    mandate.given(granted, revoked).when(grant, delegate).then({ type: 'access.MandateGranted.v1', data: again });
  });
});
