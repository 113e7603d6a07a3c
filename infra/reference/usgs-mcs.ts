import { countryOfAlpha3, decimal, InvalidValue, type Stage } from '@kernel';

/** A row of usgs-commodities.json that says which material, stage and statistic a kind of production row stands for. */
export interface UsgsProductionRule {
  readonly commodity: string;
  readonly section: string;
  readonly statistic: string;
  readonly detail: string;
  readonly material: string;
  readonly stage: Stage;
  /** What the quantity counts: `mine production, tungsten content`. */
  readonly counts: string;
  readonly source: string;
}

/** A row of usgs-commodities.json that leaves a whole commodity out, with the reason. */
export interface UsgsExclusion {
  readonly commodity: string;
  readonly skip: string;
  readonly source: string;
}

export type UsgsCommodity = UsgsProductionRule | UsgsExclusion;

/**
 * What one country produced of one material at one stage in one year. These four identify the figure: what must not be
 * added up (bauxite and aluminium, ilmenite and rutile) has a material code of its own.
 */
export interface UsgsProduction {
  /** Code in materials.json. */
  readonly material: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly year: number;
  readonly stage: Stage;
  /** Exact decimal, `0.0795`; zero is a figure too. */
  readonly quantityTonnes: string;
  readonly basis: 'REPORTED' | 'ESTIMATED';
  /** What is counted, `mine production, tungsten content`. */
  readonly statistic: string;
  readonly source: string;
}

/** The outcome of one line of the file: a figure, a row that is wrong, or a row that is no country's production figure. */
export type UsgsLine =
  | { readonly line: number; readonly production: UsgsProduction }
  | { readonly line: number; readonly rejected: string }
  | { readonly line: number; readonly skipped: string };

/** The columns a row must have, under these names. */
export const USGS_COLUMNS = [
  'commodity',
  'section',
  'country',
  'iso3',
  'is_aggregate',
  'statistic',
  'statistic_detail',
  'unit',
  'year',
  'value',
  'value_status',
  'is_estimated',
  'source',
] as const;

type UsgsRow = Record<(typeof USGS_COLUMNS)[number], string>;

/** Units of mass, each as the power of ten that makes tonnes of it. */
const TONNES = new Map([
  ['kilograms', -3],
  ['metric tons', 0],
  ['thousand metric tons', 3],
  ['thousand metric dry tons', 3],
  ['million metric tons', 6],
]);

const WITHOUT_FIGURE = new Map([
  ['withheld', 'withheld by the source'],
  ['not_available', 'not available'],
  ['text', 'no single figure'],
  ['bound_lower', 'no single figure'],
  ['bound_upper', 'no single figure'],
]);

/**
 * Reads the rows of the USGS Mineral Commodity Summaries world table, one outcome per row, in order. Lines are counted
 * from 2, as line 1 of the file holds the column names.
 */
export async function* readUsgsMcs(
  rows: AsyncIterable<Record<string, string>> | Iterable<Record<string, string>>,
  commodities: readonly UsgsCommodity[],
): AsyncGenerator<UsgsLine> {
  const read = usgsRowReader(commodities);
  let line = 1;
  for await (const row of rows) yield read(++line, row);
}

