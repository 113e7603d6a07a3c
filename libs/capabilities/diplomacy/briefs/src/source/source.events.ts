import { composite, oneOf, recordId, reject, required, type Of, type Reference } from '@kernel';

export const sourceKind = oneOf('SourceKind', 'The kinds of record that may be quoted.', {
  PROJECT: 'A project.',
  PLEDGE: 'A pledge to a project.',
  STOCK_DECLARATION: 'A stock declaration.',
  BRIEF: 'Another brief.',
});
export type SourceKind = ReturnType<typeof sourceKind>;

const cited = {
  kind: required(sourceKind, 'What kind of record it is.'),
  id: required(recordId, 'Id of the record.'),
};
/** A record that another one quotes. */
export type Cited = Of<typeof cited>;
export const source = composite('Source', 'A record that is quoted.', cited);

/** The refusal of every command that quotes a record. */
export const sourceNotFound = {
  'BRIEFS.SOURCE_NOT_FOUND': 'There is no such record to quote, or it was not released to you. Check its kind and id.',
} as const;

const CATEGORY: Readonly<Record<SourceKind, string>> = {
  PROJECT: 'project',
  PLEDGE: 'pledge',
  STOCK_DECLARATION: 'stockDeclaration',
  BRIEF: 'brief',
};

/** The record that a command quotes in this field. */
export const sourceReference = ({ kind, id }: Cited, field: string): Reference => ({
  category: CATEGORY[kind],
  at: { id },
  missing: reject('BRIEFS.SOURCE_NOT_FOUND', { field, value: id }),
});
