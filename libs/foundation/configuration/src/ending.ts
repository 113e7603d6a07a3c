import { types } from 'node:util';
import { WrongConfiguration } from './configuration.js';

/** What a command says by its exit code. */
export const EXIT = {
  /** Done, or what was to be proved holds. */
  GOOD: 0,
  /** What was to be proved is refuted: tampering, damage, a fork, a dropped event. Nothing else ends with this. */
  REFUTED: 1,
  /** The command line or the settings mean nothing; nothing was looked at. */
  USAGE: 2,
  /** It could not be found out or done: something is unreachable, unreadable, in use or not due yet. */
  UNDECIDED: 3,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What was to be proved is not so. */
export class Refuted extends Error {
  override readonly name: string = 'Refuted';
}

/** A command line that means nothing; the message says what is wrong and what would be right. */
export class WrongUsage extends Error {
  override readonly name: string = 'WrongUsage';
}

/** Something cannot be done or found out, for a reason that whoever called can mend. */
export class CannotDo extends Error {
  override readonly name: string = 'CannotDo';
}

/** What an error of a library means for a command; undefined: not foreseen by this one. */
export type Meaning = (error: Error) => ExitCode | undefined;

/** How a command ends. */
export type Ending = { readonly code: ExitCode; readonly message: string };

/**
 * The one mapping from errors to exit codes. What nobody foresaw is no proof of anything: it ends with "cannot be told"
 * too, and alone keeps its stack, for whoever mends the program.
 *
 * @param meaning of errors that only this program knows
 */
export const endingOf = (thrown: unknown, meaning: Meaning = () => undefined): Ending => {
  const error = types.isNativeError(thrown) ? thrown : new Error(String(thrown));
  const code = meaning(error) ?? ownMeaning(error);
  if (code !== undefined) return { code, message: withCauses(error) };
  return { code: EXIT.UNDECIDED, message: `This is a fault of the program, please report it: ${error.stack}` };
};

const ownMeaning: Meaning = (error) => {
  if (error instanceof Refuted) return EXIT.REFUTED;
  if (error instanceof WrongUsage || error instanceof WrongConfiguration) return EXIT.USAGE;
  return error instanceof CannotDo || isOfSystem(error) ? EXIT.UNDECIDED : undefined;
};

/** A file, a socket or a database of SQLite that refused: `ENOENT`, `ECONNREFUSED`, `ERR_SQLITE_ERROR`. */
const isOfSystem = (error: Error): boolean => {
  const { code, syscall } = error as { readonly code?: unknown; readonly syscall?: unknown };
  return code === 'ERR_SQLITE_ERROR' || (typeof code === 'string' && typeof syscall === 'string');
};

/** A cause that says more than the error itself is told behind it. */
const withCauses = ({ message, cause }: Error): string => {
  if (!types.isNativeError(cause)) return message;
  const { message: why } = innermost(cause);
  return why === '' || message.includes(why) ? message : `${message} (${why})`;
};

const innermost = (error: Error): Error => (types.isNativeError(error.cause) ? innermost(error.cause) : error);
