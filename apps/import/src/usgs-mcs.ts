import { randomUUID } from 'node:crypto';
import { readUsgsMcsFile } from '../../../infra/reference/usgs-mcs-file.js';
import type { UsgsCommodity, UsgsLine, UsgsProduction } from '../../../infra/reference/usgs-mcs.js';
import { SECRETARIAT } from './platform.js';
import { table } from './reference.js';
import type { Row, RowToIssue } from './row.js';
import type { Source } from './source.js';

/**
 * World production from the USGS Mineral Commodity Summaries. A figure that is known already makes no new fact, and one
 * that differs revises what was reported before, so no row needs a command id that lasts.
 * @throws Error when the file cannot be read or is not that table
 */
export const worldProduction = async (file: string): Promise<Source & { readonly materials: ReadonlySet<string> }> => {
  const rows: Row[] = [];
  const materials = new Set<string>();
  for await (const line of readUsgsMcsFile(file, table<UsgsCommodity>('usgs-commodities.json'))) {
    if ('production' in line) materials.add(line.production.material);
    rows.push(rowOf(line));
  }
  return { name: 'world production', issuedBy: SECRETARIAT, rows, materials };
};

const rowOf = (line: UsgsLine): Row => ('production' in line ? productionRow(line.production, line.line) : line);

const productionRow = (
  { material, country, year, stage, quantityTonnes, basis, statistic, source }: UsgsProduction,
  line: number,
): RowToIssue => ({
  line,
  subject: `${material}, ${country}, ${year}, ${stage}`,
  mutation: 'reportProduction',
  input: {
    commandId: randomUUID(),
    ...{ material, country, year, stage, form: statistic, quantity: quantityTonnes, basis, source },
  },
});
