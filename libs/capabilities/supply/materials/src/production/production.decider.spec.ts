import { describe, expect, it } from '@jest/globals';
import { country, place, decimal, instant, materialCode, reject, type Marking } from '@kernel';
import { markedFor, RECORD, secretariat, specify, US } from '@kernel/testing';
import { productionRecordType } from './production.record.js';
import type { ReportProduction } from './production.record.js';
import type {
  ProductionReported,
  ProductionRestated,
  ProductionRevised,
  ProductionStated,
} from './production.events.js';

const { given } = specify(productionRecordType);
const marking: Marking = { owner: 'SECRETARIAT', releaseTo: ['PUBLIC'], handling: 'CLEAR' };
const produced = { material: materialCode('gallium'), country: country('CN'), year: 2025, stage: 'REFINING' } as const;
const figure = { quantity: decimal('760'), basis: 'REPORTED', source: 'USGS MCS 2026' } as const;
const report = (change: Partial<ReportProduction> = {}): ReportProduction => ({
  type: 'ReportProduction',
  ...produced,
  ...figure,
  ...change,
});
const reported: ProductionReported = {
  type: 'materials.ProductionReported.v2',
  data: { ...produced, ...figure, marking },
};
const revised = (change: Partial<ProductionRevised['data']>): ProductionRevised => ({
  type: 'materials.ProductionRevised.v2',
  data: { ...figure, ...change },
});
const quantity = decimal('770');

describe('Production', () => {
  it('is recorded with what is counted, the figure and its source', () =>
    given().when(report(), secretariat, { marking }).then(reported));
  it('is recorded once, however often the same figure is imported', () =>
    given(reported).when(report(), secretariat, { marking }).thenNothing());
  it.each([{ quantity }, { basis: 'ESTIMATED' as const }, { source: 'BGS 2026' }])('is revised by %j', (change) =>
    given(reported).when(report(change), secretariat, { marking }).then(revised(change)),
  );
  it('is compared with the latest figure', () =>
    given(reported, revised({ quantity })).when(report({ quantity }), secretariat, { marking }).thenNothing());
  it('goes back to an earlier figure by another revision', () =>
    given(reported, revised({ quantity })).when(report(), secretariat, { marking }).then(revised({})));
});

describe('The year of production', () => {
  it('may be this one, as an estimate', () =>
    given()
      .when(report({ year: 2026, basis: 'ESTIMATED' }), secretariat, { marking })
      .then({ ...reported, data: { ...reported.data, year: 2026, basis: 'ESTIMATED' } }));
  it('cannot be counted before it is over', () =>
    given()
      .when(report({ year: 2026 }), secretariat)
      .thenRejected('PRODUCTION.YEAR_NOT_OVER'));
  it.each([2027, 10_000])('cannot be %d, which lies ahead', (year) =>
    given()
      .when(report({ year, basis: 'ESTIMATED' }), secretariat)
      .thenRejected('PRODUCTION.YEAR_IN_FUTURE'),
  );
  it('begins where it begins first, and is over once it is over everywhere', () => {
    const from = (now: string, change: object) =>
      given().when(report(change), secretariat, { marking, now: now as never });
    const estimated = { year: 2027, basis: 'ESTIMATED' };
    from('2026-12-31T09:59:59.999Z', estimated).thenRejected('PRODUCTION.YEAR_IN_FUTURE');
    from('2026-12-31T10:00:00.000Z', estimated).then({
      ...reported,
      data: { ...reported.data, ...estimated } as never,
    });
    from('2027-01-01T11:59:59.999Z', { year: 2026 }).thenRejected('PRODUCTION.YEAR_NOT_OVER');
    from('2027-01-01T12:00:00.000Z', { year: 2026 }).then({ ...reported, data: { ...reported.data, year: 2026 } });
  });
  it.each([1899, -1])('cannot be %d, before statistics begin', (year) =>
    given().when(report({ year }), secretariat).thenRejected('PRODUCTION.YEAR_TOO_EARLY'),
  );
  it('may be the first of the statistics', () =>
    given()
      .when(report({ year: 1900 }), secretariat, { marking })
      .then({ ...reported, data: { ...reported.data, year: 1900 } }));
});

