import { TestEnvironment } from 'jest-environment-node';

/** Whoever asks only whether some test fails leaves out those after the first that does. */
const UNTIL_FIRST_FAILURE = process.env.LODESTONE_UNTIL_FIRST_FAILURE !== undefined;

/** Node, and after each spec file whatever it started is stopped: see cleanup.ts. A failed set-up is no exception. */
export default class extends TestEnvironment {
  #hasFailed = false;

  async handleTestEvent({ name, test }) {
    if (name === 'test_done' && test.errors.length > 0) this.#hasFailed = true;
    if (name === 'test_start' && this.#hasFailed && UNTIL_FIRST_FAILURE) test.mode = 'skip';
    if (name === 'run_finish') await this.global.undoEverything?.();
  }
}
