import type { AnyView, Field } from '@kernel';
import { escapeIdentifier } from 'pg';

/** Schema that holds everything the platform keeps in the database. */
export const SCHEMA = 'lodestone';
/** Channel on which a commit of the projector is announced. Nothing travels on it but the fact. */
export const NEWS = 'lodestone_news';
/** The audiences that the reader of a transaction belongs to, comma separated. */
export const AUDIENCES_SETTING = 'lodestone.audiences';

const SQL_TYPES = { text: 'text COLLATE "C"', texts: 'text[]', decimal: 'numeric', integer: 'integer' } as const;
const EMPTY = { text: '', texts: [], decimal: '0', integer: 0 } as const;

export const fieldsOf = (view: AnyView): [string, Field][] => Object.entries(view.fields as Record<string, Field>);

/** `projects.pledges` version 2 → `lodestone."projects.pledges/2"`, quoted for SQL. */
export const tableOf = (view: string, version: number): string => `${SCHEMA}.${bareTableOf(view, version)}`;

/** The same without the schema, as a statement on the table itself calls it. */
export const bareTableOf = (view: string, version: number): string => escapeIdentifier(`${view}/${version}`);

export const columnOf = (field: string): string => escapeIdentifier(`f_${field}`);

export const sqlTypeOf = (field: Field): string => SQL_TYPES[field.kind];

/** What a declared column holds of a row: absent values take the kind's empty one, so that every row has a place in every order. */
export const columnValue = (row: Record<string, unknown>, name: string, field: Field): unknown =>
  row[name] ?? EMPTY[field.kind];

/**
 * Who sees a row, as SQL: the row is released to one of the reader's audiences, and so is the whole that it is part of.
 * Its owner, whose audience stands first, sees its own part also when the whole is no longer shown to it.
 * @param self how the surrounding statement calls the row's table
 * @param audiences SQL expression of the reader's audiences, a text[]
 * @param wholeTable table of the whole, where the view is a part of one
 */
export const visibility = (view: AnyView, self: string, audiences: string, wholeTable: string | null): string =>
  `${self}.audience && ${audiences}` +
  (view.within && wholeTable
    ? ` AND (${self}.audience[1] = ANY(${audiences}) OR EXISTS (SELECT FROM ${wholeTable} whole
        WHERE whole.key = ${self}.${columnOf(view.within.field)} AND whole.audience && ${audiences}))`
    : '');
