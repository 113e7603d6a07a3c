import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { type CsvError, parse } from 'csv-parse';
import { USGS_COLUMNS, type UsgsCommodity, type UsgsLine, usgsRowReader } from './usgs-mcs.js';

/**
 * Reads the USGS Mineral Commodity Summaries world table from a CSV file, one outcome per record, each with the line on
 * which the record ends. Throws when the file cannot be read, is not that table, or breaks off inside a quoted field.
 */
export async function* readUsgsMcsFile(path: string, commodities: readonly UsgsCommodity[]): AsyncGenerator<UsgsLine> {
  const read = usgsRowReader(commodities);
  const parser = parse({
    bom: true,
    columns: (names: string[]) => worldTable(path, names),
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
  });
  // A failure to read the file reaches the loop below through the parser.
  pipeline(createReadStream(path), parser, () => undefined);
  for await (const { record, info } of parser as AsyncIterable<CsvRecord>) {
    const line = info.lines;
    if (info.error)
      yield { line, rejected: `has ${info.error.record.length} fields instead of ${info.columns.length}` };
    else yield read(line, record);
  }
}

interface CsvRecord {
  readonly record: Record<string, string>;
  readonly info: {
    readonly lines: number;
    readonly columns: readonly unknown[];
    readonly error?: CsvError & { readonly record: readonly string[] };
  };
}

function worldTable(path: string, names: string[]): string[] {
  const missing = USGS_COLUMNS.filter((column) => !names.includes(column));
  if (missing.length > 0) {
    throw new Error(
      `${path} is not the world table of the USGS Mineral Commodity Summaries: it lacks ${missing.join(', ')}`,
    );
  }
  return names;
}
