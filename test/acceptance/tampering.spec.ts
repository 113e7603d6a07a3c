import { EventStoreDbEventStore } from '@adapters/event-store-db';
import { liveState } from '@adapters/read-store-postgres';
import type { StoredEvent } from '@foundation/eventing';
import { CannotDo } from '@foundation/configuration';
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { type Comparison, compared } from '../../apps/auditor/src/replay-compare.js';
import { between } from '../../apps/auditor/src/replay.js';
import { capabilities, openSources } from '../../apps/auditor/src/replay-sources.js';
import { undoAfterwards } from '../support/cleanup.js';
import { type RunningPlatform, startPlatform } from './support/platform.js';

/*
 * Each kind of tampering is a place and a manner. Each is told, or has left every table as it was. `npm test` tries a
 * share; LODESTONE_TAMPERINGS=all, as `npm run test:tampering` sets it, tries every one.
 */
const isAll = process.env['LODESTONE_TAMPERINGS'] === 'all';
const SHARE = 25;
const shareOf = <T>(all: readonly T[]): readonly T[] =>
  isAll || all.length <= SHARE
    ? all
    : fc.sample(fc.shuffledSubarray([...all], { minLength: SHARE, maxLength: SHARE }), 1)[0]!;

const views = capabilities.flatMap((capability) => capability.views);

let platform: RunningPlatform;
let database: Client;
let environment: Record<string, string>;

beforeAll(async () => {
  platform = await startPlatform();
  const done = async (who: ReturnType<RunningPlatform['as']>, mutation: string, input: object): Promise<string> => {
    const outcome = await who.command(mutation, input);
    if (!outcome.accepted) throw new Error(`${mutation} was refused: ${JSON.stringify(outcome)}`);
    return outcome.recordId;
  };
  const secretary = platform.as(null, 'SECRETARIAT');
  const japan = platform.as('JP', 'DELEGATE', 'one');
  const second = platform.as('JP', 'APPROVER', 'two');
  for (const country of ['JP', 'US', 'AU']) await done(secretary, 'admitMember', { country, since: '2026-05-01' });
  const material = { code: 'gallium', name: 'Gallium', group: 'minor metals', hsCodes: ['811292'] };
  await done(secretary, 'registerMaterial', material);
  const releaseTo = { releaseTo: ['AU'] };
  const project = {
    title: 'First',
    materials: ['gallium'],
    stages: ['REFINING'],
    hostCountry: 'AU',
    marking: releaseTo,
  };
  const projectId = await done(japan, 'proposeProject', project);
  await done(japan, 'proposeProject', { ...project, title: 'Second', marking: { releaseTo: ['MEMBERS'] } });
  const pledge = { projectId, kind: 'GRANT', amount: '1500000000', currency: 'JPY', marking: releaseTo };
  const id = await done(japan, 'pledgeInvestment', pledge);
  await done(second, 'confirmPledge', { id });
  const stock = { material: 'gallium', form: 'metal', purity: '99.99', quantity: '12.5', asOf: '2026-06-30' };
  const declared = await done(japan, 'declareStock', { ...stock, marking: releaseTo });
  await done(second, 'approveDeclaration', { id: declared });
  database = new Client({ connectionString: platform.database });
  database.on('error', () => undefined);
  await database.connect();
  undoAfterwards(() => database.end());
  const { keysPassword } = JSON.parse(readFileSync(join(platform.folder, 'secrets.json'), 'utf8')) as {
    keysPassword: string;
  };
  const keys = new URL(platform.database);
  keys.username = 'lodestone_keys';
  keys.password = keysPassword;
  environment = {
    EVENT_STORE_URL: platform.eventStore,
    KEYS_DATABASE_URL: keys.toString(),
    OWNER_KEYS_FOLDER: join(platform.folder, 'owner-keys'),
  };
  // Until every list has come to the end.
  for (;;) {
    const { difference, untold } = await comparison();
    const [{ positions }] = await rowsOf<{ positions: number }>(
      'SELECT count(DISTINCT position)::int AS positions FROM lodestone.views',
    );
    if (difference === null && untold.length === 0 && positions === 1) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
});

const rowsOf = async <T extends object>(sql: string): Promise<[T, ...T[]]> =>
  (await database.query<T>(sql)).rows as [T, ...T[]];

const comparison = async (): Promise<Comparison> => {
  await using sources = openSources(environment);
  return await compared(sources.events, await liveState(platform.database, views), views);
};

type Kind = { readonly name: string; readonly table: string; readonly sql: string };

const LEAST = 'WHERE key = (SELECT min(key) FROM T)';
/** What is done to a column of each kind, in one row. */
const TO_COLUMNS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  text: { 'another one': `C || 'x'`, 'an empty one': `''` },
  'text[]': { 'one more': `array_append(C, 'x')`, 'an empty one': `'{}'`, 'without its first': 'C[2:]' },
  numeric: { 'a larger one': 'C + 1', 'a negative one': '-C - 1', 'a digit more': 'C + 0.0000001' },
  integer: { 'a larger one': 'C + 1', zero: '0' },
};

