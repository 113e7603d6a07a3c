import { COUNTRIES } from './countries.js';
import { EARLIER_UNTIL, FIRST_YEARS, FORMER_PLACES, KOSOVO, type DatedPlace } from './former-places.js';

/** Everything that a figure can be of, each for the years in which it was there; `EU` among them, as a party is. */
export const PLACES: readonly DatedPlace[] = [
  ...COUNTRIES.flatMap((country): DatedPlace[] => {
    const [from, until] = [FIRST_YEARS[country.code], EARLIER_UNTIL[country.code]];
    return [
      ...(until === undefined ? [] : [{ ...country, until }]),
      { ...country, ...(from !== undefined && { from }) },
    ];
  }),
  ...FORMER_PLACES,
  KOSOVO,
];

/** All that ever had the code, the earliest first; nothing where it names no place. */
export const placesUnder = (code: string): readonly DatedPlace[] => byCode.get(code) ?? [];

/** What had this code in that year; undefined where nothing had. */
export const placeIn = (code: string, year: number): DatedPlace | undefined =>
  placesUnder(code).find((place) => wasThere(place, year));

/**
 * The code that a place had in that year, which a source calls by an alpha-3 or alpha-4 code or by an English name, of today or of
 * its day: Burma and Myanmar are one ground, and so are Zaire and the Congo (Kinshasa). Undefined where nothing so called
 * was there: Russia was not the USSR.
 */
export const placeCalled = (called: string, year: number): string | undefined => {
  const spelt = spelling(called);
  const meant = PLACES.filter(
    ({ alpha3, alpha4, name, code }) =>
      [alpha3, alpha4].includes(called) || spelling(name) === spelt || USGS_NAMES[spelt] === code,
  );
  return meant.flatMap(sameGround).find((place) => wasThere(place, year))?.code;
};

/** Whose ground it was in that year, as far as ISO 3166-3 tells: what the place came from, or what came after it. */
export const groundOf = (code: string, year: number): readonly string[] => {
  const came = PLACES.filter(({ successors = [] }) => successors.includes(code));
  const followed = placesUnder(code).flatMap(({ successors = [] }) => successors.flatMap(placesUnder));
  const there = [...came, ...followed].filter((place) => wasThere(place, year));
  return [...new Set(there.map((place) => place.code))].toSorted();
};

/** The place, and what the same ground was called before and after. */
const sameGround = (place: DatedPlace): readonly DatedPlace[] => {
  const today = place.renamed ? place.successors![0]! : place.code;
  const before = PLACES.filter(({ renamed, successors }) => renamed && successors![0] === today);
  return [place, ...before, ...(place.renamed ? placesUnder(today) : [])];
};

const wasThere = ({ from, until }: DatedPlace, year: number): boolean =>
  (from === undefined || from <= year) && (until === undefined || year <= until);

const LAST_YEAR = 9999;
const byCode = Map.groupBy(
  PLACES.toSorted((a, b) => (a.until ?? LAST_YEAR) - (b.until ?? LAST_YEAR)),
  ({ code }) => code,
);

const spelling = (name: string): string =>
  name.normalize('NFC').toLowerCase().replaceAll('’', "'").replaceAll(' & ', ' and ').trim();

/**
 * Names of the U.S. Geological Survey that are neither those of the table of countries nor of ISO 3166-3.
 * Source: USGS, Mineral Commodity Summaries and Minerals Yearbook, tables of world production.
 */
const USGS_NAMES: Readonly<Record<string, string>> = {
  'congo (brazzaville)': 'CG',
  'congo (kinshasa)': 'CD',
  'czech republic': 'CZ',
  'germany, eastern states': 'DD',
  'germany, western states': 'DE',
  'korea, north': 'KP',
  'korea, republic of': 'KR',
  macedonia: 'MK',
  swaziland: 'SZ',
  turkey: 'TR',
  'u.s.s.r.': 'SU',
};
