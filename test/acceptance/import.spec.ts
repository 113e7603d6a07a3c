import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPlatform, type RunningPlatform } from './support/platform.js';

/** The gallium and tungsten rows of the world table; the whole of it is used where it lies beside the repository. */
const SLICE = 'test/acceptance/support/usgs-mcs-slice.csv';
const WORLD = '../shared/data/usgs_mcs2026_world.csv';

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
    expect(counts(first, 'world production')).toEqual([60, 32, 0, 28, 0]);

    const second = await runImport(['usgs-mcs', SLICE]);
    expect(second).toMatchObject({
      code: 0,
      report: expect.stringContaining('Nothing was recorded: everything is there already'),
    });
    expect(second.report).not.toContain('materials that the register lacks');
    expect(counts(second, 'world production')).toEqual([60, 0, 32, 28, 0]);
  });

  it('names rejected rows by line and reason, records the others, and revises a figure that has changed', async () => {
    const lines = readFileSync(SLICE, 'utf8').split('\n');
    const china = lines.findIndex((line) => line.includes(',China,') && line.includes(',2024,'));
    lines[china] = lines[china]!.replace(/,2024,([\d.]+),/, ',2024,777000,');
    lines.splice(1, 0, 'not,a,row', lines[2]!.replace(/,[A-Z]{3},/, ',XXX,'));
    const reportFile = join(platform.folder, 'report.json');

    const outcome = await runImport(['usgs-mcs', temporary('bad.csv', lines.join('\n')), '--report', reportFile]);
    expect(outcome.code).toBe(1);
    expect(counts(outcome, 'world production')).toEqual([62, 1, 31, 28, 2]);
    expect(outcome.report).toContain('line 2: has 3 fields instead of 18');
    expect(outcome.report).toMatch(/line 3: country code "XXX" \(.+\) is unknown/);
    expect(JSON.parse(readFileSync(reportFile, 'utf8'))).toEqual([
      expect.objectContaining({
        source: 'world production',
        recorded: 1,
        rejected: [expect.objectContaining({ line: 2 }), expect.objectContaining({ line: 3 })],
      }),
    ]);
    // The earlier figure is what the source says.
    expect(counts(await runImport(['usgs-mcs', SLICE]), 'world production')).toEqual([60, 1, 31, 28, 0]);
  });

  const ifWorld = existsSync(WORLD) ? it : it.skip;
  ifWorld('reads the whole world table without a rejected row, and records nothing of it twice', async () => {
    const first = await runImport(['usgs-mcs', WORLD]);
    expect(first.code).toBe(0);
    const [read, recorded, alreadyThere, skipped, rejected] = counts(first, 'world production');
    expect([read, rejected]).toEqual([3303, 0]);
    expect(alreadyThere).toBe(32);
    expect(recorded! + alreadyThere! + skipped!).toBe(read);
    expect(counts(await runImport(['usgs-mcs', WORLD]), 'world production')).toEqual([
      read,
      0,
      recorded! + 32,
      skipped,
      0,
    ]);
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
