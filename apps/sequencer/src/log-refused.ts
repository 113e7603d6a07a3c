/**
 * Signing on would contradict what was signed before, or what the history holds. The message says what was found; it is
 * an alarm, and nothing that a restart mends.
 */
export class LogRefused extends Error {
  override readonly name = 'LogRefused';
}