/** Reads one row after the other and remembers what it has seen, so that a figure given twice is refused. */
export function usgsRowReader(
  commodities: readonly UsgsCommodity[],
): (line: number, row: Record<string, string>) => UsgsLine {
  const excluded = new Map<string, string>();
  const rules = new Map<string, UsgsProductionRule>();
  for (const each of commodities) {
    if ('skip' in each) excluded.set(each.commodity, each.skip);
    else rules.set(ruleKey(each.commodity, each.section, each.statistic, each.detail), each);
  }
  const known = new Set(commodities.map(({ commodity }) => commodity));
  const lineOf = new Map<string, number>();

  const outcome = (line: number, row: UsgsRow): UsgsLine => {
    if (row.statistic === 'Capacity' || row.statistic === 'Reserves') {
      return { line, skipped: `${row.statistic.toLowerCase()}, not production` };
    }
    if (row.statistic !== 'Production') throw new BadRow(`statistic "${row.statistic}" is unknown`);
    if (flag('is_aggregate', row.is_aggregate)) return { line, skipped: 'world total or other countries' };
    const excludedFor = excluded.get(row.commodity);
    if (excludedFor !== undefined) return { line, skipped: excludedFor };
    if (!known.has(row.commodity)) return { line, skipped: 'commodity outside the register' };

    const rule = rules.get(ruleKey(row.commodity, row.section, row.statistic, row.statistic_detail));
    if (!rule) {
      throw new BadRow(`no rule for "${row.commodity}", section "${row.section}", detail "${row.statistic_detail}"`);
    }
    const withoutFigure = WITHOUT_FIGURE.get(row.value_status);
    if (withoutFigure !== undefined) return { line, skipped: withoutFigure };

    const production = figure(row, rule);
    const key = [production.material, production.country, production.year, production.stage].join(' ');
    const earlier = lineOf.get(key);
    if (earlier !== undefined) throw new BadRow(`repeats the figure of line ${earlier}: ${key}`);
    lineOf.set(key, line);
    return { line, production };
  };

  return (line, row) => {
    try {
      return outcome(line, complete(row));
    } catch (error) {
      if (error instanceof BadRow) return { line, rejected: error.message };
      throw error;
    }
  };
}

function figure(row: UsgsRow, rule: UsgsProductionRule): UsgsProduction {
  const country = countryOfAlpha3(row.iso3);
  if (country === undefined) throw new BadRow(`country code "${row.iso3}" (${row.country}) is unknown`);
  if (!/^(19|20)\d{2}$/.test(row.year)) throw new BadRow(`year "${row.year}" is not a year`);
  if (row.value_status !== 'reported' && row.value_status !== 'zero') {
    throw new BadRow(`value status "${row.value_status}" is unknown`);
  }
  if (row.source === '') throw new BadRow('no source is named');
  return {
    material: rule.material,
    country,
    year: Number(row.year),
    stage: rule.stage,
    quantityTonnes: tonnes(row.value, row.unit),
    basis: flag('is_estimated', row.is_estimated) ? 'ESTIMATED' : 'REPORTED',
    statistic: rule.counts,
    source: `${row.source}, ${row.commodity}`,
  };
}

/** The exact quantity in tonnes: the decimal point moves, nothing is calculated. */
function tonnes(value: string, unit: string): string {
  const power = TONNES.get(unit);
  if (power === undefined) throw new BadRow(`unit "${unit}" is not a known unit of mass`);
  const [, whole, fraction = ''] = /^(\d+)(?:\.(\d+))?$/.exec(value) ?? [];
  if (whole === undefined) throw new BadRow(`value "${value}" is not a number of zero or more`);
  const padded = whole.padStart(1 - power, '0');
  const digits = padded + fraction.padEnd(power, '0');
  const point = padded.length + power;
  const moved = `${digits.slice(0, point).replace(/^0+(?=\d)/, '')}.${digits.slice(point)}`.replace(/\.?0*$/, '');
  try {
    return decimal(moved);
  } catch (error) {
    if (error instanceof InvalidValue) throw new BadRow(`value "${value}" ${unit}: in tonnes it ${error.message}`);
    throw error;
  }
}

function flag(column: string, value: string): boolean {
  if (value !== 'true' && value !== 'false') throw new BadRow(`${column} is "${value}" instead of true or false`);
  return value === 'true';
}

function complete(row: Record<string, string>): UsgsRow {
  const missing = USGS_COLUMNS.filter((column) => row[column] === undefined);
  if (missing.length > 0) throw new BadRow(`lacks ${missing.join(', ')}`);
  return row as UsgsRow;
}

const ruleKey = (...parts: string[]): string => JSON.stringify(parts);

/** Something is wrong with the row; the message says what. */
class BadRow extends Error {}
