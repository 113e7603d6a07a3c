import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LodestoneClient, CommandAccepted } from '@adapters/lodestone-client';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { startPlatform, type RunningPlatform } from './support/platform.js';

let platform: RunningPlatform;
let id: string;
let proposedAt: string;
const clients: LodestoneClient[] = [];
const as = (country: string | null, role: string): LodestoneClient => {
  const one = platform.as(country, role);
  clients.push(one);
  return one;
};
const done = async (of: LodestoneClient, mutation: string, input: object): Promise<CommandAccepted> => {
  const outcome = await of.command(mutation, input);
  if (!outcome.accepted) throw new Error(`${mutation} was refused: ${JSON.stringify(outcome)}`);
  return outcome;
};

type Said = { code: number; out: string; err: string };
const auditor = async (args: readonly string[], isKeyed = true): Promise<Said> => {
  const { keysPassword } = JSON.parse(readFileSync(join(platform.folder, 'secrets.json'), 'utf8')) as {
    keysPassword: string;
  };
  const keys = new URL(platform.database);
  keys.username = 'lodestone_keys';
  keys.password = keysPassword;
  const { NODE_OPTIONS: _ofJest, ...inherited } = process.env;
  const env = {
    ...inherited,
    EVENT_STORE_URL: platform.eventStore,
    DATABASE_URL: platform.database,
    ...(isKeyed && { KEYS_DATABASE_URL: keys.toString(), OWNER_KEYS_FOLDER: join(platform.folder, 'owner-keys') }),
  };
  return new Promise((resolve) =>
    execFile(process.execPath, ['dist/apps/auditor/src/main.js', ...args], { env }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    ),
  );
};
const linesOf = ({ out }: Said) =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { position: string; type: string; data: object | null });
const live = async <T extends object>(sql: string): Promise<T[]> => {
  const client = new Client({ connectionString: platform.database });
  await client.connect();
  const { rows } = await client.query<T>(sql);
  await client.end();
  return rows;
};

beforeAll(async () => {
  platform = await startPlatform();
  const secretary = as(null, 'SECRETARIAT');
  for (const country of ['JP', 'US']) await done(secretary, 'admitMember', { country, since: '2026-05-01' });
  const material = { code: 'gallium', name: 'Gallium', group: 'minor metals', hsCodes: ['811292'] };
  await done(secretary, 'registerMaterial', material);
  const japan = as('JP', 'DELEGATE');
  const project = { title: 'First', materials: ['gallium'], stages: ['REFINING'], hostCountry: 'JP' };
  id = (await done(japan, 'proposeProject', project)).recordId;
  proposedAt = new Date().toISOString();
  const { position } = await done(japan, 'reviseProject', { id, title: 'Second' });
  await as('US', 'DELEGATE').command('endorseProject', { id });
  await japan.query('query ($p: Position) { projects(atLeast: $p) { nodes { id } } }', { p: position });
});
afterAll(async () => {
  await Promise.all(clients.map((each) => each.close()));
  await platform?.stop();
});

describe('auditor replay', () => {
  it('writes out a record, a stream, or everything between two positions', async () => {
    const record = linesOf(await auditor(['replay', '--record', id]));
    expect(record.map(({ type }) => type)).toEqual(['projects.ProjectProposed.v1', 'projects.ProjectRevised.v1']);
    expect(record.map(({ data }) => JSON.stringify(data))).toEqual([
      expect.stringContaining('"First"'),
      expect.stringContaining('"Second"'),
    ]);
    expect(linesOf(await auditor(['replay', '--stream', `project-${id}`]))).toEqual(record);
    const [first, second] = record.map(({ position }) => position) as [string, string];
    const all = linesOf(await auditor(['replay', '--all', '--from', first, '--to', second]));
    expect(all.map(({ position }) => position)).toEqual([first, second]);
  });
  it('withholds contents where there are no keys', async () => {
    const { out } = await auditor(['replay', '--record', id], false);
    expect(out).not.toContain('First');
    expect(linesOf({ out, err: '', code: 0 })[0]).toMatchObject({ type: 'projects.ProjectProposed.v1', data: null });
  });
  it('says what is wrong with the command line', async () => {
    expect(await auditor(['replay'])).toMatchObject({ code: 2, err: expect.stringContaining('Give one of') });
    expect(await auditor(['replay', '--record', 'x'])).toMatchObject({ code: 2 });
    const absent = '5f0c1b1e-7a57-4c1e-9a52-0d1c8a7be001';
    expect(await auditor(['state-at', '--record', absent, '--at', '0'])).toMatchObject({ code: 3 });
    expect(await auditor(['state-at', '--record', id, '--at', 'then'])).toMatchObject({ code: 2 });
  });
});

describe('auditor state-at, diff and timeline', () => {
  it('tell what was known, what became otherwise, and who did it', async () => {
    const { out } = await auditor(['state-at', '--record', id, '--at', proposedAt]);
    expect(JSON.parse(out)).toMatchObject({
      kind: 'project',
      knownThen: [{ fields: { title: 'First' } }],
      knownNow: null,
    });
    const now = new Date().toISOString();
    const changed = await auditor(['diff', '--record', id, '--from', proposedAt, '--to', now]);
    expect(changed.out).toContain('"column":"title","before":"First","after":"Second"');
    const told = await auditor(['timeline', '--all']);
    expect(told.out).toMatch(/ JP .* ReviseProject on project-\S+: projects\.ProjectRevised\.v1/);
    expect(told.out).toMatch(/ US .* EndorseProject on project-\S+ REFUSED PROJECTS\.NOT_FOUND/);
  });
});

describe('auditor rebuild --compare', () => {
  it('finds the live rows to be what the history makes of them', async () => {
    const { code, out, err } = await auditor(['rebuild', '--compare']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('The live rows are what the history makes of them');
  });
  it.each([
    ['changed', `UPDATE lodestone."projects.projects/2" SET row = row || '{"title":"Forged"}'`, /Forged/],
    ['taken away', `DELETE FROM lodestone."projects.projects/2"`, /"live":null/],
    [
      'made up',
      `INSERT INTO lodestone."access.members/1" SELECT * FROM (SELECT (m).* FROM (SELECT jsonb_populate_record(t, '{"key":"XX"}') AS m FROM lodestone."access.members/1" t LIMIT 1) x) y`,
      /"folded":null/,
    ],
  ])('finds a row that was %s', async (_, forgery, said) => {
    const table = /lodestone\."[^"]+"/.exec(forgery)![0];
    await live(`CREATE TABLE IF NOT EXISTS public.kept AS TABLE ${table}`);
    await live(forgery);
    const { code, out } = await auditor(['rebuild', '--compare']);
    await live(`DELETE FROM ${table}`);
    await live(`INSERT INTO ${table} SELECT * FROM public.kept`);
    await live('DROP TABLE public.kept');
    expect(code).toBe(1);
    expect(out).toMatch(said);
  });
});
