import type { AnyView } from '@kernel';
import { escapeLiteral, type Client } from 'pg';
import { SCHEMA, tableOf } from './tables.js';
import { MARKINGS } from './visibility.js';

/** How many rows of each marking class a table holds. What a reader may see of it is what it may see of the classes. */
export const COUNTS = `${SCHEMA}.counts`;
/** Stands for the fact that a table is counted at all; ids of classes begin above it. */
export const COUNTED = 0;

/** In one order, so that no two writers wait for each other; what keeps its class changes no count. */
const counted = (changes: string): string =>
  `INSERT INTO ${COUNTS} SELECT TG_ARGV[0], TG_ARGV[1]::integer, marking, sum(changed.rows) FROM (${changes}) changed
   GROUP BY marking HAVING sum(changed.rows) <> 0 ORDER BY marking
   ON CONFLICT (name, version, marking) DO UPDATE SET rows = counts.rows + excluded.rows`;

/** The database keeps the counts, so that they are right whoever writes, in the writer's own transaction. */
export const CREATE_COUNTS = `
  CREATE TABLE IF NOT EXISTS ${COUNTS} (
    name text, version integer, marking integer, rows bigint NOT NULL, PRIMARY KEY (name, version, marking));
  CREATE OR REPLACE FUNCTION ${SCHEMA}.count_rows() RETURNS trigger LANGUAGE plpgsql AS $count$
  BEGIN
    IF TG_OP = 'TRUNCATE' THEN
      UPDATE ${COUNTS} SET rows = 0 WHERE name = TG_ARGV[0] AND version = TG_ARGV[1]::integer;
      RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' THEN
      ${counted('SELECT marking, 1 AS rows FROM made')};
    ELSIF TG_OP = 'DELETE' THEN
      ${counted('SELECT marking, -1 AS rows FROM gone')};
    ELSE
      ${counted('SELECT marking, 1 AS rows FROM made UNION ALL SELECT marking, -1 FROM gone')};
    END IF;
    RETURN NULL;
  END $count$;`;

/** The counts of the classes that admit whoever the transaction's settings name. */
export const countsSeen = `marking = ${COUNTED} OR marking IN (SELECT id FROM ${MARKINGS})`;

/** Has a table counted from now on, with what is in it already. Readers go on meanwhile; writers wait. */
export const countRows = async (client: Client, { name, version }: AnyView): Promise<void> => {
  const { rowCount } = await client.query(
    `INSERT INTO ${COUNTS} VALUES ($1, $2, ${COUNTED}, 0) ON CONFLICT DO NOTHING`,
    [name, version],
  );
  if (rowCount === 0) return;
  const table = tableOf(name, version);
  const calls = `FOR EACH STATEMENT EXECUTE FUNCTION ${SCHEMA}.count_rows(${escapeLiteral(name)}, ${version})`;
  const made = 'NEW TABLE AS made';
  const gone = 'OLD TABLE AS gone';
  await client.query(`
    CREATE TRIGGER count_made AFTER INSERT ON ${table} REFERENCING ${made} ${calls};
    CREATE TRIGGER count_changed AFTER UPDATE ON ${table} REFERENCING ${made} ${gone} ${calls};
    CREATE TRIGGER count_gone AFTER DELETE ON ${table} REFERENCING ${gone} ${calls};
    CREATE TRIGGER count_emptied AFTER TRUNCATE ON ${table} ${calls};
  `);
  await client.query(`INSERT INTO ${COUNTS} SELECT $1, $2, marking, count(*) FROM ${table} GROUP BY marking`, [
    name,
    version,
  ]);
};
