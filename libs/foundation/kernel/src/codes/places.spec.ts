import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { InvalidValue } from '../shape.js';
import { country, place } from '../values.js';
import { COUNTRIES, FORMER_PLACES, groundOf, placeCalled, placeIn, placesUnder } from './index.js';
import { PLACES } from './places.js';

const years = fc.integer({ min: 1900, max: 2030 });
const places = fc.constantFrom(...PLACES);

describe('A place', () => {
  it.each([
    ['SU', 1980, 'USSR'],
    ['YU', 1985, 'Yugoslavia'],
    ['CS', 1990, 'Czechoslovakia'],
    ['CS', 2004, 'Serbia and Montenegro'],
    ['ZR', 1980, 'Zaire'],
    ['DD', 1980, 'German Democratic Republic'],
    ['XK', 2024, 'Kosovo'],
    ['RU', 1910, 'Russia'],
    ['RU', 2024, 'Russia'],
    ['SK', 1970, 'Sikkim'],
    ['SK', 2024, 'Slovakia'],
    ['GE', 1975, 'Gilbert and Ellice Islands'],
    ['CL', 1900, 'Chile'],
  ])('under %s in %d is %s', (code, year, name) => expect(placeIn(code, year)?.name).toBe(name));

  it.each([
    ['RU', 1980, ['SU']],
    ['SS', 1980, []],
    ['SU', 1992, ['AM', 'AZ', 'BY', 'EE', 'GE', 'KG', 'KZ', 'LT', 'LV', 'MD', 'RU', 'TJ', 'TM', 'UA', 'UZ']],
    ['CD', 1980, ['ZR']],
    ['YU', 2005, ['BA', 'CS', 'HR', 'MK', 'SI']],
    ['DD', 1991, ['DE']],
    ['CS', 2000, ['CZ', 'SK', 'YU']],
    ['XK', 2000, ['YU']],
  ])('under %s was not there in %d; its ground was of %j', (code, year, ground) => {
    expect(placeIn(code, year)).toBeUndefined();
    expect(groundOf(code, year)).toEqual(ground);
  });

  it('belongs to both in the year in which one gives way to another', () =>
    expect(['SU', 'RU'].map((code) => placeIn(code, 1991)?.code)).toEqual(['SU', 'RU']));

  it('with its year is one: no two had one code at a time', () =>
    fc.assert(
      fc.property(places, years, ({ code }, year) => {
        const there = placesUnder(code).filter(({ from = 0, until = 9_999 }) => from <= year && year <= until);
        // A code that went from a state to its successor is either's in the year between.
        expect(there.length).toBeLessThanOrEqual(
          there.some(({ successors = [] }) => successors.includes(code)) ? 2 : 1,
        );
      }),
    ));

  it('is one of today, of ISO 3166-3, or Kosovo', () => {
    expect(FORMER_PLACES).toHaveLength(31);
    expect(new Set(FORMER_PLACES.map(({ alpha4 }) => alpha4)).size).toBe(31);
    for (const { code, alpha4, from = 1_900, until, successors = [] } of FORMER_PLACES) {
      expect(alpha4).toMatch(new RegExp(`^${code}[A-Z]{2}$`));
      expect(until).toBeGreaterThan(from);
      expect(successors.filter((each) => placesUnder(each).length === 0)).toEqual([]);
    }
    expect(PLACES.length).toBe(COUNTRIES.length + FORMER_PLACES.length + 1 + 7);
  });

  it.each(['', 'su', 'XX', 'ZZ', 'SUN', 'SUHH', '__proto__'])('is not under %j', (code) =>
    expect(() => place(code)).toThrow(InvalidValue),
  );

  it.each(['SU', 'YU', 'DD', 'ZR', 'XK', 'AN'])('is no party for that: %s', (code) => {
    expect(place(code)).toBe(code);
    expect(() => country(code)).toThrow(InvalidValue);
  });
});

describe('What a source calls a place', () => {
  it.each([
    ['KAZ', 2024, 'KZ'],
    ['SUN', 1980, 'SU'],
    ['SUHH', 1980, 'SU'],
    ['U.S.S.R.', 1980, 'SU'],
    ['COD', 2024, 'CD'],
    ['COD', 1980, 'ZR'],
    ['ZAR', 1980, 'ZR'],
    ['Zaire', 1980, 'ZR'],
    ['Congo (Kinshasa)', 1980, 'ZR'],
    ['Congo (Kinshasa)', 2024, 'CD'],
    ['Burma', 1980, 'BU'],
    ['Burma', 2024, 'MM'],
    ['MMR', 1980, 'BU'],
    ['Korea, Republic of', 2024, 'KR'],
    ['Côte d’Ivoire', 2024, 'CI'],
    ['Trinidad and Tobago', 2024, 'TT'],
    ['Turkey', 2024, 'TR'],
    ['Kosovo', 2024, 'XK'],
    ['XKX', 2024, 'XK'],
    ['EUE', 2024, 'EU'],
  ])('%s in %d has the code %s', (called, year, code) => expect(placeCalled(called, year)).toBe(code));
  it.each([
    ['RUS', 1980],
    ['SUN', 2000],
    ['SSD', 1980],
    ['Atlantis', 1980],
    ['', 1980],
  ])('%s in %d has none', (called, year) => expect(placeCalled(called, year)).toBeUndefined());
  it('finds, of every place, the one of its year', () =>
    fc.assert(
      fc.property(places, years, ({ code, alpha3 }, year) => {
        const found = placeIn(code, year);
        if (found?.alpha3 !== alpha3) return;
        const called = placeCalled(alpha3, year)!;
        // In the year in which one gives way to another under the same letters, both are right.
        expect([called, placeIn(called, year)?.alpha3]).toEqual([expect.any(String), alpha3]);
      }),
      { numRuns: 1_000 },
    ));
});
