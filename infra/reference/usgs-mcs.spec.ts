import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { readUsgsMcsFile } from './usgs-mcs-file.js';
import { readUsgsMcs, type UsgsCommodity, type UsgsLine, type UsgsProduction } from './usgs-mcs.js';

const commodities = JSON.parse(
  readFileSync(new URL('usgs-commodities.json', import.meta.url), 'utf8'),
) as UsgsCommodity[];

const gallium = {
  commodity: 'Gallium',
  section: 'World Low-Purity Production and Production Capacity',
  country: 'Japan',
  iso3: 'JPN',
  is_aggregate: 'false',
  statistic: 'Production',
  statistic_detail: 'Primary production',
  unit: 'kilograms',
  year: '2024',
  value: '3000',
  value_status: 'reported',
  is_estimated: 'true',
  source: 'USGS MCS 2026 data release, doi:10.5066/P1WKQ63T',
};

const tungsten = {
  ...gallium,
  commodity: 'Tungsten',
  section: 'World Mine Production and Reserves',
  country: 'Vietnam',
  iso3: 'VNM',
  statistic_detail: 'Mine production',
  unit: 'metric tons',
  value: '3400',
  is_estimated: 'false',
};

async function outcomes(...rows: Record<string, string>[]): Promise<UsgsLine[]> {
  return Array.fromAsync(readUsgsMcs(rows, commodities));
}

async function produced(row: Record<string, string>): Promise<UsgsProduction> {
  const [only] = await outcomes(row);
  if (!only || !('production' in only)) throw new Error(`no production: ${JSON.stringify(only)}`);
  return only.production;
}

async function rejected(change: Record<string, string>): Promise<string> {
  const [only] = await outcomes({ ...gallium, ...change });
  return only && 'rejected' in only ? only.rejected : JSON.stringify(only);
}

async function skipped(change: Record<string, string>): Promise<string> {
  const [only] = await outcomes({ ...gallium, ...change });
  return only && 'skipped' in only ? only.skipped : JSON.stringify(only);
}

describe('a production row', () => {
  it('becomes a figure of the register, in tonnes', async () => {
    expect(await outcomes(gallium)).toEqual([
      {
        line: 2,
        production: {
          material: 'gallium',
          country: 'JP',
          year: 2024,
          stage: 'REFINING',
          quantityTonnes: '3',
          basis: 'ESTIMATED',
          statistic: 'primary production, low purity',
          source: 'USGS MCS 2026 data release, doi:10.5066/P1WKQ63T, Gallium',
        },
      },
    ]);
  });

  it('is counted from line 2 on, in order', async () => {
    const lines = await outcomes(gallium, tungsten, { ...gallium, statistic: 'Reserves' });
    expect(lines.map(({ line }) => line)).toEqual([2, 3, 4]);
  });

  it('says whether the figure was reported or estimated', async () => {
    expect((await produced(tungsten)).basis).toBe('REPORTED');
    expect((await produced({ ...tungsten, is_estimated: 'true' })).basis).toBe('ESTIMATED');
  });

  it('is a mine figure or a refinery figure of the same metal, side by side', async () => {
    const copper = { ...tungsten, commodity: 'Copper', section: 'World Mine and Refinery Production and Reserves' };
    const lines = await outcomes(copper, { ...copper, statistic_detail: 'Refinery production' });
    expect(lines.map((each) => 'production' in each && each.production.stage)).toEqual(['MINING', 'REFINING']);
  });

  it('keeps apart what must not be added up', async () => {
    const sands = { ...tungsten, commodity: 'Titanium Mineral Concentrates' };
    expect((await produced({ ...sands, statistic_detail: 'Mine production: Ilmenite' })).material).toBe('ilmenite');
    expect((await produced({ ...sands, statistic_detail: 'Mine production: Rutile' })).material).toBe('rutile');
  });

  it('may state that nothing was produced', async () => {
    expect((await produced({ ...tungsten, value: '0', value_status: 'zero' })).quantityTonnes).toBe('0');
  });

  it.each([
    ['3000', 'kilograms', '3'],
    ['79.5', 'kilograms', '0.0795'],
    ['1', 'kilograms', '0.001'],
    ['0', 'kilograms', '0'],
    ['100000', 'kilograms', '100'],
    ['3400', 'metric tons', '3400'],
    ['0.1', 'metric tons', '0.1'],
    ['20.6', 'thousand metric tons', '20600'],
    ['1.2345', 'thousand metric tons', '1234.5'],
    ['0.1', 'thousand metric dry tons', '100'],
    ['128', 'million metric tons', '128000000'],
    ['0.05', 'million metric tons', '50000'],
    ['007.50', 'metric tons', '7.5'],
    ['900719925474099', 'metric tons', '900719925474099'],
  ])('states %s %s as %s t, exactly', async (value, unit, tonnes) => {
    expect((await produced({ ...tungsten, value, unit })).quantityTonnes).toBe(tonnes);
  });
});

