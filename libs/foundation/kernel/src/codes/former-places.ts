/** A place that statistics name and that ISO 3166-1 does not, or no longer, or under its code only for some years. */
export type DatedPlace = {
  readonly code: string;
  readonly alpha3: string;
  readonly name: string;
  /** First calendar year, counted whole; left out: before 1900. */
  readonly from?: number;
  /** Last calendar year, counted whole; left out: it is there still. */
  readonly until?: number;
  /** Alpha-4 code of ISO 3166-3. */
  readonly alpha4?: string;
  /** Codes of the places that its ground belongs to since. */
  readonly successors?: readonly string[];
  /** It is the successor under another name: the same ground, and nothing else. */
  readonly renamed?: true;
};

/**
 * The 31 entries of ISO 3166-3 under their codes in ISO 3166-1. Two states had `CS`; `AI`, `BQ`, `BY`, `GE` and `SK`
 * belong to others today: a code with a year is one place.
 *
 * Source: ISO 3166-3:2020 and the ISO Online Browsing Platform (names, codes, what replaced them). The years are those in
 * which the state or territory was there, not those of its code: ISO withdrew codes up to three years later. A year in
 * which one gave way to another belongs to both, as statistics of that year may name either.
 */
export const FORMER_PLACES: readonly DatedPlace[] = [
  {
    code: 'AI',
    alpha3: 'AFI',
    alpha4: 'AIDJ',
    name: 'French Afars and Issas',
    until: 1977,
    successors: ['DJ'],
    renamed: true,
  },
  {
    code: 'AN',
    alpha3: 'ANT',
    alpha4: 'ANHH',
    name: 'Netherlands Antilles',
    until: 2010,
    successors: ['BQ', 'CW', 'SX'],
  },
  {
    code: 'BQ',
    alpha3: 'ATB',
    alpha4: 'BQAQ',
    name: 'British Antarctic Territory',
    from: 1962,
    until: 1979,
    successors: ['AQ'],
  },
  { code: 'BU', alpha3: 'BUR', alpha4: 'BUMM', name: 'Burma', until: 1989, successors: ['MM'], renamed: true },
  { code: 'BY', alpha3: 'BYS', alpha4: 'BYAA', name: 'Byelorussian SSR', from: 1922, until: 1991, successors: ['BY'] },
  {
    code: 'CS',
    alpha3: 'CSK',
    alpha4: 'CSHH',
    name: 'Czechoslovakia',
    from: 1918,
    until: 1992,
    successors: ['CZ', 'SK'],
  },
  {
    code: 'CS',
    alpha3: 'SCG',
    alpha4: 'CSXX',
    name: 'Serbia and Montenegro',
    from: 2003,
    until: 2006,
    successors: ['ME', 'RS'],
  },
  {
    code: 'CT',
    alpha3: 'CTE',
    alpha4: 'CTKI',
    name: 'Canton and Enderbury Islands',
    from: 1939,
    until: 1979,
    successors: ['KI'],
  },
  {
    code: 'DD',
    alpha3: 'DDR',
    alpha4: 'DDDE',
    name: 'German Democratic Republic',
    from: 1949,
    until: 1990,
    successors: ['DE'],
  },
  { code: 'DY', alpha3: 'DHY', alpha4: 'DYBJ', name: 'Dahomey', until: 1975, successors: ['BJ'], renamed: true },
  {
    code: 'FQ',
    alpha3: 'ATF',
    alpha4: 'FQHH',
    name: 'French Southern and Antarctic Territories',
    from: 1955,
    until: 1979,
    successors: ['AQ', 'TF'],
  },
  {
    code: 'FX',
    alpha3: 'FXX',
    alpha4: 'FXFR',
    name: 'France, Metropolitan',
    from: 1993,
    until: 1997,
    successors: ['FR'],
  },
  {
    code: 'GE',
    alpha3: 'GEL',
    alpha4: 'GEHH',
    name: 'Gilbert and Ellice Islands',
    until: 1979,
    successors: ['KI', 'TV'],
  },
  { code: 'HV', alpha3: 'HVO', alpha4: 'HVBF', name: 'Upper Volta', until: 1984, successors: ['BF'], renamed: true },
  { code: 'JT', alpha3: 'JTN', alpha4: 'JTUM', name: 'Johnston Island', until: 1986, successors: ['UM'] },
  { code: 'MI', alpha3: 'MID', alpha4: 'MIUM', name: 'Midway Islands', until: 1986, successors: ['UM'] },
  { code: 'NH', alpha3: 'NHB', alpha4: 'NHVU', name: 'New Hebrides', until: 1980, successors: ['VU'], renamed: true },
  {
    code: 'NQ',
    alpha3: 'ATN',
    alpha4: 'NQAQ',
    name: 'Dronning Maud Land',
    from: 1939,
    until: 1983,
    successors: ['AQ'],
  },
  {
    code: 'NT',
    alpha3: 'NTZ',
    alpha4: 'NTHH',
    name: 'Neutral Zone',
    from: 1922,
    until: 1991,
    successors: ['IQ', 'SA'],
  },
  {
    code: 'PC',
    alpha3: 'PCI',
    alpha4: 'PCHH',
    name: 'Pacific Islands (trust territory)',
    from: 1947,
    until: 1994,
    successors: ['FM', 'MH', 'MP', 'PW'],
  },
  {
    code: 'PU',
    alpha3: 'PUS',
    alpha4: 'PUUM',
    name: 'US Miscellaneous Pacific Islands',
    until: 1986,
    successors: ['UM'],
  },
  { code: 'PZ', alpha3: 'PCZ', alpha4: 'PZPA', name: 'Panama Canal Zone', from: 1903, until: 1979, successors: ['PA'] },
  {
    code: 'RH',
    alpha3: 'RHO',
    alpha4: 'RHZW',
    name: 'Southern Rhodesia',
    until: 1980,
    successors: ['ZW'],
    renamed: true,
  },
  { code: 'SK', alpha3: 'SKM', alpha4: 'SKIN', name: 'Sikkim', until: 1975, successors: ['IN'] },
  {
    code: 'SU',
    alpha3: 'SUN',
    alpha4: 'SUHH',
    name: 'USSR',
    from: 1922,
    until: 1991,
    successors: ['AM', 'AZ', 'BY', 'EE', 'GE', 'KG', 'KZ', 'LT', 'LV', 'MD', 'RU', 'TJ', 'TM', 'UA', 'UZ'],
  },
  { code: 'TP', alpha3: 'TMP', alpha4: 'TPTL', name: 'East Timor', until: 2002, successors: ['TL'], renamed: true },
  {
    code: 'VD',
    alpha3: 'VDR',
    alpha4: 'VDVN',
    name: 'Viet-Nam, Democratic Republic of',
    from: 1945,
    until: 1976,
    successors: ['VN'],
  },
  { code: 'WK', alpha3: 'WAK', alpha4: 'WKUM', name: 'Wake Island', until: 1986, successors: ['UM'] },
  { code: 'YD', alpha3: 'YMD', alpha4: 'YDYE', name: 'Yemen, Democratic', from: 1967, until: 1990, successors: ['YE'] },
  {
    code: 'YU',
    alpha3: 'YUG',
    alpha4: 'YUCS',
    name: 'Yugoslavia',
    from: 1918,
    until: 2003,
    successors: ['BA', 'CS', 'HR', 'ME', 'MK', 'RS', 'SI', 'XK'],
  },
  { code: 'ZR', alpha3: 'ZAR', alpha4: 'ZRCD', name: 'Zaire', until: 1997, successors: ['CD'], renamed: true },
];

