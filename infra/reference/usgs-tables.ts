import { COUNTRIES } from '@kernel';
import { WrongFile, type CsvFile } from './csv-file.js';
import { kindOf } from './usgs-kinds.js';
import { USGS_COLUMNS, type UsgsRow } from './usgs-mcs.js';

/** One row in the columns of the tidy table, or why there is none of a record. */
export type TableRow =
  | { readonly line: number; readonly row: UsgsRow }
  | { readonly line: number; readonly rejected: string }
  | { readonly line: number; readonly skipped: string };

/** The columns of the data release of 2026, MCS2026_Commodities_Data.csv. */
const RELEASE_COLUMNS = [
  'Section',
  'Commodity',
  'Country',
  'Statistics',
  'Statistics_detail',
  'Unit',
  'Year',
  'Value',
  'Notes',
] as const;
/** The columns of the world tables to 2025, MCS2025_World_Data.csv; those of the years are beside them. */
const WORLD_COLUMNS = ['SOURCE', 'COMMODITY', 'COUNTRY', 'TYPE', 'UNIT_MEAS'] as const;
const YEAR_COLUMN = /^PROD_(?<estimated>EST_ ?)?(?<year>20\d\d)$/;

/** Data releases of the Mineral Commodity Summaries, by their edition. */
const RELEASES: Readonly<Record<string, string>> = {
  2025: ', doi:10.5066/P13XCP3R',
  2026: ', doi:10.5066/P1WKQ63T',
};
const releaseOf = (edition: number | string): string => `USGS MCS ${edition} data release${RELEASES[edition] ?? ''}`;

/**
 * Reads the rows of a world table of the USGS Mineral Commodity Summaries, in whichever of its three shapes.
 * @throws WrongFile where it is none of them
 */
export function shapeOf(path: string, columns: readonly string[]): (file: CsvFile) => readonly TableRow[] {
  const lacks = (names: readonly string[]): readonly string[] => names.filter((name) => !columns.includes(name));
  if (lacks(USGS_COLUMNS).length === 0) return tidyRows;
  if (lacks(RELEASE_COLUMNS).length === 0) return releaseRows;
  if (lacks(WORLD_COLUMNS).length === 0 && columns.some((name) => YEAR_COLUMN.test(name))) return worldRows;
  throw new WrongFile(
    `${path} is not the world table of the USGS Mineral Commodity Summaries: it lacks ${lacks(USGS_COLUMNS).join(', ')}. ` +
      'The files of a data release have the columns MCS chapter, Section, Commodity, … (from 2026 on) or SOURCE, COMMODITY, COUNTRY, TYPE, … (until 2025).',
  );
}

type Fields = Readonly<Record<string, string>>;

const each = (
  { columns, records }: CsvFile,
  of: (line: number, fields: Fields) => readonly TableRow[],
): readonly TableRow[] =>
  records.flatMap(({ line, fields }) =>
    fields.length === columns.length
      ? of(line, Object.fromEntries(columns.map((name, at) => [name, fields[at]!])))
      : [{ line, rejected: `has ${fields.length} fields instead of ${columns.length}` }],
  );

const tidyRows = (file: CsvFile): readonly TableRow[] =>
  each(file, (line, fields) => [{ line, row: fields as UsgsRow }]);

const releaseRows = (file: CsvFile): readonly TableRow[] => {
  const [section, year] = ['Section', 'Year'].map((name) => file.columns.indexOf(name)) as [number, number];
  // An edition gives estimates of the year before it, and no figure of its own year.
  const years = file.records
    .filter(({ fields }) => fields[section]?.startsWith('World') && /^20\d\d$/.test(fields[year] ?? ''))
    .map(({ fields }) => Number(fields[year]));
  const source = releaseOf(years.reduce((latest, each) => Math.max(latest, each), 0) + 1);
  return each(file, (line, fields) => {
    const of = (name: (typeof RELEASE_COLUMNS)[number]): string => fields[name]!.trim();
    if (!of('Section').startsWith('World')) return [{ line, skipped: 'not of the world' }];
    const place = placeOf(of('Country'));
    const cell = cellOf(of('Value'));
    if (cell === null) return [{ line, skipped: 'nothing stated' }];
    return [
      {
        line,
        row: {
          commodity: of('Commodity'),
          section: of('Section'),
          ...place,
          statistic: of('Statistics'),
          statistic_detail: of('Statistics_detail'),
          unit: of('Unit'),
          year: of('Year'),
          ...cell,
          is_estimated: `${isEstimated(of('Notes'))}`,
          notes: of('Notes'),
          source,
        },
      },
    ];
  });
};