const kindsOf = async (): Promise<Kind[]> => {
  const kinds: Kind[] = [];
  const tables = await rowsOf<{ name: string; version: number }>(
    'SELECT name, version FROM lodestone.views ORDER BY 1',
  );
  for (const { name, version } of tables) {
    const table = `lodestone."${name}/${version}"`;
    const add = (manner: string, sql: string): void =>
      void kinds.push({ name: `${name}: ${manner}`, table, sql: sql.replace(/\bT\b/g, table) });
    const [first] = await rowsOf<{ key: string; row: Record<string, unknown> }>(
      `SELECT key, row FROM ${table} ORDER BY key LIMIT 1`,
    );
    if (first === undefined) continue;
    const columns = await rowsOf<{ column: string; type: string }>(
      `SELECT attname AS column, format_type(atttypid, NULL) AS type FROM pg_attribute
       WHERE attrelid = '${table}'::regclass AND attnum > 0 AND attgenerated = '' AND attname LIKE 'f\\_%'`,
    );
    for (const { column, type } of columns)
      for (const [manner, value] of Object.entries(TO_COLUMNS[type] ?? {}))
        add(`${column}, ${manner}`, `UPDATE T SET "${column}" = ${value.replace(/\bC\b/g, `"${column}"`)} ${LEAST}`);
    for (const member of Object.keys(first.row)) {
      add(`${member} of a row, gone`, `UPDATE T SET row = row - '${member}' ${LEAST}`);
      for (const value of ['"x"', 'null', '{"x":1}'])
        add(`${member} of a row, ${value}`, `UPDATE T SET row = row || '{"${member}":${value}}' ${LEAST}`);
    }
    add('a further member of a row', `UPDATE T SET row = row || '{"further":1}' ${LEAST}`);
    for (const [part, value] of [
      ['owner', '"FR"'],
      ['releaseTo', '["PUBLIC"]'],
      ['denyTo', '["country:AU"]'],
      ['level', '"SECRET"'],
    ])
      add(`${part} of a marking within`, `UPDATE T SET row = jsonb_set(row, '{marking,${part}}', '${value}') ${LEAST}`);
    add('the marking class, none', `UPDATE T SET marking = 1 ${LEAST}`);
    add(
      'the marking class, another',
      `UPDATE T SET marking = (SELECT min(id) FROM lodestone.markings WHERE id <> T.marking) ${LEAST}`,
    );
    add('the key of a row', `UPDATE T SET key = key || 'x' ${LEAST}`);
    add('a row, gone', `DELETE FROM T ${LEAST}`);
    add('every row, gone', 'DELETE FROM T');
  }
  const table = 'lodestone.markings';
  for (const [manner, set] of Object.entries({
    'readers, one more': `readers = array_append(readers, 'PUBLIC')`,
    'readers, none': `readers = '{}'`,
    'readers, without the first': 'readers = readers[2:]',
    'denied, one more': `denied = array_append(denied, 'country:AU')`,
    'needed, one more': `needed = array_append(needed, 'country:AU')`,
    'level, higher': 'level = level + 1',
    owner: `owner = 'country:FR'`,
    'opens at': `opens_at = now() + interval '1 year'`,
    'closes at': `closes_at = now() - interval '1 year'`,
    digest: `digest = digest || 'x'`,
    id: 'id = id - 1',
  })) {
    kinds.push({ name: `every class: ${manner}`, table, sql: `UPDATE ${table} SET ${set}` });
    const one = `WHERE id = (SELECT min(id) FROM ${table})`;
    kinds.push({ name: `one class: ${manner}`, table, sql: `UPDATE ${table} SET ${set} ${one}` });
  }
  kinds.push({ name: 'every class, gone', table, sql: `DELETE FROM ${table}` });
  return kinds;
};

/** Everything in a table, in one word. */
const digestOf = async (table: string): Promise<string> =>
  (
    await rowsOf<{ digest: string }>(
      `SELECT md5(string_agg(t::text, E'\\n' ORDER BY t::text)) AS digest FROM ${table} t`,
    )
  )[0].digest;

const columnsOf = async (table: string): Promise<string> =>
  (
    await rowsOf<{ columns: string }>(
      `SELECT string_agg(quote_ident(attname), ', ') AS columns FROM pg_attribute
       WHERE attrelid = '${table}'::regclass AND attnum > 0 AND attgenerated = ''`,
    )
  )[0].columns;

