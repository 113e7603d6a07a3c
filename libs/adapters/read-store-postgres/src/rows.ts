import type { ChangedRows, Withholding } from '@foundation/eventing';
import type { AnyView, Marked } from '@kernel';
import type { Client } from 'pg';
import type { ClassIds } from './markings.js';
import { columnOf, columnValue, fieldsOf, SCHEMA, sqlTypeOf, tableOf } from './tables.js';

export const writeRows = async (client: Client, view: AnyView, rows: ChangedRows, classes: ClassIds): Promise<void> => {
  const table = tableOf(view.name, view.version);
  const fields = fieldsOf(view);
  const gone = [...rows].filter(([, row]) => row === null).map(([key]) => key);
  const kept = [...rows].flatMap(([key, row]) => (row === null ? [] : [record(view, key, row, classes)]));
  if (gone.length > 0) await client.query(`DELETE FROM ${table} WHERE key = ANY($1)`, [gone]);
  if (kept.length === 0) return;
  const columns = fields.map(([name]) => columnOf(name));
  await client.query(
    `INSERT INTO ${table} (key, marking, row${columns.map((column) => `, ${column}`).join('')})
     SELECT * FROM jsonb_to_recordset($1::jsonb) AS given(key text, marking integer, row jsonb${fields.map(([name, field]) => `, ${columnOf(name)} ${sqlTypeOf(field)}`).join('')})
     ON CONFLICT (key) DO UPDATE SET marking = excluded.marking, row = excluded.row${columns.map((column) => `, ${column} = excluded.${column}`).join('')}`,
    [JSON.stringify(kept)],
  );
};

/** Which records are withheld, and why, for whoever runs the system. */
export const writeWithholding = async (client: Client, view: AnyView, { from, noMore }: Withholding): Promise<void> => {
  if (from.length > 0) {
    const noted = from.map(({ stream, position, id: event, type, problem }) => ({
      ...{ view: view.name, version: view.version, stream, position: position.toString(), event, type, problem },
    }));
    await client.query(
      `INSERT INTO ${SCHEMA}.unreadable (view, version, stream, position, event, type, problem)
       SELECT view, version, stream, position, event, type, problem FROM jsonb_to_recordset($1::jsonb) AS noted(view text,
         version integer, stream text, position bigint, event text, type text, problem text) ON CONFLICT DO NOTHING`,
      [JSON.stringify(noted)],
    );
  }
  if (noMore.length > 0)
    await client.query(`DELETE FROM ${SCHEMA}.unreadable WHERE view = $1 AND version = $2 AND stream = ANY ($3)`, [
      view.name,
      view.version,
      noMore,
    ]);
};

const record = (view: AnyView, key: string, row: Marked, classes: ClassIds): Record<string, unknown> => ({
  key,
  marking: classes.of(row.marking),
  row,
  ...Object.fromEntries(
    fieldsOf(view).map(([name, field]) => [
      `f_${name}`,
      columnValue(row as unknown as Record<string, unknown>, name, field),
    ]),
  ),
});
