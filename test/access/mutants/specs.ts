import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** No selection of specs takes that long, in milliseconds: what does, waits for something that will not come. */
const PATIENCE_MS = 10 * 60_000;

/** What became of the tests that were selected. */
export type Run = {
  readonly passed: readonly string[];
  readonly failed: readonly string[];
  /** Why spec files did not come as far as their tests. */
  readonly broken: readonly string[];
};

type Report = {
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
};

/**
 * Runs specs with jest.
 * @param tests a regular expression for their names
 */
export const run = async (folder: string, specs: readonly string[], tests?: string): Promise<Run> => {
  const report = join(folder, 'report.json');
  rmSync(report, { force: true });
  const jest = spawn(
    process.execPath,
    [
      ...['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'],
      ...['--json', `--outputFile=${report}`, '--forceExit', '--maxWorkers=2', '--testPathPatterns', ...specs],
      ...(tests === undefined ? [] : ['--testNamePattern', tests]),
    ],
    // The property tests look at the same number of pairs as in npm test.
    { cwd: folder, stdio: 'ignore', env: { ...process.env, NODE_OPTIONS: '' }, timeout: PATIENCE_MS },
  );
  await once(jest, 'exit');
  const { testResults } = readReport(report, specs);
  const all = testResults.flatMap(({ assertionResults }) => assertionResults);
  const named = (status: string): string[] => all.filter((each) => each.status === status).map((each) => each.fullName);
  return {
    passed: named('passed'),
    failed: named('failed'),
    broken: testResults
      .filter(({ message, assertionResults }) => assertionResults.length === 0 && message !== '')
      .map(({ message }) => message),
  };
};

const readReport = (file: string, specs: readonly string[]): Report => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report;
  } catch (cause) {
    throw new Error(`jest did not come to an end with ${specs.join(' ')}`, { cause });
  }
};
