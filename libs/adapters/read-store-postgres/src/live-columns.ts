import { type AnyView, type Field, type Instant, type Marked, type Terms, termsOf } from '@kernel';
import type { Client } from 'pg';
import { isDeepStrictEqual } from 'node:util';
import { digestOf, written } from './markings.js';
import { approximationOf, columnOf, columnValue, fieldsOf } from './tables.js';
import { MARKINGS } from './visibility.js';

/** Something that readers go by and that does not say what the row says. */
export type LiveFault = {
  /** One sentence. */
  readonly message: string;
  readonly view: string | null;
  readonly key: string | null;
  readonly live: unknown;
  readonly folded: unknown;
};

/** The marking classes as they stand. */
export type LiveClasses = { readonly terms: ReadonlyMap<number, Terms>; readonly fault: LiveFault | null };

export type StoredRow = { readonly key: string; readonly row: Marked; readonly marking: number } & Readonly<
  Record<string, unknown>
>;

/** A class is named by the digest of its terms when it is made, and never changed. */
export const classesOf = async (client: Client): Promise<LiveClasses> => {
  const instant = (column: string): string =>
    `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS ${column}`;
  const { rows } = await client.query<
    Omit<Terms, 'opensAt' | 'closesAt'> & {
      id: number;
      digest: string;
      opens_at: string | null;
      closes_at: string | null;
    }
  >(
    `SELECT id, digest, owner, readers, denied, needed, level, ${instant('opens_at')}, ${instant('closes_at')} FROM ${MARKINGS} ORDER BY id`,
  );
  const terms = new Map<number, Terms>();
  let fault: LiveFault | null = null;
  for (const { id, digest, opens_at, closes_at, ...said } of rows) {
    const own = { ...said, opensAt: milliseconds(opens_at), closesAt: milliseconds(closes_at) };
    terms.set(id, own);
    if (digestOf(written(own)) !== digest)
      fault ??= {
        message: `The marking class ${id} does not say what it said when it was made: it admits other readers.`,
        view: null,
        key: null,
        live: own,
        folded: { digest },
      };
  }
  return { terms, fault };
};

/** The platform's instants have milliseconds; one that has more was not written by it, and stays what it is. */
const milliseconds = (text: string | null): Instant | null => (text?.replace(/000Z$/, 'Z') ?? null) as Instant | null;

/** The columns beside key, row and marking, as SQL that goes on behind these. */
export const columnsSelected = (view: AnyView): string =>
  fieldsOf(view)
    .map(([name, field]) => {
      const column = columnOf(name);
      const value =
        field.kind === 'texts' ? column : field.kind === 'decimal' ? `trim_scale(${column})::text` : `${column}::text`;
      const isApproximated = field.kind === 'decimal' && field.sort;
      const approximation = isApproximated
        ? `, ${approximationOf(name)} IS NOT DISTINCT FROM ${column}::double precision AS ${approximationOf(name)}`
        : '';
      return `, ${value} AS ${column}${approximation}`;
    })
    .join('');

/** What a stored row says otherwise in its columns than in itself. */
export const faultIn = (view: AnyView, stored: StoredRow, { terms }: LiveClasses): LiveFault | null => {
  const { key, row, marking } = stored;
  const place = { view: view.name, key };
  const live = terms.get(marking) ?? null;
  const folded = termsIn(row);
  if (live === null || folded === null || written(live) !== folded.text)
    return {
      message: `The row ${key} of ${view.name} is shown to others than its marking says.`,
      ...place,
      live,
      folded: folded?.terms ?? null,
    };
  for (const [name, field] of fieldsOf(view)) {
    const should = asStored(columnValue(row as unknown as Record<string, unknown>, name, field), field);
    const is = stored[`f_${name}`];
    const isExact = stored[`o_${name}`] !== false;
    if (!isExact || !isDeepStrictEqual(is, should)) {
      const column = isExact ? `f_${name}` : `o_${name}`;
      const message = `The column ${column} of the row ${key} of ${view.name} does not say what the row says: lists are filtered or sorted by something else than they show.`;
      return { message, ...place, live: { [column]: is }, folded: { [column]: should } };
    }
  }
  return null;
};

/** Null where the row has no marking that says anything. */
const termsIn = ({ marking }: Marked): { terms: Terms; text: string } | null => {
  try {
    const terms = termsOf(marking);
    return { terms, text: written(terms) };
  } catch {
    return null;
  }
};

const asStored = (value: unknown, { kind }: Field): unknown => {
  if (kind === 'texts') return value;
  const text = String(value);
  return kind === 'decimal' && text.includes('.') ? text.replace(/\.?0+$/, '') : text;
};
