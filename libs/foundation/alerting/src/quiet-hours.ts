import { Temporal } from 'temporal-polyfill';
import type { Instant } from '@kernel';

/** When somebody is not to be disturbed, in the time of its own zone. */
export type Hours = {
  readonly zone: string;
  readonly quietFrom?: string;
  readonly quietTo?: string;
  readonly quietDays?: readonly string[];
  readonly digestAt?: string;
};

const DAYS = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'];
const DIGEST_AT = '07:00';

const localOf = (at: Instant, zone: string) => Temporal.Instant.from(at).toZonedDateTimeISO(zone);
const instantOf = (at: Temporal.ZonedDateTime): Instant =>
  at.toInstant().toString({ fractionalSecondDigits: 3 }) as Instant;
/** A local time that a change of the clock leaves out is the one as long after midnight: the next that there is. */
const at = (day: Temporal.PlainDate, time: string, zone: string): Temporal.ZonedDateTime =>
  day.toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from(time) });

/** The first instant that is not quiet, from this one on: the instant itself where it is not. */
export const quietUntil = (hours: Hours, from: Instant): Instant => {
  let local = localOf(from, hours.zone);
  // A week of quiet days ends nowhere: what waits longest waits for eight.
  for (let step = 0; step < 16; step++) {
    const next = endOfQuiet(hours, local);
    if (next === null) return instantOf(local);
    local = next;
  }
  return instantOf(local);
};

/** When the quiet ends that a local time falls into; null where it falls into none. */
const endOfQuiet = (
  { zone, quietFrom, quietTo, quietDays = [] }: Hours,
  local: Temporal.ZonedDateTime,
): Temporal.ZonedDateTime | null => {
  const day = local.toPlainDate();
  if (quietDays.includes(DAYS[local.dayOfWeek - 1]!)) return at(day.add({ days: 1 }), '00:00', zone);
  if (quietFrom === undefined || quietTo === undefined || quietFrom === quietTo) return null;
  const time = local.toPlainTime().toString({ smallestUnit: 'minute' });
  if (quietFrom < quietTo) return time >= quietFrom && time < quietTo ? at(day, quietTo, zone) : null;
  // Over midnight.
  if (time >= quietFrom) return at(day.add({ days: 1 }), quietTo, zone);
  return time < quietTo ? at(day, quietTo, zone) : null;
};

/** When the next daily message leaves, after an instant: once on each local day. */
export const nextDigest = ({ zone, digestAt = DIGEST_AT }: Hours, after: Instant): Instant => {
  const today = localOf(after, zone).toPlainDate();
  const times = [-1, 0, 1, 2].map((days) => instantOf(at(today.add({ days }), digestAt, zone)));
  return times.find((each) => each > after)!;
};
