/** A column of an export: what it is called, and what it says of a row. */
export type CsvColumn<Row> = { readonly head: string; readonly of: (row: Row) => string | number | null | undefined };

/** Texts that a spreadsheet would take for a formula: OWASP, CSV injection. */
const FORMULA = /^[=+\-@\t\r]/;

const cell = (value: string | number | null | undefined): string => {
  const text = value === null || value === undefined ? '' : String(value);
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
};

/** A table as CSV (RFC 4180), with the mark by which spreadsheets know UTF-8. No text in it becomes a formula. */
export const csvOf = <Row>(columns: readonly CsvColumn<Row>[], rows: readonly Row[]): string =>
  `\uFEFF${[columns.map(({ head }) => cell(head)), ...rows.map((row) => columns.map(({ of }) => cell(of(row))))]
    .map((cells) => cells.join(','))
    .join('\r\n')}\r\n`;

/** A name that says how the file is to be handled before it is opened: `TLP-AMBER_projects_2026-11-27.csv`. */
export const fileNameOf = (handling: string | null, list: string, day: string): string =>
  `${handling === null ? '' : `TLP-${handling.replace('_', '-')}_`}${list}_${day}.csv`;
