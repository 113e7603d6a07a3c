import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { readUsgsMcsFile } from './usgs-mcs-file.js';
import {
  readUsgsMcs,
  type UsgsCommodity,
  type UsgsLine,
  type UsgsProduction,
  type UsgsWorldProduction,
} from './usgs-mcs.js';

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
          edition: 2026,
        },
      },
    ]);
  });

  it('is counted from line 2 on, in order', async () => {
    const lines = await outcomes(gallium, tungsten, { ...gallium, statistic: 'Reserves' });
    expect(lines.map(({ line }) => line)).toEqual([2, 3, 4]);
  });

  it.each([
    ['COD', 'Congo (Kinshasa)', '2024', 'CD'],
    ['COD', 'Congo (Kinshasa)', '1980', 'ZR'],
    ['', 'U.S.S.R.', '1980', 'SU'],
    ['', 'Burma', '2024', 'MM'],
    ['XKX', 'Kosovo', '2024', 'XK'],
  ])('of %s, %s, in %s is of %s', async (iso3, country, year, code) => {
    expect((await produced({ ...tungsten, iso3, country, year })).country).toBe(code);
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
    [{ iso3: 'XYZ', country: 'Atlantis' }, 'nothing was called "XYZ" (Atlantis) in 2024, or the name is unknown'],
    [{ iso3: '', country: 'Atlantis' }, 'nothing was called "" (Atlantis) in 2024, or the name is unknown'],
    [
      { iso3: 'RUS', country: 'Russia', year: '1980' },
      'nothing was called "RUS" (Russia) in 1980, or the name is unknown',
    ],
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

describe('a row without a figure', () => {
  it.each([
    [{ value_status: 'withheld' }, { basis: 'WITHHELD' }],
    [{ value_status: 'not_available' }, { basis: 'NOT_AVAILABLE' }],
    [
      { value_status: 'text', bound_or_text: 's' },
      { basis: 'REPORTED', atMostTonnes: '0.5' },
    ],
    [
      { value_status: 'text', bound_or_text: '1,330 - 1,390' },
      { basis: 'REPORTED', atLeastTonnes: '1330', atMostTonnes: '1390' },
    ],
    [
      { value_status: 'bound_lower', comparator: '>', bound_or_text: '540' },
      { basis: 'REPORTED', atLeastTonnes: '540' },
    ],
    [
      { value_status: 'bound_upper', comparator: '<', bound_or_text: '200' },
      { basis: 'REPORTED', atMostTonnes: '200' },
    ],
  ])('says why, or between what it lies: %j', async (change, stated) => {
    const { basis, quantityTonnes, atLeastTonnes, atMostTonnes } = await produced({
      ...tungsten,
      value: '',
      ...change,
    });
    expect(quantityTonnes).toBeUndefined();
    expect({ basis, ...(atLeastTonnes && { atLeastTonnes }), ...(atMostTonnes && { atMostTonnes }) }).toEqual(stated);
  });
});

describe('a row of several countries', () => {
  const lithium = { ...tungsten, commodity: 'Lithium', iso3: '', is_aggregate: 'true', value: '222000' };
  const world = async (change: Record<string, string>): Promise<UsgsWorldProduction> => {
    const [only] = await outcomes({ ...lithium, ...change });
    if (!only || !('world' in only)) throw new Error(`nothing of the world: ${JSON.stringify(only)}`);
    return only.world;
  };
  const total = { country: 'World total', statistic_detail: 'Mine production: rounded' };

  it('is what the world produced, with whom the total leaves out', async () => {
    expect(await world({ ...total, notes: 'Estimated. -- Excludes U.S. production.' })).toEqual({
      material: 'lithium',
      year: 2024,
      stage: 'MINING',
      quantityTonnes: '222000',
      basis: 'REPORTED',
      statistic: 'mine production, lithium content',
      source: 'USGS MCS 2026 data release, doi:10.5066/P1WKQ63T, Lithium',
      edition: 2026,
      scope: 'WORLD',
      excludes: ['US'],
    });
  });
  it.each([
    ['', []],
    ['Only countries that did recover it are listed; others are excluded.', []],
    ['Data are for refined selenium only. -- Excludes U.S. production.', ['US']],
    ['Other output may be missing. Does not include production in the United States.', ['US']],
  ])('leaves out by its notes %j: %j', async (notes, excludes) =>
    expect((await world({ ...total, notes })).excludes).toEqual(excludes),
  );
  it('is what the countries produced that are not named', async () =>
    expect(await world({ country: 'Other countries' })).toMatchObject({
      scope: 'OTHER_COUNTRIES',
      quantityTonnes: '222000',
      excludes: [],
    }));
  it('counts what its countries count, in whatever letters', async () => {
    const sands = { commodity: 'Titanium Mineral Concentrates', ...total };
    expect((await world({ ...sands, statistic_detail: 'Mine production: ilmenite, rounded' })).material).toBe(
      'ilmenite',
    );
    expect(
      await outcomes({ ...lithium, ...sands, statistic_detail: 'Mine production: ilmenite and rutile, rounded' }),
    ).toEqual([{ line: 2, skipped: 'total of what is kept apart here' }]);
  });
  it('of other countries than these is rejected', async () =>
    expect(await outcomes({ ...lithium, country: 'Western Europe' })).toEqual([
      { line: 2, rejected: '"Western Europe" is neither the world total nor other countries' },
    ]));
});

describe('a row that states no production is skipped', () => {
  it.each([
    [{ statistic: 'Capacity' }, 'capacity, not production'],
    [{ statistic: 'Reserves' }, 'reserves, not production'],
    [{ value_status: 'text', value: '', bound_or_text: 'Large' }, 'no single figure'],
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

  const file = (content: string | Buffer, name = 'world.csv'): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  const read = (path: string): readonly UsgsLine[] => readUsgsMcsFile(path, commodities);
  const table = (...lines: string[]): string => `${lines.join('\n')}\n`;
  const names = Object.keys(gallium).join(',');
  const fields = (row: Record<string, string>): string =>
    Object.values(row)
      .map((each) => `"${each}"`)
      .join(',');

  it('is read line by line, and a line with too few or too many fields is rejected', () => {
    const lines = read(
      file(
        table(`\uFEFF${names}`, fields(gallium), 'Gallium,World', `${fields(tungsten)},one more`, '', fields(tungsten)),
      ),
    );
    expect(lines.map(({ line }) => line)).toEqual([2, 3, 4, 6]);
    expect(lines[1]).toEqual({ line: 3, rejected: 'has 2 fields instead of 13' });
    expect(lines[2]).toEqual({ line: 4, rejected: 'has 14 fields instead of 13' });
    expect(lines.filter((each) => 'production' in each)).toHaveLength(2);
  });

  const ivory = { ...tungsten, commodity: 'Manganese', country: 'Côte d’Ivoire', iso3: 'CIX' };
  const unknown = [{ line: 2, rejected: expect.stringContaining('(Côte d’Ivoire) in 2024') }];
  const text = table(names, fields({ ...ivory, section: 'World Mine Production (manganese content) and Reserves' }));
  const windows1252 = (given: string): Buffer =>
    Buffer.from(given.replaceAll('’', '\u0092').replaceAll('—', '\u0097'), 'latin1');
  it.each<[string, () => Buffer]>([
    ['UTF-8', () => Buffer.from(text)],
    ['UTF-8 with a byte order mark', () => Buffer.from(`\uFEFF${text}`)],
    ['UTF-16, little end first', () => Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['UTF-16, big end first', () => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
    ['Windows-1252', () => windows1252(text)],
  ])('is read as %s, letter by letter', (_, bytes) => expect(read(file(bytes()))).toEqual(unknown));

  it.each<[string, string | Buffer, string, string]>([
    [
      'of semicolons',
      table(names.replaceAll(',', ';'), 'a;b'),
      'world.csv',
      'is separated by semicolons, not by commas',
    ],
    ['of tabs', table(names.replaceAll(',', '\t'), 'a\tb'), 'world.csv', 'is separated by tabs, not by commas'],
    [
      'in another encoding',
      Buffer.from([...Buffer.from(table(names)), 0x43, 0x81, 0x8d, 0x0a]),
      'world.csv',
      'is neither UTF-8 nor Windows-1252',
    ],
    ['of UTF-16 without a mark', Buffer.from(text, 'utf16le'), 'world.csv', 'is not text'],
    [
      'that is a workbook',
      Buffer.from('PK\u0003\u0004 … [Content_Types].xml … xl/workbook.xml'),
      'world.csv',
      'is an Excel workbook (XLSX), not a CSV file. Save its sheet as',
    ],
    [
      'that is an archive',
      Buffer.from('PK\u0003\u0004 … World_Data.csv'),
      'world.zip',
      'is a ZIP archive, not a CSV file. Unpack it',
    ],
    [
      'that is an old workbook',
      Buffer.from('d0cf11e0a1b11ae100', 'hex'),
      'world.xls',
      'is an old Excel workbook (XLS)',
    ],
    ['that is a document', '%PDF-1.7', 'mcs2026.pdf', 'is a PDF document'],
    ['that is binary', Buffer.from([1, 2, 0, 3]), 'world.csv', 'is not text'],
    ['that is empty', '', 'world.csv', 'is empty'],
    [
      'of another table',
      table('commodity,section', 'Gallium,x'),
      'world.csv',
      'is not the world table of the USGS Mineral Commodity Summaries: it lacks country, iso3',
    ],
    [
      'with a broken quotation',
      table(names, fields(gallium), 'Gallium,"Wor"ld"'),
      'world.csv',
      'world.csv, line 3: a quotation mark',
    ],
    ['that breaks off', table(names, 'Gallium,"World', 'and on'), 'world.csv', 'world.csv, line 2: a quotation mark'],
  ])('%s is refused by name, with what to do', (_, content, name, sentence) => {
    const path = file(content, name);
    expect(() => read(path)).toThrow(sentence);
    expect(() => read(path)).toThrow(path);
  });

  it('that is not there is named', () => expect(() => read(join(folder, 'absent.csv'))).toThrow(/ENOENT.*absent\.csv/));
});

describe('a table as USGS publishes it', () => {
  const sample = (name: string): readonly UsgsLine[] =>
    readUsgsMcsFile(fileURLToPath(new URL(`../../test/acceptance/support/${name}`, import.meta.url)), commodities);
  const statements = (lines: readonly UsgsLine[]): readonly (UsgsProduction | UsgsWorldProduction)[] =>
    lines.flatMap((line): (UsgsProduction | UsgsWorldProduction)[] =>
      'production' in line ? [line.production] : 'world' in line ? [line.world] : [],
    );
  const keyOf = (each: UsgsProduction | UsgsWorldProduction): string =>
    [each.material, 'country' in each ? each.country : each.scope, each.year].join(' ');
  const release = sample('usgs-mcs-release-2026-sample.csv');
  const older = sample('usgs-mcs-world-sample.csv');

  it('has no line that is not understood', () => {
    expect([...release, ...older].filter((each) => 'rejected' in each)).toEqual([]);
    expect(release.filter((each) => 'skipped' in each)).toEqual([{ line: 2, skipped: 'not of the world' }]);
    expect(older.filter((each) => 'skipped' in each)).toEqual([
      { line: 43, skipped: 'no figure of a material of the register' },
    ]);
  });

  it('states the same in the columns of the release and in those of the years before', () => {
    const stated = (lines: readonly UsgsLine[]) =>
      Object.fromEntries(
        statements(lines).map(({ basis, ...each }) => [
          keyOf({ ...each, basis }),
          { ...each, isKnown: /ED$/.test(basis) && basis !== 'WITHHELD' },
        ]),
      );
    expect(statements(release).length).toBeGreaterThan(80);
    expect(stated(older)).toEqual(stated(release));
  });

  it('names its edition, withheld figures and what a total leaves out', () => {
    for (const lines of [release, older]) {
      const byKey = new Map(statements(lines).map((each) => [keyOf(each), each]));
      expect(byKey.get('lithium US 2024')).toMatchObject({ basis: 'WITHHELD', edition: 2026 });
      expect(byKey.get('lithium WORLD 2025')).toMatchObject({
        quantityTonnes: '290000',
        excludes: ['US'],
        edition: 2026,
      });
      expect(byKey.get('zinc CN 2025')).toMatchObject({ quantityTonnes: '4100000', basis: 'ESTIMATED' });
      expect(byKey.get('gallium OTHER_COUNTRIES 2025')).toMatchObject({ quantityTonnes: '0' });
      expect(byKey.get('manganese CI 2025')).toMatchObject({ quantityTonnes: '350000' });
    }
  });
});

describe('the world table of 2026', () => {
  const path = fileURLToPath(new URL('../../../shared/data/usgs_mcs2026_world.csv', import.meta.url));
  const there = existsSync(path);
  if (!there) console.warn(`NOT CHECKED: ${path} is absent, so the reading of the real USGS table was not tested.`);

  let lines: readonly UsgsLine[];
  let raw: Record<string, string>[];
  beforeAll(() => {
    if (!there) return;
    lines = readUsgsMcsFile(path, commodities);
    raw = parse<Record<string, string>>(readFileSync(path), { bom: true, columns: true });
  });

  const counted = (reasons: string[]): Record<string, number> =>
    Object.fromEntries([...Map.groupBy(reasons, (each) => each)].map(([reason, all]) => [reason, all.length]));

  it('is read whole: every line is a statement or skipped, and none is rejected', () => {
    if (!there) return;
    expect(lines).toHaveLength(3303);
    expect(lines.filter((each) => 'rejected' in each)).toEqual([]);
    expect(lines.filter((each) => 'production' in each)).toHaveLength(1054);
    expect(lines.filter((each) => 'world' in each)).toHaveLength(160);
    expect(counted(lines.flatMap((each) => ('skipped' in each ? [each.skipped] : [])))).toEqual({
      'reserves, not production': 729,
      'capacity, not production': 220,
      'total of what is kept apart here': 2,
      'commodity outside the register': 1100,
      'figures of different countries cannot be compared': 20,
      'measured by volume, not by mass': 18,
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
      .reduce((sum, each) => sum + grams(each.quantityTonnes ?? '0'), 0n);

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
