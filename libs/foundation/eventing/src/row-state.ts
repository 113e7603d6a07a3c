import { createHash } from 'node:crypto';
import {
  admits,
  mayExport,
  termsOf,
  type AnyView,
  type Instant,
  type Marked,
  type Marking,
  type Reader,
} from '@kernel';

/** What can be told of a row at an instant to whoever knows the reader: who may see it, and whether it reads the same. */
export type RowState = {
  readonly marking: Marking;
  /** The row that it is a part of, where there is one. */
  readonly within?: Within;
  /** Digest of what every reader of the row is shown. */
  readonly content: string;
  /** Digest of what its owner is shown besides. */
  readonly owned: string;
  /** The instant at which embargoes and expiries are asked. */
  readonly at: Instant;
};

/** A whole: its marking, null where it is gone, and what it is a part of itself. */
export type Within = { readonly key: string; readonly marking: Marking | null; readonly within?: Within };

/** The digests of a row: the same for rows that read the same. */
export const digestsOf = (view: AnyView, row: Marked): Pick<RowState, 'content' | 'owned'> => {
  const { marking: _, ...columns } = row as Marked & Record<string, unknown>;
  const some = Object.entries(columns);
  const withheld = (view.notInReplay ?? []) as readonly string[];
  return {
    content: digestOf(some.filter(([name]) => !withheld.includes(name))),
    owned: digestOf(some.filter(([name]) => withheld.includes(name))),
  };
};

/** Whether the row is the reader's to see, as the read gateway has it. */
export const isSeen = (key: string, { at, ...state }: RowState, reader: Reader): boolean =>
  isAdmitted({ key, ...state }, reader, at);

const isAdmitted = ({ key, marking, within }: Within, reader: Reader, at: Instant): boolean => {
  if (marking === null) return false;
  if (reader.breakGlassRecords.some((one) => one === key)) return true;
  const terms = termsOf(marking);
  if (!admits(terms, reader, at)) return false;
  return within === undefined || reader.audiences.includes(terms.owner) || isAdmitted(within, reader, at);
};

/** Whether the reader may take it away besides. */
export const isExportable = ({ marking, at }: RowState, reader: Reader): boolean => mayExport(marking, reader, at);

const digestOf = (columns: readonly (readonly [string, unknown])[]): string =>
  createHash('sha256')
    .update(JSON.stringify(columns.map(([name, value]) => [name, inOrder(value)] as const).sort(byName)))
    .digest('base64');

/** The same value for the same content, in whatever order a store gives the fields back. */
const inOrder = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .map(([name, each]) => [name, inOrder(each)] as const)
    .sort(byName);
};
const byName = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number =>
  one < other ? -1 : one > other ? 1 : 0;