describe('A tampered read model', () => {
  it('is told of by rebuild --compare, or is as it was, whatever is done to it and where', async () => {
    const kinds = await kindsOf();
    const wrong: string[] = [];
    const counts = { told: 0, 'changed nothing': 0 };
    for (const { name, table, sql } of shareOf(kinds)) {
      const [before, columns] = [await digestOf(table), await columnsOf(table)];
      await database.query(`CREATE TABLE public.kept AS SELECT ${columns} FROM ${table}`);
      await database.query(sql);
      const isChanged = (await digestOf(table)) !== before;
      const { difference, untold } = await comparison();
      await database.query(
        `BEGIN; DELETE FROM ${table}; INSERT INTO ${table} (${columns}) SELECT ${columns} FROM public.kept; DROP TABLE public.kept; COMMIT`,
      );
      if (difference !== null || untold.length > 0) counts.told++;
      else if (!isChanged) counts['changed nothing']++;
      else wrong.push(name);
    }
    expect(wrong).toEqual([]);
    expect((await comparison()).difference).toBeNull();
    if (isAll) console.log(`read models: ${kinds.length} kinds, ${JSON.stringify(counts)}`);
  });
});

describe('A tampered key', () => {
  /** Reads all contents, and says what could not be told; null: everything opened as it did before. */
  const told = async (): Promise<string | null> => {
    await using sources = openSources(environment);
    try {
      for await (const _ of between(sources.events, undefined, undefined));
    } catch (error) {
      if (error instanceof CannotDo) return error.message;
      throw error;
    }
    const { difference, untold } = await comparison();
    return difference?.message ?? untold[0] ?? null;
  };

  it('shows no other content and refutes nobody: what does not open is told', async () => {
    const used = new Set<string>();
    const stored = new EventStoreDbEventStore(platform.eventStore);
    for await (const item of between(stored, undefined, undefined)) {
      const { sealed } = (item as StoredEvent).event.data as { sealed?: { key: string } };
      if (sealed) used.add(sealed.key);
    }
    await stored.close();
    expect(used.size).toBeGreaterThan(2);
    const table = 'lodestone_keys.data_keys';
    const other = (id: string): string => [...used].find((each) => each !== id)!;
    const manners: Readonly<Record<string, (id: string) => string>> = {
      'another first byte': () => `wrapped = set_byte(wrapped, 0, 255 - get_byte(wrapped, 0))`,
      'another last byte': () =>
        `wrapped = set_byte(wrapped, length(wrapped) - 1, 255 - get_byte(wrapped, length(wrapped) - 1))`,
      'cut off': () => `wrapped = substr(wrapped, 1, 20)`,
      empty: () => `wrapped = ''`,
      'that of another record': (id) => `wrapped = (SELECT wrapped FROM ${table} o WHERE o.id = '${other(id)}')`,
      'of another owner': () => `owner = CASE owner WHEN 'JP' THEN 'US' ELSE 'JP' END`,
      destroyed: () => `wrapped = NULL, destroyed_at = now()`,
      'under another name': () => `id = gen_random_uuid()`,
    };
    const kinds = [...used].flatMap((id) =>
      Object.entries(manners).map(([manner, set]) => ({ id, manner, set: set(id) })),
    );
    const silent: string[] = [];
    for (const { id, manner, set } of shareOf(kinds)) {
      await database.query(`CREATE TABLE public.kept AS SELECT * FROM ${table} WHERE id = '${id}'`);
      await database.query(`UPDATE ${table} SET ${set} WHERE id = '${id}'`);
      if ((await told()) === null) silent.push(manner);
      await database.query(
        `UPDATE ${table} k SET id = kept.id, owner = kept.owner, wrapped = kept.wrapped, destroyed_at = kept.destroyed_at
         FROM public.kept WHERE kept.number = k.number; DROP TABLE public.kept`,
      );
    }
    expect(silent).toEqual([]);
    const folder = environment['OWNER_KEYS_FOLDER']!;
    const file = join(folder, 'JP.key');
    const whole = readFileSync(file);
    for (const changed of [
      Buffer.from(whole).fill(whole[0]! ^ 1, 0, 1),
      Buffer.alloc(32),
      ...readdirSync(folder)
        .filter((name) => name !== 'JP.key')
        .map((name) => readFileSync(join(folder, name))),
    ]) {
      writeFileSync(file, changed);
      expect(await told()).toMatch(/^The key .* does not open with the key of its owner/);
    }
    writeFileSync(file, whole);
    expect(await told()).toBeNull();
    if (isAll) console.log(`keys: ${kinds.length} kinds`);
  });
});
