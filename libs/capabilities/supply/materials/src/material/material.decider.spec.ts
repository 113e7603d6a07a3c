import { describe, it } from '@jest/globals';
import { day, instant, materialCode, type Marking } from '@kernel';
import { EU, markedFor, NOW, secretariat, specify, US } from '@kernel/testing';
import { materialRecordType } from './material.record.js';
import type { DelistMaterial, ListMaterial, RegisterMaterial } from './material.record.js';
import type { MaterialDelisted, MaterialListed, MaterialRegistered } from './material.events.js';

const { given } = specify(materialRecordType);
const code = materialCode('gallium');
const open: Marking = { owner: 'SECRETARIAT', releaseTo: ['PUBLIC'], handling: 'CLEAR' };
const at = { now: NOW, marking: open };

const registration = {
  code,
  name: 'Gallium',
  group: 'minor metals',
  hsCodes: ['280530', '811292'],
  source: 'USGS MCS 2026',
};
const register = (change: Partial<RegisterMaterial> = {}): RegisterMaterial => ({
  type: 'RegisterMaterial',
  ...registration,
  ...change,
});
const registered: MaterialRegistered = {
  type: 'materials.MaterialRegistered.v1',
  data: { ...registration, marking: open },
};

const listing = { code, list: 'EU_CRITICAL', since: day('2024-05-23'), source: 'Regulation (EU) 2024/1252' } as const;
const list = (change: Partial<ListMaterial> = {}): ListMaterial => ({ type: 'ListMaterial', ...listing, ...change });
const listed = (change: Partial<MaterialListed['data']> = {}): MaterialListed => ({
  type: 'materials.MaterialListed.v1',
  data: { ...listing, ...change },
});

const delisting = { code, list: 'EU_CRITICAL', on: day('2026-06-01'), reason: 'Supply has diversified.' } as const;
const delist = (change: Partial<DelistMaterial> = {}): DelistMaterial => ({
  type: 'DelistMaterial',
  ...delisting,
  ...change,
});
const delisted: MaterialDelisted = { type: 'materials.MaterialDelisted.v1', data: delisting };

describe('A material', () => {
  it('is registered under its code, with the marking of the record', () =>
    given().when(register(), secretariat, at).then(registered));
  it('has its HS codes in order, each once', () =>
    given()
      .when(register({ hsCodes: ['811292', '280530', '811292'] }), secretariat, at)
      .then(registered));
  it('is not recorded twice when the same registration comes again', () =>
    given(registered)
      .when(register({ hsCodes: ['811292', '280530'] }), secretariat, at)
      .thenNothing());
  it('is not recorded twice when the same registration asks for the marking in force', () =>
    given(registered)
      .when(register({ marking: { releaseTo: ['PUBLIC'] } }), secretariat, at)
      .thenNothing());
  it.each<[string, Partial<RegisterMaterial>]>([
    ['name', { name: 'Gallium metal' }],
    ['group', { group: 'semiconductor metals' }],
    ['HS codes', { hsCodes: ['811292'] }],
    ['source', { source: 'USGS MCS 2025' }],
  ])('does not change its %s by another registration', (_, change) =>
    given(registered).when(register(change), secretariat, at).thenRejected('MATERIALS.ALREADY_REGISTERED'),
  );
  it('does not pretend to be hidden by a second registration with a narrower marking', () =>
    given(registered)
      .when(register({ marking: {} }), secretariat, { ...at, marking: markedFor('SECRETARIAT') })
      .thenRejected('MATERIALS.ALREADY_REGISTERED'));
  it('does not pretend to be under an embargo by a second registration', () => {
    const embargo = { embargoUntil: instant('2027-01-01T00:00:00.000Z') };
    given(registered)
      .when(register({ marking: { releaseTo: ['PUBLIC'], ...embargo } }), secretariat, {
        ...at,
        marking: { ...open, ...embargo },
      })
      .thenRejected('MATERIALS.ALREADY_REGISTERED');
  });
});

describe('A listing', () => {
  it('is recorded for a registered material', () => given(registered).when(list(), secretariat).then(listed()));
  it('may begin in the future, as laws do', () =>
    given(registered)
      .when(list({ since: day('2027-01-01') }), secretariat)
      .then(listed({ since: day('2027-01-01') })));
  it('is rejected for an unknown material', () => given().when(list(), secretariat).thenRejected('MATERIALS.UNKNOWN'));
  it('is not recorded twice', () => given(registered, listed()).when(list(), secretariat).thenNothing());
  it.each<[string, Partial<ListMaterial>]>([
    ['day', { since: day('2023-03-16') }],
    ['note', { note: 'Annex II' }],
    ['source', { source: 'COM(2023) 160' }],
  ])('does not change its %s by being listed again', (_, change) =>
    given(registered, listed()).when(list(change), secretariat).thenRejected('MATERIALS.ALREADY_LISTED'),
  );
  it('on one list leaves the others free', () =>
    given(registered, listed())
      .when(list({ list: 'US_CRITICAL' }), secretariat)
      .then(listed({ list: 'US_CRITICAL' })));
});

describe('A delisting', () => {
  it('takes a material off a list', () => given(registered, listed()).when(delist(), secretariat).then(delisted));
  it('is rejected for an unknown material', () =>
    given().when(delist(), secretariat).thenRejected('MATERIALS.UNKNOWN'));
  it('is rejected for a list that the material is not on', () =>
    given(registered, listed())
      .when(delist({ list: 'JP_CRITICAL' }), secretariat)
      .thenRejected('MATERIALS.NOT_LISTED'));
  it('is rejected once the material is off the list', () =>
    given(registered, listed(), delisted).when(delist(), secretariat).thenRejected('MATERIALS.NOT_LISTED'));
  it('is rejected before the day on which the listing began', () =>
    given(registered, listed())
      .when(delist({ on: day('2024-05-22') }), secretariat)
      .thenRejected('MATERIALS.END_BEFORE_START'));
  it('is rejected before it takes effect', () =>
    given(registered, listed())
      .when(delist({ on: day('2026-06-02') }), secretariat)
      .thenRejected('MATERIALS.END_IN_FUTURE'));
  it('takes effect on a day that has begun in the east only', () => {
    const on = day('2026-06-02');
    given(registered, listed())
      .when(delist({ on }), secretariat, { now: '2026-06-01T10:00:00.000Z' as never })
      .then({ ...delisted, data: { ...delisting, on } });
  });
  it('calls off a listing that has not begun', () =>
    given(registered, listed({ since: day('2027-01-01') }))
      .when(delist({ on: day('2027-01-01') }), secretariat)
      .then({ ...delisted, data: { ...delisting, on: day('2027-01-01') } }));
  it('cannot end a listing that has not begun later than it begins', () =>
    given(registered, listed({ since: day('2027-01-01') }))
      .when(delist({ on: day('2027-01-02') }), secretariat)
      .thenRejected('MATERIALS.END_IN_FUTURE'));
  it('lets the material be listed anew', () =>
    given(registered, listed(), delisted)
      .when(list({ since: day('2026-06-01') }), secretariat)
      .then(listed({ since: day('2026-06-01') })));
});

describe('Markings', () => {
  it('are alike whatever the order of their audiences', () =>
    given({
      ...registered,
      data: { ...registration, marking: markedFor('SECRETARIAT', `country:${EU}`, `country:${US}`) },
    })
      .when(register({ marking: {} }), secretariat, {
        marking: markedFor('SECRETARIAT', `country:${US}`, `country:${EU}`),
      })
      .thenNothing());
});
