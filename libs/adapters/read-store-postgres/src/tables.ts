import type { AnyView, Field } from '@kernel';
import { escapeIdentifier } from 'pg';

/** Schema that holds everything the platform keeps in the database. */
export const SCHEMA = 'lodestone';
/** Channel on which a commit of the projector is announced. Nothing travels on it but the fact. */
export const NEWS = 'lodestone_news';
/** Counts the ways in which tables have been laid out. A database laid out otherwise is emptied, and filled from the history. */
export const LAYOUT = 6;
/**
 * The order in which people look for words, by the Unicode Collation Algorithm (CLDR root): capitals, accents and scripts
 * where a reader of any language expects them, and numbers by their value. Texts that it holds equal are in the order of
 * their code points, so that every text has one place.
 */
export const AS_READ = `${SCHEMA}.as_read`;

const SQL_TYPES = {
  text: 'text COLLATE "C"',
  prose: `text COLLATE ${AS_READ}`,
  texts: 'text[]',
  decimal: 'numeric',
  integer: 'integer',
} as const;
const EMPTY = { text: '', prose: '', texts: [], decimal: '0', integer: 0 } as const;

export const fieldsOf = (view: AnyView): [string, Field][] => Object.entries(view.fields as Record<string, Field>);

/** `projects.pledges` version 2 → `lodestone."projects.pledges/2"`, quoted for SQL. */
export const tableOf = (view: string, version: number): string => `${SCHEMA}.${bareTableOf(view, version)}`;

/** The same without the schema, as a statement on the table itself calls it. */
export const bareTableOf = (view: string, version: number): string => escapeIdentifier(`${view}/${version}`);

export const columnOf = (field: string): string => escapeIdentifier(`f_${field}`);

/**
 * The columns by which a sort field is ordered. A decimal is led by its approximation: row-level security lets an index
 * be entered in its middle only by comparisons that cannot leak, and those of `numeric` are not among them.
 */
export const orderOf = (name: string, field: Field): readonly string[] =>
  field.kind === 'decimal' ? [approximationOf(name), columnOf(name)] : [columnOf(name)];

/** Never decreases as the decimal grows. */
export const approximationOf = (field: string): string => escapeIdentifier(`o_${field}`);

export const sqlTypeOf = (field: Field): string => SQL_TYPES[field.kind];

/** What a declared column holds of a row: absent values take the kind's empty one, so that every row has a place in every order. */
export const columnValue = (row: Record<string, unknown>, name: string, field: Field): unknown =>
  row[name] ?? EMPTY[field.kind];

/** Name of the capability that a view belongs to. */
export const capabilityOf = ({ name }: AnyView): string => name.slice(0, name.indexOf('.'));