describe('A revision', () => {
  it('for fewer readers is rejected, as it would come out under the marking in force', () =>
    given(reported)
      .when(report({ quantity, marking: {} }), secretariat, { marking: markedFor('SECRETARIAT') })
      .thenRejected('PRODUCTION.OTHER_MARKING'));
  it.each<[string, Partial<Marking>]>([
    ['an embargo', { embargoUntil: instant('2027-01-01T00:00:00.000Z') }],
    ['an expiry', { expiresAt: instant('2027-01-01T00:00:00.000Z') }],
    ['a level', { level: 'SECRET' }],
    ['a denial', { denyTo: [`country:${US}`] }],
    ['a need to know', { needToKnow: [`group:${RECORD}`] }],
    ['a display to some', { displayOnlyTo: [`country:${US}`] }],
    ['the originator’s control', { originatorControl: true }],
    ['totals alone', { aggregateOnly: true }],
  ])('with %s is rejected, as it would come out without', (_, more) =>
    given(reported)
      .when(report({ quantity, marking: { releaseTo: ['PUBLIC'], ...more } }), secretariat, {
        marking: { ...marking, ...more },
      })
      .thenRejected('PRODUCTION.OTHER_MARKING'),
  );
  it('under the marking in force is recorded', () =>
    given(reported)
      .when(report({ quantity, marking: { releaseTo: ['PUBLIC'] } }), secretariat, { marking })
      .then(revised({ quantity })));
});

describe('A statement without a figure', () => {
  const { quantity: _, ...none } = figure;
  const withheld = { ...none, basis: 'WITHHELD' } as const;
  const limited = { ...none, atMost: decimal('500') } as const;
  it.each([withheld, { ...none, basis: 'NOT_AVAILABLE' as const }, limited])('is recorded: %j', (stated) =>
    given()
      .when({ type: 'ReportProduction', ...produced, ...stated }, secretariat, { marking })
      .then({ type: 'materials.ProductionReported.v2', data: { ...produced, ...stated, marking } }),
  );
  it('takes the place of a figure, and a figure its place', () => {
    const absent: ProductionRevised = { type: 'materials.ProductionRevised.v2', data: withheld };
    given(reported)
      .when({ type: 'ReportProduction', ...produced, ...withheld }, secretariat, { marking })
      .then(absent);
    given(reported, absent).when(report(), secretariat, { marking }).then(revised({}));
  });
  it.each<[string, Partial<ReportProduction>]>([
    ['MISSING', {}],
    ['BESIDE_REASON', { quantity, basis: 'WITHHELD' }],
    ['BESIDE_REASON', { quantity, basis: 'NOT_AVAILABLE' }],
  ])('is rejected as FIGURE_%s: %j', (code, change) =>
    given()
      .when({ type: 'ReportProduction', ...produced, ...none, ...change }, secretariat)
      .thenRejected(`PRODUCTION.FIGURE_${code}` as 'PRODUCTION.FIGURE_MISSING'),
  );
  it.each<Partial<ReportProduction>>([
    { atLeast: decimal('2'), atMost: decimal('1') },
    { quantity, atMost: decimal('800') },
    { quantity, atLeast: decimal('1') },
  ])('is rejected with limits that cannot be: %j', (change) =>
    given()
      .when({ type: 'ReportProduction', ...produced, ...none, ...change }, secretariat)
      .thenRejected('PRODUCTION.BOUNDS_CROSSED'),
  );
});

