import { setTimeout as pause } from 'node:timers/promises';

/**
 * Answers that hide something, or that there is nothing to hide, leave at multiples of this many milliseconds after the
 * question came: the store answers for an absent record a little later than for a hidden one, and that must not tell
 * them apart. It covers what takes as long for every record; what grows with one is not read for it at all.
 */
const SLOT_MS = 25;

/** @param started when the question came, on the process's monotonic clock */
export const nextResponseSlot = async (started: number): Promise<void> => {
  await pause(SLOT_MS - ((performance.now() - started) % SLOT_MS));
};
