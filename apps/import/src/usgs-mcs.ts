import { randomUUID } from 'node:crypto';
import { readUsgsMcsFile } from '../../../infra/reference/usgs-mcs-file.js';
import type { UsgsCommodity, UsgsLine, UsgsStatement } from '../../../infra/reference/usgs-mcs.js';
import { SECRETARIAT } from './platform.js';
import { table } from './reference.js';
import type { Row, RowToIssue } from './row.js';
import type { Source } from './source.js';

/**
 * World production from the USGS Mineral Commodity Summaries. A figure that is known already makes no new fact, and one
 * that differs revises what was reported before, so no row needs a command id that lasts.
 * @throws WrongFile when the file is not that table; Error when it cannot be read
 */
export const worldProduction = (
  file: string,
  replacesNewer: boolean,
): Source & { readonly materials: ReadonlySet<string> } => {
  const lines = readUsgsMcsFile(file, table<UsgsCommodity>('usgs-commodities.json'));
  return {
    name: 'world production',
    issuedBy: SECRETARIAT,
    rows: lines.map((line) => rowOf(line, replacesNewer)),
    materials: new Set(lines.flatMap((line) => statementOf(line)?.material ?? [])),
    leavesAlone: {
      'PRODUCTION.OLDER_EDITION':
        'a figure of a newer edition is recorded: left as it is (--replace-newer takes this one)',
    },
  };
};

const statementOf = (line: UsgsLine): UsgsStatement | null =>
  'production' in line ? line.production : 'world' in line ? line.world : null;

const rowOf = (line: UsgsLine, replacesNewer: boolean): Row => {
  if ('production' in line) {
    const { country } = line.production;
    return rowToIssue('reportProduction', line.line, country, line.production, { country }, replacesNewer);
  }
  if ('world' in line) {
    const { scope, excludes } = line.world;
    return rowToIssue('reportWorldProduction', line.line, scope, line.world, { scope, excludes }, replacesNewer);
  }
  return line;
};

const rowToIssue = (
  mutation: string,
  line: number,
  whose: string,
  { material, year, stage, statistic, basis, source, edition, ...figures }: UsgsStatement,
  more: object,
  replacesNewer: boolean,
): RowToIssue => ({
  line,
  subject: `${material}, ${whose}, ${year}, ${stage}`,
  mutation,
  input: {
    commandId: randomUUID(),
    ...{ material, year, stage, form: statistic, basis, source },
    ...(figures.quantityTonnes !== undefined && { quantity: figures.quantityTonnes }),
    ...(figures.atLeastTonnes !== undefined && { atLeast: figures.atLeastTonnes }),
    ...(figures.atMostTonnes !== undefined && { atMost: figures.atMostTonnes }),
    ...(edition !== undefined && { edition }),
    ...(replacesNewer && { replacesNewer }),
    ...more,
  },
});