describe('An edition', () => {
  const of = (edition: number): Partial<ReportProduction> => ({ quantity, edition, source: `USGS MCS ${edition}` });
  const newer: ProductionReported = { ...reported, data: { ...reported.data, edition: 2026 } };
  it('is recorded with the figure', () =>
    given()
      .when(report({ edition: 2026 }), secretariat, { marking })
      .then(newer));
  it('that is older does not take the place of a newer one', () =>
    given(newer)
      .when(report(of(2025)), secretariat, { marking })
      .thenRejected('PRODUCTION.OLDER_EDITION'));
  it('that is older takes it when asked to, and is then the one in force', () => {
    given(newer)
      .when(report({ ...of(2025), replacesNewer: true }), secretariat, { marking })
      .then(revised(of(2025)));
    given(newer, revised(of(2025)))
      .when(report(of(2025)), secretariat, { marking })
      .thenNothing();
  });
  it('that is as new or newer revises the figure', () => {
    given(newer)
      .when(report(of(2026)), secretariat, { marking })
      .then(revised(of(2026)));
    given(newer)
      .when(report(of(2027)), secretariat, { marking })
      .then(revised(of(2027)));
  });
  it('is kept where a revision names none', () =>
    given(newer, revised({ quantity }))
      .when(report(of(2025)), secretariat, { marking })
      .thenRejected('PRODUCTION.OLDER_EDITION'));
  it('of a figure of the first version is the one in the name of its source', () => {
    const first: ProductionStated = {
      type: 'materials.ProductionReported.v1',
      data: { ...produced, ...figure, marking },
    };
    const again: ProductionRestated = { type: 'materials.ProductionRevised.v1', data: { ...figure, quantity } };
    given(first).when(report(), secretariat, { marking }).thenNothing();
    given(first)
      .when(report({ edition: 2026 }), secretariat, { marking })
      .thenNothing();
    given(first)
      .when(report(of(2025)), secretariat, { marking })
      .thenRejected('PRODUCTION.OLDER_EDITION');
    given(first, again)
      .when(report(of(2025)), secretariat, { marking })
      .thenRejected('PRODUCTION.OLDER_EDITION');
    given({ ...first, data: { ...first.data, source: 'BGS' } })
      .when(report(of(2025)), secretariat, { marking })
      .then(revised(of(2025)));
  });
});

describe('A production record', () => {
  it('is found by all of what is counted', () => {
    const [plain, form] = [report(), report({ form: 'low purity, 99.99 %' })].map((command) =>
      productionRecordType.targetOf(command, 'SECRETARIAT'),
    );
    expect(plain).toEqual({ key: 'gallium|CN|2025|REFINING|', mayCreate: true });
    expect(form).toEqual({ key: 'gallium|CN|2025|REFINING|low purity, 99.99 %', mayCreate: true });
  });
  it('refers to a registered material', () =>
    expect(productionRecordType.refersTo?.(report())).toEqual([
      {
        category: 'material',
        at: { key: 'gallium' },
        missing: reject('MATERIALS.UNKNOWN', { field: 'material', value: 'gallium' }),
      },
    ]));
  it('is public unless the report says otherwise', () =>
    expect(productionRecordType.defaultMarking?.(report(), 'any' as never)).toEqual({ releaseTo: ['PUBLIC'] }));
});

describe('The place of production', () => {
  it.each([
    ['SU', 1980],
    ['YU', 1985],
    ['CS', 1990],
    ['ZR', 1980],
    ['DD', 1980],
    ['XK', 2024],
  ])('may be %s in %d, which was there then', (code, year) => {
    const data = { ...reported.data, country: place(code), year };
    given()
      .when(report({ country: place(code), year }), secretariat, { marking })
      .then({ ...reported, data });
  });
  it.each([
    ['RU', 1980],
    ['SS', 1980],
    ['SU', 1992],
    ['XK', 2000],
  ])('cannot be %s in %d, which was not', (code, year) =>
    given()
      .when(report({ country: place(code), year }), secretariat)
      .thenRejected('PRODUCTION.NO_SUCH_PLACE'),
  );
});
