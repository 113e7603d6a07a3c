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

  /** The table that readers of a view are answered from. */
  const table = async (view: string): Promise<string> => {
    const [row] = await live<{ version: number }>(
      `SELECT max(version) AS version FROM lodestone.views WHERE name = '${view}' AND published`,
    );
    return `lodestone."${view}/${row!.version}"`;
  };

  /** Tamperings of what decides who sees a row, and of what lists go by: how they are done, undone, and named. */
  const tamperings: readonly (readonly [string, string, string, string, RegExp])[] = [
    [
      'a row put under the marking class of another',
      'projects.projects',
      `CREATE TABLE public.kept AS SELECT key, marking FROM T; UPDATE T SET marking = (SELECT marking FROM M LIMIT 1)`,
      `UPDATE T SET marking = kept.marking FROM public.kept WHERE kept.key = T.key`,
      /row .* of projects\.projects is shown to others than its marking says/,
    ],
    [
      'a row put under a class that is not there',
      'projects.projects',
      `CREATE TABLE public.kept AS SELECT key, marking FROM T; UPDATE T SET marking = 7`,
      `UPDATE T SET marking = kept.marking FROM public.kept WHERE kept.key = T.key`,
      /"live":null/,
    ],
    ...['readers', 'denied', 'needed'].map(
      (column) =>
        [
          `a marking class with other ${column}`,
          'projects.projects',
          `CREATE TABLE public.kept AS SELECT id, ${column} FROM lodestone.markings; UPDATE lodestone.markings SET ${column} = array_append(${column}, 'PUBLIC')`,
          `UPDATE lodestone.markings m SET ${column} = kept.${column} FROM public.kept WHERE kept.id = m.id`,
          /marking class \d+ does not say what it said when it was made/,
        ] as const,
    ),
    ...[
      ['owner', `'country:FR'`],
      ['level', `level + 1`],
      ['opens_at', `now()`],
      ['closes_at', `now()`],
    ].map(
      ([column, value]) =>
        [
          `a marking class with another ${column}`,
          'projects.projects',
          `CREATE TABLE public.kept AS SELECT id, ${column} FROM lodestone.markings; UPDATE lodestone.markings SET ${column} = ${value}`,
          `UPDATE lodestone.markings m SET ${column} = kept.${column} FROM public.kept WHERE kept.id = m.id`,
          /marking class \d+ does not say/,
        ] as const,
    ),
    [
      'a marking class rewritten together with its digest',
      'projects.projects',
      `CREATE TABLE public.kept AS SELECT * FROM lodestone.markings; UPDATE lodestone.markings SET readers = array_append(readers, 'PUBLIC'),
         digest = encode(sha256(convert_to('["' || owner || '",' || replace((SELECT json_agg(one ORDER BY one COLLATE "C") FROM unnest(array_append(readers, 'PUBLIC')) AS one)::text, ' ', '') || ',[],[],' || level || ',null,null]', 'UTF8')), 'hex')
         WHERE denied = '{}' AND needed = '{}' AND opens_at IS NULL AND closes_at IS NULL AND NOT 'PUBLIC' = ANY (readers)`,
      `UPDATE lodestone.markings m SET readers = kept.readers, digest = kept.digest FROM public.kept WHERE kept.id = m.id`,
      /is shown to others than its marking says/,
    ],
    [
      'a filter column emptied',
      'materials.materials',
      `CREATE TABLE public.kept AS SELECT key, f_lists FROM T; UPDATE T SET f_lists = '{none}'`,
      `UPDATE T SET f_lists = kept.f_lists FROM public.kept WHERE kept.key = T.key`,
      /column f_lists of the row gallium of materials\.materials does not say what the row says/,
    ],
    [
      'a sort column changed',
      'projects.projects',
      `CREATE TABLE public.kept AS SELECT key, f_title FROM T; UPDATE T SET f_title = 'Aaa'`,
      `UPDATE T SET f_title = kept.f_title FROM public.kept WHERE kept.key = T.key`,
      /column f_title/,
    ],
    [
      'row-level security switched off',
      'projects.projects',
      `CREATE TABLE public.kept (); ALTER TABLE T DISABLE ROW LEVEL SECURITY`,
      `ALTER TABLE T ENABLE ROW LEVEL SECURITY`,
      /is shown the row/,
    ],
    [
      'a policy that lets everybody read',
      'projects.projects',
      `CREATE TABLE public.kept (); CREATE POLICY more ON T FOR SELECT USING (true)`,
      `DROP POLICY more ON T`,
      /is shown the row/,
    ],
    [
      'a policy that lets nobody read',
      'projects.projects',
      `CREATE TABLE public.kept (); CREATE POLICY less ON T AS RESTRICTIVE FOR SELECT TO lodestone_reader USING (current_setting('lodestone.audiences', true) <> 'country:JP')`,
      `DROP POLICY less ON T`,
      /is not shown the row/,
    ],
    [
      'a view said to be further than the history',
      'projects.projects',
      `CREATE TABLE public.kept AS SELECT name, version, position FROM lodestone.views; UPDATE lodestone.views SET position = position + 1000000 WHERE name = 'projects.projects'`,
      `UPDATE lodestone.views v SET position = kept.position FROM public.kept WHERE kept.name = v.name AND kept.version = v.version`,
      /projects\.projects is said to have come to position/,
    ],
  ];
  it.each(tamperings)('names %s, with keys and without', async (_, view, forgery, remedy, said) => {
    const [own, materials] = [await table(view), await table('materials.materials')];
    const tables = (sql: string) => sql.replace(/\bT\b/g, own).replace(/\bM\b/g, materials);
    await live(tables(forgery));
    const answers = [await auditor(['rebuild', '--compare']), await auditor(['rebuild', '--compare'], false)];
    await live(tables(remedy));
    await live('DROP TABLE public.kept');
    for (const { code, out } of answers) {
      expect(code).toBe(1);
      expect(out).toMatch(said);
    }
    expect(await auditor(['rebuild', '--compare'])).toMatchObject({ code: 0 });
  });

  it('accuses nobody where it has no keys, and says of what it cannot tell', async () => {
    const { code, out, err } = await auditor(['rebuild', '--compare'], false);
    expect([code, out]).toEqual([3, '']);
    expect(err).toMatch(/Nothing is refuted, and this cannot be told/);
    expect(err).toMatch(/\d+ of \d+ rows of projects\.projects: no key opens the contents/);
    // What is public by its nature is not sealed, and was compared.
    expect(err).not.toMatch(/materials\.materials|access\.members/);
  });

  it('names a forged row of what is open also without keys', async () => {
    const own = await table('access.members');
    await live(`CREATE TABLE public.kept AS TABLE ${own}; UPDATE ${own} SET row = row || '{"since":"1999-01-01"}'`);
    const answer = await auditor(['rebuild', '--compare'], false);
    await live(`UPDATE ${own} SET row = kept.row FROM public.kept WHERE kept.key = ${own}.key; DROP TABLE public.kept`);
    expect(answer).toMatchObject({ code: 1, out: expect.stringContaining('1999-01-01') });
  });

  it('leaves nothing behind in the database: no right of its own, no lock', async () => {
    const members = () =>
      live(
        `SELECT roleid::regrole::text AS role, member::regrole::text, set_option FROM pg_auth_members ORDER BY 1, 2`,
      );
    const before = await members();
    await auditor(['rebuild', '--compare']);
    expect(await members()).toEqual(before);
    expect(await live(`SELECT pid FROM pg_stat_activity WHERE application_name = 'lodestone-auditor'`)).toEqual([]);
  });
});
