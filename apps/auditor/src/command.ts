import { CannotDo, EXIT, WrongUsage } from '@foundation/configuration';
import {
  parsePolicy,
  parseVerifierKey,
  type Policy,
  TransparencyError,
  type VerifierKey,
} from '@foundation/transparency';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

export { EXIT };

/** A command of the auditor. */
export type Command = {
  /** One line. */
  readonly summary: string;
  /** Arguments and options, as the help shows them. */
  readonly usage: string;
  /** @returns exit code */
  run(args: readonly string[]): Promise<number>;
};

/** Reads options that each have a value; those in `required` must be there. @throws WrongUsage that names every problem */
export const readOptions = <R extends string, O extends string>(
  args: readonly string[],
  required: readonly R[],
  optional: readonly O[] = [],
): Readonly<Record<R, string> & Partial<Record<O, string>>> => {
  const options = Object.fromEntries([...required, ...optional].map((name) => [name, { type: 'string' as const }]));
  let values: Record<string, string | undefined>;
  try {
    values = parseArgs({ args: [...args], options }).values as Record<string, string | undefined>;
  } catch (cause) {
    throw new WrongUsage((cause as Error).message, { cause });
  }
  const missing = required.filter((name) => !values[name]);
  if (missing.length > 0) throw new WrongUsage(missing.map((name) => `--${name} is missing.`).join(' '));
  return values as never;
};

/** @throws CannotDo where it cannot be read */
export const textOf = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CannotDo(`${file} cannot be read: ${(error as Error).message}`);
  }
};

export const policyOf = (file: string): Policy => {
  try {
    return parsePolicy(textOf(file));
  } catch (error) {
    if (error instanceof TransparencyError) throw new CannotDo(`${file}: ${error.message}`);
    throw error;
  }
};

/** Verifier keys, one a line; empty lines and those that begin with # say nothing. */
export const keysOf = (file: string): VerifierKey[] => {
  const lines = textOf(file)
    .split('\n')
    .map((line) => line.trim());
  try {
    const keys = lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => parseVerifierKey(line));
    if (keys.length > 0) return keys;
  } catch (error) {
    throw new CannotDo(`${file}: ${(error as Error).message}`);
  }
  throw new CannotDo(`${file} holds no key.`);
};

export const secretOf = (file: string | undefined): string | null => (file === undefined ? null : textOf(file).trim());

/** A count of leaves, or an index. */
export const countOf = (name: string, text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  if (!/^(0|[1-9]\d{0,14})$/.test(text)) throw new WrongUsage(`--${name} is "${text}", which is not a whole number.`);
  return Number(text);
};

/** An instant, in milliseconds since 1970. */
export const instantOf = (name: string, text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  const time = Date.parse(text);
  if (Number.isNaN(time))
    throw new WrongUsage(`--${name} is "${text}", which is not an instant such as 2026-06-30T12:00:00Z.`);
  return time;
};
