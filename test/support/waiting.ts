import { setTimeout as pause } from 'node:timers/promises';
import { PATIENCE_MS } from './patience.js';

/**
 * Asks until the answer is something.
 * @param what finishes the sentence "within … did not happen: …"
 * @throws when nothing came within the time, with the last error if there was one
 */
export const until = async <T>(
  what: string,
  ask: () => T | Promise<T>,
  withinMs = PATIENCE_MS,
): Promise<NonNullable<T>> => {
  const deadline = Date.now() + withinMs;
  for (let last: unknown = null; ;) {
    try {
      const answer = await ask();
      if (answer !== null && answer !== undefined && answer !== false) return answer as NonNullable<T>;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) throw new Error(`within ${withinMs} ms did not happen: ${what}`, { cause: last });
    await pause(50);
  }
};