const worldRows = (file: CsvFile): readonly TableRow[] => {
  const years = file.columns.flatMap((column) => {
    const { year, estimated } = YEAR_COLUMN.exec(column)?.groups ?? {};
    return year === undefined ? [] : [{ column, year, isEstimate: estimated !== undefined }];
  });
  return each(file, (line, fields) => {
    const of = (name: string): string => (fields[name] ?? '').trim();
    const edition = /^MCS ?(20\d\d)$/.exec(of('SOURCE'))?.[1];
    if (edition === undefined) return [{ line, rejected: `source "${of('SOURCE')}" is no edition such as MCS2025` }];
    const kind = kindOf(of('COMMODITY'), of('TYPE'));
    if (!kind) return [{ line, skipped: 'no figure of a material of the register' }];
    const [name, section, detail] = kind;
    const stated = years.flatMap(({ column, year, isEstimate }): TableRow[] => {
      const cell = cellOf(of(column));
      if (cell === null) return [];
      const notes = of('PROD_NOTES');
      return [
        {
          line,
          row: {
            commodity: name,
            section,
            ...placeOf(of('COUNTRY')),
            statistic: 'Production',
            statistic_detail: detail,
            unit: of('UNIT_MEAS').toLowerCase(),
            year,
            ...cell,
            is_estimated: `${isEstimate || isEstimated(notes)}`,
            notes,
            source: releaseOf(edition),
          },
        },
      ];
    });
    return stated.length > 0 ? stated : [{ line, skipped: 'nothing stated' }];
  });
};

const isEstimated = (notes: string): boolean => /(^|-- )Estimated\b/.test(notes);

/** A country or an aggregate, as USGS names it: `World total (rounded)`, `Other countries`, `Congo (Kinshasa)`. */
const placeOf = (country: string): Pick<UsgsRow, 'country' | 'iso3' | 'is_aggregate'> => {
  const aggregate = /^world total/i.test(country)
    ? 'World total'
    : /^other countries/i.test(country)
      ? 'Other countries'
      : null;
  return aggregate === null
    ? { country, iso3: alpha3Of.get(plain(country)) ?? '', is_aggregate: 'false' }
    : { country: aggregate, iso3: '', is_aggregate: 'true' };
};

/** A name without what differs between spellings of it: accents, apostrophes, `&` for `and`. */
const plain = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}\s&]/gu, '')
    .replace(/&/g, 'and')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();

/** Names that USGS uses, where they are others than the customary ones. */
const USGS_NAMES = [
  ['Burma', 'MMR'],
  ['Turkey', 'TUR'],
  ['Korea, Republic of', 'KOR'],
  ['Korea, North', 'PRK'],
  ['Congo (Kinshasa)', 'COD'],
  ['Congo (Brazzaville)', 'COG'],
] as const;
const alpha3Of = new Map<string, string>([
  ...COUNTRIES.map(({ name, alpha3 }) => [plain(name), alpha3] as const),
  ...USGS_NAMES.map(([name, alpha3]) => [plain(name), alpha3] as const),
]);

type Cell = Pick<UsgsRow, 'value' | 'value_status' | 'comparator' | 'bound_or_text'>;
const cell = (value_status: string, value: string, comparator = '', bound_or_text = ''): Cell => ({
  value,
  value_status,
  comparator,
  bound_or_text,
});

/** What a published cell states, in the columns of the tidy table; null where it is empty. */
const cellOf = (given: string): Cell | null => {
  const text = given.replace(/^e\s*(?=\d)|(?<=\d)\s*e$/i, '').trim();
  if (text === '') return null;
  if (/^(—|–|-|--)$/.test(text)) return cell('zero', '0');
  if (text === 'W') return cell('withheld', '');
  if (text === 'NA') return cell('not_available', '');
  const [, comparator, bound = text] = /^([<>])\s*(.*)$/.exec(text) ?? [];
  if (!/^(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$/.test(bound)) return cell('text', '', '', text);
  const figure = bound.replaceAll(',', '');
  if (comparator !== undefined) return cell(comparator === '>' ? 'bound_lower' : 'bound_upper', '', comparator, figure);
  return /^[0.]+$/.test(figure) ? cell('zero', figure) : cell('reported', figure);
};
