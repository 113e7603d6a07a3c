import type { Instant } from '@kernel';

const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000];
/** Waits after the first, second … failure, by Standard Webhooks. */
const LADDER = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];
/** Failures in a row after which an endpoint is off. */
export const OFF_AFTER = 10;

/**
 * When a delivery is tried again; null where it is given up.
 * @param tries how often it was tried
 * @param chance from 0 to 1: waits are up to a fifth longer, so that not all come back at once
 * @param asked how long the receiver asks to wait, in seconds
 */
export const nextTry = (now: Instant, tries: number, chance: number, asked = 0): Instant | null => {
  const wait = LADDER[tries - 1];
  if (wait === undefined) return null;
  return new Date(Date.parse(now) + Math.max(wait * (1 + chance / 5), asked * SECOND)).toISOString() as Instant;
};
