import { readFileSync } from 'node:fs';

/** One setting: how its text becomes a value, and what it is when it is not set. */
export type Setting<T> = {
  /** @throws Error whose message finishes the sentence "<NAME> …" */
  readonly parse: (text: string) => T;
  /** Left out: the setting must be given. */
  readonly otherwise?: () => T;
  /** Nobody but the program may read it: it may stand in a file that `<NAME>_FILE` names. */
  readonly secret?: boolean;
};

/** The settings of a program by the names of their environment variables. */
export type Settings = Readonly<Record<string, Setting<unknown>>>;
export type ValuesOf<S extends Settings> = { readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never };

/** Settings that a program cannot start with: every one that is wrong, in one message. */
export class WrongConfiguration extends Error {
  override readonly name = 'WrongConfiguration';
  constructor(readonly problems: readonly string[]) {
    super(`The configuration is wrong, nothing was started:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  }
}

/** What a setting is in an environment, itself or in its file. @throws Error as `parse` does */
const textOf = (
  name: string,
  { secret }: Setting<unknown>,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined => {
  // An empty variable counts as not set.
  const text = environment[name] || undefined;
  const file = secret && environment[`${name}_FILE`];
  if (!file) return text;
  if (text !== undefined) throw new Error(`is set beside ${name}_FILE: set one of the two`);
  let content: string;
  try {
    content = readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new Error(`cannot be read from its file: ${(error as Error).message}`, { cause: error });
  }
  if (content === '') throw new Error(`cannot be read from its file: ${file} is empty`);
  return content;
};

/**
 * Reads settings from an environment; an empty variable counts as not set. A secret may stand in a file.
 * @throws WrongConfiguration that names every wrong or missing one
 */
export const readSettings = <S extends Settings>(
  settings: S,
  environment: Readonly<Record<string, string | undefined>>,
): ValuesOf<S> => {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(settings)) {
    try {
      const text = textOf(name, setting, environment);
      if (text !== undefined) values[name] = setting.parse(text);
      else if (setting.otherwise) values[name] = setting.otherwise();
      else throw new Error(setting.secret ? `is not set, nor is ${name}_FILE` : 'is not set');
    } catch (error) {
      problems.push(`${name} ${(error as Error).message}`);
    }
  }
  if (problems.length > 0) throw new WrongConfiguration(problems);
  return Object.freeze(values) as ValuesOf<S>;
};

/**
 * What `--help` says of a program that is told everything by its environment.
 * @param about one sentence
 */
export const helpOn = (about: string, settings: Settings): string => {
  const lines = Object.entries(settings).map(
    ([name, { otherwise, secret }]) =>
      `  ${name}${otherwise ? ' (may be left out)' : ''}${secret ? `, or ${name}_FILE with a file that holds it` : ''}`,
  );
  return [about, '', 'It takes no options. Its settings are environment variables:', ...lines, '', WHERE].join('\n');
};

const WHERE = 'What each means stands in docs/how-to/run-in-production.md.';

/** Where the command line asks for help, gives it and ends the process: nothing is started. */
export const answerHelp = (help: string): void => {
  if (!process.argv.slice(2).some((each) => ['--help', '-h', 'help'].includes(each))) return;
  console.log(help);
  process.exit();
};

/** Runs a program's start; a wrong configuration is told in plain words, with exit code 2. */
export const orExplain = async (start: () => Promise<void>): Promise<void> => {
  try {
    await start();
  } catch (error) {
    if (!(error instanceof WrongConfiguration)) throw error;
    console.error(error.message);
    process.exitCode = 2;
  }
};