describe('a row in which something is wrong is rejected', () => {
  it.each([
    [{ iso3: 'XYZ', country: 'Atlantis' }, 'country code "XYZ" (Atlantis) is unknown'],
    [{ iso3: '' }, 'country code "" (Japan) is unknown'],
    [{ value: '1,300' }, 'value "1,300" is not a number of zero or more'],
    [{ value: '' }, 'value "" is not a number of zero or more'],
    [{ value: '-3' }, 'value "-3" is not a number of zero or more'],
    [{ value: '3e5' }, 'value "3e5" is not a number of zero or more'],
    [{ unit: 'tons' }, 'unit "tons" is not a known unit of mass'],
    [{ unit: 'constructor' }, 'unit "constructor" is not a known unit of mass'],
    [{ year: '2024e' }, 'year "2024e" is not a year'],
    [{ value_status: 'guessed' }, 'value status "guessed" is unknown'],
    [{ is_estimated: 'yes' }, 'is_estimated is "yes" instead of true or false'],
    [{ is_aggregate: '' }, 'is_aggregate is "" instead of true or false'],
    [{ statistic: 'Consumption' }, 'statistic "Consumption" is unknown'],
    [{ source: '' }, 'no source is named'],
  ])('%j', async (change, reason) => {
    expect(await rejected(change as Record<string, string>)).toBe(reason);
  });

  it('a quantity finer or larger than the platform keeps', async () => {
    expect(await rejected({ value: '0.00012' })).toContain('at most 15 digits before the point and 6 after');
    expect(await rejected({ value: '1234567890123456', unit: 'million metric tons' })).toContain('at most 15 digits');
  });

  it('a statistic of a known commodity for which there is no rule', async () => {
    expect(await rejected({ statistic_detail: 'Secondary production' })).toBe(
      'no rule for "Gallium", section "World Low-Purity Production and Production Capacity", detail "Secondary production"',
    );
  });

  it('a column that is not there', async () => {
    const { unit: _unit, year: _year, ...rest } = gallium;
    expect(await outcomes(rest)).toEqual([{ line: 2, rejected: 'lacks unit, year' }]);
  });

  it('a figure that an earlier line has given', async () => {
    const [, second] = await outcomes(gallium, { ...gallium, value: '9000' });
    expect(second).toEqual({ line: 3, rejected: 'repeats the figure of line 2: gallium JP 2024 REFINING' });
  });

  it('and the rows after it are read', async () => {
    const lines = await outcomes({ ...gallium, iso3: 'XYZ' }, tungsten);
    expect(lines.map((each) => 'production' in each)).toEqual([false, true]);
  });
});

describe('a row that is no production figure of a country is skipped', () => {
  it.each([
    [{ statistic: 'Capacity' }, 'capacity, not production'],
    [{ statistic: 'Reserves' }, 'reserves, not production'],
    [{ is_aggregate: 'true', country: 'World total', iso3: '' }, 'world total or other countries'],
    [{ value_status: 'withheld', value: '' }, 'withheld by the source'],
    [{ value_status: 'not_available', value: '' }, 'not available'],
    [{ value_status: 'text', value: '' }, 'no single figure'],
    [{ value_status: 'bound_lower', value: '' }, 'no single figure'],
    [{ commodity: 'Cement' }, 'commodity outside the register'],
    [{ commodity: 'Helium', unit: 'million cubic meters' }, 'measured by volume, not by mass'],
    [{ commodity: 'Boron' }, 'figures of different countries cannot be compared'],
  ])('%j', async (change, reason) => {
    expect(await skipped(change as Record<string, string>)).toBe(reason);
  });
});

