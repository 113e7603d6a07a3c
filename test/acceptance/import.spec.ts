import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPlatform, type RunningPlatform } from './support/platform.js';

/** The gallium and tungsten rows of the world table; the whole of it is used where it lies beside the repository. */
const SLICE = 'test/acceptance/support/usgs-mcs-slice.csv';
const WORLD = '../shared/data/usgs_mcs2026_world.csv';
if (!existsSync(WORLD))
  console.warn(`NOT CHECKED: ${WORLD} is absent, so the shares of the real USGS table were not tested.`);
/** Zinc, lithium, gallium and manganese as USGS publishes them: in the data release of 2026, and in the columns of the years before. */
const RELEASE = 'test/acceptance/support/usgs-mcs-release-2026-sample.csv';
const PUBLISHED = 'test/acceptance/support/usgs-mcs-world-sample.csv';

let platform: RunningPlatform;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.stop());

type Outcome = { readonly code: number | null; readonly report: string; readonly said: string };

const runImport = async (
  args: readonly string[],
  environment: Record<string, string> = { LODESTONE_DATA: platform.folder },
): Promise<Outcome> => {
  const { LODESTONE_URL: _, LODESTONE_TOKEN: __, INIT_CWD: ___, ...inherited } = process.env;
  const importer = spawn(process.execPath, ['dist/apps/import/src/main.js', ...args], {
    env: { ...inherited, NODE_OPTIONS: '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(importer, 'close');
  const [report, said] = await Promise.all([importer.stdout.toArray(), importer.stderr.toArray()]);
  const [code] = (await ended) as [number | null];
  return { code, report: report.join(''), said: said.join('') };
};

/** `lists  222  0  222  0  0` of a report: rows read, recorded, already there, skipped, rejected. */
const counts = ({ report }: Outcome, source: string): readonly number[] => {
  const line = report.split('\n').find((each) => each.startsWith(`${source} `)) ?? '';
  return line
    .slice(source.length)
    .trim()
    .split(/\s+/)
    .map((figure) => Number(figure.replaceAll(',', '')));
};

const temporary = (name: string, content: string): string => {
  const file = join(platform.folder, name);
  writeFileSync(file, content);
  return file;
};

describe('npm run import -- usgs-mcs', () => {
  it('registers the materials that the register lacks, reports production, and reports nothing twice', async () => {
    const first = await runImport(['usgs-mcs', SLICE]);
    expect(first).toMatchObject({ code: 0 });
    expect(counts(first, 'materials that the register lacks')).toEqual([2, 2, 0, 0, 0]);
    expect(counts(first, 'world production')).toEqual([60, 40, 0, 20, 0]);

    const second = await runImport(['usgs-mcs', SLICE]);
    expect(second).toMatchObject({
      code: 0,
      report: expect.stringContaining('Nothing was recorded: everything is there already'),
    });
    expect(second.report).not.toContain('materials that the register lacks');
    expect(counts(second, 'world production')).toEqual([60, 0, 40, 20, 0]);
  });

  it('names rejected rows by line and reason, records the others, and revises a figure that has changed', async () => {
    const lines = readFileSync(SLICE, 'utf8').split('\n');
    const china = lines.findIndex((line) => line.includes(',China,') && line.includes(',2024,'));
    lines[china] = lines[china]!.replace(/,2024,([\d.]+),/, ',2024,777000,');
    lines.splice(1, 0, 'not,a,row', lines[2]!.replace(/,[A-Z]{3},/, ',XXX,'));
    const reportFile = join(platform.folder, 'report.json');

    const outcome = await runImport(['usgs-mcs', temporary('bad.csv', lines.join('\n')), '--report', reportFile]);
    expect(outcome.code).toBe(1);
    expect(counts(outcome, 'world production')).toEqual([62, 1, 39, 20, 2]);
    expect(outcome.report).toContain('line 2: has 3 fields instead of 18');
    expect(outcome.report).toMatch(/line 3: nothing was called "XXX" \(.+\) in \d+, or the name is unknown/);
    expect(JSON.parse(readFileSync(reportFile, 'utf8'))).toEqual([
      expect.objectContaining({
        source: 'world production',
        recorded: 1,
        rejected: [expect.objectContaining({ line: 2 }), expect.objectContaining({ line: 3 })],
      }),
    ]);
    // The earlier figure is what the source says.
    expect(counts(await runImport(['usgs-mcs', SLICE]), 'world production')).toEqual([60, 1, 39, 20, 0]);
  });

  it('goes on where a run was killed, and then records nothing any more', async () => {
    const killed = spawn(process.execPath, ['dist/apps/import/src/main.js', 'usgs-mcs', RELEASE], {
      env: { ...process.env, NODE_OPTIONS: '', LODESTONE_DATA: platform.folder },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const ended = once(killed, 'close');
    for await (const said of killed.stderr)
      if (String(said).includes('world production: ')) {
        killed.kill('SIGKILL');
        break;
      }
    await ended;
    const rest = await runImport(['usgs-mcs', RELEASE]);
    expect(rest).toMatchObject({ code: 0 });
    const [read, recorded, alreadyThere, skipped, rejected] = counts(rest, 'world production');
    expect([read, recorded! + alreadyThere!, skipped, rejected]).toEqual([83, 82, 1, 0]);
    expect(alreadyThere).toBeGreaterThan(0);
    expect(counts(await runImport(['usgs-mcs', RELEASE]), 'world production')).toEqual([83, 0, 82, 1, 0]);
  });

  it('leaves the figures of a newer edition alone, says so, and replaces them when asked to', async () => {
    const older = temporary(
      'older.csv',
      readFileSync(PUBLISHED, 'utf8').replaceAll('MCS2026,', 'MCS2025,').replace('4000,4100', '4000,4099'),
    );
    const left = await runImport(['usgs-mcs', older]);
    expect(left).toMatchObject({
      code: 0,
      report: expect.stringContaining('a figure of a newer edition is recorded: left as it is'),
    });
    expect(counts(left, 'world production')).toEqual([83, 0, 0, 83, 0]);
    expect(counts(await runImport(['usgs-mcs', older, '--replace-newer']), 'world production')).toEqual([
      83, 82, 0, 1, 0,
    ]);
    expect(counts(await runImport(['usgs-mcs', RELEASE]), 'world production')).toEqual([83, 82, 0, 1, 0]);
  });

  const ifWorld = existsSync(WORLD) ? it : it.skip;
  ifWorld('reads the whole world table without a rejected row, and records nothing of it twice', async () => {
    const first = await runImport(['usgs-mcs', WORLD]);
    expect(first.code).toBe(0);
    const [read, recorded, alreadyThere, skipped, rejected] = counts(first, 'world production');
    expect([read, skipped, rejected]).toEqual([3303, 2089, 0]);
    expect(recorded! + alreadyThere! + skipped!).toBe(read);
    expect(counts(await runImport(['usgs-mcs', WORLD]), 'world production')).toEqual([
      read,
      0,
      recorded! + alreadyThere!,
      skipped,
      0,
    ]);
  });

  ifWorld('makes shares of the world of it, or bounds where the world total leaves somebody out', async () => {
    // The importer waits for no read model: this fact stands behind all of its.
    const last = await platform.as(null, 'SECRETARIAT').command('reportProduction', {
      ...{ material: 'gallium', country: 'AQ', year: 1999, stage: 'REFINING' },
      ...{ quantity: '0', basis: 'ESTIMATED', source: 'For the test.' },
    });
    type Told = {
      readonly share: string | null;
      readonly shareWithin: { readonly atLeast: string; readonly atMost: string };
    };
    type Concentration = {
      readonly stage: string;
      readonly total: string | null;
      readonly hhi: string | null;
      readonly largestSupplier: Told & { readonly country: string; readonly isCertain: boolean };
      readonly missing: readonly { readonly country: string; readonly basis: string }[];
    };
    const told = async (code: string, year: number, stage: string): Promise<Concentration> => {
      const { material } = await platform
        .as(null, 'OBSERVER')
        .query<{ material: { concentration: readonly Concentration[] } }>(
          `query ($code: String!, $year: Int, $stage: Stage, $atLeast: Position) { material(code: $code, atLeast: $atLeast) { concentration(year: $year, stage: $stage) {
             stage total hhi missing { country basis } largestSupplier { country isCertain share shareWithin { atLeast atMost } } } } }`,
          { code, year, stage, atLeast: last.accepted ? last.position : null },
        );
      return material.concentration[0]!;
    };
    const share = ({ largestSupplier: { country, share: of, isCertain } }: Concentration) => [
      country,
      Number(of).toFixed(1),
      isCertain,
    ];
    expect(share(await told('zinc', 2025, 'MINING'))).toEqual(['CN', '31.5', true]);
    expect(share(await told('aluminium', 2024, 'REFINING'))).toEqual(['CN', '60.4', true]);
    expect(share(await told('nickel', 2024, 'MINING'))).toEqual(['ID', '62.3', true]);
    expect(await told('lithium', 2024, 'MINING')).toMatchObject({
      total: null,
      hhi: null,
      missing: [{ country: 'US', basis: 'WITHHELD' }],
      largestSupplier: {
        country: 'AU',
        share: null,
        isCertain: false,
        shareWithin: { atLeast: '0', atMost: '37.090192' },
      },
    });
  });

  it.each([
    ['a file that is not there', ['usgs-mcs', '/nowhere/world.csv'], 1, 'There is no file /nowhere/world.csv.'],
    [
      'another table',
      ['usgs-mcs', 'package.json'],
      1,
      'is not the world table of the USGS Mineral Commodity Summaries: it lacks commodity',
    ],
    ['a folder', ['usgs-mcs', 'apps'], 1, 'is a folder, not a file'],
    [
      'no place for the report',
      ['usgs-mcs', SLICE, '--report', '/nowhere/report.json'],
      1,
      'The report cannot be written to /nowhere/report.json',
    ],
    ['a folder for the report', ['usgs-mcs', SLICE, '--report', 'apps'], 1, 'Nothing was imported.'],
    ['no file', ['usgs-mcs'], 2, 'Name the file of the USGS world table.'],
    ['something else', ['weather'], 2, '"weather" is nothing that can be imported.'],
    ['nothing', [], 2, 'Say what to import.'],
  ])('says what is wrong when it is given %s', async (_, args, code, sentence) => {
    expect(await runImport(args)).toMatchObject({ code, report: '', said: expect.stringContaining(sentence) });
  });
});

describe('npm run import -- reference', () => {
  it('brings materials, lists and the EU strategic projects, and brings nothing twice', async () => {
    const before = (
      await platform
        .as(null, 'SECRETARIAT')
        .query<{ materials: { totalCount: number } }>('{ materials { totalCount } }')
    ).materials.totalCount;
    const first = await runImport(['reference']);
    expect(first).toMatchObject({ code: 0 });
    expect(counts(first, 'materials')).toEqual([79, 79 - before, before, 0, 0]);
    expect(counts(first, 'lists')).toEqual([222, 222, 0, 0, 0]);
    expect(counts(first, 'EU strategic projects')).toEqual([60, 60, 0, 0, 0]);

    const second = await runImport(['reference']);
    expect(second).toMatchObject({
      code: 0,
      report: expect.stringContaining('Nothing was recorded: everything is there already'),
    });
    expect(counts(second, 'EU strategic projects')).toEqual([60, 0, 60, 0, 0]);
  });

  it('shows them to everybody', async () => {
    const shown = await platform
      .as(null, 'OBSERVER')
      .query(
        '{ materials { totalCount } projects(filter: { owner: ["EU"] }) { totalCount } material(code: "gallium") { lists { list } concentration(year: 2025) { largestSupplier { country } } } }',
      );
    expect(shown).toEqual({
      materials: { totalCount: 79 },
      projects: { totalCount: 60 },
      material: {
        lists: ['EU_CRITICAL', 'EU_STRATEGIC', 'JP_CRITICAL', 'US_CRITICAL'].map((list) => ({ list })),
        concentration: [{ largestSupplier: { country: 'CN' } }],
      },
    });
  });

  it('leaves a material off a list that its jurisdiction has taken it off since', async () => {
    const delisted = await platform
      .as('JP', 'DELEGATE')
      .command('delistMaterial', { code: 'gallium', list: 'JP_CRITICAL', on: '2026-01-01', reason: 'For the test.' });
    expect(delisted.accepted).toBe(true);
    // The importer reads what is shown; this makes sure that the delisting is.
    await platform
      .as(null, 'OBSERVER')
      .query('query ($atLeast: Position) { materials(atLeast: $atLeast) { totalCount } }', {
        atLeast: delisted.accepted ? delisted.position : null,
      });
    const again = await runImport(['reference']);
    expect(counts(again, 'lists')).toEqual([222, 0, 221, 1, 0]);
    expect(again.report).toContain('1  imported before and taken off since: left as it is');
  });

  it('imports with a token what that token may, and says what is left for whom', async () => {
    const LODESTONE_TOKEN = await platform.tokenOf({ country: 'EU', roles: ['LIAISON'] })();
    const outcome = await runImport(['reference'], { LODESTONE_URL: platform.graphql, LODESTONE_TOKEN });
    expect(outcome).toMatchObject({
      code: 0,
      report: expect.stringContaining('Not imported: materials, lists. That is for the secretariat (role SECRETARIAT)'),
    });
    expect(counts(outcome, 'EU strategic projects')).toEqual([60, 0, 60, 0, 0]);
  });

  it('says who may when the token may nothing of it', async () => {
    const LODESTONE_TOKEN = await platform.tokenOf({ country: 'JP', roles: ['LIAISON'] })();
    const outcome = await runImport(['usgs-mcs', SLICE], { LODESTONE_URL: platform.graphql, LODESTONE_TOKEN });
    expect(outcome).toMatchObject({
      code: 1,
      report: '',
      said: expect.stringContaining('The token is that of JP, LIAISON. What you import is for the secretariat'),
    });
  });

  it.each([
    ['no platform runs', { LODESTONE_DATA: '/nowhere' }, 1, 'No platform runs on /nowhere.'],
    [
      'the address does not answer',
      { LODESTONE_URL: 'http://127.0.0.1:1/graphql', LODESTONE_TOKEN: 'x' },
      1,
      'http://127.0.0.1:1/graphql does not answer',
    ],
    [
      'a token is missing',
      { LODESTONE_URL: 'http://127.0.0.1:4000/graphql' },
      1,
      'LODESTONE_URL and LODESTONE_TOKEN go together',
    ],
    ['the address is none', { LODESTONE_URL: 'lodestone' }, 2, 'LODESTONE_URL is not a web address'],
  ])('says so when %s', async (_, environment, code, sentence) => {
    expect(await runImport(['reference'], environment as Record<string, string>)).toMatchObject({
      code,
      report: '',
      said: expect.stringContaining(sentence),
    });
  });

  it('says so when the token is refused', async () => {
    const outcome = await runImport(['reference'], { LODESTONE_URL: platform.graphql, LODESTONE_TOKEN: 'x' });
    expect(outcome).toMatchObject({
      code: 1,
      report: '',
      said: expect.stringContaining('The platform refuses the token'),
    });
  });
});
