import {
  compare,
  decimal,
  earliestToday,
  exactly,
  groundOf,
  integer,
  isSameMarking,
  latestToday,
  NO_BOUNDS,
  oneOf,
  optional,
  placeIn,
  placesUnder,
  required,
  text,
  type Bounds,
  type Day,
  type Instant,
  type Marking,
  type Of,
  type PlaceCode,
} from '@kernel';

/** World statistics of minerals begin here (USGS Data Series 140). */
const FIRST_YEAR = 1900;

export const basis = oneOf('Basis', 'Where a figure comes from, or why there is none.', {
  REPORTED: 'Published by the producing country.',
  ESTIMATED: 'Estimated by the source.',
  WITHHELD: 'Withheld by the source, so that no company’s figure can be worked out.',
  NOT_AVAILABLE: 'Not available to the source.',
});
export type Basis = ReturnType<typeof basis>;

/** What a source states of a quantity: a figure, limits between which it lies, or why there is neither. */
export const statement = {
  quantity: optional(decimal, 'Tonnes; null where the source states no figure.'),
  atLeast: optional(decimal, 'Tonnes that it is no less than, where the source states a limit instead of a figure.'),
  atMost: optional(decimal, 'Tonnes that it is no more than, where the source states a limit instead of a figure.'),
  basis: required(basis, 'Reported or estimated, or why there is no figure.'),
  source: required(text(1000), 'The publication that it comes from.'),
  edition: optional(integer, 'Year of the edition of that publication: a newer one supersedes an older one.'),
};
export type Statement = Of<typeof statement>;

/** What a statement leaves open. */
export const boundsOf = ({ quantity, atLeast, atMost }: Statement): Bounds =>
  quantity === undefined ? { ...NO_BOUNDS, ...(atLeast && { atLeast }), ...(atMost && { atMost }) } : exactly(quantity);

export const statementRejections = {
  'PRODUCTION.YEAR_IN_FUTURE':
    'The year has not begun anywhere on Earth (UTC+14). Report production of this year or an earlier one.',
  'PRODUCTION.YEAR_NOT_OVER':
    'The year is not over everywhere on Earth (UTC−12), so its production can only be estimated. Report it as ESTIMATED.',
  'PRODUCTION.YEAR_TOO_EARLY': `Production is recorded from the year ${FIRST_YEAR} on.`,
  'PRODUCTION.NO_SUCH_PLACE':
    'Nothing had this code in that year. Name the country or territory under the code that it had then.',
  'PRODUCTION.FIGURE_MISSING':
    'A reported or estimated figure is a quantity, or lies between limits. State one of them, or WITHHELD or NOT_AVAILABLE as its basis.',
  'PRODUCTION.FIGURE_BESIDE_REASON':
    'There is no quantity of what is withheld or not available. Leave the quantity out, or state another basis.',
  'PRODUCTION.BOUNDS_CROSSED':
    'Limits stand instead of a quantity, the lower one below the upper one. State a quantity alone, or limits in order.',
  'PRODUCTION.OLDER_EDITION':
    'A figure of a newer edition is recorded, which an older one does not replace unasked. Leave it, or say replacesNewer.',
  'PRODUCTION.OTHER_MARKING':
    'This figure is recorded under another marking, which a new report does not change. Leave the marking out to revise the figure.',
} as const;
export type Flaw = {
  readonly code: keyof typeof statementRejections;
  readonly details: Readonly<Record<string, string>>;
};

/** What is wrong with a statement about a year, if anything. */
export const flawOf = ({ year, ...stated }: Statement & { readonly year: number }, now: Instant): Flaw | null => {
  const { quantity, atLeast, atMost, basis: from } = stated;
  const latestYear = yearOf(latestToday(now));
  const hasBounds = atLeast !== undefined || atMost !== undefined;
  const isReason = from === 'WITHHELD' || from === 'NOT_AVAILABLE';
  if (year < FIRST_YEAR) return flaw('PRODUCTION.YEAR_TOO_EARLY', { field: 'year' });
  if (year > latestYear) return flaw('PRODUCTION.YEAR_IN_FUTURE', { field: 'year', latest: `${latestYear}` });
  if (year >= yearOf(earliestToday(now)) && from === 'REPORTED')
    return flaw('PRODUCTION.YEAR_NOT_OVER', { field: 'basis' });
  if (isReason && quantity !== undefined) return flaw('PRODUCTION.FIGURE_BESIDE_REASON', { field: 'quantity' });
  if (!isReason && quantity === undefined && !hasBounds)
    return flaw('PRODUCTION.FIGURE_MISSING', { field: 'quantity' });
  const isCrossed = atLeast !== undefined && atMost !== undefined && compare(atLeast, atMost) > 0;
  if (isCrossed || (hasBounds && quantity !== undefined)) return flaw('PRODUCTION.BOUNDS_CROSSED', { field: 'atMost' });
  return null;
};

/** What is wrong with a place of that year, if anything. */
export const flawOfPlace = (code: PlaceCode, year: number, field: string): Flaw | null => {
  if (placeIn(code, year)) return null;
  const instead = groundOf(code, year).join(', ');
  return flaw('PRODUCTION.NO_SUCH_PLACE', { field, value: code, years: yearsOf(code), ...(instead && { instead }) });
};

/** When there were places under this code, such as `until 1922, since 1991`. */
const yearsOf = (code: PlaceCode): string =>
  placesUnder(code)
    .map(({ from, until }) => [from && `since ${from}`, until && `until ${until}`].filter(Boolean).join(' '))
    .join(', ');

type Revision = Statement & { readonly replacesNewer: boolean | undefined };
type InForce = Statement & { readonly marking: Marking };

/** Why a statement may not take the place of the one in force, if anything. */
export const flawOfRevision = (
  { edition, replacesNewer }: Revision,
  inForce: InForce,
  asked: Marking | undefined,
): Flaw | null => {
  // A figure meant for fewer readers must not come out under the wider marking that is in force.
  if (asked !== undefined && !isSameMarking(asked, inForce.marking))
    return flaw('PRODUCTION.OTHER_MARKING', { field: 'marking' });
  const recorded = inForce.edition;
  if (edition !== undefined && recorded !== undefined && edition < recorded && !replacesNewer)
    return flaw('PRODUCTION.OLDER_EDITION', { field: 'edition', recorded: `${recorded}` });
  return null;
};

export const statementOf = ({ quantity, atLeast, atMost, basis: from, source, edition }: Statement): Statement => ({
  ...(quantity !== undefined && { quantity }),
  ...(atLeast !== undefined && { atLeast }),
  ...(atMost !== undefined && { atMost }),
  basis: from,
  source,
  ...(edition !== undefined && { edition }),
});

/** Whether a report says what is in force; one that names no edition says nothing of it. */
export const isStatedAlike = (report: Statement, inForce: Statement): boolean =>
  JSON.stringify(statementOf(inEdition(report, inForce))) === JSON.stringify(statementOf(inForce));

/** A statement in its edition, or where it names none in that of the one before. */
export const inEdition = <S extends Statement>(stated: S, { edition }: Statement): S => ({
  ...(edition !== undefined && { edition }),
  ...stated,
});

/** A row without what was stated before. */
export const unstated = <Row extends object>(row: Row): Omit<Row, keyof Statement> =>
  Object.fromEntries(Object.entries(row).filter(([field]) => !Object.hasOwn(statement, field))) as Omit<
    Row,
    keyof Statement
  >;

const flaw = (code: Flaw['code'], details: Flaw['details']): Flaw => ({ code, details });

const yearOf = (given: Day): bigint => BigInt(given.slice(0, 4));
