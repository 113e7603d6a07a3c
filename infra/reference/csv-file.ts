import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { CsvError, parse } from 'csv-parse/sync';

/** A file that cannot be read as what it should be; the message names it and says what to do. */
export class WrongFile extends Error {
  override readonly name = 'WrongFile';
}

export interface CsvFile {
  readonly columns: readonly string[];
  /** Each with the line on which it ends; the names of the columns stand on line 1. */
  readonly records: readonly { readonly line: number; readonly fields: readonly string[] }[];
}

/** What a file begins with that is no text, and what to do then. */
const FORMATS: readonly (readonly [start: string, kind: string, advice: string])[] = [
  ['504b0304', 'a ZIP archive', 'Unpack it, and import the CSV file in it.'],
  [
    'd0cf11e0a1b11ae1',
    'an old Excel workbook (XLS)',
    'Save its sheet as "CSV UTF-8 (comma delimited)" and import that.',
  ],
  ['25504446', 'a PDF document', 'Import the CSV file of the data release.'],
  ['1f8b', 'a gzip archive', 'Unpack it, and import the CSV file in it.'],
];
const XLSX = ['an Excel workbook (XLSX)', 'Save its sheet as "CSV UTF-8 (comma delimited)" and import that.'] as const;

/**
 * Reads a CSV file as people have them: UTF-8, UTF-16 with its byte order mark, or Windows-1252.
 * @param accepts throws where the columns are not those of the table that is looked for
 * @throws WrongFile for what is no text, not separated by commas, or breaks off within quotes
 * @throws Error of the file system
 */
export function readCsvFile(path: string, accepts: (columns: readonly string[]) => void): CsvFile {
  const text = textOf(path, readFileSync(path));
  refuseOtherSeparators(path, text);
  const columnsOf = (records: ReturnType<typeof recordsOf>): readonly string[] => {
    if (records.length === 0) throw new WrongFile(`${path} is empty.`);
    return records[0]!.fields.map((name) => name.trim());
  };
  // Another table is called so before anything is said of its lines.
  accepts(columnsOf(recordsOf(path, text, 1)));
  const all = recordsOf(path, text);
  return { columns: columnsOf(all), records: all.slice(1) };
}

/** The text of a file, whatever it is encoded in. A text that is none is refused, never guessed at. */
function textOf(path: string, bytes: Buffer): string {
  const start = bytes.subarray(0, 8).toString('hex');
  const [, kind, advice] = FORMATS.find(([magic]) => start.startsWith(magic)) ?? [];
  if (kind !== undefined) {
    const [what, todo] = bytes.includes('xl/workbook') ? XLSX : [kind, advice];
    throw new WrongFile(`${path} is ${what}, not a CSV file. ${todo}`);
  }
  const utf16 = start.startsWith('fffe') ? 'utf-16le' : start.startsWith('feff') ? 'utf-16be' : null;
  if (utf16) return decoded(utf16, bytes) ?? refuseEncoding(path);
  if (bytes.includes(0)) {
    throw new WrongFile(`${path} is not text (it holds NUL bytes). Import a CSV file in UTF-8.`);
  }
  const windows = (): string | null => {
    const text = decoded('windows-1252', bytes);
    // Five bytes mean nothing in Windows-1252: a file with one of them is encoded otherwise.
    return text === null || /[\u0080-\u009f]/.test(text) ? null : text;
  };
  return decoded('utf-8', bytes) ?? windows() ?? refuseEncoding(path);
}

function decoded(encoding: string, bytes: Buffer): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function refuseEncoding(path: string): never {
  throw new WrongFile(
    `${path} is neither UTF-8 nor Windows-1252, so its names would come out garbled. Save it as "CSV UTF-8 (comma delimited)".`,
  );
}

function refuseOtherSeparators(path: string, text: string): void {
  const header = text.slice(0, text.search(/\r|\n|$/)).replace(/"[^"]*"/g, '');
  const count = (separator: string): number => header.split(separator).length;
  const [name, separator] =
    (
      [
        ['semicolons', ';'],
        ['tabs', '\t'],
      ] as const
    ).find(([, each]) => count(each) > count(',')) ?? [];
  if (separator === undefined) return;
  throw new WrongFile(
    `${path} is separated by ${name}, not by commas${name === 'semicolons' ? ', as spreadsheets do where the comma is the decimal sign' : ''}. ` +
      'Import the file as it was published, or save it with commas between the fields and points in the numbers.',
  );
}

function recordsOf(path: string, text: string, most?: number): { line: number; fields: string[] }[] {
  const records: { line: number; fields: string[] }[] = [];
  try {
    parse(text, {
      ...(most !== undefined && { to: most }),
      relax_column_count: true,
      skip_empty_lines: true,
      on_record: (fields: string[], { lines }) => {
        records.push({ line: lines, fields });
        return null;
      },
    });
    return records;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const { code, lines } = error as CsvError & { readonly lines?: number };
    // What is never closed is noticed at the end of the file; it began after the last record that was whole.
    const line = code === 'CSV_QUOTE_NOT_CLOSED' ? (records.at(-1)?.line ?? 0) + 1 : lines;
    throw new WrongFile(
      `${basename(path)}, line ${line}: a quotation mark opens a field that does not end as it should. Correct it in ${path}. Nothing was recorded.`,
      { cause: error },
    );
  }
}
