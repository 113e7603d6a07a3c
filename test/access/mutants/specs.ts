import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PATIENCE_MS } from '../../support/patience.js';

/** What became of the tests that were selected. */
export type Run = {
  readonly passed: readonly string[];
  readonly failed: readonly Failure[];
  /** Why spec files did not come as far as their tests. */
  readonly broken: readonly string[];
};

export type Failure = {
  readonly test: string;
  /** Whether it was only not ready in time: on a busy machine that may be no failure. */
  readonly isLate: boolean;
};

type Report = {
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[] | null;
    }[];
  }[];
};

/** What Jest says of a test or a hook that ran out of time, and `until` of an event that did not come. */
const LATE = /Exceeded timeout of|did not happen:/;

/**
 * Runs specs with jest.
 * @param tests a regular expression for their names
 * @param untilFirstFailure whether the tests of a file after one that fails are left out
 */
export const run = async (
  folder: string,
  specs: readonly string[],
  {
    tests,
    untilFirstFailure = false,
  }: { readonly tests?: string | undefined; readonly untilFirstFailure?: boolean } = {},
): Promise<Run> => {
  const report = join(folder, 'report.json');
  rmSync(report, { force: true });
  const jest = spawn(
    process.execPath,
    [
      ...['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'],
      ...['--json', `--outputFile=${report}`, `--cacheDirectory=${join(folder, '.jest')}`, '--forceExit'],
      ...(specs.length === 1 ? ['--runInBand'] : ['--maxWorkers=2']),
      ...(tests === undefined ? [] : ['--testNamePattern', tests]),
      ...['--testPathPatterns', ...specs],
    ],
    {
      cwd: folder,
      stdio: 'ignore',
      // The property tests look at the same number of pairs as in npm test.
      env: { ...process.env, NODE_OPTIONS: '', ...(untilFirstFailure && { LODESTONE_UNTIL_FIRST_FAILURE: '1' }) },
      // No selection of specs takes that long: what does, waits for something that will not come.
      timeout: 10 * PATIENCE_MS * specs.length,
    },
  );
  const stop = (): void => void jest.kill();
  process.once('exit', stop);
  await once(jest, 'exit');
  process.off('exit', stop);
  const { testResults } = readReport(report, specs);
  const all = testResults.flatMap(({ assertionResults }) => assertionResults);
  return {
    passed: all.filter(({ status }) => status === 'passed').map(({ fullName }) => fullName),
    failed: all
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages }) => ({
        test: fullName,
        isLate: (failureMessages ?? []).every((message) => LATE.test(message)),
      })),
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