describe('a file', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'usgs-mcs-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  function file(...lines: string[]): string {
    const path = join(folder, 'world.csv');
    writeFileSync(path, `\uFEFF${lines.join('\n')}\n`);
    return path;
  }
  const names = Object.keys(gallium).join(',');
  const fields = (row: Record<string, string>): string =>
    Object.values(row)
      .map((each) => `"${each}"`)
      .join(',');

  it('is read line by line, and a line with too few or too many fields is rejected', async () => {
    const path = file(names, fields(gallium), 'Gallium,World', `${fields(tungsten)},one more`, '', fields(tungsten));
    const lines = await Array.fromAsync(readUsgsMcsFile(path, commodities));
    expect(lines.map(({ line }) => line)).toEqual([2, 3, 4, 6]);
    expect(lines[1]).toEqual({ line: 3, rejected: 'has 2 fields instead of 13' });
    expect(lines[2]).toEqual({ line: 4, rejected: 'has 14 fields instead of 13' });
    expect(lines.filter((each) => 'production' in each)).toHaveLength(2);
  });

  it('of another kind is refused with what it lacks', async () => {
    const read = Array.fromAsync(readUsgsMcsFile(file('commodity,section', 'Gallium,x'), commodities));
    await expect(read).rejects.toThrow(
      /is not the world table of the USGS Mineral Commodity Summaries: it lacks country, iso3/,
    );
  });

  it('that is not there is named', async () => {
    const read = Array.fromAsync(readUsgsMcsFile(join(folder, 'absent.csv'), commodities));
    await expect(read).rejects.toThrow(/ENOENT.*absent\.csv/);
  });
});

describe('the world table of 2026', () => {
  const path = fileURLToPath(new URL('../../../shared/data/usgs_mcs2026_world.csv', import.meta.url));
  const there = existsSync(path);
  if (!there) console.warn(`NOT CHECKED: ${path} is absent, so the reading of the real USGS table was not tested.`);

  let lines: UsgsLine[];
  let raw: Record<string, string>[];
  beforeAll(async () => {
    if (!there) return;
    lines = await Array.fromAsync(readUsgsMcsFile(path, commodities));
    raw = parse<Record<string, string>>(readFileSync(path), { bom: true, columns: true });
  });

  const counted = (reasons: string[]): Record<string, number> =>
    Object.fromEntries([...Map.groupBy(reasons, (each) => each)].map(([reason, all]) => [reason, all.length]));

  it('is read whole: every line is a figure or skipped, and none is rejected', () => {
    if (!there) return;
    expect(lines).toHaveLength(3303);
    expect(lines.filter((each) => 'rejected' in each)).toEqual([]);
    expect(lines.filter((each) => 'production' in each)).toHaveLength(1032);
    expect(counted(lines.flatMap((each) => ('skipped' in each ? [each.skipped] : [])))).toEqual({
      'reserves, not production': 729,
      'capacity, not production': 220,
      'world total or other countries': 326,
      'commodity outside the register': 940,
      'figures of different countries cannot be compared': 18,
      'measured by volume, not by mass': 16,
      'withheld by the source': 16,
      'not available': 4,
      'no single figure': 2,
    });
  });

  // USGS rounds its world totals to two or three digits, so a sum may differ from them by one part in a hundred.
  it.each([
    ['aluminium', 'REFINING', 'Aluminum', 'Smelter production', 3],
    ['bauxite', 'MINING', 'Bauxite', 'Bauxite, mine production', 3],
    ['cobalt', 'MINING', 'Cobalt', 'Mine production', 0],
    ['copper', 'MINING', 'Copper', 'Mine production', 3],
    ['copper', 'REFINING', 'Copper', 'Refinery production', 3],
    ['gallium', 'REFINING', 'Gallium', 'Primary production', -3],
    ['graphite', 'MINING', 'Graphite (Natural)', 'Mine production', 0],
    ['palladium', 'MINING', 'Palladium', 'Mine production: Palladium', -3],
    ['tungsten', 'MINING', 'Tungsten', 'Mine production', 0],
  ] as const)('adds up to the world total of 2024: %s, %s', (material, stage, commodity, detail, power) => {
    if (!there) return;
    const aggregate = (country: string, details: string[]): bigint => {
      const row = raw.find(
        (each) =>
          each['commodity'] === commodity &&
          each['country'] === country &&
          each['year'] === '2024' &&
          details.includes(each['statistic_detail'] ?? ''),
      );
      return (grams(row?.['value'] || '0') * 10n ** BigInt(power + 3)) / 1000n;
    };
    const named = lines
      .flatMap((each) => ('production' in each ? [each.production] : []))
      .filter((each) => each.material === material && each.stage === stage && each.year === 2024)
      .reduce((sum, each) => sum + grams(each.quantityTonnes), 0n);

    const sum = named + aggregate('Other countries', [detail]);
    const total = aggregate('World total', [`${detail}: rounded`, `${detail}, rounded`]);
    expect(total).toBeGreaterThan(0n);
    expect((sum > total ? sum - total : total - sum) * 100n).toBeLessThanOrEqual(total);
  });
});

/** A quantity of tonnes with up to six decimals, as whole grams. */
function grams(tonnes: string): bigint {
  const [whole = '0', fraction = ''] = tonnes.split('.');
  return BigInt(whole + fraction.padEnd(6, '0'));
}