/**
 * Kosovo under `XK`, which ISO 3166-1 leaves to users (AA, QM to QZ, XA to XZ, ZZ) and the European Commission uses: its
 * Interinstitutional Style Guide, annex A5. This designation is without prejudice to positions on status. `XKX` is the
 * alpha-3 code of the World Bank.
 */
export const KOSOVO: DatedPlace = { code: 'XK', alpha3: 'XKX', name: 'Kosovo', from: 2008 };

/**
 * First years of countries of today whose ground statistics counted elsewhere before. What is not here counts as there
 * since before 1900: the same ground, under whatever name or rule.
 *
 * Source: United Nations, Growth in United Nations membership (dates of independence and admission), and the treaties
 * and declarations named there.
 */
export const FIRST_YEARS: Readonly<Record<string, number>> = {
  AI: 1980,
  AM: 1991,
  AW: 1986,
  AZ: 1991,
  BA: 1992,
  BD: 1971,
  BF: 1984,
  BJ: 1975,
  BQ: 2010,
  BY: 1991,
  CD: 1997,
  CW: 2010,
  CZ: 1993,
  DJ: 1977,
  EE: 1991,
  ER: 1993,
  FM: 1986,
  GE: 1991,
  HR: 1991,
  KG: 1991,
  KI: 1979,
  KZ: 1991,
  LT: 1991,
  LV: 1991,
  MD: 1991,
  ME: 2006,
  MH: 1986,
  MK: 1991,
  MM: 1989,
  MP: 1978,
  PK: 1947,
  PW: 1994,
  RS: 2006,
  RU: 1991,
  SI: 1991,
  SK: 1993,
  SS: 2011,
  SX: 2010,
  TF: 1979,
  TJ: 1991,
  TL: 2002,
  TM: 1991,
  TV: 1978,
  UA: 1991,
  UM: 1986,
  UZ: 1991,
  VU: 1980,
  ZW: 1980,
};

/** Earlier years of some of these: last years under the same code. Source: the same, and the League of Nations. */
export const EARLIER_UNTIL: Readonly<Record<string, number>> = {
  EE: 1940,
  ER: 1952,
  LT: 1940,
  LV: 1940,
  ME: 1918,
  RS: 1918,
  RU: 1922,
};
