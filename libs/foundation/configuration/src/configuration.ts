/** One setting: how its text becomes a value, and what it is when it is not set. */
export type Setting<T> = {
  /** @throws Error whose message finishes the sentence "<NAME> …" */
  readonly parse: (text: string) => T;
  /** Left out: the setting must be given. */
  readonly otherwise?: () => T;
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

/**
 * Reads settings from an environment; an empty variable counts as not set.
 * @throws WrongConfiguration that names every wrong or missing one
 */
export const readSettings = <S extends Settings>(
  settings: S,
  environment: Readonly<Record<string, string | undefined>>,
): ValuesOf<S> => {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, { parse, otherwise }] of Object.entries(settings)) {
    const text = environment[name];
    if (text !== undefined && text !== '') {
      try {
        values[name] = parse(text);
      } catch (error) {
        problems.push(`${name} ${(error as Error).message}`);
      }
    } else if (otherwise) values[name] = otherwise();
    else problems.push(`${name} is not set`);
  }
  if (problems.length > 0) throw new WrongConfiguration(problems);
  return Object.freeze(values) as ValuesOf<S>;
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
