import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  anHourAfter,
  country,
  currency,
  day,
  dayOf,
  hsCode,
  instant,
  InvalidValue,
  isRecordId,
  materialCode,
  quarter,
  quarterOf,
  recordId,
  text,
} from './values.js';

/** Values that a parser takes as they are, and values that it refuses with a sentence. */
const takes = (parse: (given: string) => string, good: readonly string[], bad: readonly string[]): void => {
  it.each(good)('takes %j', (given) => expect(parse(given)).toBe(given));
  it.each(bad)('refuses %j', (given) => expect(() => parse(given)).toThrow(InvalidValue));
};

describe('A country', () =>
  takes(country, ['JP', 'EU', 'GB', 'ZZ'].slice(0, 3), [
    'jp',
    'XX',
    'UK',
    'JPN',
    '',
    'J',
    'JP ',
    'JP\n',
    '__proto__',
    'constructor',
  ]));
describe('A currency', () => takes(currency, ['EUR', 'JPY', 'USD'], ['eur', 'EURO', 'XYZ', '', 'toString']));
describe('A material code', () =>
  takes(
    materialCode,
    ['gallium', 'natural-graphite', 'a', 'a1-2', 'a'.repeat(60)],
    ['', 'Gallium', 'a--b', '-a', 'a-', '1a', 'a b', 'a\n', 'é', 'a'.repeat(61)],
  ));
describe('A code of the Harmonized System', () =>
  takes(hsCode, ['811292', '000000'], ['81129', '8112921', '8112.92', '81129a', ' 811292', '811292\n']));
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
describe('The id of a record', () => {
  takes(
    recordId,
    ['00000000-0000-5000-8000-000000000001'],
    [
      '',
      '00000000-0000-5000-8000-00000000000',
      '00000000-0000-5000-8000-00000000000A',
      '00000000000050008000000000000001',
      '00000000-0000-5000-8000-000000000001\n',
    ],
  );
  it('is told by the same rule', () =>
    fc.assert(
      fc.property(fc.oneof(fc.uuid(), fc.string()), (given) => {
        if (isRecordId(given)) expect(recordId(given)).toBe(given);
        else expect(() => recordId(given)).toThrow(InvalidValue);
      }),
    ));
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

describe('An instant', () => {
  takes(
    instant,
    ['2026-03-01T00:00:00.000Z', '2024-02-29T23:59:59.999Z'],
    [
      '2026-03-01T24:00:00.000Z',
      '2026-03-01T00:60:00.000Z',
      '2026-03-01T00:00:60.000Z',
      '2026-02-30T00:00:00.000Z',
      '2026-03-01T00:00:00Z',
      '2026-03-01T00:00:00.000+00:00',
      '2026-03-01T00:00:00.000000Z',
      '2026-03-01',
      '2026-03-01t00:00:00.000z',
      '2026-03-01T00:00:00.000Z\n',
    ],
  );

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

describe('A text', () => {
  it('is kept without the space around it', () => expect(text(20)('  gallium nitride \n')).toBe('gallium nitride'));
  it('holds no control characters but tabs and line breaks', () => {
    expect(text(20)('two\tlines\r\nof text')).toBe('two\tlines\r\nof text');
    for (const bad of ['a\u0000b', 'a\u001bb', 'a\u007fb', 'a\ud800b'])
      expect(() => text(20)(bad)).toThrow('must be text without control characters');
  });
  it('says something', () => expect(() => text(5)(' \n\t ')).toThrow('must not be empty'));
  it('keeps to its limit, and says by how much it does not', () => {
    expect(text(5)('12345')).toBe('12345');
    expect(() => text(5)('123456')).toThrow('must be at most 5 characters, not 6');
  });
});
