import { InvalidValue, value } from './shape.js';

/** UTC with exactly three decimals, `2026-03-01T00:00:00.000Z`: one spelling, so that text order is time order. */
export type Instant = string & { readonly __value: 'Instant' };
/** A calendar day, `2026-03-01`. It has no zone: wherever on Earth it is this day, it is meant. */
export type Day = string & { readonly __value: 'Day' };
/** A quarter of a calendar year, `2026-Q3`. */
export type Quarter = string & { readonly __value: 'Quarter' };

export const day = value('Day', 'text', (text: string): Day => {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match || !isCalendarDay(digits(match[1]), digits(match[2]), digits(match[3]))) {
    throw new InvalidValue('must be a calendar day such as 2026-03-01');
  }
  return text as Day;
});

/** RFC 3339, section 5.6, without the leap seconds that no clock here counts. */
const RFC_3339 =
  /^(\d{4}-\d{2}-\d{2})[Tt ]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d+))?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))$/;

/** Any form of RFC 3339, kept as UTC with milliseconds: of a finer fraction, the digits after them are left aside. */
export const instant = value('Instant', 'text', (text: string): Instant => {
  const [, date, hour, minute, second, fraction = '', sign, hours, minutes] = RFC_3339.exec(text) ?? [];
  if (date === undefined)
    throw new InvalidValue('must be an instant such as 2026-03-01T00:00:00Z or 2026-03-01T09:00:00.000+09:00');
  const ahead = (digits(hours) * 60n + digits(minutes)) * (sign === '-' ? -1n : 1n);
  const total = digits(hour) * 60n + digits(minute) - ahead;
  const ofDay = modulo(total, 1440n);
  const spelled = daysAfter(day(date), (total - ofDay) / 1440n);
  const [hh, mm] = [padded(ofDay / 60n, 2), padded(ofDay % 60n, 2)];
  // The shift may lead out of the years that days have.
  return `${day(spelled)}T${hh}:${mm}:${second}.${fraction.slice(0, 3).padEnd(3, '0')}Z` as Instant;
});

export const quarter = value('String', 'text', (text: string): Quarter => {
  if (!/^[12]\d{3}-Q[1-4]$/.test(text)) throw new InvalidValue('must be a quarter of a year such as 2026-Q3');
  return text as Quarter;
});

/** Clocks of the east are at most 14 hours ahead of UTC (Line Islands), those of the west 12 behind (Baker Island). */
const FURTHEST_EAST_HOURS = 14n;
const FURTHEST_WEST_HOURS = 12n;

/** The latest day that has begun anywhere on Earth (UTC+14). */
export const latestToday = (now: Instant): Day => dayOf(hoursAfter(now, FURTHEST_EAST_HOURS));

/** The earliest day that has not ended everywhere on Earth (UTC−12). */
export const earliestToday = (now: Instant): Day => dayOf(hoursAfter(now, -FURTHEST_WEST_HOURS));

/** Whether the day has begun anywhere on Earth: before that it is the future. Ten o'clock UTC of the day before. */
export const hasBegun = (given: Day, now: Instant): boolean => given <= latestToday(now);

/** Whether the day has ended everywhere on Earth: until then a last day lasts. Noon UTC of the day after. */
export const hasEnded = (given: Day, now: Instant): boolean => given < earliestToday(now);

/** The UTC day of an instant. Whether a day has come or gone is asked of `hasBegun` and `hasEnded`, never of this. */
export const dayOf = (at: Instant): Day => at.slice(0, 10) as Day;

/** The instant at which the day begins at UTC: for the platform's own deadlines, which say so. */
export const startOfUtcDay = (given: Day): Instant => `${given}T00:00:00.000Z` as Instant;

/** The same minute one hour later. */
export const anHourAfter = (at: Instant): Instant => hoursAfter(at, 1n);

export const hoursAfter = (at: Instant, hours: bigint): Instant => {
  const total = BigInt(at.slice(11, 13)) + hours;
  const hour = modulo(total, 24n);
  return `${daysAfter(dayOf(at), (total - hour) / 24n)}T${padded(hour, 2)}${at.slice(13)}` as Instant;
};

/** The day that is so many days later; the day of the event is not counted (Regulation (EEC, Euratom) 1182/71, art. 3). */
export const daysAfter = (given: Day, days: bigint): Day => {
  let [year, month, dayOfMonth] = given.split('-').map(BigInt) as [bigint, bigint, bigint];
  dayOfMonth += days;
  while (dayOfMonth < 1n) {
    [year, month] = month > 1n ? [year, month - 1n] : [year - 1n, 12n];
    dayOfMonth += lengthOf(year, month);
  }
  while (dayOfMonth > lengthOf(year, month)) {
    dayOfMonth -= lengthOf(year, month);
    [year, month] = month < 12n ? [year, month + 1n] : [year + 1n, 1n];
  }
  return `${padded(year, 4)}-${padded(month, 2)}-${padded(dayOfMonth, 2)}` as Day;
};

/** The quarter in which a day falls. */
export const quarterOf = (given: Day): Quarter =>
  `${given.slice(0, 4)}-Q${(BigInt(given.slice(5, 7)) + 2n) / 3n}` as Quarter;

export const lastDayOf = (given: Quarter): Day => {
  const [year, month] = [BigInt(given.slice(0, 4)), BigInt(given.slice(6)) * 3n];
  return `${padded(year, 4)}-${padded(month, 2)}-${padded(lengthOf(year, month), 2)}` as Day;
};

const lengthOf = (year: bigint, month: bigint): bigint => {
  if (month === 2n) return isLeap(year) ? 29n : 28n;
  return [4n, 6n, 9n, 11n].includes(month) ? 30n : 31n;
};

const isLeap = (year: bigint): boolean => (year % 4n === 0n && year % 100n !== 0n) || year % 400n === 0n;

const isCalendarDay = (year: bigint, month: bigint, dayOfMonth: bigint): boolean =>
  year > 0n && month >= 1n && month <= 12n && dayOfMonth >= 1n && dayOfMonth <= lengthOf(year, month);

const modulo = (of: bigint, by: bigint): bigint => ((of % by) + by) % by;

const digits = (part: string | undefined): bigint => BigInt(part ?? '0');

const padded = (part: bigint, length: number): string => part.toString().padStart(length, '0');
