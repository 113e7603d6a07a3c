import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  anHourAfter,
  day,
  dayOf,
  daysAfter,
  earliestToday,
  hasBegun,
  hasEnded,
  instant,
  lastDayOf,
  latestToday,
  quarter,
  quarterOf,
  type Instant,
} from './calendar.js';
import { InvalidValue } from './shape.js';

/** Values that a parser takes as they are, and values that it refuses with a sentence. */
const takes = (parse: (given: string) => string, good: readonly string[], bad: readonly string[]): void => {
  it.each(good)('takes %j', (given) => expect(parse(given)).toBe(given));
  it.each(bad)('refuses %j', (given) => expect(() => parse(given)).toThrow(InvalidValue));
};

describe('A quarter', () => {
  takes(
    quarter,
    ['2026-Q1', '1999-Q4'],
    ['', '2026-Q0', '2026-Q5', '2026-q1', '26-Q1', '2026Q1', '2026-Q1\n', '0026-Q1'],
  );
  it('has three months', () =>
    expect(
      ['01-01', '03-31', '04-01', '06-30', '07-01', '09-30', '10-01', '12-31'].map((at) =>
        quarterOf(day(`2026-${at}`)),
      ),
    ).toEqual(['Q1', 'Q1', 'Q2', 'Q2', 'Q3', 'Q3', 'Q4', 'Q4'].map((each) => `2026-${each}`)));
});
describe('A day', () => {
  takes(
    day,
    ['2026-03-01', '2024-02-29', '2000-02-29', '0001-01-01', '9999-12-31'],
    [
      '2026-02-29',
      '1900-02-29',
      '2026-13-01',
      '2026-00-10',
      '2026-04-31',
      '2026-01-32',
      '2026-01-00',
      '0000-01-01',
      '2026-1-1',
      '20260301',
      '2026-03-01T00:00:00.000Z',
      '2026-03-01\n',
      '',
    ],
  );

  it('is one exactly where the calendar has it', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9999 }), fc.nat(14), fc.nat(33), (year, month, dayOfMonth) => {
        const given = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(dayOfMonth).padStart(2, '0')}`;
        const parsed = new Date(`${given}T00:00:00.000Z`);
        const exists = !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(given);
        if (exists) expect(day(given)).toBe(given);
        else expect(() => day(given)).toThrow(InvalidValue);
      }),
    ));
});

const thisCentury = fc
  .date({ min: new Date('2001-01-01T00:00:00.000Z'), max: new Date('2099-12-31T00:00:00.000Z'), noInvalidDate: true })
  .map((date) => date.getTime());

describe('An instant', () => {
  takes(
    instant,
    ['2026-03-01T00:00:00.000Z', '2024-02-29T23:59:59.999Z'],
    [
      '2026-03-01T00:00:00',
      '2026-03-01T00:00Z',
      '2026-03-01T00:00:00+0900',
      '2026-03-01T00:00:00+24:00',
      '9999-12-31T23:59:59-01:00',
      '0000-01-01T00:00:00+01:00',
      '2026-03-01T24:00:00.000Z',
      '2026-03-01T00:60:00.000Z',
      '2026-03-01T00:00:60.000Z',
      '2026-02-30T00:00:00.000Z',
      '2026-03-01',
      '2026-03-01T00:00:00.000Z\n',
    ],
  );

  it.each([
    ['2026-03-01T00:00:00Z', '2026-03-01T00:00:00.000Z'],
    ['2026-03-01T00:00:00.000+00:00', '2026-03-01T00:00:00.000Z'],
    ['2026-03-01T00:00:00.120999+00:00', '2026-03-01T00:00:00.120Z'],
    ['2026-03-01t00:00:00.5z', '2026-03-01T00:00:00.500Z'],
    ['2026-03-01 00:00:00-00:00', '2026-03-01T00:00:00.000Z'],
    ['2026-03-01T05:30:00+09:00', '2026-02-28T20:30:00.000Z'],
    ['2024-02-28T23:30:00-01:00', '2024-02-29T00:30:00.000Z'],
  ])('given as %s is kept as %s', (given, kept) => expect(instant(given)).toBe(kept));

  it('is the same as JavaScript’s own, whatever its offset', () =>
    fc.assert(
      fc.property(thisCentury, fc.integer({ min: -1439, max: 1439 }), (ms, ahead) => {
        const local = new Date(ms + ahead * 60_000).toISOString().slice(0, -1);
        const [hours, minutes] = [Math.floor(Math.abs(ahead) / 60), Math.abs(ahead) % 60];
        const offset = [hours, minutes].map((each) => String(each).padStart(2, '0')).join(':');
        expect(instant(`${local}${ahead < 0 ? '-' : '+'}${offset}`)).toBe(new Date(ms).toISOString());
      }),
    ));

  const instants = fc.date({
    min: new Date('0001-01-01T00:00:00.000Z'),
    max: new Date('9999-12-31T23:59:59.999Z'),
    noInvalidDate: true,
  });

  it('has one an hour after it, across days, months, years and leap days', () => {
    const before9999 = fc.date({
      min: new Date('0001-01-01T00:00:00.000Z'),
      max: new Date('9999-12-31T22:59:59.999Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(before9999, (at) =>
        expect(anHourAfter(instant(at.toISOString()))).toBe(new Date(at.getTime() + 3_600_000).toISOString()),
      ),
    );
    expect(anHourAfter(instant('2024-02-28T23:30:00.000Z'))).toBe('2024-02-29T00:30:00.000Z');
    expect(anHourAfter(instant('2026-02-28T23:30:00.000Z'))).toBe('2026-03-01T00:30:00.000Z');
    expect(anHourAfter(instant('2026-12-31T23:59:59.999Z'))).toBe('2027-01-01T00:59:59.999Z');
  });

  it('is ordered as text the way it is in time', () =>
    fc.assert(
      fc.property(instants, instants, (a, b) => {
        const [one, other] = [instant(a.toISOString()), instant(b.toISOString())];
        expect(one < other).toBe(a.getTime() < b.getTime());
        expect(day(dayOf(one))).toBe(a.toISOString().slice(0, 10));
      }),
    ));
});

const at = (text: string): Instant => instant(`${text}:00.000Z`);
/** Civil time of a place, as the time zone database has it. */
const todayIn = (timeZone: string, ms: number): string =>
  new Intl.DateTimeFormat('sv', { timeZone, dateStyle: 'short' }).format(ms);

describe('A day on Earth', () => {
  const on = day('2026-11-28');

  it.each([
    ['2026-11-27T09:59', false, 'is the future while it has begun nowhere'],
    ['2026-11-27T10:00', true, 'has begun in Kiribati (UTC+14)'],
    ['2026-11-27T22:30', true, 'has begun in Canberra, Wellington and Tokyo'],
    ['2026-11-28T00:00', true, 'has begun at Greenwich'],
  ])('at %s: %s, it %s', (now, begun) => expect(hasBegun(on, at(now))).toBe(begun));

  it.each([
    ['2026-11-28T23:59', false, 'lasts at Greenwich'],
    ['2026-11-29T02:00', false, 'lasts in Washington'],
    ['2026-11-29T11:59', false, 'lasts on Baker Island (UTC−12)'],
    ['2026-11-29T12:00', true, 'has ended everywhere'],
  ])('at %s: %s, it %s', (now, ended) => expect(hasEnded(on, at(now))).toBe(ended));

  it('begins and ends the year the same way', () => {
    expect([latestToday(at('2026-12-31T09:59')), latestToday(at('2026-12-31T10:00'))]).toEqual([
      '2026-12-31',
      '2027-01-01',
    ]);
    expect([earliestToday(at('2027-01-01T11:59')), earliestToday(at('2027-01-01T12:00'))]).toEqual([
      '2026-12-31',
      '2027-01-01',
    ]);
  });

  it('that is today somewhere has begun and has not ended, whatever the place', () => {
    const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
    fc.assert(
      fc.property(thisCentury, zones, (ms, zone) => {
        const [now, today] = [instant(new Date(ms).toISOString()), day(todayIn(zone, ms))];
        expect([hasBegun(today, now), hasEnded(today, now)]).toEqual([true, false]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('that has not begun, or has ended, is today nowhere', () =>
    fc.assert(
      fc.property(thisCentury, (ms) => {
        const now = instant(new Date(ms).toISOString());
        expect(latestToday(now)).toBe(todayIn('Pacific/Kiritimati', ms));
        expect(earliestToday(now)).toBe(todayIn('Etc/GMT+12', ms));
      }),
    ));

  it('begins once and ends once, and not before it has begun', () =>
    fc.assert(
      fc.property(thisCentury, thisCentury, fc.integer({ min: -3, max: 3 }), (a, b, days) => {
        const [earlier, later] = [Math.min(a, b), Math.max(a, b)].map((ms) => instant(new Date(ms).toISOString())) as [
          Instant,
          Instant,
        ];
        const given = daysAfter(dayOf(earlier), BigInt(days));
        if (hasBegun(given, earlier)) expect(hasBegun(given, later)).toBe(true);
        if (hasEnded(given, earlier)) expect([hasEnded(given, later), hasBegun(given, earlier)]).toEqual([true, true]);
      }),
    ));
});

describe('A number of days after a day', () => {
  it.each([
    ['2026-02-04', 30n, '2026-03-06'],
    ['1979-12-28', 30n, '1980-01-27'],
    ['2027-01-10', 365n, '2028-01-10'],
    ['2027-02-01', 42n, '2027-03-15'],
    ['2027-05-01', 60n, '2027-06-30'],
    ['2026-12-01', 90n, '2027-03-01'],
    ['2024-03-01', -1n, '2024-02-29'],
    ['2026-01-01', -1n, '2025-12-31'],
  ])('%s and %d days is %s, the day itself not counted', (from, days, last) =>
    expect(daysAfter(day(from), days)).toBe(last),
  );
  it('is what the calendar says', () =>
    fc.assert(
      fc.property(thisCentury, fc.integer({ min: -1_000, max: 1_000 }), (ms, days) => {
        const from = day(new Date(ms).toISOString().slice(0, 10));
        const expected = new Date(Date.parse(`${from}T00:00:00.000Z`) + days * 86_400_000).toISOString().slice(0, 10);
        expect(daysAfter(from, BigInt(days))).toBe(expected);
      }),
    ));
});

describe('The last day of a quarter', () =>
  it('is in it, and the next is not', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1900, max: 2999 }), fc.integer({ min: 1, max: 4 }), (year, number) => {
        const of = quarter(`${year}-Q${number}`);
        expect(quarterOf(lastDayOf(of))).toBe(of);
        expect(quarterOf(daysAfter(lastDayOf(of), 1n))).not.toBe(of);
      }),
    )));
