import { decimal, InvalidValue, placeCalled, type Stage } from '@kernel';

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

/** What the source states of a quantity: a figure, limits instead of one, or why there is neither. */
export interface UsgsStatement {
  /** Code in materials.json. What must not be added up (bauxite and aluminium) has a code of its own. */
  readonly material: string;
  readonly year: number;
  readonly stage: Stage;
  /** Exact decimal, `0.0795`; zero is a figure too. */
  readonly quantityTonnes?: string;
  readonly atLeastTonnes?: string;
  readonly atMostTonnes?: string;
  readonly basis: 'REPORTED' | 'ESTIMATED' | 'WITHHELD' | 'NOT_AVAILABLE';
  /** What is counted, `mine production, tungsten content`. */
  readonly statistic: string;
  readonly source: string;
  /** Year of the edition, where the source names it. */
  readonly edition?: number;
}

/** What one country produced, under the code that it had in that year: of ISO 3166-1 or, for what is gone, 3166-3. */
export type UsgsProduction = UsgsStatement & { readonly country: string };

/** What all producers together produced but for those that are left out, or all that are not named. */
export type UsgsWorldProduction = UsgsStatement & {
  readonly scope: 'WORLD' | 'OTHER_COUNTRIES';
  readonly excludes: readonly string[];
};

/** The outcome of one line of the file: a statement, a row that is wrong, or a row that states no production. */
export type UsgsLine =
  | { readonly line: number; readonly production: UsgsProduction }
  | { readonly line: number; readonly world: UsgsWorldProduction }
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

/** Columns that qualify the value; a table without them has nothing to add to it. */
type Qualifiers = 'comparator' | 'bound_or_text' | 'notes';

export type UsgsRow = Readonly<Record<(typeof USGS_COLUMNS)[number], string> & Partial<Record<Qualifiers, string>>>;

/** Units of mass, each as the power of ten that makes tonnes of it. */
const TONNES = new Map([
  ['kilograms', -3],
  ['metric tons', 0],
  ['thousand metric tons', 3],
  ['thousand metric dry tons', 3],
  ['million metric tons', 6],
]);

const REASONS = new Map([
  ['withheld', 'WITHHELD'],
  ['not_available', 'NOT_AVAILABLE'],
] as const);

/** USGS withholds figures of its own country alone, and says so of a total that they are not in. */
const LEAVES_OUT_THE_UNITED_STATES =
  /\b(?:excludes?|excluding|does not include|not including)\s+(?:production in the United States|U\.S\.|United States)/i;

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
    const excludedFor = excluded.get(row.commodity);
    if (excludedFor !== undefined) return { line, skipped: excludedFor };
    if (!known.has(row.commodity)) return { line, skipped: 'commodity outside the register' };

    const isAggregate = flag('is_aggregate', row.is_aggregate);
    const rule = rules.get(ruleKey(row.commodity, row.section, row.statistic, row.statistic_detail));
    if (!rule && isAggregate) return { line, skipped: 'total of what is kept apart here' };
    if (!rule) {
      throw new BadRow(`no rule for "${row.commodity}", section "${row.section}", detail "${row.statistic_detail}"`);
    }
    const stated = statement(row, rule);
    if (stated === null) return { line, skipped: 'no single figure' };

    const outcome = isAggregate ? { line, world: ofWorld(row, stated) } : { line, production: ofCountry(row, stated) };
    const whose = 'world' in outcome ? outcome.world.scope : outcome.production.country;
    const key = [stated.material, whose, stated.year, stated.stage].join(' ');
    const earlier = lineOf.get(key);
    if (earlier !== undefined) throw new BadRow(`repeats the figure of line ${earlier}: ${key}`);
    lineOf.set(key, line);
    return outcome;
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

/** What a row states in numbers or instead of them; null where it says neither. */
function statement(row: UsgsRow, rule: UsgsProductionRule): UsgsStatement | null {
  if (!/^(19|20)\d{2}$/.test(row.year)) throw new BadRow(`year "${row.year}" is not a year`);
  if (row.source === '') throw new BadRow('no source is named');
  const reason = REASONS.get(row.value_status as 'withheld');
  const figures = reason === undefined ? figuresOf(row) : {};
  if (figures === null) return null;
  const edition = /\bMCS ?(20\d\d)\b/.exec(row.source)?.[1];
  return {
    material: rule.material,
    year: Number(row.year),
    stage: rule.stage,
    ...figures,
    basis: reason ?? (flag('is_estimated', row.is_estimated) ? 'ESTIMATED' : 'REPORTED'),
    statistic: rule.counts,
    source: `${row.source}, ${row.commodity}`,
    ...(edition !== undefined && { edition: Number(edition) }),
  };
}

type Figures = Pick<UsgsStatement, 'quantityTonnes' | 'atLeastTonnes' | 'atMostTonnes'>;

function figuresOf({ value_status, value, unit, bound_or_text: text = '' }: UsgsRow): Figures | null {
  switch (value_status) {
    case 'reported':
    case 'zero':
      return { quantityTonnes: tonnes(value, unit) };
    case 'bound_lower':
      return { atLeastTonnes: tonnes(text, unit) };
    case 'bound_upper':
      return { atMostTonnes: tonnes(text, unit) };
    case 'text': {
      // "s" stands for less than half of the unit.
      if (text === 's') return { atMostTonnes: tonnes('0.5', unit) };
      const [, least, most] = /^([\d,.]+) ?[-–] ?([\d,.]+)$/.exec(text) ?? [];
      if (least === undefined || most === undefined) return null;
      return {
        atLeastTonnes: tonnes(least.replaceAll(',', ''), unit),
        atMostTonnes: tonnes(most.replaceAll(',', ''), unit),
      };
    }
    default:
      throw new BadRow(`value status "${value_status}" is unknown`);
  }
}

function ofCountry(row: UsgsRow, stated: UsgsStatement): UsgsProduction {
  const country = placeCalled(row.iso3 || row.country, stated.year);
  if (country === undefined)
    throw new BadRow(`nothing was called "${row.iso3}" (${row.country}) in ${row.year}, or the name is unknown`);
  return { ...stated, country };
}

function ofWorld(row: UsgsRow, stated: UsgsStatement): UsgsWorldProduction {
  if (row.country === 'Other countries') return { ...stated, scope: 'OTHER_COUNTRIES', excludes: [] };
  if (row.country !== 'World total')
    throw new BadRow(`"${row.country}" is neither the world total nor other countries`);
  return { ...stated, scope: 'WORLD', excludes: LEAVES_OUT_THE_UNITED_STATES.test(row.notes ?? '') ? ['US'] : [] };
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

/** Totals stand under the detail of their parts with `rounded` behind it. */
const ruleKey = (...parts: string[]): string =>
  JSON.stringify(parts.map((part) => part.replace(/[:,] rounded$/, '').toLowerCase()));

/** Something is wrong with the row; the message says what. */
class BadRow extends Error {}
