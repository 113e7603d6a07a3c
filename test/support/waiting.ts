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

/**
 * Milliseconds in which as much can be done as was since `begun`, several times over, however busy this machine is: for
 * a moment that is to come when something has been done, and not before.
 */
export const timeFor = (begun: number): number => 1_500 + 5 * (Date.now() - begun);
