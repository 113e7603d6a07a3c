import { heightOf, type AnyView, type Reader } from '@kernel';
import { escapeLiteral } from 'pg';
import { columnOf, SCHEMA } from './tables.js';

/** One row for each distinct set of terms that rows of views are under: a marking class. */
export const MARKINGS = `${SCHEMA}.markings`;

/** Who reads in a transaction, for the second line of defence. Unset and empty alike mean nobody. */
const SETTINGS = {
  audiences: 'lodestone.audiences',
  deniedAs: 'lodestone.denied_as',
  clearance: 'lodestone.clearance',
  breakGlassRecords: 'lodestone.opened',
} as const;

const setting = (name: string): string => `current_setting(${escapeLiteral(name)}, true)`;

// In a sub-select, so that it is taken apart once a statement and not once a row.
const listed = (name: string): string => `(SELECT string_to_array(${setting(name)}, ','))::text[]`;

/** A reader, and the time, as SQL expressions. */
export type ReaderExpressions = {
  /** text[] */
  readonly audiences: string;
  /** text[], further ones that denials are asked of */
  readonly deniedAs: string;
  /** integer, the place in LEVELS */
  readonly clearance: string;
  /** text[], keys of the records opened to this reader; null where there are none */
  readonly breakGlassRecords: string | null;
  /** timestamptz; the database's clock, so that a class opens and closes at one instant for all */
  readonly now: string;
  /** timestamptz, from when on a class was open at least once; the same as `now` for who reads now */
  readonly since: string;
};

/**
 * The reader as parameters: what the read gateway compiles into its questions.
 * @param parameter keeps a value of the statement, and returns how the statement calls it
 */
export const readerAsParameters = (
  { audiences, deniedAs, clearance, breakGlassRecords }: Reader,
  parameter: (value: unknown) => string,
): ReaderExpressions => ({
  audiences: `${parameter([...audiences])}::text[]`,
  deniedAs: `${parameter([...deniedAs])}::text[]`,
  clearance: `${parameter(heightOf(clearance))}::integer`,
  breakGlassRecords: breakGlassRecords.length === 0 ? null : `${parameter([...breakGlassRecords])}::text[]`,
  now: 'now()',
  since: 'now()',
});

/** The reader as the transaction's settings tell: what row-level security goes by. */
export const readerFromSettings = (): ReaderExpressions => ({
  audiences: listed(SETTINGS.audiences),
  deniedAs: listed(SETTINGS.deniedAs),
  clearance: `(SELECT nullif(${setting(SETTINGS.clearance)}, '')::integer)`,
  breakGlassRecords: listed(SETTINGS.breakGlassRecords),
  now: 'now()',
  since: 'now()',
});

/** The values of the settings for a reader, in the order of SETTINGS. */
export const settingsValues = ({ audiences, deniedAs, clearance, breakGlassRecords }: Reader): readonly string[] => [
  audiences.join(','),
  deniedAs.join(','),
  String(heightOf(clearance)),
  breakGlassRecords.join(','),
];

/**
 * What a statement selects to tell row-level security who reads, until the transaction ends.
 * @param values SQL expressions, in the order of SETTINGS
 */
export const toldBy = (values: readonly string[]): string =>
  Object.values(SETTINGS)
    .map((name, index) => `set_config(${escapeLiteral(name)}, ${values[index]!}, true)`)
    .join(', ');

/** The statement that tells row-level security who reads, until the transaction ends. */
export const settingsOf = (reader: Reader): string => `SELECT ${toldBy(settingsValues(reader).map(escapeLiteral))}`;

/** True of a transaction in which nobody reads: the API's own questions, on no reader's behalf. */
export const nobodyReads = `coalesce(${setting(SETTINGS.audiences)}, '') = ''`;

/**
 * The access policy, in SQL, as the kernel's `admits` has it.
 * @param terms how the surrounding statement calls the row of the markings table
 */
export const admits = (terms: string, { audiences, deniedAs, clearance, now, since }: ReaderExpressions): string =>
  `${terms}.level <= ${clearance} AND NOT ${terms}.denied && ${deniedAs} AND (${terms}.owner = ANY (${audiences}) OR (
    ${terms}.readers && ${audiences} AND NOT ${terms}.denied && ${audiences} AND ${terms}.needed <@ ${audiences}
    AND (${terms}.opens_at IS NULL OR ${terms}.opens_at <= ${now})
    AND (${terms}.closes_at IS NULL OR ${since} < ${terms}.closes_at)))`;

/** Whether a class admits a reader or, before it closed, has admitted it. */
export const hasAdmitted = (terms: string, reader: ReaderExpressions): string =>
  admits(terms, { ...reader, since: `'-infinity'::timestamptz` });

/** What a reader may see, as SQL that may stand in `= ANY (…)`: an array or a sub-select. */
export type VisibilityFilter = {
  /** The classes that admit the reader. */
  readonly classes: string;
  /** Those of them whose owner the reader's people are. */
  readonly own: string;
  /** As in ReaderExpressions. */
  readonly breakGlassRecords: string | null;
};

/** A table whose rows have parts, and those that hold the wholes of these rows in turn. */
export type Whole = { readonly view: AnyView; readonly table: string; readonly wholes: readonly Whole[] };

/**
 * Which rows of a view a sight takes in: a row whose class admits the reader, within a whole that it may see as well,
 * and what was opened to it, whatever its class.
 * @param self how the surrounding statement calls the row's table
 * @param wholes the tables of the wholes, where the view's rows are parts
 */
export const visible = (
  view: AnyView,
  self: string,
  sight: VisibilityFilter,
  wholes: readonly Whole[],
  depth = 0,
): string =>
  `(${self}.marking = ANY (${sight.classes}) AND ${visibleWithin(view, self, sight, wholes, depth)}${isOpened(self, sight)})`;

/**
 * Whether a row whose class admits the reader stands in a whole that does so too. The owner of a part sees it also when
 * the whole is no longer shown to it.
 */
export const visibleWithin = (
  view: AnyView,
  self: string,
  sight: VisibilityFilter,
  wholes: readonly Whole[],
  depth = 0,
): string => {
  const { parent } = view;
  if (parent === undefined) return 'true';
  const whole = `whole${depth}`;
  const within = wholes.map(
    ({ view: of, table, wholes: beyond }) => `EXISTS (SELECT FROM ${table} ${whole}
        WHERE ${whole}.key = ${self}.${columnOf(parent.field)} AND ${visible(of, whole, sight, beyond, depth + 1)})`,
  );
  return `(${[`${self}.marking = ANY (${sight.own})`, ...within].join(' OR ')})`;
};

const isOpened = (self: string, { breakGlassRecords }: VisibilityFilter): string =>
  breakGlassRecords === null ? '' : ` OR ${self}.key = ANY (${breakGlassRecords})`;

/**
 * The sight of whoever the transaction's settings name. The sub-selects ask for no condition, because row-level
 * security on the markings table gives them the classes that admit the reader, and no others.
 */
export const sightFromSettings = (): VisibilityFilter => {
  const { audiences, breakGlassRecords } = readerFromSettings();
  return {
    classes: `SELECT id FROM ${MARKINGS}`,
    own: `SELECT id FROM ${MARKINGS} WHERE owner = ANY (${audiences})`,
    breakGlassRecords,
  };
};
