import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** Blocks of shell of a how-to, as somebody would copy them. */
export const blocksOf = (page: string): readonly string[] =>
  [...readFileSync(`docs/how-to/${page}`, 'utf8').matchAll(/^( *)```sh\n([^]*?)^ *```$/gm)].map(([, indent, block]) =>
    block!.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  );

/**
 * Stands in for PostgreSQL's own tools, which are not part of the project: `psql --file` and `pg_dump --schema`, by the
 * same driver that the platform uses. A dump has tables and rows, which is all that the schema of keys has.
 */
const POSTGRES_TOOLS = `
import pg from '${resolve('node_modules/pg/esm/index.mjs')}';
import { readFileSync, writeFileSync } from 'node:fs';
const [tool, ...args] = process.argv.slice(2);
const option = (name) => args.find((each) => each.startsWith('--' + name + '='))?.split('=').slice(1).join('=');
const client = new pg.Client({ connectionString: args.at(-1) });
await client.connect();
if (tool === 'psql') await client.query(readFileSync(option('file'), 'utf8'));
else {
  const schema = option('schema');
  const { rows: columns } = await client.query(
    "SELECT c.relname AS table, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS needed, a.attidentity <> '' AS counted" +
      " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid WHERE c.relnamespace = $1::regnamespace AND c.relkind = 'r' AND a.attnum > 0 ORDER BY c.relname, a.attnum",
    [schema],
  );
  const { rows: constraints } = await client.query(
    "SELECT c.relname AS table, pg_get_constraintdef(k.oid) AS text FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE k.connamespace = $1::regnamespace AND k.contype IN ('p', 'u')",
    [schema],
  );
  const sql = ['CREATE SCHEMA ' + schema + ';'];
  for (const [table, of] of Object.entries(Object.groupBy(columns, (each) => each.table))) {
    const place = schema + '.' + table;
    const parts = of.map(({ name, type, needed, counted }) => name + ' ' + type + (counted ? ' GENERATED ALWAYS AS IDENTITY' : needed ? ' NOT NULL' : ''));
    sql.push('CREATE TABLE ' + place + ' (' + [...parts, ...constraints.filter((each) => each.table === table).map((each) => each.text)].join(', ') + ');');
    const { rows } = await client.query('SELECT to_jsonb(t)::text AS row FROM ' + place + ' t');
    for (const { row } of rows)
      sql.push('INSERT INTO ' + place + ' OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::' + place + ", '" + row.replaceAll("'", "''") + "');");
  }
  writeFileSync(option('file'), sql.join('\\n'));
}
await client.end();
`;

/** Runs a block of shell in the folder of the project, and stops at the first command that fails. */
export const shell = (
  block: string,
  env: Readonly<Record<string, string>>,
): { code: number | null; output: string } => {
  const tools = temporaryFolder();
  writeFileSync(join(tools, 'tools.mjs'), POSTGRES_TOOLS);
  for (const name of ['psql', 'pg_dump'])
    writeFileSync(join(tools, name), `#!/bin/sh\nexec node ${tools}/tools.mjs ${name} "$@"\n`, { mode: 0o755 });
  const { NODE_OPTIONS: _, ...inherited } = process.env;
  const { status, stdout, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', block], {
    env: { ...inherited, PATH: `${tools}:${resolve('node_modules/.bin')}:${process.env['PATH'] ?? ''}`, ...env },
    encoding: 'utf8',
  });
  return { code: status, output: stdout + stderr };
};
