import { describe, expect, it } from '@jest/globals';
import { csvOf, fileNameOf } from './csv.ts';

const csv = (...values: (string | null)[]): string =>
  csvOf(
    [{ head: 'a', of: (row: { a: string | null }) => row.a }],
    values.map((a) => ({ a })),
  );

describe('An export', () => {
  it('keeps commas, quotes and lines within their cell', () =>
    expect(csv('a,b', 'say "no"', 'one\ntwo', null)).toBe('\uFEFFa\r\n"a,b"\r\n"say ""no"""\r\n"one\ntwo"\r\n\r\n'));

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '=HYPERLINK("http://x","y")'])(
    'makes no formula of %j',
    (text) => expect(csv(text).split('\r\n')[1]!.replace(/^"/, '').startsWith("'")).toBe(true),
  );

  it('says in its name how it is to be handled', () => {
    expect(fileNameOf('AMBER_STRICT', 'projects', '2026-11-27')).toBe('TLP-AMBER-STRICT_projects_2026-11-27.csv');
    expect(fileNameOf(null, 'members', '2026-11-27')).toBe('members_2026-11-27.csv');
  });
});
