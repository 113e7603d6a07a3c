import { readCsvFile } from './csv-file.js';
import { type UsgsCommodity, type UsgsLine, usgsRowReader } from './usgs-mcs.js';
import { shapeOf } from './usgs-tables.js';

/**
 * Reads a world table of the USGS Mineral Commodity Summaries from a CSV file, as published or tidied, one outcome per
 * figure, each with the line on which its record ends.
 * @throws WrongFile when it is not that table, or no readable CSV file
 * @throws Error of the file system
 */
export function readUsgsMcsFile(path: string, commodities: readonly UsgsCommodity[]): readonly UsgsLine[] {
  const read = usgsRowReader(commodities);
  const file = readCsvFile(path, (columns) => shapeOf(path, columns));
  return shapeOf(path, file.columns)(file).map((each) => ('row' in each ? read(each.line, each.row) : each));
}
